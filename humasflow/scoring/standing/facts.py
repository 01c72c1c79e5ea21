"""The facts of a scheme version in a period, read from where they are kept.

Publications come from the sums beside the ledger (:class:`ScoreCount`), a cadence from the lines by their deciding
date, everything else from measurements or the numbers that channels tell. A handful of statements, whatever the number
of publications; one more for each component that is a rate.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, cast, func, or_, select

from humasflow.accounts.queries import today_at
from humasflow.core.db import db
from humasflow.core.periods import Period, PeriodError
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.calculation import CadenceFacts, CountFacts, Facts, PointsFacts, read_parameters
from humasflow.scoring.calculation.parameters import CadenceParameters
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.models import Component, LedgerEntry, Point, SchemeVersion, ScoreCount
from humasflow.scoring.queries.contributions import BACK, TAKES_BACK
from humasflow.scoring.standing.rates import rates_of
from humasflow.scoring.standing.units import Stretch, stretches

Amounts = Mapping[PointState, Decimal]
NOTHING: Amounts = {}
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Added:
    """What would come on top of what is live: an amount, and of it the publications by local date."""

    amount: Decimal = ZERO
    days: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that the facts of a period are made of. ``counts`` by component and state of the point; ``days`` of
    cadences by component, local date and state; ``measured`` are facts already.
    """

    version: SchemeVersion
    period: Period
    today: date
    counts: Mapping[str, Amounts]
    days: Mapping[str, Mapping[date, Amounts]]
    measured: Mapping[str, Facts | None]

    def facts(
        self, *, live: bool = False, added: Mapping[str, Added] | None = None
    ) -> dict[str, Facts | None]:
        """Facts by component: of what counts (a component may count what nobody verified yet), or with ``live`` of all
        that is live and not questioned. ``added`` comes on top, and then every unit of a cadence is looked at, as on
        the last day of the period.
        """
        return {c.key: self._facts(c, live=live, added=added) for c in self.version.components}

    def _facts(self, component: Component, *, live: bool, added: Mapping[str, Added] | None) -> Facts | None:
        extra = None if added is None else added.get(component.key, Added())
        if component.kind is ComponentKind.CADENCE:
            return self._cadence(component, live=live, extra=extra)
        if component.kind not in (ComponentKind.COUNT_RATIO, ComponentKind.POINTS):
            return self.measured.get(component.key)
        amount = counted(component, self.counts.get(component.key, NOTHING), live=live)
        amount = max(amount + (extra.amount if extra else ZERO), ZERO)
        return PointsFacts(amount) if component.kind is ComponentKind.POINTS else CountFacts(amount)

    def _cadence(self, component: Component, *, live: bool, extra: Added | None) -> CadenceFacts:
        rules = cadence_of(component)
        by_day = self.days.get(component.key, {})
        planned = Counter(extra.days) if extra else Counter()
        found = []
        for stretch in stretches(rules, self.period):
            number = sum(
                int(counted(component, by_day.get(day, NOTHING), live=live)) + planned[day]
                for day in stretch.days
            )
            if extra is not None or stretch.end < self.today or number >= rules.minimum:
                found.append(max(number, 0))
        return CadenceFacts(tuple(found))


def facts_of_period(office: Unit, version: SchemeVersion, period: Period) -> dict[str, Facts | None]:
    """The facts of every component by its key, by what counts now; None for what nobody has measured yet."""
    return gather(office, version, period).facts()


def gather(office: Unit, version: SchemeVersion, period: Period) -> Gathered:
    """Read them. At most three statements, and one for each rate."""
    components = version.components
    measured: dict[str, Facts | None] = {}
    if any(not c.kind.counts_posts for c in components):
        rows = queries.measurements_of(office.id, version.scheme_id, period.key)
        measured = {c.key: queries.facts_from(c.kind, rows.get(c.key, ())) for c in components}
        # What a person typed from the channel's own report goes before what the snapshots add up to.
        silent = [c for c in components if c.kind is ComponentKind.RATE and measured[c.key] is None]
        measured |= rates_of(office, silent, period)
    return Gathered(
        version=version,
        period=period,
        today=today_at(office),
        counts=_counts(office.id, version.scheme_id, period.key),
        days=_days(office.id, version, period),
        measured=measured,
    )


