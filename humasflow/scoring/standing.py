"""The standing of an office in a quarter: every component against its target, and what is on its way.

A handful of statements whatever the number of publications: lines are added up in the database by component and
state of the point; what is still in work is read as plain rows.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from flask_babel import ngettext
from sqlalchemy import func, select

from humasflow.accounts.queries import today_at
from humasflow.core.db import db
from humasflow.core.localtime import zone
from humasflow.core.periods import Quarter
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.calculation import (
    ComponentResult,
    TotalResult,
    WeightedComponent,
    count_ratio,
    gap,
    pace_needed,
    per_week_whole,
    weighted_total,
)
from humasflow.scoring.enums import PointState
from humasflow.scoring.in_progress import list_coming
from humasflow.scoring.models import Component, LedgerEntry, SchemeVersion, ScoreScheme, Target
from humasflow.scoring.policy import matches


@dataclass(frozen=True)
class ComponentStanding:
    """One component: counts by state, target, and what follows from them."""

    component: Component
    target: Target | None
    verified: int
    unverified: int
    disputed: int
    scheduled: int
    review: int
    result: ComponentResult  # by verified publications only: the official-looking one
    live_result: ComponentResult  # if everything live were verified
    gap: int | None
    pace: Decimal | None  # publications a week that would close the gap
    per_week: int | None
    weeks_each: int | None  # "one every n weeks", where less than one a week is enough

    @property
    def target_value(self) -> int:
        """The target as a number; 0 when there is none."""
        return int(self.target.value) if self.target else 0

    @property
    def live(self) -> int:
        """All that is live and not questioned."""
        return self.verified + self.unverified

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing."""
        return self.gap == 0


@dataclass(frozen=True)
class Standing:
    """An office's standing in one quarter under one scheme."""

    office: Unit
    quarter: Quarter
    today: date
    scheme: ScoreScheme
    version: SchemeVersion
    components: tuple[ComponentStanding, ...]
    total: TotalResult
    live_total: TotalResult

    @property
    def days_left(self) -> int:
        """Days still open, today included."""
        return self.quarter.days_left(self.today)

    @property
    def is_over(self) -> bool:
        """Whether the quarter has ended."""
        return self.today > self.quarter.end

    @property
    def missing(self) -> list[tuple[int, str]]:
        """What is missing, largest weight first: pairs of number and component."""
        short = [c for c in self.components if c.gap]
        # What is only shown is named when nothing that counts is missing.
        open_ones = [c for c in short if c.component.weight > 0] or short
        open_ones.sort(key=lambda c: (-c.component.weight, c.component.position))
        return [(c.gap or 0, c.component.label) for c in open_ones]

    @property
    def days_left_label(self) -> str:
        """How many days are left, in words."""
        return ngettext("%(num)s hari lagi", "%(num)s hari lagi", self.days_left)


def get_standing(office: Unit, quarter: Quarter, *, scheme_id: int | None = None) -> Standing | None:
    """The standing, or None when no scheme is in effect in that quarter."""
    schemes = [s for s in queries.list_schemes(office.id) if queries.version_at(s, quarter.end)]
    scheme = next((s for s in schemes if s.id == scheme_id), schemes[0] if schemes else None)
    version = queries.version_at(scheme, quarter.end) if scheme else None
    if scheme is None or version is None:
        return None
    today = today_at(office)
    targets = queries.targets_of(office.id, scheme.id, quarter.key)
    counts = _counts(office.id, version.id, quarter.key)
    coming = _coming(office, quarter, version)
    weeks = quarter.weeks_left(today)
    rows = tuple(
        _component(c, targets.get(c.key), counts.get(c.key, {}), coming.get(c.key, {}), weeks)
        for c in version.components
    )
    weighted = [WeightedComponent(r.component.key, r.component.weight, r.result) for r in rows]
    if_verified = [WeightedComponent(r.component.key, r.component.weight, r.live_result) for r in rows]
    return Standing(
        office=office,
        quarter=quarter,
        today=today,
        scheme=scheme,
        version=version,
        components=rows,
        total=weighted_total(weighted, rounding=version.rounding),
        live_total=weighted_total(if_verified, rounding=version.rounding),
    )


def _component(
    component: Component,
    target: Target | None,
    counts: dict[PointState, int],
    coming: dict[str, int],
    weeks: Fraction,
) -> ComponentStanding:
    verified = counts.get(PointState.VERIFIED, 0)
    unverified = counts.get(PointState.LIVE_UNVERIFIED, 0)
    wanted = target.value if target else None
    missing = gap(wanted, verified + unverified)
    return ComponentStanding(
        component=component,
        target=target,
        verified=verified,
        unverified=unverified,
        disputed=counts.get(PointState.DISPUTED, 0),
        scheduled=coming.get("scheduled", 0),
        review=coming.get("review", 0),
        result=_ratio(component, verified, wanted),
        live_result=_ratio(component, verified + unverified, wanted),
        gap=None if missing is None else int(missing),
        pace=None if missing is None else pace_needed(missing, weeks),
        per_week=None if missing is None else per_week_whole(missing, weeks),
        weeks_each=int(weeks / missing) if missing and weeks else None,
    )


def _ratio(component: Component, count: int, target: Decimal | None) -> ComponentResult:
    return count_ratio(count, target, partial_credit=component.partial_credit, cap=component.cap)


def _counts(office_id: int, version_id: int, quarter: str) -> dict[str, dict[PointState, int]]:
    state = queries.latest_state()
    rows = db.session.execute(
        select(LedgerEntry.component_key, state, func.sum(queries.signed_quantity()))
        .where(
            LedgerEntry.office_id == office_id,
            LedgerEntry.quarter == quarter,
            LedgerEntry.scheme_version_id == version_id,
        )
        .group_by(LedgerEntry.component_key, state)
    )
    counts: dict[str, dict[PointState, int]] = {}
    for key, value, number in rows:
        if value is not None:
            counts.setdefault(key, {})[PointState(value)] = int(number)
    return counts


def _coming(office: Unit, quarter: Quarter, version: SchemeVersion) -> dict[str, dict[str, int]]:
    start, end = quarter.utc_bounds(zone(office.zone_name))
    coming: dict[str, dict[str, int]] = {}
    # What has no time yet can only still come in the quarter that runs now.
    current = quarter == Quarter.from_local_date(today_at(office))
    for post in list_coming(office.id, start, end, with_undated=current):
        for component in version.components:
            if post.bucket and matches(
                component,
                content_type=post.content_type,
                channel_kind=post.channel_kind,
                is_repost=post.is_repost,
            ):
                per_component = coming.setdefault(component.key, {})
                per_component[post.bucket] = per_component.get(post.bucket, 0) + 1
    return coming
