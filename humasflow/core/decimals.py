"""Numbers as people write them: ``1.234,5`` in Indonesian, ``1,234.5`` in English."""

from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import get_decimal_symbol
from flask_babel import format_decimal, get_locale

_GROUPED = 1000


def write(value: Decimal | int, *, least: int = 0, most: int = 6) -> str:
    """The number with at least and at most so many decimals, in the reader's language; a half goes to the even digit.

    What needs neither grouping nor rounding is written here and not by Babel: a page shows hundreds of numbers.
    """
    number = Decimal(value)
    if number.is_finite() and not number.is_signed() and number < _GROUPED:
        whole, _point, rest = format(number, "f").partition(".")
        rest = rest.rstrip("0").ljust(least, "0")
        if len(rest) <= most:
            return f"{whole}{_symbol(get_locale())}{rest}" if rest else whole
    decimals = "0" * least + "#" * (most - least)
    return str(format_decimal(number, format="#,##0" + ("." + decimals if decimals else "")))


@cache
def _symbol(locale: Locale | None) -> str:
    return get_decimal_symbol(locale or "id")
