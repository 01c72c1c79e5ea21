"""Reading kinds and accounts."""

from collections.abc import Sequence

from sqlalchemy import select

from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.errors import NotFound


def list_kinds(office_id: int) -> Sequence[ChannelKind]:
    """In the order they are offered."""
    return db.session.scalars(
        select(ChannelKind)
        .where(ChannelKind.office_id == office_id)
        .order_by(ChannelKind.position, ChannelKind.id)
    ).all()


def get_kind(office_id: int, kind_id: int) -> ChannelKind:
    """One of this office, or "not found"."""
    found = db.session.get(ChannelKind, kind_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def list_accounts(office_id: int, *, with_inactive: bool = False) -> Sequence[ChannelAccount]:
    """In the office's own order, each with its kind."""
    statement = select(ChannelAccount).where(ChannelAccount.office_id == office_id)
    if not with_inactive:
        statement = statement.where(ChannelAccount.is_active.is_(True))
    return db.session.scalars(statement.order_by(ChannelAccount.position, ChannelAccount.id)).all()


def get_account(office_id: int, account_id: int) -> ChannelAccount:
    """One of this office, or "not found"."""
    found = db.session.get(ChannelAccount, account_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found
