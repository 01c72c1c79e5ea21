"""What all lists of an office have in common: no two of one name, an order, off rather than deleted."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.planning import queries
from humasflow.planning.models import ContentType, Pillar, ProductionRole
from humasflow.planning.offered import Offered

# What the record calls each kind, one that is added, and one that is changed.
_RECORDED: Final[dict[type[Offered], tuple[str, AuditAction, AuditAction]]] = {
    ContentType: ("content_type", AuditAction.CONTENT_TYPE_CREATED, AuditAction.CONTENT_TYPE_CHANGED),
    Pillar: ("pillar", AuditAction.PILLAR_CREATED, AuditAction.PILLAR_CHANGED),
    ProductionRole: (
        "production_role", AuditAction.PRODUCTION_ROLE_CREATED, AuditAction.PRODUCTION_ROLE_CHANGED,
    ),
}  # fmt: skip
_LONG: Final = frozenset({"body_template"})  # in the record by name alone


class DuplicateName(UserError):
    """There is one of that name already."""


def refuse_twin(name: str, beside: Iterable[Offered], message: str) -> None:
    """Raise :class:`DuplicateName` with the message where one of that name, in any case, is beside it."""
    if any(one.called.casefold() == name.casefold() for one in beside):
        raise DuplicateName(message)


def next_position(beside: Iterable[Offered]) -> int:
    """The place after the last, from 1."""
    return max((one.position for one in beside), default=0) + 1


def others(row: Offered) -> list[Offered]:
    """All of the office's rows of its kind but this one."""
    known = queries.list_offered(type(row), row.office_id, with_inactive=True)
    return [one for one in known if one.id != row.id]


def add(row: Offered, *, actor: audit.Actor | None) -> None:
    """Put a new row into the database and the record. Flushes."""
    db.session.add(row)
    db.session.flush()
    subject, created, _changed = _RECORDED[type(row)]
    audit.record(created, (subject, row.id), office_id=row.office_id, actor=actor, label=row.called)


def change(row: Offered, *, actor: audit.Actor, **values: Any) -> None:
    """Give a row these values; the record holds what changed, long texts by their field's name. Where nothing changes,
    nothing is recorded. Flushes.
    """
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    db.session.flush()
    _record(row, actor, changed)


def switch(row: Offered, *, actor: audit.Actor, is_active: bool) -> None:
    """Stop offering a row (what carries it stays as it is), or offer it again."""
    change(row, actor=actor, is_active=is_active)


def move(row: Offered, *, actor: audit.Actor, up: bool) -> None:
    """Change places with the neighbour among those on offer; at the end nothing happens."""
    if exchange(row, queries.list_offered(type(row), row.office_id), up=up):
        db.session.flush()
        _record(row, actor, {"position": row.position})


def exchange(row: Offered, order: Sequence[Offered], *, up: bool) -> bool:
    """Let a row change places with its neighbour and number the order anew; whether there was anything to do."""
    if row not in order:
        return False
    moved = list(order)
    here = moved.index(row)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(moved):
        return False
    moved[here], moved[there] = moved[there], moved[here]
    for position, one in enumerate(moved, start=1):
        if one.position != position:
            one.position = position
    return True


def _record(row: Offered, actor: audit.Actor, changed: dict[str, Any]) -> None:
    subject, _created, action = _RECORDED[type(row)]
    told = {name: value for name, value in changed.items() if name not in _LONG}
    audit.record(
        action, (subject, row.id), office_id=row.office_id, actor=actor,
        **(told | {"label": row.called, "changed": list(changed)}),
    )  # fmt: skip
