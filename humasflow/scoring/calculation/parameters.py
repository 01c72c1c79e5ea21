"""What each kind of component needs to know beside its selection, read strictly from what is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.metrics.enums import RateFormula
from humasflow.scoring.calculation.numbers import CalculationError
from humasflow.scoring.enums import ComponentKind

E = TypeVar("E", bound=StrEnum)


class CadenceUnit(StrEnum):
    """What must have its publications: every week, or every day."""

    WEEK = "week"
    DAY = "day"

    @property
    def label(self) -> str:
        """For people."""
        return str({CadenceUnit.WEEK: _l("pekan"), CadenceUnit.DAY: _l("hari")}[self])


class RankFormula(StrEnum):
    """How a place becomes a value."""

    BEHIND = "behind"
    TARGET = "target"

    @property
    def label(self) -> str:
        """For people."""
        return str(_RANK_FORMULAS[self])


_RANK_FORMULAS = {
    RankFormula.BEHIND: _l("bagian yang berada di peringkat ini atau di bawahnya"),
    RankFormula.TARGET: _l("dibandingkan dengan sasaran peringkat"),
}


@dataclass(frozen=True, slots=True)
class CountParameters:
    """``maximum``: the most that can be reached at all, where the scheme's conversion asks for it."""

    maximum: Decimal | None = None


# Shares have two decimals as well, so that a part of the points is exact in the six that the ledger's sums keep.
POINT_PLACES = 2


@dataclass(frozen=True, slots=True)
class PointsParameters:
    """Points by (content type code, channel kind code); ``"*"`` stands for every other one. ``is_plain``: the points
    are the value, without a target.
    """

    table: Mapping[tuple[str, str], Decimal]
    is_plain: bool = False

    def points_for(self, content_type: str, channel_kind: str) -> Decimal:
        """What one publication brings: the most exact entry wins, nothing is 0."""
        for key in ((content_type, channel_kind), (content_type, "*"), ("*", channel_kind), ("*", "*")):
            if key in self.table:
                return self.table[key]
        return Decimal(0)


@dataclass(frozen=True, slots=True)
class CadenceParameters:
    """At least ``minimum`` publications in each ``unit``; with ``weekdays`` (0 is Monday) only those days count."""

    unit: CadenceUnit
    minimum: int
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistParameters:
    """The items by key, in order, and the most that can be had; without one 2 an item."""

    items: Mapping[str, str]
    maximum: int


@dataclass(frozen=True, slots=True)
class RubricParameters:
    """What reviewers look at, for the form."""

    aspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RateParameters:
    """The formula, and whether every interaction must be known."""

    formula: RateFormula
    requires_all: bool = False


@dataclass(frozen=True, slots=True)
class GrowthParameters:
    """What grows, in words: "pengikut Instagram"."""

    what: str = ""


@dataclass(frozen=True, slots=True)
class RankParameters:
    """How a place becomes a value."""

    formula: RankFormula


@dataclass(frozen=True, slots=True)
class GateParameters:
    """What must be there, as a question that is answered by yes or no."""

    question: str = ""


Parameters = (
    CountParameters
    | PointsParameters
    | CadenceParameters
    | ChecklistParameters
    | RubricParameters
    | RateParameters
    | GrowthParameters
    | RankParameters
    | GateParameters
)


def read_parameters(kind: ComponentKind, stored: Mapping[str, Any]) -> Parameters:
    """The parameters of a component. Raises CalculationError with a sentence for the person who set them."""
    return _READERS[kind](stored)


def _decimal(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise CalculationError(_("“%(text)s” bukan angka.", text=str(value)[:20])) from None
    if not number.is_finite() or number < 0:
        raise CalculationError(_("Angka tidak boleh negatif atau tak hingga."))
    return number


def _whole(value: object, *, least: int) -> int:
    number = _decimal(value)
    if Fraction(number).denominator != 1 or number < least:
        raise CalculationError(_("Isi dengan bilangan bulat mulai dari %(n)s.", n=least))
    return int(number)


def _choice(enum: type[E], value: object) -> E:
    try:
        return enum(str(value))
    except ValueError:
        raise CalculationError(_("Pilihan “%(text)s” tidak dikenal.", text=str(value)[:20])) from None


def _count(stored: Mapping[str, Any]) -> CountParameters:
    maximum = stored.get("maximum")
    return CountParameters(None if maximum in (None, "") else _decimal(maximum))


def _points(stored: Mapping[str, Any]) -> PointsParameters:
    table: dict[tuple[str, str], Decimal] = {}
    for key, value in dict(stored.get("points", {})).items():
        content_type, mark, channel_kind = str(key).partition("|")
        if not mark or not content_type or not channel_kind:
            raise CalculationError(_("Poin ditulis untuk satu jenis konten dan satu kanal."))
        points = _decimal(value)
        if points != round(points, POINT_PLACES):
            raise CalculationError(_("Poin memakai paling banyak 2 angka di belakang koma."))
        table[content_type, channel_kind] = points
    if not any(table.values()):
        raise CalculationError(_("Tulis paling sedikit satu poin yang lebih dari nol."))
    return PointsParameters(table, bool(stored.get("plain", False)))


def _cadence(stored: Mapping[str, Any]) -> CadenceParameters:
    weekdays = tuple(sorted({_whole(day, least=0) for day in stored.get("weekdays", ())}))
    if weekdays and weekdays[-1] > 6:
        raise CalculationError(_("Hari dalam sepekan dinomori 0 (Senin) sampai 6 (Minggu)."))
    return CadenceParameters(
        _choice(CadenceUnit, stored.get("unit", "week")), _whole(stored.get("minimum", 1), least=1), weekdays
    )


def _checklist(stored: Mapping[str, Any]) -> ChecklistParameters:
    items = {str(item["key"]): str(item["label"]) for item in stored.get("items", ())}
    if not items:
        raise CalculationError(_("Daftar periksa perlu paling sedikit satu butir."))
    most = 2 * len(items)
    maximum = stored.get("maximum")
    return ChecklistParameters(items, most if maximum in (None, "") else _whole(maximum, least=1))


def _rubric(stored: Mapping[str, Any]) -> RubricParameters:
    return RubricParameters(tuple(str(aspect) for aspect in stored.get("aspects", ())))


def _rate(stored: Mapping[str, Any]) -> RateParameters:
    return RateParameters(
        _choice(RateFormula, stored.get("formula", RateFormula.BY_REACH)),
        bool(stored.get("requires_all", False)),
    )


def _growth(stored: Mapping[str, Any]) -> GrowthParameters:
    return GrowthParameters(str(stored.get("what", "")))


def _rank(stored: Mapping[str, Any]) -> RankParameters:
    return RankParameters(_choice(RankFormula, stored.get("formula", RankFormula.BEHIND)))


def _gate(stored: Mapping[str, Any]) -> GateParameters:
    return GateParameters(str(stored.get("question", "")))


_READERS: Mapping[ComponentKind, Callable[[Mapping[str, Any]], Parameters]] = {
    ComponentKind.COUNT_RATIO: _count,
    ComponentKind.POINTS: _points,
    ComponentKind.CADENCE: _cadence,
    ComponentKind.CHECKLIST: _checklist,
    ComponentKind.RUBRIC: _rubric,
    ComponentKind.RATE: _rate,
    ComponentKind.GROWTH: _growth,
    ComponentKind.RANK: _rank,
    ComponentKind.GATE: _gate,
}
