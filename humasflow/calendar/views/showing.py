"""The calendar itself, in whichever view the address asks for, and the schedule of a day for the wall."""

from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.calendar import queries
from humasflow.calendar.enums import CalendarView
from humasflow.calendar.items import Plan
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.views.blueprint import blueprint
from humasflow.calendar.views.framing import LAYOUTS, Shown, calendar_url, render
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission


@blueprint.get("/kalender/")
@requires(Permission.CALENDAR_READ)
def month() -> Any:
    """The calendar. An address without a query opens the view that the person begins with; else this month, on a
    phone as a list.
    """
    office = acting_office(current_user)
    view = CalendarView.AGENDA if _is_phone() else CalendarView.MONTH
    narrowing = Narrowing.from_args(request.args, today_at(office), otherwise=view)
    choices = queries.list_choices(office, current_user.id, narrowing.span, [narrowing])
    if not request.args:
        begin = next((view for view in choices.views if view.is_default), None)
        if begin is not None:
            return redirect(calendar_url(begin.query))
    if narrowing.view is CalendarView.QUARTER:
        plan = Plan(narrowing.span, {}, choices.campaigns, ())  # its weeks are counted in the database
    else:
        plan = queries.get_plan(current_user, office, narrowing, choices)
    return LAYOUTS[narrowing.view](Shown(office, narrowing, choices, plan))


def _is_phone() -> bool:
    """What the browser says of itself; one that says nothing is none."""
    hint = request.headers.get("Sec-CH-UA-Mobile")
    return hint == "?1" if hint else " Mobi" in request.user_agent.string


@blueprint.get("/kalender/harian")
@requires(Permission.CALENDAR_READ)
def daily_sheet() -> Any:
    """Jadwal harian: one day on one sheet for the wall, with the filters of the calendar. Whoever passes reads it:
    what is confidential or under embargo is left out, whoever prints it.
    """
    office = acting_office(current_user)
    asked = Narrowing.from_args(request.args, today_at(office))
    narrowing = replace(asked, view=CalendarView.DAY)
    choices = queries.list_choices(office, current_user.id, narrowing.span, [narrowing])
    plan = queries.get_plan(current_user, office, narrowing, choices, tray=False)
    shown = Shown(office, narrowing, choices, plan)
    day = plan.days[narrowing.day]
    day.items = queries.for_everybody(day.items)

    def sheet_url(steps: int) -> str:
        return f"{url_for('calendar.daily_sheet')}?{narrowing.moved(steps)}"

    return render(
        "calendar/daily_sheet.html", shown, day=day, sheet_url=sheet_url, sheet_query=narrowing.moved(0)
    )
