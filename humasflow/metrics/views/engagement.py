"""Keterlibatan: how the publications of a period were received."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.charts import Label, LineChart, Series, line_chart, show
from humasflow.core.guards import requires
from humasflow.core.paging import Page, cut, decode_cursor
from humasflow.core.periods import Period
from humasflow.core.permissions import Permission
from humasflow.metrics import queries, summary
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.queries import Bounds, Chosen, Received
from humasflow.metrics.rates import Rate
from humasflow.metrics.summary import Extreme, OfPillar, Rated
from humasflow.metrics.views.asked import asked_filters, asked_period, bounds, neighbour, same_time
from humasflow.metrics.views.blueprint import blueprint
from humasflow.metrics.wording import name_of
from humasflow.orgs.models import Unit

BEFORE = 5  # periods in the trend beside this one
EACH = 30  # rows a page


@blueprint.get("/keterlibatan/")
@requires(Permission.SCORE_READ)
def engagement() -> str:
    """The posts of a period with their newest numbers and rates, what stood out, and how it was before."""
    office = acting_office(current_user)
    period, filters = asked_period(office), asked_filters(office)
    periods = _with_earlier(period)
    *before, here = [bounds(p, office) for p in periods]
    formula = _formula(office, here, filters.chosen)
    found = summary.summarise(
        queries.each_measured(office.id, here, filters.chosen, formula), formula, office.zone_name
    )
    rates = [*queries.rates_of(office.id, before, filters.chosen, formula), found.rate]
    address = {"periode": period.key, "rumus": formula.value, **filters.address}
    return render_template(
        "metrics/engagement.html", period=period, earlier=neighbour(period, -1), later=neighbour(period, 1),
        lengths=same_time(period, office), filters=filters, formula=formula, formulas=list(RateFormula),
        address=address, page=_page(office, here, filters.chosen, formula), total=found.total, counted=found.rate,
        unread=found.unread, before=summary.trailing_mean(rates[:-1]), pillars=_by_name(office, found.pillars),
        hours=found.hours, bands=found.bands, band=summary.BAND_HOURS, chart=_trend(periods, rates, formula),
        where=office, name_of=name_of, per_cent=per_cent,
    )  # fmt: skip


def _page(office: Unit, here: Bounds, chosen: Chosen, formula: RateFormula) -> Page[Rated]:
    """The rows after the one that ``?setelah=`` names, the newest first."""
    posts = queries.list_received(
        office.id, *here, chosen, reader_id=current_user.id, limit=EACH + 1,
        after=decode_cursor(request.args.get("setelah")),
    )  # fmt: skip
    return cut(summary.rated(posts, formula), lambda r: (r.post.published_at, r.post.delivery_id), EACH)


@dataclass(frozen=True, slots=True)
class Named:
    """A pillar of a summary with the publications that stand out in it. ``name`` is empty where there is no pillar."""

    name: str
    rate: Rate
    best: tuple[Received, Fraction]
    least: tuple[Received, Fraction] | None


def _by_name(office: Unit, pillars: Sequence[OfPillar]) -> list[Named]:
    """By the names of the pillars; those without one come last."""
    ids = [one.delivery_id for p in pillars for one in (p.best, p.least) if one is not None]
    posts = {p.delivery_id: p for p in queries.list_received_of(office.id, ids, reader_id=current_user.id)}

    def told(one: Extreme) -> tuple[Received, Fraction]:
        return posts[one.delivery_id], one.value

    named = [
        Named(posts[p.best.delivery_id].pillar, p.rate, told(p.best), told(p.least) if p.least else None)
        for p in pillars
    ]
    return sorted(named, key=lambda one: (not one.name, one.name))


def per_cent(value: Fraction | None) -> str:
    """A rate for the page, a dash where it is unknown."""
    return show(_hundredfold(value), places=2, unit="%")


def _hundredfold(value: Fraction | None) -> Fraction | None:
    return None if value is None else value * 100


def _formula(office: Unit, here: Bounds, chosen: Chosen) -> RateFormula:
    """The one that ``?rumus=`` names, else the first by which anything can be computed."""
    asked = request.args.get("rumus", "")
    if asked in set(RateFormula):
        return RateFormula(asked)
    return queries.first_formula(office.id, here, chosen)


def _with_earlier(period: Period) -> list[Period]:
    """The period after those before it, as far as the calendar goes."""
    found = [period]
    while len(found) <= BEFORE and (earlier := neighbour(found[0], -1)):
        found.insert(0, earlier)
    return found


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
