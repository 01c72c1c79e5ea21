"""Media of a publication that its channel is just fetching: open while the job runs, to whoever holds the address."""

from typing import Any

from flask import request, send_file
from flask_babel import gettext as _

from humasflow.core import rate_limit
from humasflow.core.errors import NotFound, TooMany
from humasflow.core.guards import public
from humasflow.core.unit_of_work import own_transaction
from humasflow.media.enums import Ratio
from humasflow.media.sending import safe, send_rendition
from humasflow.media.services import rendition
from humasflow.publishing.media_files import find_opened
from humasflow.publishing.views.blueprint import blueprint

NOT_KEPT = "private, no-store"  # nobody in between may show it longer than we do
MISSES, FETCHES, WINDOW = 30, 600, 600  # of one network, in so many seconds


@blueprint.route(
    "/m/<token>.<any(jpg, mp4, mov, webm):suffix>", methods=["GET"], provide_automatic_options=False
)
@public
def opened_media(token: str, suffix: str) -> Any:  # noqa: ARG001 (only there so that a channel knows what it gets)
    """The file behind an unguessable address; "not found" before and after the job."""
    network = request.remote_addr or ""
    # Looked up first: an address nobody can guess needs no protection from guessing, and whoever comes through the same
    # network as a scanner still gets what is open.
    found = find_opened(token)
    purpose, most = ("media-fetch", FETCHES) if found is not None else ("media-miss", MISSES)
    with own_transaction():
        many = rate_limit.count(purpose, network, per_seconds=WINDOW) > most
    if many:
        raise _too_many()
    if found is None:
        raise NotFound
    asset, crop = found
    if crop:
        made = rendition(asset, Ratio(crop), "large", suffix="jpg")
        response = send_file(made.path, mimetype=made.mime_type, conditional=True, etag=made.key)
    else:
        response = send_rendition(asset, "original", cache=NOT_KEPT)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return safe(response, NOT_KEPT, foreign=True)


def _too_many() -> TooMany:
    return TooMany(_("Terlalu banyak permintaan. Tunggu beberapa menit, lalu coba lagi."), retry_after=WINDOW)
