"""Rates of many publications, added up where they lie: the database hands out sums, or a few numbers a publication."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from humasflow.core.db import db
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.queries.chosen import Chosen, shares_address, stands_first, under_address
from humasflow.metrics.rates import DENOMINATORS, INTERACTIONS, Adding, Rate
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story

BATCH: Final = 1_000  # rows that are read at once
HALF: Final = 1_000_000_000
"""Sums are made of what is above and below this, each by itself: SQLite's end at 63 bits."""

Bounds = tuple[datetime, datetime]
"""From an instant to before another one, both aware."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rate needs of one publication. ``is_read``: whether anybody ever read a number of it. ``numbers``: the
    newest of each interaction and of the formula's denominator, None where unknown.
    """

    delivery_id: int
    published_at: datetime
    pillar_id: int | None
    is_read: bool
    numbers: dict[str, int | None]


def each_measured(office_id: int, bounds: Bounds, chosen: Chosen, formula: RateFormula) -> Iterator[Measured]:
    """The publications of :func:`list_received` in no order, some at a time. One statement."""
    names = _names(formula)
    told = _told(office_id, bounds, chosen, names)
    rows = db.session.execute(
        select(
            told.c.id, told.c.published_at, Story.pillar_id, told.c.is_read, *(told.c[name] for name in names)
        )
        .join(Story, Story.id == told.c.story_id)
        .execution_options(yield_per=BATCH)
    )
    for ident, at, pillar_id, is_read, *values in rows:
        yield Measured(ident, at, pillar_id, bool(is_read), dict(zip(names, values, strict=True)))


def rates_of(
    office_id: int,
    periods: Sequence[Bounds],
    chosen: Chosen,
    formula: RateFormula,
    *,
    requires_all: bool = False,
) -> list[Rate]:
    """The rate of each period, of what went live in it. Periods follow each other. One statement, none for no period.

    By a formula that is a mean, the sums are those of equal denominators: thirds and sevenths have no exact sum in a
    database.
    """
    if not periods:
        return []
    names = _names(formula)
    told = _told(office_id, (periods[0][0], periods[-1][1]), chosen, names)
    interactions, below = _interactions(told.c), told.c[names[-1]]
    counts = and_(interactions.is_not(None), below > 0)
    number = case(*((told.c.published_at < end, n) for n, (_start, end) in enumerate(periods)))
    each = below if formula is RateFormula.MEAN_BY_REACH else None
    rows = db.session.execute(
        select(
            number, func.count(), func.count(case((counts, 1))), *_sum(case((counts, interactions))),
            *_sum(case((counts, below))), *(func.count(told.c[name]) for name in names),
            *([] if each is None else [each]),
        )
        .select_from(told)
        .group_by(number, *([] if each is None else [each]))
    )  # fmt: skip
    found = [Adding(formula) for _period in periods]
    size = 7 + len(names)
    for row in rows:
        seen, counted, above_high, above_low, below_high, below_low = (int(n or 0) for n in row[1:7])
        found[row[0]].add_sums(
            seen=seen, counted=counted, above=above_high * HALF + above_low, below=below_high * HALF + below_low,
            each=None if each is None else row[size],
            missing=[name for name, known in zip(names, row[7:size], strict=True) if known < seen],
        )  # fmt: skip
    return [adding.rate(requires_all=requires_all) for adding in found]


def first_formula(office_id: int, bounds: Bounds, chosen: Chosen) -> RateFormula:
    """The first formula by which anything can be computed, by reach where none can. One statement, which ends at the
    first publication that has a rate.
    """
    wanted = stands_first(office_id, *bounds, chosen)
    fits = []
    for formula in (RateFormula.BY_REACH, RateFormula.BY_FOLLOWERS, RateFormula.BY_IMPRESSIONS):
        names = _names(formula)
        one = _first_ones(wanted, office_id, chosen).subquery()
        told = {name: _newest(one.c, name, office_id, chosen) for name in names}
        some = or_(*(told[name].is_not(None) for name in INTERACTIONS))
        fits.append((exists().select_from(one).where(told[names[-1]] > 0, some), formula.value))
    return RateFormula(db.session.execute(select(case(*fits, else_=RateFormula.BY_REACH.value))).scalar_one())


