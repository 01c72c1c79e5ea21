"""After the total: a piecewise conversion, and the names of bands. Both are data of the scheme, read strictly here."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from humasflow.scoring.calculation.numbers import CalculationError, RoundingRule, exact


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece: from ``lower`` on, until the next one begins, y = base + slope × (c − origin).

    ``slope`` None: the issuer printed no rule for this piece; only ``known`` points (c → y) have an answer.
    """

    lower: Fraction
    label: str = ""
    base: Fraction = Fraction(0)
    slope: Fraction | None = Fraction(0)
    origin: Fraction = Fraction(0)
    known: Mapping[Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """Pieces in rising order of ``lower``. ``round_first``: the total is rounded so before it is converted.
    ``when_maximum_met``: the answer where the target is the most that can be reached, and it is.
    """

    segments: tuple[Segment, ...]
    round_first: RoundingRule | None = None
    when_maximum_met: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """``value`` None: the scheme does not say what this total becomes."""

    before: Fraction
    rounded: Fraction
    segment: Segment | None
    value: Fraction | None
    by_maximum: bool = False


def convert(conversion: Conversion, total: Fraction, *, maximum_met: bool = False) -> Converted:
    """A total, in per cent, in the issuer's own measure."""
    rule = conversion.round_first
    rounded = total if rule is None else Fraction(rule.apply(total))
    if maximum_met and conversion.when_maximum_met is not None:
        return Converted(total, rounded, None, conversion.when_maximum_met, by_maximum=True)
    segment = next((s for s in reversed(conversion.segments) if s.lower <= rounded), None)
    if segment is None:
        return Converted(total, rounded, None, None)
    if segment.slope is None:
        return Converted(total, rounded, segment, (segment.known or {}).get(rounded))
    return Converted(total, rounded, segment, segment.base + segment.slope * (rounded - segment.origin))


@dataclass(frozen=True, slots=True)
class Band:
    """A name for every value from ``lower`` on, until the next band begins."""

    lower: Fraction
    label: str


def band_of(bands: Sequence[Band], value: Fraction) -> Band | None:
    """The band of a value. Values that fall between two printed bands ("80–89,9", then "90–100") belong to the lower
    one: the lower bounds decide. None below the first.
    """
    return next((band for band in reversed(bands) if band.lower <= value), None)


def read_conversion(stored: Mapping[str, Any]) -> Conversion | None:
    """A conversion as it is stored (numbers as text), None for none. Raises CalculationError with a sentence."""
    pieces = stored.get("segments", [])
    if not pieces:
        return None
    segments = tuple(_segment(piece) for piece in pieces)
    if any(a.lower >= b.lower for a, b in itertools.pairwise(segments)):
        raise CalculationError(_("Tiap bagian konversi dimulai di atas bagian sebelumnya."))
    first, met = stored.get("round_first"), stored.get("when_maximum_met")
    return Conversion(
        segments,
        RoundingRule(first) if first else None,
        None if met in (None, "") else _number(met),
    )


def _segment(piece: Mapping[str, Any]) -> Segment:
    known = {_number(c): _number(y) for c, y in dict(piece.get("known", {})).items()}
    if piece.get("is_unknown"):
        return Segment(_number(piece["lower"]), str(piece.get("label", "")), slope=None, known=known)
    over = _number(piece.get("denominator", "1"))
    if over == 0:
        raise CalculationError(_("Angka “tiap” pada konversi tidak boleh nol."))
    return Segment(
        _number(piece["lower"]), str(piece.get("label", "")), _number(piece.get("base", "0")),
        _number(piece.get("numerator", "0")) / over, _number(piece.get("origin", "0")), known,
    )  # fmt: skip


def read_bands(stored: Sequence[Mapping[str, Any]]) -> tuple[Band, ...]:
    """Bands as they are stored, in rising order. Raises CalculationError with a sentence."""
    bands = tuple(Band(_number(band["lower"]), str(band["label"]).strip()) for band in stored)
    if any(not band.label for band in bands):
        raise CalculationError(_("Tiap predikat perlu nama."))
    if any(a.lower >= b.lower for a, b in itertools.pairwise(bands)):
        raise CalculationError(_("Batas bawah predikat harus naik dari satu predikat ke berikutnya."))
    return bands


def _number(value: object) -> Fraction:
    try:
        return exact(Decimal(str(value)))
    except (ArithmeticError, CalculationError):
        raise CalculationError(_("“%(text)s” bukan angka.", text=str(value)[:20])) from None
