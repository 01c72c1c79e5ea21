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
from dataclasses import dataclass, field
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
    adding = Adding(formula)
    for numbers in snapshots:
        adding.add(numbers)
    return adding.rate(requires_all=requires_all)


@dataclass(slots=True)
class Adding:
    """A rate while its posts come in, one by one or as sums that somebody else made."""

    formula: RateFormula
    seen: int = 0
    counted: int = 0
    above: dict[int, int] = field(default_factory=dict)
    """Interactions; by each denominator where the formula is a mean, else in one sum."""
    below: int = 0
    missing: set[str] = field(default_factory=set)

    def add(self, numbers: Numbers) -> None:
        """One post."""
        self.seen += 1
        below = DENOMINATORS[self.formula]
        for name in (*INTERACTIONS, below):
            if numbers.get(name) is None:
                self.missing.add(name)
        above, divisor = interactions_of(numbers), numbers.get(below)
        if above is not None and divisor:
            self._count(1, above, divisor, divisor)

    def add_sums(
        self, *, seen: int, counted: int, above: int, below: int, each: int | None, missing: Iterable[str]
    ) -> None:
        """Many posts: how many there are and how many count, the sums of these, and the names that at least one did
        not tell. ``each``: the denominator that all of them have; only a mean needs it.
        """
        self.seen += seen
        self.missing.update(missing)
        if counted:
            self._count(counted, above, below, each or 1)

    def _count(self, posts: int, above: int, below: int, each: int) -> None:
        key = each if self.formula is RateFormula.MEAN_BY_REACH else 1
        self.counted += posts
        self.below += below
        self.above[key] = self.above.get(key, 0) + above

    def rate(self, *, requires_all: bool = False) -> Rate:
        """What it has come to."""
        unknown = tuple(n for n in (*INTERACTIONS, DENOMINATORS[self.formula]) if n in self.missing)
        if not self.counted:
            return Rate(None, None, None, unknown, 0, self.seen)
        numerator = sum((Fraction(above, each) for each, above in self.above.items()), Fraction(0))
        denominator = self.counted if self.formula is RateFormula.MEAN_BY_REACH else self.below
        value = None if requires_all and unknown else numerator / denominator
        return Rate(value, numerator, denominator, unknown, self.counted, self.seen - self.counted)
