"""Shares that sum to exactly the whole: who gets how much of one publication."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from humasflow.scoring.calculation.numbers import CalculationError, Exact, exact, with_places

Key = TypeVar("Key", bound=Hashable)


def largest_remainder(
    shares: Mapping[Key, Exact], *, total: Decimal = Decimal(100), places: int = 2
) -> dict[Key, Decimal]:
    """``total`` divided in proportion to ``shares``, each to ``places`` decimals, summing to exactly ``total``.

    Every share is cut down to the last place; what is left goes, one smallest step each, to the largest
    remainders (Hamilton's method), and between equals to the one named first. Each result is therefore less than
    one step away from the exact share, and a share of 0 stays 0.

    Raises CalculationError when there is nothing to divide by, a share is negative, or ``total`` itself is finer
    than the step.
    """
    weights = {key: exact(share) for key, share in shares.items()}
    whole = sum(weights.values(), Fraction(0))
    steps = exact(total) * 10**places
    if any(weight < 0 for weight in weights.values()):
        raise CalculationError("a share is never negative")
    if whole <= 0:
        raise CalculationError("shares sum to nothing")
    if steps < 0 or steps.denominator != 1:
        raise CalculationError(f"{total} cannot be divided into steps of {places} decimals")

    ideal = {key: steps * weight / whole for key, weight in weights.items()}
    given = {key: int(value) for key, value in ideal.items()}
    # sorted() is stable: equal remainders keep the order in which the shares were named.
    by_remainder = sorted(ideal, key=lambda key: ideal[key] - given[key], reverse=True)
    for key in by_remainder[: int(steps) - sum(given.values())]:
        given[key] += 1
    return {key: with_places(units, places) for key, units in given.items()}
