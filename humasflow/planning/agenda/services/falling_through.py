"""An event does not take place, waits for another time, takes place after all, or never was one."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.core.localtime import show_instant
from humasflow.core.versions import expect_version
from humasflow.planning.agenda.enums import EventMove, EventState, Extent
from humasflow.planning.agenda.events import AgendaCancelled, AgendaRestored
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.planning.agenda.policy import reasons_not_to_change, reasons_not_to_move
from humasflow.planning.agenda.queries import Occurrence, get_occurrence
from humasflow.planning.agenda.services.contents import BadContent
from humasflow.planning.agenda.services.moving import move_event
from humasflow.planning.agenda.services.parting import exceptions_of, own, settled, split, touched
from humasflow.planning.agenda.workflow import EVENT

_REASON = 300


def cancel_event(
    event: AgendaEvent,
    *,
    actor: Principal,
    occurrence: datetime | None,
    extent: Extent,
    reason: str,
    row_version: int | None = None,
) -> AgendaEvent:
    """Say that an occurrence, it and the later ones, or all do not take place, and why. Returns the event that says so.
    Cancelled twice is cancelled once. Flushes; tells AgendaCancelled. Raises Refused, Conflict, NotFound, BadContent.
    """
    shown = _opened(event, actor, occurrence, row_version)
    return _set(event, shown, EventMove.CANCEL, actor=actor, extent=extent, reason=_given(reason))


def postpone_event(
    event: AgendaEvent,
    *,
    actor: Principal,
    occurrence: datetime | None,
    extent: Extent,
    reason: str,
    starts_at: datetime | None = None,
    row_version: int | None = None,
    drop: bool = False,
) -> AgendaEvent:
    """Say that it takes place later, and why: at ``starts_at``, or at a time that is not known yet. Returns the event
    that says so. Flushes; tells AgendaMoved, or AgendaCancelled with ``is_postponed``. Raises like
    :func:`cancel_event`.
    """
    reason = _given(reason)
    shown = _opened(event, actor, occurrence, row_version)
    refused = reasons_not_to_move(actor, event, shown.state)
    if refused:
        raise Refused(refused)
    if starts_at is None:
        return _set(event, shown, EventMove.POSTPONE, actor=actor, extent=extent, reason=reason)
    if starts_at <= shown.starts_at:
        raise BadContent(
            "starts_at", _("Waktu baru itu tidak lebih lambat. Untuk memajukan agenda, ubah waktunya.")
        )
    moved = move_event(
        event, actor=actor, occurrence=shown.occurrence, extent=extent, starts_at=starts_at, reason=reason,
        drop=drop,
    )  # fmt: skip
    return event if moved.event_id == event.id else _event(moved.event_id)


def restore_event(
    event: AgendaEvent,
    *,
    actor: Principal,
    occurrence: datetime | None,
    extent: Extent,
    row_version: int | None = None,
) -> AgendaEvent:
    """It takes place after all. "All" leaves what was cancelled singly as it is. Flushes; tells AgendaRestored."""
    shown = _opened(event, actor, occurrence, row_version)
    return _set(event, shown, EventMove.RESTORE, actor=actor, extent=extent, reason="")


def remove_event(
    event: AgendaEvent,
    *,
    actor: Principal,
    occurrence: datetime | None,
    extent: Extent,
    row_version: int | None = None,
) -> None:
    """Take it off the agenda, as if it had been written by mistake; the record keeps it. What hangs on it learns that
    it is cancelled. Flushes. Raises Refused, Conflict, NotFound.
    """
    shown = _opened(event, actor, occurrence, row_version)
    extent, key = settled(event, shown.occurrence, extent), shown.occurrence
    if extent is Extent.ONE:
        own(event, key).is_dropped = True
        gone, told = event, key
    else:
        gone = split(event, key, actor=actor) if extent is Extent.FUTURE else event
        gone.removed_at, told = clock.now(), None
    touched(gone)
    _tell(AuditAction.AGENDA_REMOVED, gone, shown, told, actor, "")
    emit(AgendaCancelled(event_id=gone.id, occurrence=told, is_postponed=False, actor_id=actor.id, reason=""))


def _opened(
    event: AgendaEvent, actor: Principal, occurrence: datetime | None, row_version: int | None
) -> Occurrence:
    lock(event)
    shown = get_occurrence(event, occurrence)
    reasons = reasons_not_to_change(actor, event)
    if reasons:
        raise Refused(reasons)
    expect_version(event, row_version)
    return shown


def _given(reason: str) -> str:
    reason = " ".join(reason.replace("\x00", "").split())
    if not reason:
        raise BadContent("reason", _("Tuliskan alasannya; yang meliput akan membacanya."))
    if len(reason) > _REASON:
        raise BadContent(
            "reason",
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=_REASON, size=len(reason)),
        )
    return reason


def _set(
    event: AgendaEvent, shown: Occurrence, move: EventMove, *, actor: Principal, extent: Extent, reason: str
) -> AgendaEvent:
    state = EVENT.target(shown.state, move)
    extent, key = settled(event, shown.occurrence, extent), shown.occurrence
    if extent is Extent.ONE:
        if (shown.state, shown.reason) == (state, reason):
            return event
        mine = own(event, key)
        mine.state, mine.reason = state, reason
        changed, told = event, key
    else:
        off = state in (EventState.CANCELLED, EventState.POSTPONED)
        same = extent is Extent.ALL and (event.state, event.reason) == (state, reason)
        if same and not _told_otherwise(event, key, off=off):
            return event
        changed = split(event, key, actor=actor) if extent is Extent.FUTURE else event
        changed.state, changed.reason, told = state, reason, None
        for one in _told_otherwise(changed, key, off=off):
            one.state, one.reason = None, ""
    touched(changed)
    action = {
        EventState.CANCELLED: AuditAction.AGENDA_CANCELLED, EventState.POSTPONED: AuditAction.AGENDA_POSTPONED,
    }.get(state, AuditAction.AGENDA_RESTORED)  # fmt: skip
    _tell(action, changed, shown, told, actor, reason)
    if state is EventState.CONFIRMED:
        emit(AgendaRestored(event_id=changed.id, occurrence=told, actor_id=actor.id))
    else:
        emit(
            AgendaCancelled(
                event_id=changed.id, occurrence=told, is_postponed=state is EventState.POSTPONED, actor_id=actor.id,
                reason=reason,
            )
        )  # fmt: skip
    return changed


def _told_otherwise(event: AgendaEvent, key: datetime, *, off: bool) -> list[AgendaException]:
    """What all are said to be, this one is too, and where all are ``off`` those that were on by themselves."""
    on = (EventState.CONFIRMED, EventState.TENTATIVE)
    return [
        one
        for one in exceptions_of(event)
        if one.state is not None and (one.occurrence == key or (off and one.state in on))
    ]


def _tell(
    action: AuditAction,
    event: AgendaEvent,
    shown: Occurrence,
    key: datetime | None,
    actor: Principal,
    reason: str,
) -> None:
    label = f"{shown.title}, {show_instant(shown.starts_at, event.zone)}" if key else shown.title
    detail: dict[str, Any] = {"reason": reason} if reason else {}
    audit.record(
        action, ("agenda_event", event.id), office_id=event.office_id, actor=actor, label=label,
        occurrence=key.isoformat() if key else None, row_version=event.row_version, **detail,
    )  # fmt: skip


def _event(event_id: int) -> AgendaEvent:
    return db.session.get_one(AgendaEvent, event_id)
