"""Rates of engagement: interactions divided by what the formula names. Pure and exact.

Rules:

* Interactions are likes + comments + shares + saves, over those that are known. What nobody told is unknown, never 0,
  and is named in :attr:`Rate.unknown`.
* A post of which no interaction is known, or whose denominator is unknown or zero, is left out of both sides: it would
  otherwise pull the rate down (or up) for not having been measured.
* Over several posts, interactions of all are divided by the denominators of all. ``MEAN_BY_REACH`` is the mean of each
  post's own rate by reach, in which a small post weighs as much as a large one.
* Followers are those of the account when the post's numbers were read; the rate by followers is per post.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from humasflow.metrics.enums import RateFormula

INTERACTIONS: Final = ("likes", "comments", "shares", "saves")
DENOMINATORS: Final = {
    RateFormula.BY_REACH: "reach",
    RateFormula.BY_FOLLOWERS: "followers",
    RateFormula.BY_IMPRESSIONS: "impressions",
    RateFormula.MEAN_BY_REACH: "reach",
}

Numbers = Mapping[str, int | None]
"""Of one post, by the names of METRICS; None or a missing name is unknown."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with what it is made of. ``value`` is a fraction (1 is 100 %), None without a denominator.

    ``unknown``: the names of numbers that at least one post did not tell, in our order. ``posts``: how many posts are
    in the rate; ``left_out``: how many had nothing to compute from.
    """

    value: Fraction | None
    numerator: Fraction | None
    denominator: int | None
    unknown: tuple[str, ...]
    posts: int
    left_out: int = 0


def interactions_of(numbers: Numbers) -> int | None:
    """The sum of the known interactions; None where not one is known."""
    known = [value for name in INTERACTIONS if (value := numbers.get(name)) is not None]
    return sum(known) if known else None


def rate(formula: RateFormula, snapshots: Iterable[Numbers], *, requires_all: bool = False) -> Rate:
    """The rate over the newest numbers of each post. With ``requires_all`` it has no value as soon as any of them is
    unknown; what it would be made of is told all the same.
    """
    below = DENOMINATORS[formula]
    missing: set[str] = set()
    pairs: list[tuple[int, int]] = []
    seen = 0
    for numbers in snapshots:
        seen += 1
        lacking = {name for name in (*INTERACTIONS, below) if numbers.get(name) is None}
        missing |= lacking
        above, divisor = interactions_of(numbers), numbers.get(below)
        if above is None or not divisor:
            continue
        pairs.append((above, divisor))
    unknown = tuple(name for name in (*INTERACTIONS, below) if name in missing)
    if not pairs:
        return Rate(None, None, None, unknown, 0, seen)
    if formula is RateFormula.MEAN_BY_REACH:
        numerator, denominator = sum((Fraction(a, b) for a, b in pairs), Fraction(0)), len(pairs)
    else:
        numerator, denominator = Fraction(sum(a for a, _ in pairs)), sum(b for _, b in pairs)
    value = None if requires_all and unknown else numerator / denominator
    return Rate(value, numerator, denominator, unknown, len(pairs), seen - len(pairs))
