"""The facts each kind of component is computed from. Counts and marks are exact; None is "unknown", never 0."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from humasflow.scoring.calculation.numbers import Exact


@dataclass(frozen=True, slots=True)
class CountFacts:
    """How many publications count."""

    number: Exact


@dataclass(frozen=True, slots=True)
class PointsFacts:
    """What the publications' points add up to."""

    points: Exact


@dataclass(frozen=True, slots=True)
class CadenceFacts:
    """How many publications each week (or day) had, in order; only those that are over, or have reached the minimum
    already.
    """

    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChecklistFacts:
    """The mark of each item, 0, 1 or 2, by the item's key; an item that nobody looked at is missing."""

    marks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RubricFacts:
    """Reviewers' marks, each 0…100."""

    marks: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class RateFacts:
    """Interactions and what they are divided by; ``unknown``: names of numbers that no channel told."""

    numerator: Exact | None
    denominator: Exact | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GrowthFacts:
    """The number at the end of the period and at the end of the one before."""

    previous: Exact | None
    current: Exact | None


@dataclass(frozen=True, slots=True)
class RankFacts:
    """The place that was announced, 1 is the best, of so many."""

    position: int | None
    out_of: int | None = None


@dataclass(frozen=True, slots=True)
class GateFacts:
    """Whether what must be there is there; None when nobody has said yet."""

    passed: bool | None
    why: str = ""


Facts = (
    CountFacts
    | PointsFacts
    | CadenceFacts
    | ChecklistFacts
    | RubricFacts
    | RateFacts
    | GrowthFacts
    | RankFacts
    | GateFacts
)
