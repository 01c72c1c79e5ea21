"""Who else gave something another time since the page was drawn, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit.enums import AuditAction as A
from humasflow.audit.models import AuditEntry
from humasflow.calendar.moving.movable import Movable
from humasflow.core.db import db
from humasflow.core.localtime import show_instant

# What gives it another time. Each such entry says which version it made; without one it was about something else.
_TIMED: Final = frozenset({
    A.POST_SCHEDULED, A.POST_UNSCHEDULED, A.ASSIGNMENT_CHANGED, A.AGENDA_CHANGED, A.AGENDA_MOVED, A.AGENDA_CANCELLED,
    A.AGENDA_POSTPONED, A.AGENDA_RESTORED, A.CAMPAIGN_CHANGED, A.CAMPAIGN_MOVED,
})  # fmt: skip
_LOOK_BACK: Final = 30  # entries of that kind


@dataclass(frozen=True)
class Meanwhile:
    """What happened: ``by`` whom, and the instant it happened ``at``; ``said`` in sentences, with where it stands."""

    by: str
    at: datetime
    said: str


def find_meanwhile(movable: Movable, actor: Principal) -> Meanwhile | None:
    """Who gave it its time last, since the version that the page knew, from the record; None when that was the actor,
    who knows, or nobody (then something else about it has changed). One statement.
    """
    kind, ident = movable.subject
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_type == kind, AuditEntry.subject_id == ident, AuditEntry.action.in_(sorted(_TIMED))
        )
        .order_by(AuditEntry.id.desc())
        .limit(_LOOK_BACK)
    )  # fmt: skip
    entry = next((e for e in entries if _is_news(e, movable)), None)
    if entry is None or entry.actor_id == actor.id:
        return None
    who = entry.actor_label if entry.actor_id is not None else _("Sistem")
    return Meanwhile(who, entry.at, _sentence(entry, who, movable))


def _is_news(entry: AuditEntry, movable: Movable) -> bool:
    made, seen = entry.detail.get("row_version"), movable.ref.row_version
    if made is None or (seen is not None and made <= seen):
        return False
    only = entry.detail.get("occurrence")  # of a series; None: of all
    return only is None or datetime.fromisoformat(only) == movable.occurrence


def _sentence(entry: AuditEntry, who: str, movable: Movable) -> str:
    text = _(
        "%(who)s lebih dahulu mengubah %(name)s, pada %(at)s: sekarang di %(when)s.",
        who=who, name=movable.name, at=show_instant(entry.at, movable.zone), when=movable.when(movable.at),
    )  # fmt: skip
    return text + " " + _("Bila masih perlu, pindahkan sekali lagi.")
