"""Exact numbers and the named rules by which they are rounded."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from flask_babel import lazy_gettext as _l

_TYPE_ERROR = "exact numbers only: int, Decimal or Fraction, not {}"

Exact = int | Decimal | Fraction
"""What the calculations accept. A float is refused: 0.1 + 0.2 has no place in an official number."""


class CalculationError(ValueError):
    """The facts make no sense together (a negative count, shares that sum to nothing)."""


def exact(value: Exact) -> Fraction:
    """The value as a fraction. TypeError for a float or a bool, CalculationError for NaN and infinity."""
    if type(value) is Fraction:  # first, because a page of offices asks this thousands of times
        return value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, Fraction)):
        raise TypeError(_TYPE_ERROR.format(type(value).__name__))
    if isinstance(value, Decimal) and not value.is_finite():
        raise CalculationError(f"not a finite number: {value}")
    return Fraction(value)


class RoundingRule(StrEnum):
    """How a scheme rounds, shown beside the number. A half goes away from zero, as Indonesian offices do by hand."""

    HALF_UP_2 = "half_up_2"
    HALF_UP_1 = "half_up_1"
    HALF_UP_0 = "half_up_0"
    DOWN_2 = "down_2"

    @property
    def places(self) -> int:
        """Decimal places that are kept."""
        return _PLACES[self]

    @property
    def label(self) -> str:
        """The rule in words."""
        return str(_LABELS[self])

    def apply(self, value: Exact) -> Decimal:
        """The value with exactly :attr:`places` decimals; computed on integers, so never off by a binary hair."""
        ratio, places = exact(value), _PLACES[self]
        above, below = abs(ratio.numerator) * 10**places, ratio.denominator
        whole = above // below if self is RoundingRule.DOWN_2 else (2 * above + below) // (2 * below)
        return with_places(whole if ratio.numerator >= 0 else -whole, places)


_PLACES = {
    RoundingRule.HALF_UP_2: 2,
    RoundingRule.HALF_UP_1: 1,
    RoundingRule.HALF_UP_0: 0,
    RoundingRule.DOWN_2: 2,
}
_LABELS = {
    RoundingRule.HALF_UP_2: _l("dua angka di belakang koma, setengah dibulatkan ke atas"),
    RoundingRule.HALF_UP_1: _l("satu angka di belakang koma, setengah dibulatkan ke atas"),
    RoundingRule.HALF_UP_0: _l("bilangan bulat, setengah dibulatkan ke atas"),
    RoundingRule.DOWN_2: _l("dua angka di belakang koma, sisanya dipotong"),
}


def with_places(units: int, places: int) -> Decimal:
    """``units`` × 10^-places, digit for digit: Decimal arithmetic would round beyond its context's precision."""
    return Decimal(f"{units}E{-places}")


def ceiling(value: Fraction, places: int) -> Decimal:
    """The smallest decimal with so many places that is not below ``value``."""
    scaled = value * 10**places
    return with_places(-(-scaled.numerator // scaled.denominator), places)
