"""A number as people copy it from a channel or a spreadsheet. Pure; what is not plainly one whole number is refused."""

import re
from decimal import Decimal
from typing import Final

from flask_babel import gettext as _

LARGEST: Final = 999_999_999_999
"""No channel has more of anything; what says so is a mistake."""

_UNKNOWN: Final = frozenset({"", "-", "–", "—", "?", "n/a", "na", "null", "tidak tersedia"})
_TIMES: Final = {
    "rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000, "miliar": 1_000_000_000,
}  # fmt: skip
_SHORT = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?\s*(rb|ribu|k|jt|juta|miliar)\.?")
_GROUP_OR_FRACTION = re.compile(r"[0-9]{1,3}[.,][0-9]{3}\s*(?:rb|ribu|k|jt|juta|miliar)\.?")  # 1.234 rb
_TWO_READINGS = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(?:m|mn)\.?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+")
_ZERO_TAIL = re.compile(r"([0-9]+)[.,]0{1,2}")  # a spreadsheet that shows 120 as 120,00
_BOTH_SIGNS = re.compile(  # 1.234,5 and 1,234.5
    r"([0-9]{1,3}(?:\.[0-9]{3}){1,4}),([0-9]{1,9})|([0-9]{1,3}(?:,[0-9]{3}){1,4})\.([0-9]{1,9})"
)


class NotANumber(ValueError):
    """The message says, for whoever typed it, what was read and what would do."""


def read_number(text: str) -> int | None:
    """The whole number in a cell, None where it says "unknown" (empty, a dash, n/a). Zero is zero.

    ``1.234``, ``1,234``, ``1 234`` and ``1.234,00`` are 1234; ``1,2 rb`` and ``1.2K`` are 1200; ``3 jt`` is 3,000,000.
    ``1,2 M`` is refused, because it may be juta or miliar, as are money, per cents, fractions, negative numbers and
    words. Raises NotANumber.
    """
    plain = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()).lower()
    if plain in _UNKNOWN:
        return None
    value = _value(plain)
    if value is None:
        raise NotANumber(_why(plain, text.strip()))
    if value > LARGEST:
        raise NotANumber(_("“%(text)s” terlalu besar untuk angka kanal.", text=text.strip()[:30]))
    return value


def _value(plain: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,15}", plain):
        return int(plain)
    if _GROUPED.fullmatch(plain):
        return int(re.sub(r"[., ]", "", plain))
    if short := _SHORT.fullmatch(plain):
        value = Decimal(f"{short[1]}.{short[2] or 0}") * _TIMES[short[3]]
        return int(value) if value == value.to_integral_value() else None
    if tail := _ZERO_TAIL.fullmatch(plain):
        return int(tail[1]) if len(tail[1]) <= len(str(LARGEST)) + 3 else None
    if (both := _BOTH_SIGNS.fullmatch(plain)) and not int(both[2] or both[4]):
        return int(re.sub(r"[.,]", "", both[1] or both[3]))
    return None


def _why(plain: str, typed: str) -> str:
    shown = typed[:30]
    if either := _TWO_READINGS.fullmatch(plain):
        return _(
            "“%(text)s” dapat berarti juta atau miliar. Tulis %(number)s juta atau %(number)s miliar.",
            text=shown, number=either[1],
        )  # fmt: skip
    if _GROUP_OR_FRACTION.fullmatch(plain):
        return _("“%(text)s” dapat dibaca dua cara. Tulis angkanya lengkap, misalnya 1.234.", text=shown)
    if plain.startswith("rp") or "idr" in plain:
        return _("“%(text)s” adalah jumlah uang. Isi banyaknya, misalnya 1.234.", text=shown)
    if plain.endswith("%"):
        return _("“%(text)s” adalah persentase. Isi banyaknya; tingkatnya dihitung di sini.", text=shown)
    if re.fullmatch(r"[-−]\s?[0-9].*", plain):
        return _("“%(text)s” kurang dari nol. Isi 0 atau lebih.", text=shown)
    if re.fullmatch(r"[0-9]+[.,][0-9]+", plain) or _BOTH_SIGNS.fullmatch(plain):
        return _("“%(text)s” bukan bilangan bulat. Contoh: 1.234 atau 1,2 rb.", text=shown)
    return _("“%(text)s” bukan angka. Contoh: 1.234 atau 1,2 rb; kosongkan bila belum diketahui.", text=shown)
