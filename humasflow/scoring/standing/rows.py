"""One component's figures, from the facts, the target and what is on its way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from humasflow.core.localtime import to_local
from humasflow.orgs.models import Unit
from humasflow.scoring.calculation import ComponentResult, gap, pace_needed, per_week_whole
from humasflow.scoring.calculation.numbers import ceiling
from humasflow.scoring.calculation.parameters import CadenceUnit
from humasflow.scoring.enums import ComponentKind, PointState, Polarity
from humasflow.scoring.in_progress import ComingPost
from humasflow.scoring.models import Component, Target
from humasflow.scoring.selection import counts_for
from humasflow.scoring.standing.facts import NOTHING, ZERO, Gathered, cadence_of, counted
from humasflow.scoring.standing.figures import Figures, MixShown, TargetShown, UnitShown
from humasflow.scoring.standing.units import stretches

EXACT_PLACES = 6  # of amounts: what is stored has no more


def figures_of_component(
    component: Component,
    gathered: Gathered,
    target: Target | None,
    coming: Sequence[ComingPost],
    results: tuple[ComponentResult, ComponentResult, ComponentResult],
    mix: tuple[MixShown, ...],
    office: Unit,
) -> Figures:
    """Everything that is shown of a component. ``results``: by what counts now, by all that is live, projected."""
    amounts = gathered.counts.get(component.key, NOTHING)
    live = counted(component, amounts, live=True)
    on_the_way = _by_stage(component, coming)
    missing = _gap(component, target, live)
    weeks = gathered.period.weeks_left(gathered.today)
    is_cadence = component.kind is ComponentKind.CADENCE
    rules = cadence_of(component) if is_cadence else None
    return Figures(
        key=component.key,
        label=component.label,
        kind=component.kind,
        weight=component.weight,
        polarity=component.polarity,
        target=None if target is None else TargetShown(target.value, target.upper, target.letter),
        verified=amounts.get(PointState.VERIFIED, ZERO),
        unverified=amounts.get(PointState.LIVE_UNVERIFIED, ZERO),
        disputed=amounts.get(PointState.DISPUTED, ZERO),
        scheduled=on_the_way["scheduled"],
        review=on_the_way["review"],
        writing=on_the_way["writing"] + on_the_way["returned"],
        result=results[0],
        live_result=results[1],
        projected_result=results[2],
        gap=None if missing is None else ceiling(missing, EXACT_PLACES).normalize() + ZERO,
        pace=None if missing is None else pace_needed(missing, weeks),
        per_week=None if missing is None else per_week_whole(missing, weeks),
        weeks_each=int(weeks / missing) if missing and weeks else None,
        minimum=rules.minimum if rules else 0,
        units=_units(component, gathered, coming, office) if is_cadence else (),
        unit_is_day=rules is not None and rules.unit is CadenceUnit.DAY,
        mix=mix,
    )


def _by_stage(component: Component, coming: Iterable[ComingPost]) -> defaultdict[str, Decimal]:
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for post in coming:
        found[post.stage] += counts_for(component, post.facts)
    return found


def _gap(component: Component, target: Target | None, live: Decimal) -> Fraction | None:
    """What publications are missing to the target; None where more of them is not what is asked for."""
    if component.kind not in (ComponentKind.COUNT_RATIO, ComponentKind.POINTS):
        return None
    if target is None or component.polarity is Polarity.MINIMISE:
        return None
    return gap(target.value, live)


def _units(
    component: Component, gathered: Gathered, coming: Iterable[ComingPost], office: Unit
) -> tuple[UnitShown, ...]:
    planned: Counter[date] = Counter()
    for post in coming:
        if post.bucket and post.scheduled_at and counts_for(component, post.facts):
            planned[to_local(post.scheduled_at, office.zone_name).date()] += 1
    by_day = gathered.days.get(component.key, {})
    return tuple(
        UnitShown(
            start=stretch.start,
            end=stretch.end,
            verified=sum(int(counted(component, by_day.get(day, NOTHING))) for day in stretch.days),
            live=sum(int(counted(component, by_day.get(day, NOTHING), live=True)) for day in stretch.days),
            planned=sum(planned[day] for day in stretch.days),
            is_over=stretch.end < gathered.today,
        )
        for stretch in stretches(cadence_of(component), gathered.period)
    )
