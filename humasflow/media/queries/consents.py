"""Who agreed, whose consent ends, and what has to come down."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.media.enums import BlockReason, ConsentStanding, TakedownState
from humasflow.media.models import Asset, Consent, TakedownTask
from humasflow.media.queries.files import get_listed_asset
from humasflow.media.queries.scope import shown_to

SOON = timedelta(days=30)
EXPIRED = "expired "  # how a task's basis begins when the consent's last day went by; the day follows


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
    if lapse_of(consents, today) is not None:
        return ConsentStanding.LAPSED
    soon = any(c.expires_on is not None and c.expires_on <= today + SOON for c in consents)
    return ConsentStanding.EXPIRING if soon else ConsentStanding.GIVEN


def lapse_of(consents: Sequence[Consent], today: date) -> BlockReason | None:
    """Why a file with these may not be used anew on the office's ``today``; None while all of them hold."""
    found = {consent.lapse_on(today) for consent in consents}
    if BlockReason.CONSENT_WITHDRAWN in found:
        return BlockReason.CONSENT_WITHDRAWN
    return BlockReason.CONSENT_EXPIRED if BlockReason.CONSENT_EXPIRED in found else None


def standings(asset_ids: Sequence[int], today: date) -> dict[int, ConsentStanding]:
    """What the consents of each file amount to; one statement."""
    by_asset: dict[int, list[Consent]] = {i: [] for i in asset_ids}
    if asset_ids:
        for consent in db.session.scalars(select(Consent).where(Consent.asset_id.in_(asset_ids))):
            by_asset[consent.asset_id].append(consent)
    return {i: standing_of(consents, today) for i, consents in by_asset.items()}


def list_expired(office_id: int, today: date) -> Sequence[Consent]:
    """Consents whose last day went by before the office's ``today`` and whose end asked for no takedown yet.

    One statement. A withdrawal asks for it at once, so withdrawn ones are not among them.
    """
    asked = select(TakedownTask.id).where(
        TakedownTask.consent_id == Consent.id,
        TakedownTask.basis == literal(EXPIRED) + cast(Consent.expires_on, String),
    )
    return db.session.scalars(
        select(Consent)
        .where(
            Consent.office_id == office_id, Consent.expires_on < today, Consent.withdrawn_at.is_(None),
            ~asked.exists(),
        )
        .order_by(Consent.id)
    ).all()  # fmt: skip


def find_blocked(office_id: int, digests: Iterable[str]) -> dict[str, BlockReason]:
    """Which of these bytes, as sent or as we keep them, belong to a file that may not be used; one statement.

    Asked for whoever sends them: a withdrawn consent holds for the bytes, not for a row of the library.
    """
    wanted = set(digests)
    if not wanted:
        return {}
    statement = select(Asset.source_sha256, Asset.sha256, Asset.blocked_reason).where(
        Asset.office_id == office_id, Asset.blocked_reason.is_not(None),
        or_(Asset.source_sha256.in_(wanted), Asset.sha256.in_(wanted)),
    )  # fmt: skip
    return {
        digest: row.blocked_reason
        for row in db.session.execute(statement)
        for digest in wanted.intersection((row.source_sha256, row.sha256))
    }


def is_document(asset_id: int) -> bool:
    """Whether some consent rests on this file."""
    return db.session.scalar(select(Consent.id).where(Consent.document_id == asset_id).limit(1)) is not None


def get_takedown(actor: Principal, task_id: int) -> TakedownTask:
    """A task about a file whose page the person may open, or "not found"."""
    found = db.session.get(TakedownTask, task_id)
    if found is None:
        raise NotFound
    get_listed_asset(actor, found.asset_id)
    return found


def list_takedowns_of(asset_id: int) -> Sequence[TakedownTask]:
    """What is open about one file, the most urgent first; one statement."""
    return db.session.scalars(
        select(TakedownTask)
        .where(TakedownTask.asset_id == asset_id, TakedownTask.state == TakedownState.OPEN)
        .order_by(TakedownTask.due_at, TakedownTask.id)
    ).all()


def list_open_takedowns(actor: Principal, office_id: int) -> Sequence[TakedownTask]:
    """What has to come down of the files that the person may know of, the most urgent first; one statement."""
    statement = select(TakedownTask).where(
        _takedowns_for(actor, office_id), TakedownTask.state == TakedownState.OPEN
    )
    return db.session.scalars(statement.order_by(TakedownTask.due_at, TakedownTask.id)).all()


def _takedowns_for(actor: Principal, office_id: int) -> ColumnElement[bool]:
    known = select(Asset.id).where(Asset.id == TakedownTask.asset_id, shown_to(actor.id))
    return and_(TakedownTask.office_id == office_id, known.exists())


def list_closed_takedowns(
    actor: Principal, office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[TakedownTask]:
    """What came down, newest first."""
    statement: Select[Any] = select(TakedownTask).where(
        _takedowns_for(actor, office_id), TakedownTask.state != TakedownState.OPEN
    )
    statement = newest_first(statement, TakedownTask.opened_at, TakedownTask.id, cursor, size)
    return cut(db.session.scalars(statement).all(), lambda t: (t.opened_at, t.id), size)


def count_open_takedowns(actor: Principal, office_id: int) -> int:
    """How many :func:`list_open_takedowns` has; one statement."""
    statement = select(func.count(TakedownTask.id)).where(
        _takedowns_for(actor, office_id), TakedownTask.state == TakedownState.OPEN
    )
    return db.session.scalar(statement) or 0
