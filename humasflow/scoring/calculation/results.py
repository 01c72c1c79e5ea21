"""What came of a component, with how it came about."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from humasflow.scoring.calculation.facts import Facts
from humasflow.scoring.calculation.numbers import RoundingRule

FULL_MARKS = Decimal(100)
MET = Fraction(FULL_MARKS)  # compared with fractions, which is quick among themselves


class Outcome(StrEnum):
    """What came of a component. Only SCORED has a value; a missing target is a fact to mend, not a zero."""

    SCORED = "scored"
    NO_TARGET = "no_target"
    ZERO_TARGET = "zero_target"
    NO_DATA = "no_data"
    GATE_FAILED = "gate_failed"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return str(_OUTCOME_LABELS[self])


_OUTCOME_LABELS = {
    Outcome.SCORED: _l("terhitung"),
    Outcome.NO_TARGET: _l("belum ada sasaran"),
    Outcome.ZERO_TARGET: _l("sasaran nol, tidak dapat dihitung"),
    Outcome.NO_DATA: _l("belum ada data"),
    Outcome.GATE_FAILED: _l("syarat wajib belum terpenuhi"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached: one number, or with ``upper`` a range from ``value`` to ``upper``."""

    value: Fraction
    upper: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a value came about, for the page that opens the number.

    ``realised``: the number that was compared with the goal, or was the value itself where there is nothing to compare
    with. ``uncapped``: the value in per cent before the rules; ``was_capped``, ``was_floored`` and ``credit_withheld``
    say which rule changed it (withheld: the goal was not met and the scheme gives no partial credit).
    """

    facts: Facts | None
    realised: Fraction | None
    goal: Goal | None
    cap: Decimal | None
    uncapped: Fraction | None
    was_capped: bool = False
    was_floored: bool = False
    credit_withheld: bool = False

    @property
    def target(self) -> Fraction | None:
        """The goal as one number; of a range its lower end."""
        return None if self.goal is None else self.goal.value

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing."""
        return self.uncapped is not None and self.uncapped >= MET


@dataclass(frozen=True, slots=True)
class ComponentResult:
    """The result of one component. ``exact_value`` in per cent, 0…cap; None when there is nothing to tell."""

    outcome: Outcome
    exact_value: Fraction | None
    explanation: Explanation
    rounding: RoundingRule = RoundingRule.HALF_UP_2

    @property
    def value(self) -> Decimal | None:
        """The value as people read it. Sums use ``exact_value``, so rounding happens once."""
        return None if self.exact_value is None else self.rounding.apply(self.exact_value)
