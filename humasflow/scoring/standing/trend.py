"""What became of a scheme over the periods: the estimate beside what the head office announced, and a whole year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from humasflow.accounts.queries import today_at
from humasflow.core.db import db
from humasflow.core.periods import Period, PeriodError, PeriodType
from humasflow.metrics.enums import RateFormula
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.calculation import consolidate, read_parameters
from humasflow.scoring.calculation.numbers import exact
from humasflow.scoring.calculation.parameters import RankFormula, RankParameters, RateParameters
from humasflow.scoring.enums import Consolidation, ResultKind
from humasflow.scoring.models import Component, OfficialResult, SchemeVersion, ScoreScheme
from humasflow.scoring.standing.many import Result, Wanted, work_out

MOST = 12


@dataclass(frozen=True)
class TrendRow:
    """One period. ``exact_value``: the estimate before rounding, None without one. ``is_comparable``: False where the
    component was worked out by another kind or formula than now, so that its number does not stand in the same line.
    """

    period: Period
    version: SchemeVersion
    exact_value: Fraction | None
    subtotal: Decimal | None
    official: OfficialResult | None
    is_closed: bool
    is_over: bool
    is_comparable: bool = True
    is_new_version: bool = False
    has_begun: bool = True

    @property
    def estimate(self) -> Decimal | None:
        """The estimate as people read it."""
        if self.exact_value is None or not self.is_comparable:
            return None
        return self.version.rounding.apply(self.exact_value)

    @property
    def difference(self) -> Decimal | None:
        """Official less estimate, as everywhere; None unless both are known."""
        if self.estimate is None or self.official is None or self.official.value is None:
            return None
        return self.official.value - self.estimate


@dataclass(frozen=True)
class Year:
    """The periods of a year as one number, by the rule of the version in effect at its end. Only periods that are over
    are in it: ``number`` of them have an estimate, ``officials`` an official result.
    """

    label: str
    rule: Consolidation
    estimate: Decimal | None
    number: int
    official: Decimal | None
    officials: int


@dataclass(frozen=True)
class Ranks:
    """An announced rank over the same periods, None where none was; ``out_of`` as it was announced last."""

    name: str
    values: tuple[int | None, ...]
    out_of: int | None


@dataclass(frozen=True)
class Trend:
    """Up to twelve periods in the order of time."""

    scheme: ScoreScheme
    component: Component | None
    components: tuple[Component, ...]
    rows: tuple[TrendRow, ...]
    year: Year | None
    ranks: tuple["Ranks", ...] = ()

    @property
    def left_out(self) -> tuple[TrendRow, ...]:
        """The periods whose number was worked out in another way."""
        return tuple(row for row in self.rows if not row.is_comparable)


def trend_of(
    office: Unit, scheme: ScoreScheme, until: Period, *, component_key: str = "", most: int = MOST
) -> Trend:
    """The last ``most`` periods with rules up to and with ``until``, of the total or of one component. A fixed number
    of statements, whatever the number of periods and publications (but see :mod:`humasflow.scoring.standing.many`).
    """
    wanted = _wanted(office, scheme, until, most)
    results = work_out(wanted)
    officials = queries.official_over(office.id, scheme.id, [w.period.key for w in wanted])
    newest = wanted[-1].version if wanted else None
    components = tuple(newest.components) if newest else ()
    component = next((c for c in components if c.key == component_key), None)
    rows: list[TrendRow] = []
    today = today_at(office)
    for result in results:
        period = result.wanted.period
        row = _row(
            result, component, officials.get(period.key, {}), today,
            is_new=bool(rows) and rows[-1].version.id != result.wanted.version.id,
        )  # fmt: skip
        rows.append(row)
    year = _year(rows, until, newest) if newest and scheme.period_type is not PeriodType.YEAR else None
    shown = rows[-most:]
    ranks = (
        _ranks(office.id, scheme.id, [r.period.key for r in shown], components) if component is None else ()
    )
    return Trend(scheme, component, components, tuple(shown), year, ranks)


def _wanted(office: Unit, scheme: ScoreScheme, until: Period, most: int) -> list[Wanted]:
    """The periods with rules, in the order of time: the last ones, and all of the year of the last."""
    found: list[Wanted] = []
    period = until
    while len(found) < most or _year_of(period) == _year_of(until):
        version = queries.version_at(scheme, period.end)
        if version is None:
            break  # rules are never there before the first
        found.append(Wanted(office, scheme.id, version, period))
        try:
            period = period.previous()
        except PeriodError:
            break
    return found[::-1]


def _year_of(period: Period) -> str:
    return period.key[:4]


def _row(
    result: Result,
    component: Component | None,
    officials: Mapping[str, OfficialResult],
    today: date,
    *,
    is_new: bool,
) -> TrendRow:
    period, version = result.wanted.period, result.wanted.version
    value, comparable, subtotal = result.total.exact_value, True, None
    if component is not None:
        shown = result.components.get(component.key)
        then = next((c for c in version.components if c.key == component.key), None)
        value = shown.result.exact_value if shown else None
        comparable = then is None or _is_same_measure(then, component)
    elif value is None and result.total.counted_weight:
        subtotal = result.total.subtotal
    return TrendRow(
        period=period, version=version, exact_value=value, subtotal=subtotal,
        official=officials.get(component.key if component else ""), is_closed=result.close is not None,
        is_over=today > period.end, is_comparable=comparable, is_new_version=is_new,
        has_begun=today >= period.start,
    )  # fmt: skip


def _is_same_measure(then: Component, now: Component) -> bool:
    """Whether two versions of a component measure the same thing: formulas are never mixed in one line."""
    if then.kind is not now.kind:
        return False
    return _formula(then) is _formula(now)


def _formula(component: Component) -> RateFormula | RankFormula | None:
    """The formula a component goes by, also where it was left at the usual one; None for a kind without."""
    found = read_parameters(component.kind, component.parameters)
    return found.formula if isinstance(found, RateParameters | RankParameters) else None


def _ranks(
    office_id: int, scheme_id: int, keys: list[str], components: tuple[Component, ...]
) -> tuple[Ranks, ...]:
    """The announced ranks of the periods by what was ranked: a component, or what no component has."""
    later = aliased(OfficialResult)
    rows = db.session.scalars(
        select(OfficialResult)
        .where(
            OfficialResult.office_id == office_id,
            or_(OfficialResult.scheme_id == scheme_id, OfficialResult.scheme_id.is_(None)),
            OfficialResult.kind == ResultKind.RANK,
            OfficialResult.period.in_(keys),
            OfficialResult.value.is_not(None),
            ~select(later.id).where(later.supersedes_id == OfficialResult.id).exists(),
        )
        .order_by(OfficialResult.period, OfficialResult.id)
    )
    labels = {c.key: c.label for c in components}
    found: dict[tuple[str, str, str], dict[str, OfficialResult]] = {}
    for row in rows:
        name = row.label or labels.get(row.component_key, row.component_key) or _("Peringkat kantor")
        # Two things of the same name are two: a component, and what somebody wrote in full.
        found.setdefault((name, row.component_key, row.label), {})[row.period] = row
    return tuple(
        Ranks(
            name,
            tuple(int(of_name[key].value or 0) if key in of_name else None for key in keys),
            next((of_name[key].out_of for key in reversed(keys) if key in of_name), None),
        )
        for (name, _key, _label), of_name in sorted(found.items(), key=lambda item: item[0])
    )


def _year(rows: list[TrendRow], until: Period, version: SchemeVersion) -> Year:
    over = [r for r in rows if r.is_over and _year_of(r.period) == _year_of(until)]
    values = [r.exact_value if r.is_comparable else None for r in over]
    officials = [
        None if r.official is None or r.official.value is None else exact(r.official.value) for r in over
    ]
    rule = version.consolidation
    estimate, official = consolidate(values, rule), consolidate(officials, rule)
    return Year(
        label=_year_of(until),
        rule=rule,
        estimate=None if estimate is None else version.rounding.apply(estimate),
        number=sum(v is not None for v in values),
        official=None if official is None else version.rounding.apply(official),
        officials=sum(v is not None for v in officials),
    )
