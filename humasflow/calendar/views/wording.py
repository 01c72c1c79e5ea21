"""Teks siap tempel: what is pasted into the office's WhatsApp group."""

from datetime import date, timedelta

from flask import render_template, request
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.calendar import wording
from humasflow.calendar.spans import DAYS_OF_WEEK, FIRST_DAY, LAST_DAY, Span, monday_of
from humasflow.calendar.views.blueprint import blueprint
from humasflow.core import clock
from humasflow.core.guards import requires
from humasflow.core.localtime import to_local
from humasflow.core.permissions import Permission
from humasflow.planning.agenda.queries import occurrences_between
from humasflow.planning.days.queries import list_days


@blueprint.get("/kalender/teks")
@requires(Permission.CALENDAR_READ)
def texts() -> str:
    """The agenda of a day (``hari``, else today) and what goes out in a week (``pekan``, else that of the day), each
    with a button that copies it.
    """
    office = acting_office(current_user)
    today = to_local(clock.now(), office.zone_name).date()
    day = _day(request.args.get("hari"), today)
    monday = monday_of(_day(request.args.get("pekan"), day))
    span, this_week = Span(day, day + timedelta(days=1)), monday_of(today)
    happening = occurrences_between(office.id, *span.instants(office.zone_name))
    marks = list_days(office.id, span.start, span.end).get(day, ())
    agenda = wording.agenda_text(office, day, happening, marks)
    week = wording.week_text(office, monday)
    return render_template(
        "calendar/texts.html", day=day, monday=monday, today=today, tomorrow=today + timedelta(days=1),
        this_week=this_week, next_week=this_week + timedelta(days=DAYS_OF_WEEK), first=FIRST_DAY, last=LAST_DAY,
        agenda=agenda, week=week,
    )  # fmt: skip


def _day(text: str | None, today: date) -> date:
    """The day asked for; one that cannot be is today."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return today
    return found if FIRST_DAY <= found <= LAST_DAY else today
