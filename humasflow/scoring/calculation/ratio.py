"""The component kind *count ratio*: how many against how many were asked for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from humasflow.scoring.calculation.numbers import CalculationError, Exact, RoundingRule, exact

FULL_MARKS = Decimal(100)


class Outcome(StrEnum):
    """What came of a component. Only SCORED has a value; a missing target is a fact to mend, not a zero."""

    SCORED = "scored"
    NO_TARGET = "no_target"
    ZERO_TARGET = "zero_target"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return str(_OUTCOME_LABELS[self])


_OUTCOME_LABELS = {
    Outcome.SCORED: _l("terhitung"),
    Outcome.NO_TARGET: _l("belum ada sasaran"),
    Outcome.ZERO_TARGET: _l("sasaran nol, tidak dapat dihitung"),
}


@dataclass(frozen=True, slots=True)
class RatioExplanation:
    """How a value came about, for the page that opens the number.

    ``uncapped`` is n ÷ target in per cent before the rules; ``was_capped`` and ``credit_withheld`` say which rule
    changed it (withheld: the target was not met and the scheme gives no partial credit).
    """

    realised: Fraction
    target: Fraction | None
    cap: Decimal | None
    partial_credit: bool
    uncapped: Fraction | None
    was_capped: bool
    credit_withheld: bool


@dataclass(frozen=True, slots=True)
class ComponentResult:
    """The result of one component. ``exact_value`` in per cent, 0…cap; None when there is nothing to divide by."""

    outcome: Outcome
    exact_value: Fraction | None
    explanation: RatioExplanation
    rounding: RoundingRule = RoundingRule.HALF_UP_2

    @property
    def value(self) -> Decimal | None:
        """The value as people read it. Sums use ``exact_value``, so rounding happens once."""
        return None if self.exact_value is None else self.rounding.apply(self.exact_value)


def count_ratio(
    n: Exact,
    target: Exact | None,
    *,
    partial_credit: bool = True,
    cap: Decimal | None = FULL_MARKS,
    rounding: RoundingRule = RoundingRule.HALF_UP_2,
) -> ComponentResult:
    """Per cent of the target that was reached, n ÷ target, at most ``cap`` (None: no cap).

    Without partial credit the value is 0 until the target is met. No target, or a target of zero, gives no value
    and says which. Raises CalculationError for a negative count, target or cap, TypeError for a float.
    """
    realised = exact(n)
    wanted = None if target is None else exact(target)
    ceiling = None if cap is None else exact(cap)
    if realised < 0 or (wanted is not None and wanted < 0) or (ceiling is not None and ceiling < 0):
        raise CalculationError("count, target and cap are never negative")

    def result(
        outcome: Outcome,
        value: Fraction | None,
        uncapped: Fraction | None = None,
        *,
        was_capped: bool = False,
        withheld: bool = False,
    ) -> ComponentResult:
        explanation = RatioExplanation(realised, wanted, cap, partial_credit, uncapped, was_capped, withheld)
        return ComponentResult(outcome, value, explanation, rounding)

    if wanted is None:
        return result(Outcome.NO_TARGET, None)
    if wanted == 0:
        return result(Outcome.ZERO_TARGET, None)
    uncapped = 100 * realised / wanted
    if not partial_credit and realised < wanted:
        return result(Outcome.SCORED, Fraction(0), uncapped, withheld=realised > 0)
    if ceiling is not None and uncapped > ceiling:
        return result(Outcome.SCORED, ceiling, uncapped, was_capped=True)
    return result(Outcome.SCORED, uncapped, uncapped)
