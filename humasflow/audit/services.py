"""Writing the record, in the same transaction as the act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import insert, select

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import GENESIS, AuditEntry, AuditHead
from humasflow.core import clock
from humasflow.core.db import db, table_of

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
    each other. Held until the transaction ends. Flushes; one statement, none for turns that are held already.
    """
    _take(office_ids)


def _take(office_ids: Iterable[int]) -> dict[int, AuditHead]:
    """The ends of the chains of these offices, as far as they have any, theirs alone until the transaction ends."""
    wanted = set(office_ids)
    held = _held()
    if not wanted <= held.keys():
        heads = select(AuditHead).where(AuditHead.office_id.in_(sorted(wanted))).order_by(AuditHead.office_id)
        heads = heads.with_for_update().execution_options(populate_existing=True)
        found = {head.office_id: head for head in db.session.scalars(heads)}
        if db.session().in_nested_transaction():  # what it holds is let go with it, if it is rolled back
            return found
        db.session.info[_TURNS] = (db.session().get_transaction(), held | found)
        return found
    return {office_id: held[office_id] for office_id in wanted}


_TURNS = "turns of the record"


def _held() -> dict[int, AuditHead]:
    """The turns that this transaction holds already: what stands there is what it wrote itself."""
    transaction, heads = db.session.info.get(_TURNS, (None, {}))
    if transaction is None or transaction is not db.session().get_transaction():
        return {}
    return {office_id: head for office_id, head in heads.items() if head in db.session}


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
    head = _head_of(office_id)
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


def _head_of(office_id: int) -> AuditHead:
    """The end of the office's chain, ours until the transaction ends; a chain begins with its first act."""
    head = _take([office_id]).get(office_id)
    if head is None:
        head = AuditHead(office_id=office_id, seq=0, hash=GENESIS)
        db.session.add(head)
        db.session.flush()
    return head


@dataclass(frozen=True)
class Act:
    """One of many acts that are recorded at once; see :func:`record`."""

    action: AuditAction
    subject: tuple[str, int]
    actor: Actor | None
    context: tuple[str, int] | None = None
    acting_as: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def record_many(acts: Sequence[Act], *, office_id: int) -> None:
    """Append many acts to the office's chain, in their order: the same links as one after the other, without asking
    anything for each. Flushes.
    """
    if not acts:
        return
    db.session.flush()
    head, now, rows = _head_of(office_id), clock.now(), []
    names = [column.key for column in table_of(AuditEntry).columns if column.key != "id"]
    seq, previous = head.seq, head.hash
    for act in acts:
        seq += 1
        entry = AuditEntry(
            office_id=office_id, seq=seq, at=now, actor_id=act.actor.id if act.actor else None,
            actor_label=act.acting_as or (act.actor.name if act.actor else SYSTEM), action=act.action,
            subject_type=act.subject[0], subject_id=act.subject[1],
            context_type=act.context[0] if act.context else None, context_id=act.context[1] if act.context else None,
            detail=dict(act.detail), previous_hash=previous,
        )  # fmt: skip
        previous = entry.hash = entry.computed_hash()
        rows.append({name: getattr(entry, name) for name in names})
    db.session.execute(insert(table_of(AuditEntry)), rows)
    head.seq, head.hash = seq, previous
    db.session.flush()
