"""Several periods as one number."""

from collections.abc import Iterable
from fractions import Fraction

from humasflow.scoring.calculation.numbers import Exact, exact
from humasflow.scoring.enums import Consolidation


def consolidate(values: Iterable[Exact | None], rule: Consolidation) -> Fraction | None:
    """The values of periods, in the order of time, as one. None is a period without data, never a zero: the average
    is that of the periods with data, the last is the last known. None when there is no data at all.
    """
    known = [exact(value) for value in values if value is not None]
    if not known:
        return None
    if rule is Consolidation.LAST:
        return known[-1]
    total = sum(known, Fraction(0))
    return total if rule is Consolidation.SUM else total / len(known)
