"""Reading kinds and accounts."""

from collections.abc import Iterable, Sequence
from datetime import time

from sqlalchemy import select

from humasflow.channels.models import ChannelAccount, ChannelKind, PostingSlot
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


def slots_of(account_ids: Iterable[int]) -> dict[int, list[tuple[int, time]]]:
    """Posting times by account in the order of the week; Monday is 0. Accounts without any are missing."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    found: dict[int, list[tuple[int, time]]] = {}
    rows = db.session.execute(
        select(PostingSlot.account_id, PostingSlot.weekday, PostingSlot.clock)
        .where(PostingSlot.account_id.in_(wanted))
        .order_by(PostingSlot.account_id, PostingSlot.weekday, PostingSlot.clock)
    )
    for account_id, weekday, clock in rows:
        found.setdefault(account_id, []).append((weekday, clock))
    return found
