"""Writing the record, in the same transaction as the act."""

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import select

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import GENESIS, AuditEntry, AuditHead
from humasflow.core import clock
from humasflow.core.db import db

SYSTEM = "humasflow"


class Actor(Protocol):
    """Who acts: a user. ``None`` in its place means the product itself."""

    @property
    def id(self) -> int:
        """The user's id."""

    @property
    def name(self) -> str:
        """The user's name."""


def await_turn(office_ids: Iterable[int]) -> None:
    """Before an act that several offices record: take their turns in one order, so that two such acts cannot wait for
    each other. Held until the transaction ends; one statement.
    """
    wanted = sorted(set(office_ids))
    heads = select(AuditHead.office_id).where(AuditHead.office_id.in_(wanted)).order_by(AuditHead.office_id)
    db.session.execute(heads.with_for_update()).all()


def record(
    action: AuditAction,
    subject: tuple[str, int],
    *,
    office_id: int,
    actor: Actor | None,
    context: tuple[str, int] | None = None,
    acting_as: str | None = None,
    **detail: Any,
) -> AuditEntry:
    """Append one act to the office's chain. Flushes.

    ``subject`` is ``("story", 12)``; ``context`` the larger thing whose timeline shows it too. ``acting_as`` is the
    capacity to print ("Plh. Kepala Seksi Lelang, Nama") instead of the bare name. ``detail`` must be JSON.
    """
    head = db.session.scalar(select(AuditHead).where(AuditHead.office_id == office_id).with_for_update())
    if head is None:
        head = AuditHead(office_id=office_id, seq=0, hash=GENESIS)
        db.session.add(head)
        db.session.flush()
    entry = AuditEntry(
        office_id=office_id,
        seq=head.seq + 1,
        at=clock.now(),
        actor_id=actor.id if actor else None,
        actor_label=acting_as or (actor.name if actor else SYSTEM),
        action=action,
        subject_type=subject[0],
        subject_id=subject[1],
        context_type=context[0] if context else None,
        context_id=context[1] if context else None,
        detail=detail,
        previous_hash=head.hash,
    )
    entry.hash = entry.computed_hash()
    head.seq, head.hash = entry.seq, entry.hash
    db.session.add(entry)
    db.session.flush()
    return entry
