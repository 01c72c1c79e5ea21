"""A file of the library on its way to a browser. Who may have it is for the caller to say."""

from flask import Response, current_app, send_file

from humasflow.core.errors import NotFound
from humasflow.media.enums import AssetKind
from humasflow.media.models import Asset
from humasflow.media.services.receiving import storage

FOREVER = "private, max-age=31536000, immutable"  # the bytes behind an address never change
ASK_AGAIN = "private, no-cache"  # it may be another one, or nobody's, when it is asked for again
# What somebody else made and we did not re-encode: nothing in it may run, whatever a browser takes it for.
SANDBOX = "default-src 'none'; media-src 'self'; sandbox"
_TYPES = {
    "jpg": "image/jpeg", "webp": "image/webp", "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm",
    "pdf": "application/pdf",
}  # fmt: skip
_NAMES = {AssetKind.IMAGE: "foto", AssetKind.VIDEO: "video", AssetKind.PDF: "dokumen"}


def send_rendition(asset: Asset, size: str, *, cache: str) -> Response:
    """A picture in one of its three sizes (thumb, medium, original), always newly encoded by us; a video or PDF itself,
    or its poster. Raises "not found" where there is none.
    """
    key: str = getattr(asset, f"{size}_key")
    if not key:
        raise NotFound  # a video without a poster
    foreign = size == "original" and not asset.is_image
    suffix = key.rpartition(".")[2]
    path = storage().path(key)
    if not path.is_file():
        current_app.logger.error("picture file is missing", extra={"asset": asset.id, "key": key})
        raise NotFound
    response = send_file(
        path, mimetype=_TYPES[suffix], conditional=True, etag=key.rpartition("/")[2],
        as_attachment=asset.kind is AssetKind.PDF and foreign,
        download_name=f"{_NAMES[asset.kind]}-{asset.id}{'' if foreign else '-' + size}.{suffix}",
    )  # fmt: skip
    return safe(response, cache, foreign=foreign)


def safe(response: Response, cache: str, *, foreign: bool = False) -> Response:
    """How long it may be kept, and nothing in it may run. ``foreign``: made by somebody else, kept as it came."""
    if response.status_code == 304:
        response.close()  # nothing is sent, so nobody else would close the file
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    if foreign:
        response.headers["Content-Security-Policy"] = SANDBOX
        response.headers["X-Frame-Options"] = "DENY"
    return response