def rate_facts(  # noqa: PLR0913 - a selection by name, as components have it
    office_id: int,
    start: datetime,
    end: datetime,
    *,
    account_ids: Collection[int] = (),
    channel_kinds: Collection[str] = (),
    content_types: Collection[str] = (),
    pillar_ids: Collection[int] = (),
    campaign_ids: Collection[int] = (),
    section_ids: Collection[int] = (),
    formula: RateFormula,
    requires_all: bool = False,
) -> tuple[Fraction | None, int | None, tuple[str, ...]]:
    """Numerator, denominator and the names of what is unknown, over publications that went live in the time.

    Both are None where no post has numbers for the formula. With ``requires_all`` the caller computes nothing as soon
    as a name is unknown, so that a part never stands for the whole. One statement.
    """
    chosen = Chosen(account_ids, channel_kinds, content_types, pillar_ids, campaign_ids, section_ids)
    (found,) = rates_of(office_id, [(start, end)], chosen, formula, requires_all=requires_all)
    return found.numerator, found.denominator, found.unknown


def _names(formula: RateFormula) -> tuple[str, ...]:
    return (*INTERACTIONS, DENOMINATORS[formula])


def _first_ones(wanted: ColumnElement[bool], office_id: int, chosen: Chosen) -> Any:
    other = aliased(Delivery)
    return select(
        Delivery.id, Delivery.post_id, Delivery.story_id, Delivery.published_at, Delivery.canonical_url,
        exists().where(shares_address(office_id, chosen, other)).label("is_shared"),
    ).where(wanted)  # fmt: skip


def _told(office_id: int, bounds: Bounds, chosen: Chosen, names: Sequence[str]) -> CTE:
    """A row a publication with its newest numbers. Both steps are kept as they are made: what a number is would else
    be asked again wherever it is used.
    """
    wanted = stands_first(office_id, *bounds, chosen)
    one = _first_ones(wanted, office_id, chosen).cte("first_one").prefix_with("MATERIALIZED")
    columns = [_newest(one.c, name, office_id, chosen).label(name) for name in names]
    told = select(
        one.c.id, one.c.story_id, one.c.published_at, _is_read(one.c, office_id, chosen).label("is_read"), *columns
    )  # fmt: skip
    return told.cte("told").prefix_with("MATERIALIZED")


def _newest(one: Any, name: str, office_id: int, chosen: Chosen) -> ColumnElement[int | None]:
    """The newest number that is known of a publication, or of all under its address where there are several."""
    reading, column = MetricSnapshot, getattr(MetricSnapshot, name)
    newest_first = (reading.captured_at.desc(), reading.id.desc())
    its_own, of_all = _readings(one, office_id, chosen)
    own = select(column).where(its_own, column.is_not(None)).order_by(*newest_first).limit(1)
    shared = of_all(select(column)).where(column.is_not(None)).order_by(*newest_first).limit(1)
    return case((one.is_shared, shared.scalar_subquery()), else_=own.scalar_subquery())


def _is_read(one: Any, office_id: int, chosen: Chosen) -> ColumnElement[bool]:
    its_own, of_all = _readings(one, office_id, chosen)
    return case(
        (one.is_shared, of_all(select(MetricSnapshot.id)).exists()),
        else_=select(MetricSnapshot.id).where(its_own).exists(),
    )


def _readings(one: Any, office_id: int, chosen: Chosen) -> tuple[ColumnElement[bool], Any]:
    """What finds the readings of a publication, and what narrows a question to those of all under its address."""
    reading, other = MetricSnapshot, aliased(Delivery)

    def of_all(statement: Select[Any]) -> Select[Any]:
        own = and_(other.post_id == reading.post_id, other.id == reading.delivery_id)
        return statement.join(other, own).where(under_address(office_id, chosen, other, one))

    return and_(reading.post_id == one.post_id, reading.delivery_id == one.id), of_all


def _interactions(told: Any) -> ColumnElement[int | None]:
    """The sum of the known ones; unknown where not one is known."""
    none = and_(*(told[name].is_(None) for name in INTERACTIONS))
    return case(
        (none, None),
        else_=sum(
            (func.coalesce(told[n], 0) for n in INTERACTIONS[1:]), func.coalesce(told[INTERACTIONS[0]], 0)
        ),
    )


def _sum(number: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return func.sum(number // HALF), func.sum(number % HALF)
