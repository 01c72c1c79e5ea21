"""Tugas tim: who has how much to do over the next two weeks, who is away, what needs somebody else, what is late."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask_login import current_user

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import acting_office
from humasflow.core.guards import requires
from humasflow.core.localtime import show_date
from humasflow.core.permissions import Permission
from humasflow.pages.blueprint import blueprint
from humasflow.stories.queries import workload

DAYS = 14
SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """A column of the grid."""

    iso: str
    weekday: str
    number: str
    full: str
    off: bool
    today: bool


@blueprint.get("/tugas/tim")
@requires(Permission.STORY_WRITE, Permission.AUDIT_READ)
def team() -> Any:
    """For editors, and for whoever leads the team."""
    office = acting_office(current_user)
    today = accounts.today_at(office)
    rows = workload.list_team(office, today, DAYS)
    days = [
        Day(
            d.isoformat(), show_date(d, style="EEE"), show_date(d, style="d"),
            show_date(d, style="EEEE, d MMMM"), d.weekday() >= SATURDAY, d == today,
        )
        for d in (today + timedelta(days=n) for n in range(DAYS))
    ]  # fmt: skip
    return render_template(
        "pages/team.html", days=days, where=office, today=today,
        busy=[r for r in rows if r.open or r.away], free=[r for r in rows if not (r.open or r.away)],
        directs=current_user.can(Permission.STORY_WRITE),
        needing=workload.list_needing_somebody(current_user, office.id, cursor=request.args.get("butuh")),
        away=workload.list_due_while_away(current_user, office, cursor=request.args.get("mungkin")),
        overdue=workload.list_overdue(current_user, office.id, cursor=request.args.get("lewat")),
    )  # fmt: skip
