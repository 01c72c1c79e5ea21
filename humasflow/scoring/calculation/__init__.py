"""The arithmetic of scoring: pure functions over facts, exact, each answer with its explanation.

Nothing here reads a database, a clock or a request. Values travel as exact fractions and are rounded once, by a
named rule, where a person reads them; a float is refused.
"""

from humasflow.scoring.calculation.attribution import largest_remainder
from humasflow.scoring.calculation.numbers import CalculationError, Exact, RoundingRule
from humasflow.scoring.calculation.pace import gap, pace_needed, per_week_whole
from humasflow.scoring.calculation.ratio import (
    FULL_MARKS,
    ComponentResult,
    Outcome,
    RatioExplanation,
    count_ratio,
)
from humasflow.scoring.calculation.total import (
    SchemeWeightError,
    TotalLine,
    TotalResult,
    WeightedComponent,
    check_weights,
    weighted_total,
)

__all__ = [
    "FULL_MARKS",
    "CalculationError",
    "ComponentResult",
    "Exact",
    "Outcome",
    "RatioExplanation",
    "RoundingRule",
    "SchemeWeightError",
    "TotalLine",
    "TotalResult",
    "WeightedComponent",
    "check_weights",
    "count_ratio",
    "gap",
    "largest_remainder",
    "pace_needed",
    "per_week_whole",
    "weighted_total",
]
