"""What if: the total with planned posts ticked or dropped, and with numbers that somebody makes up. Nothing is written.

The same rules and the same evaluation as the standing; only the facts are others.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from humasflow.scoring.calculation import ComponentResult, TotalResult, read_parameters
from humasflow.scoring.calculation.parameters import PointsParameters
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.in_progress import ComingPost
from humasflow.scoring.models import Component
from humasflow.scoring.selection import counts_for
from humasflow.scoring.standing.evaluating import evaluate_version, goal_of
from humasflow.scoring.standing.facts import Added
from humasflow.scoring.standing.office import Standing, read_rules
from humasflow.scoring.standing.planned import added_by
from humasflow.scoring.targeting import unit_of

MOST = 99_999  # that anybody can suppose of one component


@dataclass(frozen=True, slots=True)
class Supposed:
    """One component at the end of the period: its value if nothing more comes out, and as supposed. ``extra``: the
    number that was made up.
    """

    component: Component
    now: ComponentResult
    then: ComponentResult
    extra: Decimal

    @property
    def is_countable(self) -> bool:
        """Whether a number can be supposed of it: publications or points."""
        return self.component.kind in (ComponentKind.COUNT_RATIO, ComponentKind.POINTS)

    @property
    def changes(self) -> bool:
        """Whether it becomes another one."""
        return self.now.exact_value != self.then.exact_value

    @property
    def unit(self) -> str:
        """What the number that is made up counts, for people: publications or points."""
        return unit_of(self.component)

    @property
    def places(self) -> int:
        """With how many decimals it can be made up."""
        return places_of(self.component)


def places_of(component: Component) -> int:
    """How many decimals a supposed number may have: as many as what one publication brings; publications are whole."""
    if component.kind is not ComponentKind.POINTS:
        return 0
    parameters = read_parameters(component.kind, component.parameters)
    assert isinstance(parameters, PointsParameters)  # noqa: S101 - the kind decides the type
    exponents = [points.normalize().as_tuple().exponent for points in parameters.table.values()]
    return max((-e for e in exponents if isinstance(e, int) and e < 0), default=0)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer: what is ticked, each component, and the total. ``now``: if everything live were verified and nothing
    more came out; ``then``: as supposed. Both are looked at as on the last day of the period, so that only what was
    supposed lies between them.
    """

    ticked: frozenset[int]
    rows: tuple[Supposed, ...]
    now: TotalResult
    then: TotalResult

    @property
    def gain(self) -> Decimal | None:
        """How much the total becomes more (or less); None while one of them has no value."""
        if self.now.value is None or self.then.value is None:
            return None
        return self.then.value - self.now.value


def choices(standing: Standing) -> list[ComingPost]:
    """The planned posts that count for anything, soonest first, those without a time last."""
    components = standing.version.components
    return [p for p in standing.coming if any(counts_for(c, p.facts) for c in components)]


def usual(posts: Collection[ComingPost]) -> frozenset[int]:
    """What the projection counts: what is scheduled, in review, or ready."""
    return frozenset(p.post_id for p in posts if p.bucket)


def suppose(
    standing: Standing, ticked: Collection[int], extra: Mapping[str, Decimal] | None = None
) -> WhatIf:
    """The total at the end of the period if everything live were verified, the ticked posts came out, and so many more
    of each component (``extra``, by key) as well. Ids that are not among :func:`choices` are ignored.
    """
    office, version, period = standing.office, standing.version, standing.period
    posts = [p for p in choices(standing) if p.post_id in ticked]
    supposed = _with_extra(added_by(version, posts, office), extra or {})
    rules = read_rules(office, version, period)
    goals = {key: goal_of(target) for key, target in rules.targets.items()}
    then = evaluate_version(version, rules.gathered.facts(live=True, added=supposed), goals)
    now = evaluate_version(version, rules.gathered.facts(live=True, added={}), goals)
    return WhatIf(
        ticked=frozenset(p.post_id for p in posts),
        rows=tuple(
            Supposed(c, now.results[c.key], then.results[c.key], (extra or {}).get(c.key, Decimal(0)))
            for c in version.components
        ),
        now=now.total,
        then=then.total,
    )


def _with_extra(added: Mapping[str, Added], extra: Mapping[str, Decimal]) -> dict[str, Added]:
    found = dict(added)
    for key, number in extra.items():
        before = found.get(key, Added())
        found[key] = Added(before.amount + number, before.days)
    return found
