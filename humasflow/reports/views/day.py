"""Jadwal harian as a PDF: the same items, filters and discretion as the calendar's sheet for the wall."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.calendar import queries as calendar
from humasflow.calendar.enums import CalendarView
from humasflow.calendar.narrowing import Narrowing
from humasflow.core.errors import UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.reports.pdf.schedule import schedule_pdf
from humasflow.reports.sending import send_document
from humasflow.reports.views.blueprint import blueprint


@blueprint.get("/laporan/jadwal-harian")
@requires(Permission.CALENDAR_READ)
def day_schedule() -> Any:
    """One day; whoever passes reads it, so what is confidential or under embargo is left out."""
    office = acting_office(current_user)
    narrowing = replace(Narrowing.from_args(request.args, today_at(office)), view=CalendarView.DAY)
    choices = calendar.list_choices(office, current_user.id, narrowing.span, [narrowing])
    plan = calendar.get_plan(current_user, office, narrowing, choices, tray=False)
    items = calendar.for_everybody(plan.days[narrowing.day].items)
    try:
        content = schedule_pdf(office, narrowing.day, items)
    except UserError as error:
        flash(error.message, "error")
        return redirect(f"{url_for('calendar.daily_sheet')}?{narrowing.moved(0)}", code=303)
    return send_document(content, f"jadwal-harian-{narrowing.day.isoformat()}.pdf", "application/pdf")
