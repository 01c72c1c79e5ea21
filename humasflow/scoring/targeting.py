"""What a target of a component can be: which kinds have one, and whether it is whole, a range, or can be divided."""

from decimal import Decimal

from flask_babel import gettext as _

from humasflow.scoring.calculation import CalculationError, read_parameters
from humasflow.scoring.calculation.parameters import PointsParameters, RankFormula, RankParameters
from humasflow.scoring.enums import ComponentKind, Polarity, TargetScope
from humasflow.scoring.models import Component

MOST = Decimal(1_000_000)
PLACES = 4

_WHOLE = frozenset({ComponentKind.COUNT_RATIO, ComponentKind.RANK})
_COMPARED = frozenset(
    {ComponentKind.COUNT_RATIO, ComponentKind.POINTS, ComponentKind.RATE, ComponentKind.GROWTH, ComponentKind.RANK}
)  # fmt: skip
_DIVIDED = frozenset({ComponentKind.COUNT_RATIO, ComponentKind.POINTS})


def takes_target(component: Component) -> bool:
    """Whether its value is a comparison with a target; the others are a value by themselves (a mark, a share)."""
    if component.kind not in _COMPARED:
        return False
    try:
        parameters = read_parameters(component.kind, component.parameters)
    except CalculationError:
        return True  # a half-written draft: what it will be is not known yet
    if isinstance(parameters, PointsParameters):
        return not parameters.is_plain
    return not isinstance(parameters, RankParameters) or parameters.formula is RankFormula.TARGET


def is_divisible(component: Component) -> bool:
    """Whether sections, persons, pillars and kinds of content can have a part of it: what publications bring."""
    return component.kind in _DIVIDED and takes_target(component)


def takes_scope(component: Component, scope: TargetScope) -> bool:
    """Whether such a target can be set for the component at all."""
    return takes_target(component) if scope is TargetScope.OFFICE else is_divisible(component)


def is_whole(component: Component, scope: TargetScope = TargetScope.OFFICE) -> bool:
    """Whether only whole numbers make sense: publications and places, not points and per cent. What a person should
    have a part in are publications, whatever they bring.
    """
    return component.kind in _WHOLE or scope is TargetScope.PERSON


def takes_range(component: Component) -> bool:
    """Whether the target may have an upper end: where staying inside is what is asked."""
    return component.polarity is Polarity.STABILISE and component.kind is not ComponentKind.RANK


def unit_of(component: Component, scope: TargetScope = TargetScope.OFFICE) -> str:
    """What the number counts, for people, as after it: "60 publikasi"."""
    if component.kind is ComponentKind.COUNT_RATIO or scope is TargetScope.PERSON:
        return _("publikasi")
    if component.kind is ComponentKind.POINTS:
        return _("poin")
    return _("peringkat") if component.kind is ComponentKind.RANK else "%"


def problem_of(
    component: Component,
    value: Decimal,
    upper: Decimal | None = None,
    scope: TargetScope = TargetScope.OFFICE,
) -> str:
    """Why a number cannot be the component's target, as a sentence; empty when it can."""
    for number in (value, *([] if upper is None else [upper])):
        if number < 0:
            return _("Sasaran tidak boleh kurang dari nol.")
        if number == 0:
            return _("Sasaran nol tidak dapat dihitung. Kosongkan bila memang tidak ada sasaran.")
        if is_whole(component, scope) and number != number.to_integral_value():
            return _("Isi dengan bilangan bulat, contohnya 60.")
        if number > MOST or number != round(number, PLACES):
            return _("Paling besar 1.000.000, dengan paling banyak 4 angka di belakang koma.")
    if upper is None:
        return ""
    if not takes_range(component):
        return _("Komponen ini memakai satu angka, bukan rentang.")
    return _("Batas atas tidak boleh lebih kecil dari batas bawah.") if upper < value else ""
