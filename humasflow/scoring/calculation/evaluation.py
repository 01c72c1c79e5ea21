"""One door to the nine kinds: a component's rules and its facts in, its result out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from humasflow.scoring.calculation import facts as f
from humasflow.scoring.calculation import kinds
from humasflow.scoring.calculation import parameters as p
from humasflow.scoring.calculation.numbers import RoundingRule
from humasflow.scoring.calculation.results import FULL_MARKS, ComponentResult, Goal
from humasflow.scoring.enums import ComponentKind, Polarity


@dataclass(frozen=True, slots=True)
class Spec:
    """What a component of a scheme version says, as the calculation needs it."""

    kind: ComponentKind
    cap: Decimal | None = FULL_MARKS
    polarity: Polarity = Polarity.MAXIMISE
    partial_credit: bool = True
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rounding: RoundingRule = RoundingRule.HALF_UP_2


def evaluate(spec: Spec, facts: f.Facts, goal: Goal | None = None) -> ComponentResult:
    """The result of a component. TypeError when the facts are those of another kind; CalculationError when facts or
    parameters make no sense.
    """
    rules = kinds.Rules(spec.polarity, spec.partial_credit, spec.cap, spec.rounding)
    parameters = p.read_parameters(spec.kind, spec.parameters)
    match facts, parameters:
        case f.CountFacts(), p.CountParameters():
            result = kinds.count_ratio(
                facts.number, goal, partial_credit=spec.partial_credit, cap=spec.cap, rounding=spec.rounding,
                polarity=spec.polarity,
            )  # fmt: skip
        case f.PointsFacts(), p.PointsParameters():
            result = kinds.points(facts, goal, parameters, rules)
        case f.CadenceFacts(), p.CadenceParameters():
            result = kinds.cadence(facts, parameters, rules)
        case f.ChecklistFacts(), p.ChecklistParameters():
            result = kinds.checklist(facts, parameters, rules)
        case f.RubricFacts(), p.RubricParameters():
            result = kinds.rubric(facts, rules)
        case f.RateFacts(), p.RateParameters():
            result = kinds.rate(facts, goal, parameters, rules)
        case f.GrowthFacts(), p.GrowthParameters():
            result = kinds.growth(facts, goal, rules)
        case f.RankFacts(), p.RankParameters():
            result = kinds.rank(facts, goal, parameters, rules)
        case f.GateFacts(), p.GateParameters():
            result = kinds.gate(facts, rules)
        case _:
            raise TypeError(f"{type(facts).__name__} are not the facts of {spec.kind}")
    return result
