"""The arithmetic of scoring: pure functions over facts, exact, each answer with its explanation.

Nothing here reads a database, a clock or a request. Values travel as exact fractions and are rounded once, by a
named rule, where a person reads them; a float is refused.

:func:`evaluate` is the door to all nine kinds of component, :func:`weighted_total` to what they make together.
"""

from humasflow.scoring.calculation.attribution import largest_remainder
from humasflow.scoring.calculation.consolidation import consolidate
from humasflow.scoring.calculation.conversion import (
    Band,
    Conversion,
    Converted,
    Segment,
    band_of,
    convert,
    read_bands,
    read_conversion,
)
from humasflow.scoring.calculation.evaluation import Spec, evaluate
from humasflow.scoring.calculation.facts import (
    CadenceFacts,
    ChecklistFacts,
    CountFacts,
    Facts,
    GateFacts,
    GrowthFacts,
    PointsFacts,
    RankFacts,
    RateFacts,
    RubricFacts,
)
from humasflow.scoring.calculation.kinds import count_ratio
from humasflow.scoring.calculation.numbers import CalculationError, Exact, RoundingRule
from humasflow.scoring.calculation.pace import gap, pace_needed, per_week_whole
from humasflow.scoring.calculation.parameters import read_parameters
from humasflow.scoring.calculation.results import FULL_MARKS, ComponentResult, Explanation, Goal, Outcome
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
    "Band",
    "CadenceFacts",
    "CalculationError",
    "ChecklistFacts",
    "ComponentResult",
    "Conversion",
    "Converted",
    "CountFacts",
    "Exact",
    "Explanation",
    "Facts",
    "GateFacts",
    "Goal",
    "GrowthFacts",
    "Outcome",
    "PointsFacts",
    "RankFacts",
    "RateFacts",
    "RoundingRule",
    "RubricFacts",
    "SchemeWeightError",
    "Segment",
    "Spec",
    "TotalLine",
    "TotalResult",
    "WeightedComponent",
    "band_of",
    "check_weights",
    "consolidate",
    "convert",
    "count_ratio",
    "evaluate",
    "gap",
    "largest_remainder",
    "pace_needed",
    "per_week_whole",
    "read_bands",
    "read_conversion",
    "read_parameters",
    "weighted_total",
]
