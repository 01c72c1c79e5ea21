"""Who agreed, whose consent ends, and what has to come down."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import joinedload

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.media.enums import ConsentStanding, TakedownState
from humasflow.media.models import Asset, Consent, TakedownTask
from humasflow.media.queries.files import get_listed_asset

SOON = timedelta(days=30)


def ends_soon(asset_id: SQLColumnExpression[int], today: date) -> ColumnElement[bool]:
    """The condition that some consent for the file has ended or ends within a month."""
    ending = or_(Consent.expires_on <= today + SOON, Consent.withdrawn_at.is_not(None))
    return select(Consent.id).where(Consent.asset_id == asset_id, ending).exists()


def list_consents(asset_id: int) -> Sequence[Consent]:
    """The people in a file, in the order they were recorded, with their documents; one statement."""
    return db.session.scalars(
        select(Consent)
        .where(Consent.asset_id == asset_id)
        .options(joinedload(Consent.document))
        .order_by(Consent.id)
    ).all()


def get_consent(actor: Principal, consent_id: int) -> Consent:
    """A consent of a file whose page the person may open, or "not found"."""
    found = db.session.get(Consent, consent_id)
    if found is None:
        raise NotFound
    get_listed_asset(actor, found.asset_id)
    return found


def standing_of(consents: Sequence[Consent], today: date) -> ConsentStanding:
    """What these amount to on the office's ``today``: one that has ended outweighs all others."""
    if not consents:
        return ConsentStanding.NONE
    ends = [c.expires_on for c in consents if c.expires_on is not None]
    if any(c.withdrawn_at is not None for c in consents) or any(end < today for end in ends):
        return ConsentStanding.LAPSED
    return ConsentStanding.EXPIRING if any(end <= today + SOON for end in ends) else ConsentStanding.GIVEN


def standings(asset_ids: Sequence[int], today: date) -> dict[int, ConsentStanding]:
    """What the consents of each file amount to; one statement."""
    by_asset: dict[int, list[Consent]] = {i: [] for i in asset_ids}
    if asset_ids:
        for consent in db.session.scalars(select(Consent).where(Consent.asset_id.in_(asset_ids))):
            by_asset[consent.asset_id].append(consent)
    return {i: standing_of(consents, today) for i, consents in by_asset.items()}


def list_ending(office_id: int, today: date) -> Sequence[Consent]:
    """Consents that have ended: expired before the office's ``today``, or withdrawn. One statement."""
    ended = or_(
        Consent.withdrawn_at.is_not(None), and_(Consent.expires_on.is_not(None), Consent.expires_on < today)
    )
    return db.session.scalars(
        select(Consent).where(Consent.office_id == office_id, ended).order_by(Consent.id)
    ).all()


def get_takedown(actor: Principal, task_id: int) -> TakedownTask:
    """A task about a file whose page the person may open, or "not found"."""
    found = db.session.get(TakedownTask, task_id)
    if found is None:
        raise NotFound
    get_listed_asset(actor, found.asset_id)
    return found


def list_open_takedowns(office_id: int, *, asset_id: int | None = None) -> Sequence[TakedownTask]:
    """What has to come down, the most urgent first; one statement."""
    statement = select(TakedownTask).where(
        TakedownTask.office_id == office_id, TakedownTask.state == TakedownState.OPEN
    )
    if asset_id is not None:
        statement = statement.where(TakedownTask.asset_id == asset_id)
    return db.session.scalars(statement.order_by(TakedownTask.due_at, TakedownTask.id)).all()


def list_closed_takedowns(
    office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[TakedownTask]:
    """What came down, newest first."""
    statement: Select[Any] = select(TakedownTask).where(
        TakedownTask.office_id == office_id, TakedownTask.state != TakedownState.OPEN
    )
    statement = newest_first(statement, TakedownTask.opened_at, TakedownTask.id, cursor, size)
    return cut(db.session.scalars(statement).all(), lambda t: (t.opened_at, t.id), size)


def count_open_takedowns(office_id: int) -> int:
    """How much has to come down; one statement."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(TakedownTask)
            .join(Asset, Asset.id == TakedownTask.asset_id)
            .where(TakedownTask.office_id == office_id, TakedownTask.state == TakedownState.OPEN)
        )
        or 0
    )
