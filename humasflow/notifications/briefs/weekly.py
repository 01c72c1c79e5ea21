"""The brief of a week for who answers for the period: where it stands, what is stuck and with whom, what went out and
what is planned, and who needs help.
"""

from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.localtime import show_date, show_instant, to_local
from humasflow.notifications.briefs.common import marked, pending_part, standing_part
from humasflow.notifications.briefs.content import MOST, Brief, Line, Section, section
from humasflow.notifications.briefs.shared import Shared
from humasflow.notifications.links import path_of
from humasflow.posts import queries as posts
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.standing.sentences import projection, say
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries import workload
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.visibility import visible_to

_WEEK: Final = timedelta(days=7)
NEEDS_HELP: Final = 1  # tasks that are late


def build_week(person: Principal, shared: Shared) -> Brief:
    """What the week that today stands in holds. A fixed number of statements."""
    monday = shared.today - timedelta(days=shared.today.weekday())
    now = shared.standing
    parts = [
        standing_part(shared, projection(now)) if now is not None else None,
        _gap(shared),
        pending_part(person, shared),
        _late_people(person, shared),
        _unmanned(person, shared),
        _published(person, shared),
        _planned(person, shared),
    ]
    return Brief(monday, marked(parts))


def _gap(shared: Shared) -> Section | None:
    if shared.standing is None:
        return None
    now = shared.standing
    lines = [Line(row.label, say(row, now), path_of("scoring.component", key=row.key)) for row in now.short]
    return section("gap", _("Yang masih kurang"), lines, path=path_of("scoring.standing"))


def _late_people(person: Principal, shared: Shared) -> Section | None:
    """Who has late tasks, the most first. One statement."""
    rows = db.session.execute(
        select(User.name, func.count(), func.min(Assignment.due_at))
        .join(Assignment, Assignment.person_id == User.id)
        .join(Story, Story.id == Assignment.story_id)
        .where(
            Assignment.office_id == shared.office.id, is_open(), Assignment.due_at < shared.now,
            Story.state != StoryState.ON_HOLD, visible_to(person.id),
        )
        .group_by(User.id, User.name)
        .having(func.count() >= NEEDS_HELP)
        .order_by(func.count().desc(), User.name, User.id)
    ).all()  # fmt: skip
    lines = [
        Line(
            name,
            ngettext(
                "%(num)s tugas lewat tenggat, yang paling lama %(when)s",
                "%(num)s tugas lewat tenggat, yang paling lama %(when)s",
                count, when=show_instant(since, shared.office.zone_name) if since else "",
            ),
        )
        for name, count, since in rows
    ]  # fmt: skip
    return section("late", _("Perlu dibantu"), lines)


def _unmanned(person: Principal, shared: Shared) -> Section | None:
    lines = [
        Line(row.title, row.role, path_of("pages.task", assignment_id=row.id), row.story_id)
        for row in workload.list_needing_somebody(person, shared.office.id, size=50).items
    ]
    return section("unmanned", _("Tugas yang butuh orang lain"), lines)


def _published(person: Principal, shared: Shared) -> Section | None:
    """What went out last week, newest first, and how many in all. Two statements."""
    monday = shared.today - timedelta(days=shared.today.weekday())
    start, end = shared.start_of(monday - _WEEK), shared.start_of(monday)
    rows = publishing.list_published(person, shared.office.id, start=start, end=end, size=MOST).items
    if not rows:
        return None
    count = db.session.scalar(
        select(func.count())
        .select_from(Delivery)
        .join(Story, Story.id == Delivery.story_id)
        .where(
            Delivery.office_id == shared.office.id, Delivery.state == DeliveryState.PUBLISHED,
            Delivery.published_at >= start, Delivery.published_at < end, visible_to(person.id),
        )
    )  # fmt: skip
    lines = [
        Line(row.title, row.account_name, path_of("publishing.detail", post_id=row.post_id), row.story_id)
        for row in rows
    ]
    return section("published", _("Tayang pekan lalu"), lines, path=path_of("publishing.index"), count=count)


def _planned(person: Principal, shared: Shared) -> Section | None:
    """How many are planned on each day of this week, working days without any named as well."""
    monday = shared.today - timedelta(days=shared.today.weekday())
    rows = posts.list_between(
        person, shared.office.id, shared.start_of(monday), shared.start_of(monday + _WEEK)
    )
    zone = shared.office.zone_name
    by_day: dict[object, int] = {}
    for row in rows:
        if row.scheduled_at is None:
            continue
        day = to_local(row.scheduled_at, zone).date()
        by_day[day] = by_day.get(day, 0) + 1
    lines = []
    for n in range(7):
        day = monday + timedelta(days=n)
        count = by_day.get(day, 0)
        if count or not shared.is_closed(day):
            said = (
                ngettext("%(num)s publikasi", "%(num)s publikasi", count)
                if count
                else _("belum ada yang dijadwalkan")
            )
            lines.append(Line(show_date(day, style="EEEE, d MMMM"), said))
    return section(
        "planned",
        _("Rencana pekan ini"),
        lines,
        path=path_of("publishing.index"),
        count=len(rows),
        sums_up=True,
    )
