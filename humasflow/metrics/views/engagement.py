"""Keterlibatan: how the publications of a period were received."""

from collections.abc import Sequence
from fractions import Fraction

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.charts import Label, LineChart, Series, line_chart, show
from humasflow.core.guards import requires
from humasflow.core.paging import cut, decode_cursor
from humasflow.core.periods import Period, PeriodType
from humasflow.core.permissions import Permission
from humasflow.metrics import summary
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.queries import Received, list_received
from humasflow.metrics.rates import Rate, rate
from humasflow.metrics.summary import Rated
from humasflow.metrics.views.asked import asked_filters, asked_period, bounds, neighbour, same_time
from humasflow.metrics.views.blueprint import blueprint
from humasflow.metrics.wording import name_of

BEFORE = 5  # periods in the trend beside this one
EACH = 30  # rows a page
LENGTHS = (PeriodType.WEEK, PeriodType.MONTH, PeriodType.QUARTER, PeriodType.YEAR)


@blueprint.get("/keterlibatan/")
@requires(Permission.SCORE_READ)
def engagement() -> str:
    """The posts of a period with their newest numbers and rates, what stood out, and how it was before."""
    office = acting_office(current_user)
    period = asked_period(office)
    filters = asked_filters(office)
    periods = _with_earlier(period)
    start, end = bounds(periods[0], office)[0], bounds(period, office)[1]
    every = list_received(office.id, start, end, filters.chosen, reader_id=current_user.id)
    first = bounds(period, office)[0]
    posts = [p for p in every if p.published_at >= first]
    formula = _formula(posts)
    rates = summary.by_period(every, periods, formula, office.zone_name)
    mine = summary.rated(posts, formula)
    page = cut(_after(mine), lambda r: (r.post.published_at, r.post.delivery_id), EACH)
    address = {"periode": period.key, "rumus": formula.value, **filters.address}
    return render_template(
        "metrics/engagement.html", period=period, earlier=neighbour(period, -1), later=neighbour(period, 1),
        lengths=same_time(period, LENGTHS, office), filters=filters, formula=formula, formulas=list(RateFormula),
        address=address, page=page, total=len(posts), counted=rates[-1],
        unread=sum(p.read_at is None for p in posts), before=summary.trailing_mean(rates[:-1]),
        pillars=summary.by_pillar(mine, formula), hours=summary.by_hour(posts, formula, office.zone_name),
        band=summary.BAND_HOURS, chart=_trend(periods, rates, formula), where=office, name_of=name_of,
        per_cent=per_cent,
    )  # fmt: skip


def per_cent(value: Fraction | None) -> str:
    """A rate for the page, a dash where it is unknown."""
    return show(_hundredfold(value), places=2, unit="%")


def _hundredfold(value: Fraction | None) -> Fraction | None:
    return None if value is None else value * 100


def _formula(posts: Sequence[Received]) -> RateFormula:
    """The one that ``?rumus=`` names, else the first by which anything can be computed."""
    asked = request.args.get("rumus", "")
    if asked in set(RateFormula):
        return RateFormula(asked)
    numbers = [p.numbers for p in posts]
    fitting = (f for f in RateFormula if rate(f, numbers).value is not None)
    return next(fitting, RateFormula.BY_REACH)


def _with_earlier(period: Period) -> list[Period]:
    """The period after those before it, as far as the calendar goes."""
    found = [period]
    while len(found) <= BEFORE and (earlier := neighbour(found[0], -1)):
        found.insert(0, earlier)
    return found


def _after(rows: list[Rated]) -> list[Rated]:
    """The rows after the one that ``?setelah=`` names; they are in the order of newest first."""
    key = decode_cursor(request.args.get("setelah"))
    if key is None:
        return rows
    return [r for r in rows if (r.post.published_at, r.post.delivery_id) < key]


def _trend(periods: Sequence[Period], rates: Sequence[Rate], formula: RateFormula) -> LineChart:
    """One formula, a point a period."""
    return line_chart(
        [Series(formula.label, [_hundredfold(r.value) for r in rates])],
        _labels(periods), title=_("Tingkat keterlibatan per periode"), unit="%", places=2,
    )  # fmt: skip


def _labels(periods: Sequence[Period]) -> list[Label]:
    """The year stands below, where it changes, so that the names do not run into each other on a phone."""
    found: list[Label] = []
    shown = ""
    for period in periods:
        text, _space, year = period.short_label.rpartition(" ")
        if not text or not year.isdigit():
            text, year = period.short_label, ""
        found.append(Label(text, year if year != shown else "", full=period.label))
        shown = year
    return found
