"""A scheme version put to work: facts and goals of its components in, their results and the total out.

The one place where what is stored becomes what the calculation reads: the standing, the trial of a draft, the what-if
and the close of a period all pass here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from humasflow.scoring.calculation import (
    ComponentResult,
    Facts,
    GateFacts,
    Goal,
    Outcome,
    Spec,
    TotalResult,
    WeightedComponent,
    evaluate,
    read_bands,
    read_conversion,
    read_parameters,
    weighted_total,
)
from humasflow.scoring.calculation.numbers import exact
from humasflow.scoring.calculation.parameters import CountParameters
from humasflow.scoring.calculation.results import Explanation
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Component, SchemeVersion, Target


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The results by component key, and the total they make under the version's cap, conversion and bands."""

    results: Mapping[str, ComponentResult]
    total: TotalResult


def spec_of(component: Component, version: SchemeVersion) -> Spec:
    """What the calculation needs to know of a component."""
    return Spec(
        kind=component.kind,
        cap=component.cap,
        polarity=component.polarity,
        partial_credit=component.partial_credit,
        parameters=component.parameters,
        rounding=version.rounding,
    )


def goal_of(target: Target | None) -> Goal | None:
    """A stored target as a goal; None without one, or once it was taken back."""
    if target is None or target.is_withdrawn:
        return None
    return Goal(exact(target.value), None if target.upper is None else exact(target.upper))


def evaluate_version(
    version: SchemeVersion, facts: Mapping[str, Facts | None], goals: Mapping[str, Goal | None]
) -> Evaluated:
    """Evaluate every component of a version. A component without facts has no data: neither zero nor left out.

    Raises SchemeWeightError when the weights do not sum to 100, CalculationError for parameters that make no sense.
    """
    results = evaluate_components(version, facts, goals)
    return Evaluated(
        results,
        weighted_total(
            [WeightedComponent(c.key, c.weight, results[c.key], _maximum(c)) for c in version.components],
            cap=version.total_cap,
            rounding=version.rounding,
            conversion=read_conversion(version.conversion),
            bands=read_bands(version.bands),
        ),
    )


def evaluate_components(
    version: SchemeVersion, facts: Mapping[str, Facts | None], goals: Mapping[str, Goal | None]
) -> dict[str, ComponentResult]:
    """The results alone, also of a draft whose weights do not sum to 100 yet. Raises CalculationError for parameters
    that make no sense.
    """
    return {c.key: _result(c, version, facts.get(c.key), goals.get(c.key)) for c in version.components}


def _result(
    component: Component, version: SchemeVersion, facts: Facts | None, goal: Goal | None
) -> ComponentResult:
    if facts is None and component.kind is ComponentKind.GATE:
        facts = GateFacts(passed=None)  # a gate that nobody answered is told from a component without data
    if facts is None:
        silent = Explanation(facts=None, realised=None, goal=goal, cap=component.cap, uncapped=None)
        return ComponentResult(Outcome.NO_DATA, None, silent, version.rounding)
    return evaluate(spec_of(component, version), facts, goal)


def _maximum(component: Component) -> Decimal | None:
    if component.kind is not ComponentKind.COUNT_RATIO:
        return None
    parameters = read_parameters(component.kind, component.parameters)
    return parameters.maximum if isinstance(parameters, CountParameters) else None
