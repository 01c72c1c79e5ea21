"""The list of what is coming, one event, and a repetition in words while it is being typed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from flask import render_template, request
from flask_babel import ngettext
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.audit.queries import list_timeline
from humasflow.core import clock
from humasflow.core.converters import row_number
from humasflow.core.errors import UserError
from humasflow.core.events import emit
from humasflow.core.guards import requires
from humasflow.core.localtime import from_local, show_date, show_time, to_local
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office, get_section, list_sections
from humasflow.planning.agenda import policy, queries
from humasflow.planning.agenda.enums import EventNeed, EventState
from humasflow.planning.agenda.events import CoverageAsked, CoveredBy
from humasflow.planning.agenda.forms import EventForm
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import Occurrence, Wanted, moment
from humasflow.planning.agenda.recurrence import FIRST_YEAR, LAST_YEAR
from humasflow.planning.agenda.rule_words import describe
from humasflow.planning.agenda.series import Series
from humasflow.planning.agenda.services.contents import aligned, checked
from humasflow.planning.agenda.subscribing import list_troubled
from humasflow.planning.agenda.views.blueprint import blueprint
from humasflow.planning.campaigns.queries import get_campaign_of

_SHOWN_DATES = 4
_MOST = 500  # occurrences counted for the sentence
Key = tuple[int, datetime | None]


def when(one: Occurrence) -> str:
    """``Senin, 2 November 2026, 09.00–10.00 WIB``."""
    start, end = to_local(one.starts_at, one.zone), to_local(one.ends_at, one.zone)
    first = show_date(start.date(), style="EEEE, d MMMM yyyy")
    last = end.date() - timedelta(days=1) if one.all_day else end.date()
    until = show_date(last, style="EEEE, d MMMM yyyy")
    if one.all_day:
        return first if last == start.date() else f"{first} – {until}"
    begin, finish = show_time(one.starts_at, one.zone), show_time(one.ends_at, one.zone, with_zone=True)
    return f"{first}, {begin}–{finish}" if last == start.date() else f"{first}, {begin} – {until}, {finish}"


@blueprint.get("/")
@requires(Permission.CALENDAR_READ)
def index() -> Any:
    """What is coming, from today or from a day (``dari``) on, a page at a time, narrowed by words, section, need, state
    and whether somebody covers it.
    """
    office = acting_office(current_user)
    since, today = day_of("dari") or today_at(office), today_at(office)
    wanted, query = _wanted()
    page = queries.list_upcoming(
        office.id,
        from_local(since, time(), office.zone_name),
        cursor=request.args.get("setelah"),
        wanted=wanted,
    )
    days: dict[Any, list[Occurrence]] = {}
    for one in page:
        days.setdefault(to_local(one.starts_at, office.zone_name).date(), []).append(one)
    if since != today:
        query["dari"] = since.isoformat()
    return render_template(
        "planning/agenda/index.html", days=days, page=page, since=since, today=today, moment=moment, S=EventState,
        can_manage=policy.can_manage(current_user, office.id), wanted=wanted, query=query, needs=list(EventNeed),
        states=[s for s in EventState if s is not EventState.TENTATIVE], sections=list_sections(office.id),
        covered=_coverage(page.items), key_of=_key, tomorrow=today + timedelta(days=1),
        earlier=since - timedelta(days=30), troubled=list_troubled(office.id),
    )  # fmt: skip


def _wanted() -> tuple[Wanted, dict[str, str]]:
    """What the address asks for, and that again for the next page; what is none of it is left out."""
    words = " ".join(request.args.get("cari", "").split())[:80]
    covered = {"belum": False, "sudah": True}.get(request.args.get("liputan", ""))
    try:
        section_id = row_number(request.args.get("seksi", ""))
    except ValueError:
        section_id = None
    need = next((n for n in EventNeed if n.value == request.args.get("kebutuhan")), None)
    state = next((s for s in EventState if s.value == request.args.get("keadaan")), None)
    query = {
        "cari": words, "seksi": str(section_id or ""), "kebutuhan": need.value if need else "",
        "keadaan": state.value if state else "",
        "liputan": "" if covered is None else request.args["liputan"],
    }  # fmt: skip
    wanted = Wanted(words, section_id, need, state, covered, _are_covered)
    return wanted, {name: value for name, value in query.items() if value}


def _key(one: Occurrence) -> Key:
    return one.event_id, one.occurrence if one.repeats else None


def _coverage(every: Sequence[Occurrence]) -> dict[Key, list[CoveredBy]]:
    """Who covers them: rooms above know."""
    asked = CoverageAsked(current_user, [_key(one) for one in every])
    emit(asked)
    return asked.found


def coverage_of(one: Occurrence) -> list[CoveredBy]:
    """Who covers one."""
    return _coverage([one]).get(_key(one), [])


def coverage_of_others(found: AgendaEvent, shown: Occurrence) -> list[tuple[Occurrence, list[CoveredBy]]]:
    """Who covers the other occurrences that are not over, in their order: a change of all is about them as well."""
    if not found.rule:
        return []
    asked = CoverageAsked(current_user, [], frozenset({found.id}))
    emit(asked)
    keys = [key for key in asked.found if key[1] != shown.occurrence]
    now = clock.now()
    others = [
        (one, asked.found[key])
        for key, one in zip(keys, queries.get_occurrences([(found, at) for _id, at in keys]), strict=True)
        if one is not None and one.occurrence != shown.occurrence and one.ends_at > now
    ]
    return sorted(others, key=lambda other: other[0].starts_at)


def _are_covered(every: Sequence[Occurrence]) -> list[bool]:
    found = _coverage(every)
    return [bool(found.get(_key(one))) for one in every]


@blueprint.get("/<int:event_id>")
@requires(Permission.CALENDAR_READ)
def event(event_id: int) -> Any:
    """One event; ``saat`` names one of its occurrences, else the next."""
    found = queries.get_event(current_user, event_id)
    shown = shown_of(found)
    near = [
        one
        for one in queries.list_upcoming_of(found, clock.now(), 6)
        if one.occurrence != shown.occurrence
    ]  # fmt: skip
    refused = policy.reasons_not_to_change(current_user, found)
    covered = _coverage([shown, *near])
    return render_template(
        "planning/agenda/event.html", event=found, shown=shown, when=when, moment=moment, near=near, S=EventState,
        repeats=describe(found.rule, found.starts_at, found.zone), at=moment(shown.occurrence),
        office_of=get_office(found.office_id), refused=refused, adds=not policy.reasons_not_to_add(current_user, found),
        entries=list_timeline(("agenda_event", found.id)), covering=covered.get(_key(shown), []), covered=covered,
        key_of=_key, is_over=shown.ends_at <= clock.now(), continued=queries.get_continued(found),
        section=get_section(found.office_id, found.section_id) if found.section_id else None,
        campaign=get_campaign_of(found.office_id, found.campaign_id) if found.campaign_id else None,
    )  # fmt: skip


@blueprint.get("/pengulangan")
@requires(policy.MANAGING)
def repetition() -> Any:
    """What the form says of its repetition so far, in a sentence with the first days, as JSON for its script."""
    office = acting_office(current_user)
    form = EventForm(request.args, meta={"csrf": False})
    form.offer([], [])
    form.validate()
    wrong = any(
        form[name].errors for name in ("starts_on", "starts_time", "repeat", "interval", "until_on", "count")
    )
    if wrong or form.starts_on.data is None or not form.repeat.data:
        return {"text": "", "wrong": ""}
    try:
        content = replace(form.content(office.zone_name), title="-")  # only its times matter here
        told = checked(content, office_id=office.id, zone=office.zone_name)
        told = aligned(told, office.zone_name)
    except UserError as error:
        return {"text": "", "wrong": error.message}
    return {"text": _sentence(told.starts_at, told.ends_at, told.rule, office.zone_name), "wrong": ""}


def _sentence(starts_at: datetime, ends_at: datetime, rule: str, zone: str) -> str:
    """Such as “Setiap Senin, sampai 12 Des 2026, 8 kali: 2 Nov 2026, 9 Nov 2026, …”."""
    if not rule:
        return ""
    series = Series(starts_at, ends_at, zone, False, rule)
    said, first = describe(rule, starts_at, zone), series.take(_MOST)
    ends = series.until_at() is not None
    if ends and series.parsed is not None and series.parsed.count is None and len(first) < _MOST:
        said = ngettext("%(said)s, %(num)s kali", "%(said)s, %(num)s kali", len(first), said=said)
    dates = [show_date(to_local(at, zone).date(), style="d MMM y") for at in islice(first, _SHOWN_DATES)]
    more = len(first) > _SHOWN_DATES or not ends
    return f"{said}: {', '.join(dates)}{', …' if more else '.'}"


def shown_of(found: AgendaEvent) -> Occurrence:
    """The occurrence that ``saat`` names, else the next one, else the last."""
    text = request.args.get("saat", "")
    if not text:
        return queries.get_occurrence(found, queries.next_occurrence(found, clock.now()))
    return queries.get_occurrence(found, queries.parse_moment(text))


def day_of(name: str) -> date | None:
    """A day in the address; what is none is left out."""
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
