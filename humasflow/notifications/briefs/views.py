"""One's own brief of today and of this week, as things stand now."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.guards import requires, signed_in
from humasflow.core.localtime import show_date
from humasflow.core.permissions import Permission
from humasflow.notifications.briefs import services
from humasflow.notifications.briefs.content import Brief
from humasflow.notifications.briefs.daily import build_day
from humasflow.notifications.briefs.letters import as_text, week_of
from humasflow.notifications.briefs.shared import Shared
from humasflow.notifications.briefs.weekly import build_week

blueprint = Blueprint("briefs", __name__)


@blueprint.get("/hari-ini")
@signed_in
def today() -> Any:
    """What the day holds for the person."""
    shared = Shared(acting_office(current_user))
    day = show_date(shared.today, style="EEEE, d MMMM yyyy")
    return _page("today", build_day(current_user, shared), day, _("Hari ini: %(day)s", day=day), shared)


@blueprint.get("/minggu-ini")
@requires(Permission.SCORE_CLOSE)
def week() -> Any:
    """What the week holds for who answers for the period."""
    shared = Shared(acting_office(current_user))
    brief = build_week(current_user, shared)
    week = week_of(brief.day)
    return _page("week", brief, week[:1].upper() + week[1:], week, shared)


def _page(which: str, brief: Brief, lead: str, title: str, shared: Shared) -> str:
    return render_template(
        "notifications/briefs/brief.html",
        which=which,
        brief=brief,
        lead=lead,
        text=as_text(brief, title, shared.office, f"briefs.{which}"),
        gets_week=services.gets_week(current_user),
        is_closed=shared.is_closed(shared.today),
    )
