"""The picture that stands for a video: a frame that the uploader's browser drew, or one that somebody chose."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import unit_of_work
from humasflow.core.db import db, lock
from humasflow.core.errors import NotAllowed, UserError
from humasflow.media.enums import AssetKind
from humasflow.media.models import Asset
from humasflow.media.policy import can_describe
from humasflow.media.processing import process_image
from humasflow.media.services.keeping import storage
from humasflow.media.services.receiving import Upload, image_limits


def set_poster(asset: Asset, poster: Upload, *, actor: Principal, only_if_missing: bool = False) -> bool:
    """Show the video by this picture, checked and re-encoded like any other. False when it has one already.

    Raises ``MediaRejected`` with a sentence for the sender.
    """
    if not can_describe(actor, asset):
        raise NotAllowed(_("Gambar sampul dipasang oleh redaktur atau pengunggahnya."))
    if asset.kind is not AssetKind.VIDEO:
        raise UserError(_("Gambar sampul hanya untuk video."))
    if only_if_missing and asset.has_poster:
        return False
    with unit_of_work.let_go():
        image = process_image(poster.stream, poster.filename, limits=image_limits())
    lock(asset)
    if only_if_missing and asset.has_poster:
        return False  # somebody chose one meanwhile
    store = storage()
    asset.medium_key = store.put(image.medium.data, image.medium.suffix)
    asset.thumb_key = store.put(image.thumb.data, image.thumb.suffix)
    asset.colour = image.dominant_colour
    if not asset.width:
        asset.width, asset.height = image.width, image.height
    db.session.flush()
    audit.record(AuditAction.ASSET_POSTER_SET, ("asset", asset.id), office_id=asset.office_id, actor=actor)
    return True
