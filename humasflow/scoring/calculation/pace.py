"""What is still missing, and how fast it would have to come."""

from decimal import Decimal
from fractions import Fraction

from humasflow.scoring.calculation.numbers import CalculationError, Exact, ceiling, exact


def gap(target: Exact | None, verified: Exact) -> Fraction | None:
    """What is missing to the target, never below 0; None when there is no target to miss."""
    if target is None:
        return None
    return max(exact(target) - exact(verified), Fraction(0))


def pace_needed(gap: Exact, weeks_left: Exact) -> Decimal | None:
    """Publications a week that would close the gap, rounded up to one decimal so that keeping the pace suffices.

    In the last days of a quarter the rest of a week counts as a whole one: three missing with two days left is
    "3", not "10.5 a week". None when something is missing and no time is left.
    """
    needed = _per_week(gap, weeks_left)
    return None if needed is None else ceiling(needed, 1)


def per_week_whole(gap: Exact, weeks_left: Exact) -> int | None:
    """:func:`pace_needed` as a whole count: what a team would put in its calendar each week."""
    needed = _per_week(gap, weeks_left)
    return None if needed is None else int(ceiling(needed, 0))


def _per_week(gap: Exact, weeks_left: Exact) -> Fraction | None:
    missing, weeks = exact(gap), exact(weeks_left)
    if weeks < 0:
        raise CalculationError("weeks left are never negative")
    if missing <= 0:
        return Fraction(0)
    return None if weeks == 0 else missing / max(weeks, Fraction(1))
