"""Other words, another time or another repetition for an event: once, from once on, or always."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused
from humasflow.core.versions import expect_version
from humasflow.planning.agenda.enums import Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.policy import reasons_not_to_change, reasons_not_to_move
from humasflow.planning.agenda.queries import Occurrence, get_exception, get_occurrence, series_of
from humasflow.planning.agenda.services.contents import BadContent, EventContent, checked
from humasflow.planning.agenda.services.moving import retime
from humasflow.planning.agenda.services.parting import own, settled, split, touched
from humasflow.planning.agenda.services.repeating import become_single, repeat_otherwise, switch_all_day

_WHOLE = (
    "description",
    "organizer",
    "section_id",
    "campaign_id",
    "all_day",
    "rule",
)  # never of one occurrence


def change_event(
    event: AgendaEvent,
    *,
    actor: Principal,
    occurrence: datetime | None,
    extent: Extent,
    content: EventContent,
    row_version: int | None = None,
    drop: bool = False,
) -> AgendaEvent:
    """Give an occurrence, it and the later ones, or all this content; times are those of the occurrence, the others
    move as far. Returns the event that carries it: another one where the series was split. Flushes; tells AgendaMoved
    when the time changed. Raises Refused (also where what is cancelled would move), Conflict, NotFound, BadContent,
    BadRule, and WouldDrop unless ``drop``: then nothing has changed.
    """
    lock(event)
    shown = get_occurrence(event, occurrence)
    reasons = reasons_not_to_change(actor, event)
    if reasons:
        raise Refused(reasons)
    expect_version(event, row_version)
    told = checked(content, office_id=event.office_id, zone=event.zone)
    if _times(told) != _times(shown):
        reasons = reasons_not_to_move(actor, event, shown.state)
        if reasons:
            raise Refused(reasons)
    extent = settled(event, shown.occurrence, extent)
    with db.session.begin_nested():
        if extent is Extent.ONE:
            _change_one(event, shown, told, actor=actor)
            return event
        same_rule = told.rule == event.rule
        if extent is Extent.FUTURE:
            event = split(event, shown.occurrence, actor=actor)
            shown = get_occurrence(event, shown.occurrence)
        if same_rule:  # what is left of it, where it was split
            told = replace(told, rule=event.rule)
        return _change_all(event, shown, told, actor=actor, drop=drop)


def _change_all(
    event: AgendaEvent, shown: Occurrence, told: EventContent, *, actor: Principal, drop: bool
) -> AgendaEvent:
    """One thing after the other, each with what follows from it: the words, where it stands, how it repeats."""
    same_rule = told.rule == event.rule
    key = shown.occurrence
    changed = _wholly(event, told)
    mine = get_exception(event, key)
    if mine is not None:
        mine.title = mine.place = mine.needs = None
    if event.rule and not told.rule:
        key = become_single(event, shown, drop=drop, actor=actor)
        shown = get_occurrence(event, key)
    switches = told.all_day != event.all_day
    starts_at, ends_at = _on_the_days_of(shown, told, event) if switches else _times(told)
    if (starts_at, ends_at) != _times(shown):
        key = retime(
            event, shown, actor=actor, extent=Extent.ALL, starts_at=starts_at, ends_at=ends_at, reason="", drop=drop
        ).occurrence  # fmt: skip
    if switches:
        key = switch_all_day(event, key, told, actor=actor)
        changed |= {"all_day": event.all_day, "starts_at": event.starts_at.isoformat()}
    if not same_rule:
        if told.rule:
            repeat_otherwise(event, key, told, drop=drop, actor=actor)
        changed["rule"] = event.rule
    if changed:
        touched(event)
        _record(event, actor, changed, None)
    return event


def _times(one: EventContent | Occurrence) -> tuple[datetime, datetime]:
    return one.starts_at, one.ends_at


def _on_the_days_of(shown: Occurrence, told: EventContent, event: AgendaEvent) -> tuple[datetime, datetime]:
    """When the occurrence would be on the day it is to be on, on the clock that it has until now."""
    series = series_of(event)
    days = series.local(told.starts_at).date() - series.local(shown.starts_at).date()
    starts_at, ends_at = (series.instant(series.local(at) + days) for at in _times(shown))
    return starts_at, ends_at


def _change_one(event: AgendaEvent, shown: Occurrence, told: EventContent, *, actor: Principal) -> None:
    for name in _WHOLE:
        if getattr(told, name) != getattr(event, name):
            raise BadContent(
                "extent",
                _(
                    "Pada satu kali saja hanya nama, waktu, tempat, dan kebutuhan yang dapat berbeda. Pilih “Yang ini "
                    "dan sesudahnya” atau “Semua” untuk perubahan lainnya."
                ),
            )
    if _times(told) != _times(shown):
        retime(
            event, shown, actor=actor, extent=Extent.ONE, starts_at=told.starts_at, ends_at=told.ends_at, reason=""
        )  # fmt: skip
    changed = {
        name: value
        for name, value in (("title", told.title), ("place", told.place))
        if value != getattr(shown, name)
    }  # fmt: skip
    needs = [n.value for n in told.needs]
    if not changed and tuple(told.needs) == shown.needs:
        return
    mine = own(event, shown.occurrence)
    mine.title = told.title if told.title != event.title else None
    mine.place = told.place if told.place != event.place else None
    mine.needs = needs if needs != list(event.needs) else None
    touched(event)
    _record(event, actor, {**changed, "needs": needs}, shown.occurrence)


def _wholly(event: AgendaEvent, told: EventContent) -> dict[str, object]:
    """Set what is not about time; what changed."""
    values: dict[str, object] = {
        "title": told.title, "place": told.place, "description": told.description, "organizer": told.organizer,
        "needs": [n.value for n in told.needs], "section_id": told.section_id, "campaign_id": told.campaign_id,
    }  # fmt: skip
    changed = {name: value for name, value in values.items() if getattr(event, name) != value}
    for name, value in changed.items():
        setattr(event, name, value)
    return changed


def _record(
    event: AgendaEvent, actor: Principal, changed: dict[str, object], occurrence: datetime | None
) -> None:
    told: dict[str, Any] = {name: value for name, value in changed.items() if name != "description"}
    if "rule" in changed or "starts_at" in changed:  # then it has other times
        told["row_version"] = event.row_version
    audit.record(
        AuditAction.AGENDA_CHANGED, ("agenda_event", event.id), office_id=event.office_id, actor=actor,
        **(told | {
            "label": str(changed.get("title", event.title)), "changed": list(changed),
            "occurrence": occurrence.isoformat() if occurrence else None,
        }),
    )  # fmt: skip
