"""Many results at once: the periods of a trend, or the offices below another. The same facts, goals and evaluation as
the standing of one, read in a fixed number of statements.

The one exception are rates that channels tell (nobody typed them): one statement each, as in the standing itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Integer, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from humasflow.accounts.queries import today_at
from humasflow.core.db import db
from humasflow.core.periods import Period
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.calculation import ComponentResult, Facts, Goal, TotalResult
from humasflow.scoring.calculation.numbers import exact
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState, TargetScope
from humasflow.scoring.models import (
    LedgerEntry,
    Measurement,
    PeriodClose,
    Point,
    SchemeVersion,
    ScoreCount,
    ScoreScheme,
    Target,
)
from humasflow.scoring.queries.contributions import BACK, TAKES_BACK
from humasflow.scoring.standing.evaluating import evaluate_version
from humasflow.scoring.standing.facts import Amounts, Gathered, cadence_of
from humasflow.scoring.standing.frozen import from_json
from humasflow.scoring.standing.rates import rates_of
from humasflow.scoring.standing.tally import Tally, tally_of
from humasflow.scoring.standing.units import stretches

ZERO = Decimal(0)
Counts = Mapping[tuple[int, str], Mapping[str, Mapping[PointState, Decimal]]]
Days = Mapping[tuple[int, str], Mapping[date, Mapping[PointState, Decimal]]]
Measured = Mapping[tuple[int, str], Mapping[str, Sequence[Measurement]]]


class Aim(NamedTuple):
    """A target in force; with ``upper`` a range."""

    value: Decimal
    upper: Decimal | None


Targets = Mapping[tuple[int, str], Mapping[str, Aim]]


class Wanted(NamedTuple):
    """What to work out: an office's scheme in a period. ``version`` are its rules: offices whose rules are the same
    share one object.
    """

    office: Unit
    scheme_id: int
    version: SchemeVersion
    period: Period


@dataclass(frozen=True, slots=True)
class Shown:
    """One component: its result, what is live of it by state, and its target as a number."""

    key: str
    result: ComponentResult
    tally: Tally
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. ``close``: the numbers are those that were signed."""

    wanted: Wanted
    total: TotalResult
    components: Mapping[str, Shown]
    close: PeriodClose | None = None


def work_out(wanted: Sequence[Wanted]) -> list[Result]:
    """The results, in the same order. Five statements at most, whatever the number, and one for each rate told by
    channels. A closed period is as it was signed.
    """
    if not wanted:
        return []
    closes = _closes(wanted)
    kept = {_at(w): _frozen(w, closes[_at(w)]) for w in wanted if _at(w) in closes}
    open_ones = [w for w in wanted if kept.get(_at(w)) is None]
    targets = _targets(open_ones)
    gathered = _gather(open_ones)
    found = []
    for w in wanted:
        frozen = kept.get(_at(w))
        found.append(frozen or _result(w, gathered[_at(w)], targets.get(_at(w), {}), closes.get(_at(w))))
    return found


def _at(wanted: Wanted) -> tuple[int, str]:
    return wanted.scheme_id, wanted.period.key


def _result(
    wanted: Wanted, gathered: Gathered, targets: Mapping[str, Aim], close: PeriodClose | None
) -> Result:
    goals = {
        key: Goal(exact(aim.value), None if aim.upper is None else exact(aim.upper))
        for key, aim in targets.items()
    }
    evaluated = evaluate_version(wanted.version, gathered.facts(), goals)
    shown = {
        c.key: Shown(
            c.key,
            evaluated.results[c.key],
            tally_of(gathered.counts.get(c.key, {})),
            targets[c.key].value if c.key in targets else None,
        )
        for c in wanted.version.components
    }
    return Result(wanted, evaluated.total, shown, close)


def _frozen(wanted: Wanted, close: PeriodClose) -> Result | None:
    """None for a close that kept no more than its total: then it is worked out again from its lines."""
    kept = from_json(close.result)
    if kept is None:
        return None
    shown = {
        c.key: Shown(
            c.key,
            c.result,
            Tally(c.verified, c.unverified, c.disputed),
            None if c.target is None else c.target.value,
        )
        for c in kept.components
    }
    return Result(wanted, kept.total, shown, close)


def _closes(wanted: Sequence[Wanted]) -> dict[tuple[int, str], PeriodClose]:
    rows = db.session.scalars(
        select(PeriodClose).where(
            PeriodClose.scheme_id.in_({w.scheme_id for w in wanted}),
            PeriodClose.period.in_({w.period.key for w in wanted}),
            PeriodClose.reopened_at.is_(None),
        )
    )
    return {(row.scheme_id, row.period): row for row in rows}


def _gather(wanted: Sequence[Wanted]) -> dict[tuple[int, str], Gathered]:
    if not wanted:
        return {}
    counts, days, measured = _counts(wanted), _days(wanted), _measured(wanted)
    return {
        _at(w): Gathered(
            version=w.version,
            period=w.period,
            today=today_at(w.office),
            counts=counts.get(_at(w), {}),
            days=_days_of(w, days),
            measured=_facts_of(w, measured),
        )
        for w in wanted
    }


