"""Pembaca: how often the stories of the own newsroom were read. Nothing is known of who read them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core.charts import Label, LineChart, Series, line_chart
from humasflow.core.guards import requires
from humasflow.core.localtime import show_date
from humasflow.core.permissions import Permission
from humasflow.metrics.queries import first_read_on, list_most_read, readers_by_day, readers_of
from humasflow.metrics.views.asked import asked_period, neighbour, same_time
from humasflow.metrics.views.blueprint import blueprint
from humasflow.orgs.queries import get_office
from humasflow.stories import queries as stories

EACH = 30
MOST_PAGES = 1_000
MOST_POINTS = 14  # of a line, so that its labels stay readable


@blueprint.get("/keterlibatan/pembaca")
@requires(Permission.SCORE_READ)
def readers() -> str:
    """The portal in a period: readers day by day, and the stories that were read most."""
    office = acting_office(current_user)
    period = asked_period(office)
    number = min(max(request.args.get("hal", 1, type=int), 1), MOST_PAGES)
    rows = list_most_read(
        office.id, period.start, period.end, reader_id=current_user.id, limit=EACH, offset=(number - 1) * EACH
    )
    by_day = readers_by_day(office.id, period.start, period.end)
    last = min(period.end, today_at(office))
    return render_template(
        "metrics/readers.html", period=period, earlier=neighbour(period, -1), later=neighbour(period, 1),
        lengths=same_time(period, office), rows=rows[:EACH], has_more=len(rows) > EACH, number=number,
        total=sum(by_day.values()), days=len(by_day), chart=_chart(by_day, period.start, last), where=office,
    )  # fmt: skip


@blueprint.get("/keterlibatan/pembaca/<int(max=9223372036854775807):story_id>")
@requires(Permission.SCORE_READ)
def story_readers(story_id: int) -> str:
    """One story since anybody read it first."""
    story = stories.get_story(current_user, story_id)
    office = get_office(story.office_id)
    today = today_at(office)
    first = first_read_on(story.id) or today
    by_day = readers_by_day(story.office_id, first, today, story_id=story.id)
    best = max(by_day.items(), key=lambda pair: (pair[1], pair[0]), default=None)
    return render_template(
        "metrics/story_readers.html", story=story, total=readers_of([story.id])[story.id], first=first,
        best=best, show_date=show_date, chart=_chart(by_day, first, today), where=office,
    )  # fmt: skip


def _chart(by_day: Mapping[date, int], first: date, last: date) -> LineChart:
    """Days side by side, or as many days together as keep the line readable. A day without a reader is zero: the
    newsroom counts every day.
    """
    spans = _spans(first, last)
    return line_chart(
        [Series(_("Pembaca"), [sum(by_day.get(day, 0) for day in span) for span in spans])],
        [
            Label(
                show_date(span[0], style="d MMM"),
                full=show_date(span[0])
                if len(span) == 1
                else _("%(first)s sampai %(last)s", first=show_date(span[0]), last=show_date(span[-1])),
            )
            for span in spans
        ],
        title=_("Pembaca per hari") if all(len(s) == 1 for s in spans) else _("Pembaca dari waktu ke waktu"),
        places=0, whole=True,
    )  # fmt: skip


def _spans(first: date, last: date) -> Sequence[Sequence[date]]:
    days = [first + timedelta(days=n) for n in range(max((last - first).days + 1, 0))]
    each = next(
        n
        for n in (1, 7, 14, 28, 91, 364, 3640, max(len(days), 1))
        if len(days) <= n * MOST_POINTS or n >= len(days)
    )
    return [days[at : at + each] for at in range(0, len(days), each)]
