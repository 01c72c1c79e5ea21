"""Which files a person may know of at all. Lists carry the condition; one file is asked about by itself.

Both say the same: what only a confidential story uses is for those who may read that story, and for who sent it.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, literal, not_, or_, select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.media import usage
from humasflow.media.models import Asset
from humasflow.media.policy import sees_whole_library


def shown_to(user_id: int) -> ColumnElement[bool]:
    """The condition on :class:`Asset` that no story's confidentiality keeps the file from the person."""
    return or_(Asset.uploaded_by == user_id, not_(usage.hidden_from(user_id, Asset.id)))


def library_of(actor: Principal, office_id: int) -> ColumnElement[bool]:
    """The condition on :class:`Asset` that the person's library of an office holds the file."""
    of_office, own = Asset.office_id == office_id, Asset.uploaded_by == actor.id
    if not sees_whole_library(actor, office_id):
        return and_(of_office, own)
    if actor.can(Permission.STORY_WRITE, office_id):
        return and_(of_office, shown_to(actor.id))
    return and_(of_office, or_(own, and_(Asset.is_restricted.is_(False), shown_to(actor.id))))


def is_shown_to(user_id: int, asset: Asset) -> bool:
    """:func:`shown_to` of one file; at most one statement."""
    if asset.uploaded_by == user_id:
        return True
    return not db.session.scalar(select(usage.hidden_from(user_id, literal(asset.id))))


def list_hidden(user_id: int, asset_ids: Collection[int]) -> set[int]:
    """Those of the files that the person may not know of; at most one statement."""
    if not asset_ids:
        return set()
    return set(
        db.session.scalars(select(Asset.id).where(Asset.id.in_(asset_ids), not_(shown_to(user_id)))).all()
    )
