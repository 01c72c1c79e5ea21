"""The files themselves: pictures in their sizes and shapes, videos with ranges, PDF files only as downloads."""

from typing import Any

from flask import request, send_file
from flask_login import current_user

from humasflow.core.guards import signed_in
from humasflow.media import queries, services
from humasflow.media.enums import AssetKind, Ratio
from humasflow.media.models import Asset
from humasflow.media.sending import ASK_AGAIN, FOREVER, safe, send_rendition
from humasflow.media.views.blueprint import blueprint


@blueprint.get("/<int:asset_id>/<any(thumb, medium, original):size>")
@signed_in
def rendition(asset_id: int, size: str) -> Any:
    """A picture in one of its three sizes, always newly encoded by us; a video or PDF itself, or its poster."""
    asset = queries.get_viewable_asset(current_user, asset_id)
    poster = asset.kind is AssetKind.VIDEO and size != "original"  # may be replaced
    return send_rendition(asset, size, cache=ASK_AGAIN if poster else FOREVER)


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
    return safe(response, FOREVER if fixed else ASK_AGAIN)
