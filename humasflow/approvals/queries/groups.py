"""Named groups of approvers."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.approvals.models import ApprovalAskee, ApprovalChain, ApprovalGroup, GroupMember
from humasflow.core.db import db
from humasflow.core.errors import NotFound


def list_groups(office_id: int, *, with_inactive: bool = False) -> Sequence[ApprovalGroup]:
    """Groups of an office by name, with their members. Two statements."""
    statement = select(ApprovalGroup).where(ApprovalGroup.office_id == office_id)
    if not with_inactive:
        statement = statement.where(ApprovalGroup.is_active.is_(True))
    return db.session.scalars(
        statement.options(selectinload(ApprovalGroup.members).joinedload(GroupMember.user)).order_by(
            func.lower(ApprovalGroup.name), ApprovalGroup.id
        )
    ).all()


def get_group(office_id: int, group_id: int) -> ApprovalGroup:
    """One of this office, or "not found"."""
    found = db.session.scalar(
        select(ApprovalGroup)
        .where(ApprovalGroup.id == group_id, ApprovalGroup.office_id == office_id)
        .options(joinedload(ApprovalGroup.members).joinedload(GroupMember.user))
    )
    if found is None:
        raise NotFound
    return found


def count_uses(office_id: int) -> dict[int, int]:
    """In how many steps of the office's chains each group stands. One statement."""
    rows = db.session.execute(
        select(ApprovalAskee.group_id, func.count())
        .join(ApprovalChain, ApprovalAskee.chain_id == ApprovalChain.id)
        .where(ApprovalChain.office_id == office_id, ApprovalAskee.group_id.is_not(None))
        .group_by(ApprovalAskee.group_id)
    )
    return {group_id: count for group_id, count in rows if group_id is not None}
