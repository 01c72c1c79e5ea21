"""The standing of an office in a period: every component against its target, and what is on its way.

A handful of statements whatever the number of publications: what is live is read from the sums beside the ledger; what
is still in work is read as plain rows. A closed period is shown as it was when it was signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from flask_babel import ngettext

from humasflow.accounts.queries import today_at
from humasflow.core.periods import Period, period_of
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.calculation import TotalResult
from humasflow.scoring.in_progress import ComingPost
from humasflow.scoring.models import (
    Component,
    OfficialResult,
    PeriodClose,
    SchemeVersion,
    ScoreScheme,
    Target,
)
from humasflow.scoring.standing.evaluating import Evaluated, evaluate_version, goal_of
from humasflow.scoring.standing.facts import Gathered, gather
from humasflow.scoring.standing.figures import Figures, MixShown
from humasflow.scoring.standing.frozen import from_json
from humasflow.scoring.standing.mix import mix_of
from humasflow.scoring.standing.planned import added_by, coming_of
from humasflow.scoring.standing.rows import figures_of_component


@dataclass(frozen=True, kw_only=True)
class ComponentStanding(Figures):
    """A component's figures with its rules, and what the head office announced about it."""

    component: Component
    official: OfficialResult | None = None


@dataclass(frozen=True)
class Standing:
    """An office's standing in one period under one scheme.

    ``total``: by what counts now; ``live_total``: if everything live were verified; ``projected_total``: if what is
    scheduled and in review came out as well. ``close``: who closed the period, whose kept numbers these are.
    """

    office: Unit
    period: Period
    today: date
    scheme: ScoreScheme
    version: SchemeVersion
    components: tuple[ComponentStanding, ...]
    total: TotalResult
    live_total: TotalResult
    projected_total: TotalResult
    coming: tuple[ComingPost, ...] = ()
    official: OfficialResult | None = None
    close: PeriodClose | None = None

    @property
    def quarter(self) -> Period:
        """The period."""
        return self.period

    @property
    def days_left(self) -> int:
        """Days still open, today included."""
        return self.period.days_left(self.today)

    @property
    def is_over(self) -> bool:
        """Whether the period has ended."""
        return self.today > self.period.end

    @property
    def has_begun(self) -> bool:
        """Whether its first day has come."""
        return self.today >= self.period.start

    @property
    def short(self) -> list[ComponentStanding]:
        """The components that publications are missing for, largest weight first; what is only shown is named when
        nothing that counts is missing.
        """
        found = [c for c in self.components if c.gap]
        open_ones = [c for c in found if c.weight > 0] or found
        return sorted(open_ones, key=lambda c: (-c.weight, c.component.position))

    @property
    def missing(self) -> list[tuple[int, str]]:
        """What is missing, largest weight first: pairs of number and component."""
        return [(-int(-(c.gap or 0) // 1), c.label) for c in self.short]

    @property
    def days_left_label(self) -> str:
        """How many days are left, in words."""
        return ngettext("%(num)s hari lagi", "%(num)s hari lagi", self.days_left)

    @property
    def has_targets(self) -> bool:
        """Whether anything is asked for at all."""
        return any(c.target for c in self.components)

    def component(self, key: str) -> ComponentStanding | None:
        """One component."""
        return next((c for c in self.components if c.key == key), None)


@dataclass(frozen=True)
class Rules:
    """What a standing is computed from: the version in effect, the targets, and the facts."""

    version: SchemeVersion
    targets: Mapping[str, Target]
    gathered: Gathered

    def evaluated(
        self, *, live: bool = False, posts: tuple[ComingPost, ...] | None = None, office: Unit | None = None
    ) -> Evaluated:
        """The results: of what counts, of all that is live, or with planned posts on top (and then the office, for its
        clock).
        """
        added = None if posts is None or office is None else added_by(self.version, posts, office)
        goals = {key: goal_of(target) for key, target in self.targets.items()}
        return evaluate_version(self.version, self.gathered.facts(live=live, added=added), goals)


def get_standing(
    office: Unit, period: Period, *, scheme_id: int | None = None, viewer_id: int | None = None
) -> Standing | None:
    """The standing, or None when no scheme of this type of period has rules in it.

    ``scheme_id``: which of them, else the first in use. ``viewer_id``: who looks, for what ``coming`` may tell.
    """
    found = queries.list_schemes(office.id, with_inactive=scheme_id is not None)
    fitting = [s for s in found if s.period_type is period.type and queries.version_at(s, period.end)]
    named = next((s for s in fitting if s.id == scheme_id), None)
    scheme = named or next((s for s in fitting if s.is_active), None)
    return None if scheme is None else standing_of(office, scheme, period, viewer_id=viewer_id)


def standing_now(office: Unit) -> Standing | None:
    """The standing of the period that runs today, under the first scheme in use that has rules for it."""
    today = today_at(office)
    for scheme in queries.list_schemes(office.id):
        period = period_of(scheme.period_type, today)
        if queries.version_at(scheme, period.end) is not None:
            return standing_of(office, scheme, period)
    return None


def standing_of(
    office: Unit, scheme: ScoreScheme, period: Period, *, viewer_id: int | None = None
) -> Standing | None:
    """The standing under one scheme; None while it has no rules in the period."""
    version = queries.version_at(scheme, period.end)
    if version is None:
        return None
    close = queries.closes_in_force(scheme.id, [period.key]).get(period.key)
    officials = queries.official_of(office.id, scheme.id, period.key)
    if close is not None:
        kept = _as_it_was(office, scheme, period, close, officials)
        if kept is not None:
            return kept
    today = today_at(office)
    coming = coming_of(office, period, today, viewer_id=viewer_id)
    rules, mixed = _rules_and_mix(office, version, period)
    now, live = rules.evaluated(), rules.evaluated(live=True)
    agreed = tuple(post for post in coming if post.bucket)
    projected = rules.evaluated(live=True, posts=agreed, office=office)
    mix = mix_of(office, version, period, mixed)
    rows = tuple(
        _row(
            figures_of_component(
                c, rules.gathered, rules.targets.get(c.key), coming,
                (now.results[c.key], live.results[c.key], projected.results[c.key]), mix.get(c.key, ()), office,
            ),
            c, officials,
        )
        for c in version.components
    )  # fmt: skip
    return Standing(
        office=office, period=period, today=today, scheme=scheme, version=version, components=rows,
        total=now.total, live_total=live.total, projected_total=projected.total, coming=tuple(coming),
        official=officials.get(""), close=close,
    )  # fmt: skip


def read_rules(office: Unit, version: SchemeVersion, period: Period) -> Rules:
    """The targets in force and the facts of a version in a period."""
    return _rules_and_mix(office, version, period)[0]


def _rules_and_mix(
    office: Unit, version: SchemeVersion, period: Period
) -> tuple[Rules, Mapping[str, Sequence[Target]]]:
    targets, mixed = queries.targets_with_mix(office.id, version.scheme_id, period.key)
    return Rules(version, targets, gather(office, version, period)), mixed


def _as_it_was(
    office: Unit,
    scheme: ScoreScheme,
    period: Period,
    close: PeriodClose,
    officials: Mapping[str, OfficialResult],
) -> Standing | None:
    kept = from_json(close.result)
    version = next((v for v in scheme.versions if v.id == close.scheme_version_id), None)
    if kept is None or version is None:
        return None
    rules = {c.key: c for c in version.components}
    return Standing(
        office=office, period=period, today=today_at(office), scheme=scheme, version=version,
        components=tuple(_row(f, rules[f.key], officials) for f in kept.components if f.key in rules),
        total=kept.total, live_total=kept.live_total, projected_total=kept.projected_total,
        official=officials.get(""), close=close,
    )  # fmt: skip


def _row(
    figures: Figures, component: Component, officials: Mapping[str, OfficialResult]
) -> ComponentStanding:
    plain = {f.name: getattr(figures, f.name) for f in fields(Figures)}
    return ComponentStanding(**plain, component=component, official=officials.get(figures.key))


__all__ = ["ComponentStanding", "MixShown", "Standing", "get_standing", "read_rules", "standing_of"]
