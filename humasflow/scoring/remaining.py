"""What is still missing of a quarter's targets, component by component: for planning what is left of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Integer, case, cast, func, literal, select

from humasflow.core.db import db
from humasflow.core.periods import PeriodType, Quarter
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState, Polarity, TargetScope
from humasflow.scoring.models import Component, LedgerEntry, Point, SchemeVersion, ScoreScheme, Target

NO_ACCOUNT = 0  # adjustments that a person wrote are of no channel account
_LIVE = (PointState.VERIFIED, PointState.LIVE_UNVERIFIED)


@dataclass(frozen=True)
class Remaining:
    """A component with a target. ``by_account``: how many counted with a deciding date before the day asked for, by
    the id of the channel account that published them (NO_ACCOUNT: by none; of these all, for no calendar shows them).
    """

    component: Component
    target: int
    by_account: Mapping[int, int] = field(default_factory=dict)

    @property
    def counted_before(self) -> int:
        """On all accounts together."""
        return sum(self.by_account.values())

    @property
    def missing(self) -> int:
        """What was missing on the morning of that day, never below 0."""
        return max(self.target - self.counted_before, 0)


@dataclass(frozen=True)
class Planned:
    """What the targets of a quarter ask of the calendar. ``elsewhere``: schemes in use that count by another period,
    so that a quarter cannot say what they still miss; ``asking``: those that do count by quarters.
    """

    remaining: Sequence[Remaining] = ()
    elsewhere: Sequence[ScoreScheme] = ()
    asking: Sequence[ScoreScheme] = ()


def plan_quarter(office_id: int, quarter: Quarter, *, before: date) -> Planned:
    """The components that more publications bring forward and that the office itself has a target for, in every scheme
    that counts by quarters, in order. Verified and unverified publications count, disputed ones do not; of a range its
    lower end is asked for. At most five statements.
    """
    schemes = queries.list_schemes(office_id)
    elsewhere = [s for s in schemes if s.period_type is not PeriodType.QUARTER and _is_ruled(s, quarter)]
    versions = [
        version
        for s in schemes
        if s.period_type is PeriodType.QUARTER and (version := queries.version_at(s, quarter.end))
    ]
    targets = _targets(office_id, versions, quarter.key)
    counted = _counted_before(office_id, versions, quarter.key, before) if targets else {}
    return Planned(
        [
            Remaining(component, int(target.value), counted.get((version.id, component.key), {}))
            for version in versions
            for component in version.components
            if _is_planned(component) and (target := targets.get((version.scheme_id, component.key)))
        ],
        elsewhere,
        [version.scheme for version in versions],
    )


def _is_ruled(scheme: ScoreScheme, quarter: Quarter) -> bool:
    return queries.version_at(scheme, quarter.end) is not None


def _is_planned(component: Component) -> bool:
    """Whether publishing more closes a gap: not where less is better."""
    return component.kind is ComponentKind.COUNT_RATIO and component.polarity is not Polarity.MINIMISE


def _targets(
    office_id: int, versions: Iterable[SchemeVersion], quarter: str
) -> dict[tuple[int, str], Target]:
    """The office's own targets in force, by scheme and component key. One statement."""
    newest = (
        select(func.max(Target.id))
        .where(
            Target.office_id == office_id, Target.scheme_id.in_([v.scheme_id for v in versions]),
            Target.period == quarter, Target.scope == TargetScope.OFFICE,
        )
        .group_by(Target.scheme_id, Target.component_key)
    )  # fmt: skip
    found = db.session.scalars(select(Target).where(Target.id.in_(newest), Target.is_withdrawn.is_(False)))
    return {(t.scheme_id, t.component_key): t for t in found}


def _counted_before(
    office_id: int, versions: Iterable[SchemeVersion], quarter: str, before: date
) -> dict[tuple[int, str], dict[int, int]]:
    """By version and component, then by account. What was counted before a day is not among the sums, which know
    neither days nor accounts, so the lines are added up; one statement.
    """
    # Publications are whole, so no decimal is lost: ±1 each, an adjustment as many as it says. What went out from that
    # day on stands on the calendar itself; an adjustment does not, and would be asked for again.
    known = (LedgerEntry.deciding_date < before) | LedgerEntry.delivery_id.is_(None)
    counts = case((known, cast(LedgerEntry.quantity, Integer)), else_=0)
    account = func.coalesce(Delivery.account_id, literal(NO_ACCOUNT))
    rows = db.session.execute(
        select(LedgerEntry.scheme_version_id, LedgerEntry.component_key, account, func.sum(counts))
        .outerjoin(Delivery, Delivery.id == LedgerEntry.delivery_id)
        .outerjoin(Point, Point.delivery_id == LedgerEntry.delivery_id)
        .where(
            LedgerEntry.office_id == office_id,
            LedgerEntry.period == quarter,
            LedgerEntry.scheme_version_id.in_([v.id for v in versions]),
            LedgerEntry.beneficiary == Beneficiary.OFFICE,
            LedgerEntry.stands_alone.is_(True) | Point.state.in_(_LIVE),
        )
        .group_by(LedgerEntry.scheme_version_id, LedgerEntry.component_key, account)
    )
    found: dict[tuple[int, str], dict[int, int]] = {}
    for version_id, key, account_id, number in rows:
        found.setdefault((version_id, key), {})[account_id] = int(number)
    return found
