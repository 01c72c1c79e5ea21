"""What a draft still lacks before its rules can count: every problem at once, each with the component it is about."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from humasflow.scoring.calculation import (
    CalculationError,
    SchemeWeightError,
    check_weights,
    read_bands,
    read_conversion,
    read_parameters,
)
from humasflow.scoring.models import Component, SchemeVersion
from humasflow.scoring.targeting import PLACES

MAX_CAP = Decimal(1000)


@dataclass(frozen=True)
class Problem:
    """``key``: the component it is about, empty for the scheme as a whole. ``text`` does not name the component."""

    text: str
    key: str = ""
    label: str = ""

    @property
    def sentence(self) -> str:
        """With the component's name before it."""
        return f"{self.label}: {self.text}" if self.label else self.text


def sum_of_weights(version: SchemeVersion) -> Decimal:
    """What the weights sum to, in per cent."""
    return sum((component.weight for component in version.components), Decimal(0))


def problem_of_weight(weight: Decimal) -> str:
    """Why a weight cannot be kept as it is, as a sentence; empty when it can. More digits than both databases keep
    would be cut after they summed to 100.
    """
    if not 0 <= weight <= 100:
        return _("Bobot tiap komponen antara 0 dan 100.")
    if weight != round(weight, PLACES):
        return _("Bobot memakai paling banyak 4 angka di belakang koma.")
    return ""


def problems_of(version: SchemeVersion) -> list[Problem]:
    """Everything that keeps a version from being activated; empty when it can be."""
    problems = []
    if not version.components:
        problems.append(Problem(_("Skema perlu paling sedikit satu komponen.")))
    labels = [component.label.casefold() for component in version.components]
    if len(set(labels)) < len(labels):
        problems.append(Problem(_("Dua komponen memakai nama yang sama. Bedakan namanya.")))
    wrong = {problem_of_weight(component.weight) for component in version.components} - {""}
    problems += [Problem(text) for text in sorted(wrong)]
    if not wrong and version.components:
        problems += _of_weights(version)
    for component in version.components:
        problems += [Problem(text, component.key, component.label) for text in _of_component(component)]
    problems += _of_what_follows(version)
    return problems


def _of_weights(version: SchemeVersion) -> list[Problem]:
    try:
        check_weights(component.weight for component in version.components)
    except SchemeWeightError:
        total = plain(sum_of_weights(version))  # every digit: 99,9999999 is not 100
        return [Problem(_("Jumlah bobot sekarang %(total)s, seharusnya 100.", total=total))]
    return []


def _of_component(component: Component) -> list[str]:
    problems = []
    try:
        read_parameters(component.kind, component.parameters)
    except CalculationError as error:
        problems.append(str(error))
    if component.cap is not None and not 0 < component.cap <= MAX_CAP:
        problems.append(_("Batas nilai lebih dari 0 dan paling tinggi %(most)s%%.", most=plain(MAX_CAP)))
    return problems


def _of_what_follows(version: SchemeVersion) -> list[Problem]:
    problems = []
    if version.total_cap is not None and not 0 < version.total_cap <= MAX_CAP:
        problems.append(
            Problem(_("Batas nilai akhir lebih dari 0 dan paling tinggi %(most)s%%.", most=plain(MAX_CAP)))
        )
    try:
        read_conversion(version.conversion)
    except (CalculationError, KeyError, ValueError) as error:
        problems.append(Problem(_("Konversi belum lengkap. %(why)s", why=_told(error))))
    try:
        read_bands(version.bands)
    except (CalculationError, KeyError) as error:
        problems.append(Problem(_("Predikat belum lengkap. %(why)s", why=_told(error))))
    return problems


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, CalculationError) else ""


def plain(number: Decimal) -> str:
    """An exact number as people read it, every digit of it: 99.50 → ``99,5``."""
    return format_decimal(number.normalize(), locale=get_locale() or "id", decimal_quantization=False)


def exact_text(number: Decimal) -> str:
    """An exact number as it is kept in JSON and in the value of a choice: ``99.5``."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
