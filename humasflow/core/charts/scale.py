"""Scales with exact round ticks, and numbers as people read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from humasflow.core.decimals import write

Exact = int | Decimal | Fraction
"""What is drawn. A float is refused: a picture of an official number is no place for a binary hair."""

_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))


def exactly(value: Exact) -> Fraction:
    """The value as a fraction. TypeError for a float or a bool."""
    if type(value) is Fraction:  # first, because a chart asks this thousands of times
        return value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, Fraction)):
        raise TypeError(f"exact numbers only: int, Decimal or Fraction, not {type(value).__name__}")
    return Fraction(value)


def rounded(value: Exact, places: int) -> Decimal:
    """The value with so many decimals, a half away from zero; on integers, so never off."""
    ratio = exactly(value)
    above, below = abs(ratio.numerator) * 10**places, ratio.denominator
    units = (2 * above + below) // (2 * below)
    return Decimal(f"{'-' if ratio.numerator < 0 and units else ''}{units}E-{places}")


def show(value: Exact | None, *, places: int = 2, unit: str = "") -> str:
    """``91,67%``, ``12 menit``: at most so many decimals, in the reader's language; an unknown number is a dash."""
    if value is None:
        return "—"
    text = write(rounded(value, places), most=places)
    return f"{text}{'' if unit == '%' else ' '}{unit}" if unit else text


def place(value: Fraction) -> str:
    """A position as an attribute of SVG: three decimals at most, a point whatever the language."""
    text = f"{rounded(value, 3):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ticks_between(low: Exact, high: Exact, *, wanted: int = 4, whole: bool = False) -> tuple[Fraction, ...]:
    """Round numbers from at or below ``low`` to at or above ``high``: about ``wanted`` steps of 1, 2, 2.5 or 5 times a
    power of ten. ``whole``: integers only, for what is counted. At least two ticks, also where low equals high.
    """
    first, last = exactly(low), exactly(high)
    if last <= first:
        last = first + 1
    step = _step((last - first) / wanted, whole)
    start, end = first // step, -(-last // step)
    return tuple(step * n for n in range(start, end + 1))


def _step(least: Fraction, whole: bool) -> Fraction:
    power = Fraction(1)
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    if whole and power < 1:
        return Fraction(1)
    fitting = (step * power for step in _STEPS if step * power >= least)
    return next(step for step in fitting if not whole or step.denominator == 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """From numbers to 0…1, along round ticks."""

    ticks: tuple[Fraction, ...]

    @classmethod
    def over(
        cls, values: Iterable[Exact], *, from_zero: bool = True, whole: bool = False, wanted: int = 4
    ) -> "Scale":
        """A scale that holds every value; from zero unless told otherwise. Nothing to hold gives 0…1."""
        known = [exactly(v) for v in values]
        if from_zero or not known:
            known.append(Fraction(0))
        return cls(ticks_between(min(known), max(known), wanted=wanted, whole=whole))

    def at(self, value: Exact) -> Fraction:
        """Where a value lies: 0 at the first tick, 1 at the last."""
        return (exactly(value) - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
