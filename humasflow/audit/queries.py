"""Reading the record: timelines, and whether a chain is whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import GENESIS, AuditEntry, AuditHead
from humasflow.core.db import db


@dataclass(frozen=True)
class ChainFault:
    """Where an office's chain does not hold: the sequence number and what is wrong with it."""

    office_id: int
    seq: int
    fault: str


def list_timeline(subject: tuple[str, int], *, limit: int = 200) -> Sequence[AuditEntry]:
    """What happened to a thing and to what belongs to it, newest first."""
    kind, ident = subject
    about = or_(
        and_(AuditEntry.subject_type == kind, AuditEntry.subject_id == ident),
        and_(AuditEntry.context_type == kind, AuditEntry.context_id == ident),
    )
    return db.session.scalars(
        select(AuditEntry).where(about).order_by(AuditEntry.id.desc()).limit(limit)
    ).all()


def latest(action: AuditAction, subject: tuple[str, int]) -> AuditEntry | None:
    """The last time that this happened to a thing; one statement."""
    return db.session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.subject_type == subject[0],
            AuditEntry.subject_id == subject[1],
            AuditEntry.action == action,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def check_chain(office_id: int) -> list[ChainFault]:
    """Every break in an office's chain: edited, missing, swapped, truncated or inserted entries."""
    faults: list[ChainFault] = []
    previous, expected = GENESIS, 1
    rows = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.office_id == office_id)
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=1000)
    )
    for entry in rows:
        if entry.seq != expected:
            faults.append(ChainFault(office_id, expected, "missing"))
        if entry.previous_hash != previous:
            faults.append(ChainFault(office_id, entry.seq, "broken link"))
        if entry.hash != entry.computed_hash():
            faults.append(ChainFault(office_id, entry.seq, "edited"))
        previous, expected = entry.hash, entry.seq + 1
    head = db.session.get(AuditHead, office_id)
    if (head.seq, head.hash) != (expected - 1, previous) if head else expected != 1:
        faults.append(ChainFault(office_id, expected - 1, "truncated"))
    return faults


def list_offices_with_chain() -> Sequence[int]:
    """Offices that have a record."""
    return db.session.scalars(select(AuditHead.office_id).order_by(AuditHead.office_id)).all()
