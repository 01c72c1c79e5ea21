"""The quarter at a glance: thirteen weeks by channel account against quota, what is missing, what could fill it."""

from datetime import date
from typing import Any

from flask import render_template, request
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.calendar.enums import CalendarView
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.pace.noticing import get_shortage
from humasflow.calendar.pace.quarter import Level, get_quarter_pace
from humasflow.calendar.pace.suggesting import Suggestions, suggest
from humasflow.calendar.spans import month_of
from humasflow.calendar.views.blueprint import blueprint
from humasflow.calendar.views.framing import Shown, calendar_url, lays_out, render
from humasflow.core import clock
from humasflow.core.guards import requires
from humasflow.core.periods import Quarter
from humasflow.core.permissions import Permission

# The look of each level: a class that carries colour, and an icon, beside number and word.
TONES = {
    Level.PLAIN: ("park", ""),
    Level.EMPTY: ("fail", "warn"),
    Level.SHORT: ("review", "chevron-down"),
    Level.MET: ("live", "check"),
    Level.OVER: ("approved", "plus"),
}


@lays_out(CalendarView.QUARTER)
def quarter(shown: Shown) -> str:
    """The quarter in which the address's day lies. Its items are counted in the database, so no plan is read for it."""
    narrowing, office = shown.narrowing, shown.office
    pace = get_quarter_pace(
        current_user, office, Quarter.from_local_date(narrowing.day), account_ids=narrowing.account_ids,
        pillar_ids=narrowing.pillar_ids, campaign_ids=narrowing.campaign_ids, section_ids=narrowing.section_ids,
    )  # fmt: skip
    schedules = current_user.can(Permission.POST_SCHEDULE, office.id)
    ideas = suggest(current_user, office, pace, clock.now()) if schedules else Suggestions()

    def to_week(day: date, account_id: int | None = None) -> str:
        """That week with the same filters, of one account or of all that are shown."""
        accounts = narrowing.account_ids if account_id is None else (account_id,)
        return calendar_url(narrowing.query(view=CalendarView.WEEK, day=day, account_ids=accounts))

    return render(
        "calendar/quarter.html", shown, pace=pace, ideas=ideas, tones=TONES, levels=list(Level), to_week=to_week,
        unanswered=_unanswered(narrowing), where=office, manages=current_user.can(Permission.CHANNEL_MANAGE, office.id),
        prepares=all(current_user.can(p, office.id) for p in (Permission.STORY_WRITE, Permission.PITCH_TRIAGE)),
        sets_targets=current_user.can(Permission.SCORE_MANAGE, office.id),
        reads_scores=current_user.can(Permission.SCORE_READ, office.id),
    )  # fmt: skip


@blueprint.get("/kalender/kekurangan")
@requires(Permission.CALENDAR_READ)
def shortage() -> Any:
    """What the month still lacks, for the line above it: asked for after the month, which need not wait for it."""
    office = acting_office(current_user)
    narrowing = Narrowing.from_args(request.args, today_at(office))
    month = month_of(narrowing.day)
    found = get_shortage(current_user, office, month.start, month.last, account_ids=narrowing.account_ids)
    return render_template(
        "calendar/_shortage.html", found=found,
        url=calendar_url(narrowing.query(view=CalendarView.QUARTER)),
    )  # fmt: skip


def _unanswered(narrowing: Narrowing) -> bool:
    """Whether a filter is on that means nothing here: weeks are counted, whoever works on what in whatever state."""
    return bool(narrowing.person_id or narrowing.states or narrowing.kinds or narrowing.search)
