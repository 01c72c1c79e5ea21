"""Measured facts as they are stored and read back: JSON with exact numbers as text.

``{"marks": {item: 0|1|2}}`` · ``{"mark": "87.5"}`` · ``{"numerator": "12", "denominator": "300", "formula": …}`` ·
``{"previous": "900", "current": "1000"}`` · ``{"position": 39, "out_of": 100|null}`` · ``{"passed": true, "why": ""}``.
An empty object takes an entry back.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from humasflow.core.errors import UserError
from humasflow.scoring.calculation import (
    CalculationError,
    ChecklistFacts,
    Exact,
    Facts,
    GateFacts,
    GrowthFacts,
    RankFacts,
    RateFacts,
    RubricFacts,
    read_parameters,
)
from humasflow.scoring.calculation.kinds import MAX_MARK
from humasflow.scoring.calculation.parameters import ChecklistParameters, Parameters, RateParameters
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Component

MEASURED = frozenset(kind for kind in ComponentKind if not kind.counts_posts)
LARGEST = Decimal(1_000_000_000_000)


class WrongFacts(UserError):
    """The facts make no sense for the component; the message says what would."""


def to_store(component: Component, facts: Facts) -> dict[str, Any]:
    """Facts of a component's kind, checked, as they are stored. Raises WrongFacts."""
    try:
        parameters = read_parameters(component.kind, component.parameters)
    except CalculationError as error:
        raise WrongFacts(str(error)) from error
    match component.kind, facts:
        case ComponentKind.CHECKLIST, ChecklistFacts():
            return _checklist(facts, parameters)
        case ComponentKind.RUBRIC, RubricFacts(marks=(mark,)):
            if not 0 <= mark <= 100:
                raise WrongFacts(_("Nilai antara 0 dan 100."))
            return {"mark": format(mark, "f")}
        case ComponentKind.RATE, RateFacts():
            return _rate(facts, parameters)
        case ComponentKind.GROWTH, GrowthFacts():
            return _growth(facts)
        case ComponentKind.RANK, RankFacts():
            return _rank(facts)
        case ComponentKind.GATE, GateFacts(passed=bool() as passed, why=why):
            if not passed and not why.strip():
                raise WrongFacts(_("Tulis apa yang belum terpenuhi."))
            return {"passed": passed, "why": why.strip()}
    raise WrongFacts(_("Isian ini bukan untuk komponen “%(label)s”.", label=component.label))


def _checklist(facts: ChecklistFacts, parameters: Parameters) -> dict[str, Any]:
    items = parameters.items if isinstance(parameters, ChecklistParameters) else {}
    if not facts.marks:
        raise WrongFacts(_("Isi paling sedikit satu butir."))
    if not set(facts.marks) <= set(items):
        raise WrongFacts(_("Daftar periksa ini sudah berubah. Muat ulang halamannya."))
    if any(mark not in range(MAX_MARK + 1) for mark in facts.marks.values()):
        raise WrongFacts(_("Tiap butir bernilai 0, 1, atau 2."))
    return {"marks": {key: facts.marks[key] for key in items if key in facts.marks}}


def _rate(facts: RateFacts, parameters: Parameters) -> dict[str, Any]:
    numerator, denominator = _number(facts.numerator), _number(facts.denominator)
    if numerator < 0 or denominator <= 0:
        raise WrongFacts(_("Interaksi mulai dari 0, dan pembaginya lebih dari 0."))
    formula = parameters.formula.value if isinstance(parameters, RateParameters) else ""
    return {"numerator": _text(numerator), "denominator": _text(denominator), "formula": formula}


def _growth(facts: GrowthFacts) -> dict[str, Any]:
    previous, current = _number(facts.previous), _number(facts.current)
    if previous <= 0 or current < 0:
        raise WrongFacts(_("Angka periode lalu lebih dari 0, dan angka sekarang mulai dari 0."))
    return {"previous": _text(previous), "current": _text(current)}


def _rank(facts: RankFacts) -> dict[str, Any]:
    position, out_of = facts.position, facts.out_of
    if position is None or position < 1:
        raise WrongFacts(_("Peringkat mulai dari 1."))
    if out_of is not None and position > out_of:
        raise WrongFacts(
            _("Peringkat %(p)s tidak mungkin dari %(n)s. Periksa lagi keduanya.", p=position, n=out_of)
        )
    return {"position": position, "out_of": out_of}


def _number(value: Exact | None) -> Fraction:
    if value is None:
        raise WrongFacts(_("Isi kedua angkanya."))
    number = Fraction(value)
    if abs(number) > LARGEST:
        raise WrongFacts(_("Angka ini terlalu besar."))
    return number


def _text(value: Fraction) -> str:
    """Exact: what is typed is a decimal, so this always ends."""
    return format(Decimal(value.numerator) / Decimal(value.denominator), "f")


def subject_of(component_key: str, period_key: str, post_id: int | None = None) -> str:
    """What makes two measurements the same one: the newer supersedes the older."""
    own = f"measure:{component_key}:{period_key}"
    return own if post_id is None else f"{own}:{post_id}"


def in_words(kind: ComponentKind, facts: Mapping[str, Any]) -> str:
    """Stored facts as a short phrase for lists and histories; an entry that takes one back says so."""
    return _WORDS[kind](facts) if facts else _("dicabut")


def _rank_in_words(facts: Mapping[str, Any]) -> str:
    if facts.get("out_of"):
        return _("peringkat %(p)s dari %(n)s", p=facts["position"], n=facts["out_of"])
    return _("peringkat %(p)s", p=facts["position"])


def _checklist_in_words(facts: Mapping[str, Any]) -> str:
    marks = facts["marks"]
    return _("jumlah %(sum)s dari %(n)s butir yang dinilai", sum=sum(marks.values()), n=len(marks))


def _comma(text: str) -> str:
    return str(text).replace(".", ",")


_WORDS: Mapping[ComponentKind, Callable[[Mapping[str, Any]], str]] = {
    ComponentKind.CHECKLIST: _checklist_in_words,
    ComponentKind.RUBRIC: lambda facts: _comma(facts["mark"]),
    ComponentKind.RATE: lambda facts: f"{_comma(facts['numerator'])} ÷ {_comma(facts['denominator'])}",
    ComponentKind.GROWTH: lambda facts: f"{_comma(facts['previous'])} → {_comma(facts['current'])}",
    ComponentKind.RANK: _rank_in_words,
    ComponentKind.GATE: lambda facts: (
        _("terpenuhi") if facts["passed"] else _("belum: %(why)s", why=facts.get("why", ""))
    ),
}
