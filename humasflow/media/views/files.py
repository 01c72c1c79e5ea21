"""The files themselves: pictures in their sizes and shapes, videos with ranges, PDF files only as downloads."""

from typing import Any

from flask import Response, current_app, request, send_file
from flask_login import current_user

from humasflow.core.errors import NotFound
from humasflow.core.guards import signed_in
from humasflow.media import queries, services
from humasflow.media.enums import AssetKind, Ratio
from humasflow.media.models import Asset
from humasflow.media.views.blueprint import blueprint

FOREVER = "private, max-age=31536000, immutable"  # the bytes behind an address never change
ASK_AGAIN = "private, no-cache"  # a video's poster may be replaced
# What somebody else made and we did not re-encode: nothing in it may run, whatever a browser takes it for.
SANDBOX = "default-src 'none'; media-src 'self'; sandbox"
_TYPES = {
    "jpg": "image/jpeg", "webp": "image/webp", "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm",
    "pdf": "application/pdf",
}  # fmt: skip
_NAMES = {AssetKind.IMAGE: "foto", AssetKind.VIDEO: "video", AssetKind.PDF: "dokumen"}


@blueprint.get("/<int:asset_id>/<any(thumb, medium, original):size>")
@signed_in
def rendition(asset_id: int, size: str) -> Any:
    """A picture in one of its three sizes, always newly encoded by us; a video or PDF itself, or its poster."""
    asset = queries.get_viewable_asset(current_user, asset_id)
    key: str = getattr(asset, f"{size}_key")
    if not key:
        raise NotFound  # a video without a poster
    foreign = size == "original" and not asset.is_image
    suffix = key.rpartition(".")[2]
    path = services.storage().path(key)
    if not path.is_file():
        current_app.logger.error("picture file is missing", extra={"asset": asset_id, "key": key})
        raise NotFound
    response = send_file(
        path, mimetype=_TYPES[suffix], conditional=True, etag=key.rpartition("/")[2],
        as_attachment=asset.kind is AssetKind.PDF and foreign,
        download_name=f"{_NAMES[asset.kind]}-{asset_id}{'' if foreign else '-' + size}.{suffix}",
    )  # fmt: skip
    poster = asset.kind is AssetKind.VIDEO and not foreign
    return _safe(response, FOREVER if not poster else ASK_AGAIN, foreign=foreign)


_CROP = "<any('1x1', '4x5', '9x16', '16x9'):ratio>/<any(large, small):size>.<any(webp, jpg):suffix>"


@blueprint.get(f"/<int:asset_id>/potongan/{_CROP}")
@signed_in
def crop(asset_id: int, ratio: str, size: Any, suffix: Any) -> Any:
    """A picture cut to a shape around its focal point; made when first asked for."""
    asset: Asset = queries.get_viewable_asset(current_user, asset_id)
    # What an address with this focal point shows never changes; any other shows whatever is set now.
    fixed = request.args.get("f") == f"{asset.focal_x}-{asset.focal_y}"
    made = services.rendition(asset, Ratio(ratio), size, suffix=suffix)
    response = send_file(
        made.path, mimetype=made.mime_type, conditional=True, etag=made.key,
        download_name=f"foto-{asset_id}-{ratio}.{suffix}",
    )  # fmt: skip
    return _safe(response, FOREVER if fixed else ASK_AGAIN)


def _safe(response: Response, cache: str, *, foreign: bool = False) -> Response:
    if response.status_code == 304:
        response.close()  # nothing is sent, so nobody else would close the file
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    if foreign:
        response.headers["Content-Security-Policy"] = SANDBOX
        response.headers["X-Frame-Options"] = "DENY"
    return response