def _counts(wanted: Sequence[Wanted]) -> Counts:
    """By scheme and period, under whichever version it was booked (see ``standing.facts``)."""
    rows = db.session.execute(
        select(
            ScoreScheme.id, ScoreCount.period, ScoreCount.component_key, ScoreCount.state, ScoreCount.quantity,
        )
        .join(SchemeVersion, SchemeVersion.scheme_id == ScoreScheme.id)
        .join(
            ScoreCount,
            (ScoreCount.scheme_version_id == SchemeVersion.id) & (ScoreCount.office_id == ScoreScheme.office_id),
        )
        .where(
            ScoreScheme.id.in_({w.scheme_id for w in wanted}),
            ScoreCount.period.in_({w.period.key for w in wanted}),
            ScoreCount.beneficiary == Beneficiary.OFFICE,
        )
    )  # fmt: skip
    found: dict[tuple[int, str], dict[str, dict[PointState, Decimal]]] = {}
    for scheme_id, period, key, state, quantity in rows:
        amounts = found.setdefault((scheme_id, period), {}).setdefault(key, {})
        amounts[state] = amounts.get(state, ZERO) + quantity
    return found


def _spans(wanted: Wanted) -> dict[str, tuple[date, date]]:
    """The first and last day that each cadence of a version looks at; a week may reach over the edge of a period."""
    found = {}
    for component in wanted.version.components:
        if component.kind is ComponentKind.CADENCE:
            units = stretches(cadence_of(component), wanted.period)
            if units:
                found[component.key] = units[0].start, units[-1].end
    return found


def _days(wanted: Sequence[Wanted]) -> Days:
    """Publications of cadences by scheme, component and local date. No statement without a cadence."""
    spans = {_at(w): _spans(w) for w in wanted}
    edges = [span for of_one in spans.values() for span in of_one.values()]
    if not edges:
        return {}
    keys = {key for of_one in spans.values() for key in of_one}
    state = case(
        (
            or_(LedgerEntry.stands_alone, LedgerEntry.delivery_id.is_(None), BACK.id.is_not(None)),
            PointState.VERIFIED.value,
        ),
        else_=Point.state,
    )
    number = func.sum(cast(LedgerEntry.quantity, Integer))  # a cadence counts publications: whole numbers
    rows = db.session.execute(
        select(SchemeVersion.scheme_id, LedgerEntry.component_key, LedgerEntry.deciding_date, state, number)
        .join(SchemeVersion, SchemeVersion.id == LedgerEntry.scheme_version_id)
        .outerjoin(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .outerjoin(BACK, TAKES_BACK)
        .where(
            LedgerEntry.office_id.in_({w.office.id for w in wanted}),
            SchemeVersion.scheme_id.in_({w.scheme_id for w in wanted}),
            LedgerEntry.component_key.in_(keys),
            LedgerEntry.beneficiary == Beneficiary.OFFICE,
            LedgerEntry.deciding_date >= min(first for first, _last in edges),
            LedgerEntry.deciding_date <= max(last for _first, last in edges),
        )
        .group_by(SchemeVersion.scheme_id, LedgerEntry.component_key, LedgerEntry.deciding_date, state)
    )
    found: dict[tuple[int, str], dict[date, dict[PointState, Decimal]]] = {}
    for scheme_id, key, day, value, count in rows:
        if value is not None:
            amounts = found.setdefault((scheme_id, key), {}).setdefault(day, {})
            amounts[PointState(value)] = Decimal(int(count))
    return found


def _days_of(wanted: Wanted, days: Days) -> dict[str, dict[date, Amounts]]:
    return {
        key: {
            day: amounts
            for day, amounts in days.get((wanted.scheme_id, key), {}).items()
            if first <= day <= last
        }
        for key, (first, last) in _spans(wanted).items()
    }


def _measured(wanted: Sequence[Wanted]) -> Measured:
    if all(c.kind.counts_posts for w in wanted for c in w.version.components):
        return {}
    later = aliased(Measurement)
    rows = db.session.scalars(
        select(Measurement)
        .where(
            Measurement.office_id.in_({w.office.id for w in wanted}),
            Measurement.scheme_id.in_({w.scheme_id for w in wanted}),
            Measurement.period.in_({w.period.key for w in wanted}),
            ~select(later.id).where(later.supersedes_id == Measurement.id).exists(),
        )
        .order_by(Measurement.id)
    )
    found: dict[tuple[int, str], dict[str, list[Measurement]]] = {}
    for row in rows:
        if row.facts:
            found.setdefault((row.scheme_id, row.period), {}).setdefault(row.component_key, []).append(row)
    return found


def _facts_of(wanted: Wanted, measured: Measured) -> dict[str, Facts | None]:
    rows = measured.get(_at(wanted), {})
    components = [c for c in wanted.version.components if not c.kind.counts_posts]
    facts = {c.key: queries.facts_from(c.kind, rows.get(c.key, ())) for c in components}
    silent = [c for c in components if c.kind is ComponentKind.RATE and facts[c.key] is None]
    return facts | rates_of(wanted.office, silent, wanted.period)


def _targets(wanted: Sequence[Wanted]) -> Targets:
    if not wanted:
        return {}
    narrowed = [
        Target.office_id.in_({w.office.id for w in wanted}),
        Target.scheme_id.in_({w.scheme_id for w in wanted}),
        Target.period.in_({w.period.key for w in wanted}),
        Target.scope == TargetScope.OFFICE,
    ]
    newest = (
        select(func.max(Target.id))
        .where(*narrowed)
        .group_by(Target.scheme_id, Target.period, Target.component_key)
    )
    rows = db.session.execute(
        select(Target.scheme_id, Target.period, Target.component_key, Target.value, Target.upper).where(
            Target.id.in_(newest), Target.is_withdrawn.is_(False)
        )
    )
    found: dict[tuple[int, str], dict[str, Aim]] = {}
    for scheme_id, period, key, value, upper in rows:
        found.setdefault((scheme_id, period), {})[key] = Aim(value, upper)
    return found
