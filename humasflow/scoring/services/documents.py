"""The letter or screenshot behind a measurement or an official result, kept in the library."""

import hashlib

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.media.enums import AssetKind
from humasflow.media.models import Asset
from humasflow.media.processing import MediaRejected, sniff
from humasflow.media.queries import find_uploads
from humasflow.media.services import Upload, keep_file, keep_images, max_bytes

KINDS = (AssetKind.IMAGE, AssetKind.PDF)


class WrongDocument(UserError):
    """The file is not one we can keep; the message says why."""


def keep_document(upload: Upload, *, office_id: int, actor: Principal) -> Asset:
    """Keep a picture or a PDF. The same file sent again by the same person is the one that is there. Flushes.

    No permission is asked: whoever may write the number may add its document. Raises WrongDocument.
    """
    head = upload.stream.read(sniff.HEAD_BYTES)
    upload.stream.seek(0)
    if sniff.identify_media(head) is not AssetKind.PDF:
        kept, refused = keep_images([upload], office_id=office_id, actor=actor)
        if refused:
            raise WrongDocument(refused[0].message)
        return kept[0]
    data = upload.stream.read(
        max_bytes(AssetKind.PDF) + 1
    )  # one byte more than allowed says that it is too long
    digest = hashlib.sha256(data).hexdigest()
    known = find_uploads(office_id, actor.id, [digest]).get(digest)
    if known is not None:
        return known
    try:
        return keep_file(data, upload.filename, office_id=office_id, actor=actor)
    except MediaRejected as rejected:
        raise WrongDocument(rejected.message) from rejected


def document_of(asset_id: int | None, *, office_id: int) -> Asset | None:
    """The file of a number, or None; that of another office is none."""
    found = db.session.get(Asset, asset_id) if asset_id is not None else None
    return found if found is not None and found.office_id == office_id else None