def counted(component: Component, amounts: Amounts, *, live: bool = False) -> Decimal:
    """What counts of a component's amounts: what is verified, and what is live where that is enough."""
    amount = amounts.get(PointState.VERIFIED, ZERO)
    if live or component.counts_unverified:
        amount += amounts.get(PointState.LIVE_UNVERIFIED, ZERO)
    return amount


def cadence_of(component: Component) -> CadenceParameters:
    """The rules of a cadence."""
    found = read_parameters(component.kind, component.parameters)
    assert isinstance(found, CadenceParameters)  # noqa: S101 - the kind decides the type
    return found


def _counts(office_id: int, scheme_id: int, period: str) -> dict[str, dict[PointState, Decimal]]:
    """Whatever was booked in the period, under whichever version: what comes to light after its own period was closed
    is booked in the open one under the rules of its date. A version whose place another took adds up to nothing.
    """
    rows = db.session.execute(_SUMS, {"office_id": office_id, "scheme_id": scheme_id, "period": period})
    found: dict[str, dict[PointState, Decimal]] = {}
    for key, state, quantity in rows:
        amounts = found.setdefault(key, {})
        amounts[state] = amounts.get(state, ZERO) + quantity
    return found


_SUMS = select(ScoreCount.component_key, ScoreCount.state, ScoreCount.quantity).where(
    ScoreCount.office_id == bindparam("office_id"),
    ScoreCount.scheme_version_id.in_(
        select(SchemeVersion.id).where(SchemeVersion.scheme_id == bindparam("scheme_id"))
    ),
    ScoreCount.period == bindparam("period"),
    ScoreCount.beneficiary == Beneficiary.OFFICE,
)


def _days(
    office_id: int, version: SchemeVersion, period: Period
) -> dict[str, dict[date, dict[PointState, Decimal]]]:
    spans = {
        c.key: stretches(cadence_of(c), period) for c in version.components if c.kind is ComponentKind.CADENCE
    }
    wanted = {key: found for key, found in spans.items() if found}
    if not wanted:
        return {}
    state = case(
        (
            or_(LedgerEntry.stands_alone, LedgerEntry.delivery_id.is_(None), BACK.id.is_not(None)),
            PointState.VERIFIED.value,
        ),
        else_=Point.state,
    )
    # Whole numbers: a cadence counts publications.
    number = func.sum(cast(LedgerEntry.quantity, Integer))
    rows = db.session.execute(
        select(LedgerEntry.component_key, LedgerEntry.deciding_date, state, number)
        .outerjoin(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .outerjoin(BACK, TAKES_BACK)
        .where(
            LedgerEntry.office_id == office_id,
            LedgerEntry.period.in_(_around(period)),
            LedgerEntry.scheme_version_id.in_(
                select(SchemeVersion.id).where(SchemeVersion.scheme_id == version.scheme_id)
            ),
            LedgerEntry.beneficiary == Beneficiary.OFFICE,
            or_(*(_within(key, found) for key, found in wanted.items())),
        )
        .group_by(LedgerEntry.component_key, LedgerEntry.deciding_date, state)
    )
    found: dict[str, dict[date, dict[PointState, Decimal]]] = {}
    for key, day, value, count in rows:
        if value is not None:
            found.setdefault(key, {}).setdefault(day, {})[PointState(value)] = Decimal(int(count))
    return found


def _within(key: str, spans: tuple[Stretch, ...]) -> ColumnElement[bool]:
    return and_(
        LedgerEntry.component_key == key,
        LedgerEntry.deciding_date >= spans[0].start,
        LedgerEntry.deciding_date <= spans[-1].end,
    )


def _around(period: Period) -> list[str]:
    """The period and its neighbours: a week that lies in two is booked in both."""
    found = []
    for step in (-1, 0, 1):
        with suppress(PeriodError):  # the calendar ends somewhere
            found.append(period.shift(step).key)
    return found
