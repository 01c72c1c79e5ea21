"""Two versions of a scheme beside each other: what a component said before, and what it says now."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from humasflow.core.periods import PeriodType
from humasflow.scoring.completeness import plain
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Component, SchemeVersion
from humasflow.scoring.naming import Names
from humasflow.scoring.wording import describe_rules, describe_selection, phrases


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same. ``before`` None: it is new; ``after`` None: it is gone."""

    label: str
    aspect: str
    before: str | None
    after: str | None


def compare_versions(
    old: SchemeVersion, new: SchemeVersion, period_type: PeriodType, names: Names
) -> list[Difference]:
    """Every difference, component by component in the order of the newer one, then the rules around them."""
    before = {component.key: component for component in old.components}
    after = {component.key: component for component in new.components}
    found: list[Difference] = []
    for key, component in after.items():
        if key not in before:
            found.append(
                Difference(component.label, _("Komponen"), None, _whole(component, period_type, names))
            )
        else:
            found += _of_component(before[key], component, period_type, names)
    found += [
        Difference(component.label, _("Komponen"), _whole(component, period_type, names), None)
        for key, component in before.items()
        if key not in after
    ]
    return found + _of_rules(old, new, period_type)


def _of_component(old: Component, new: Component, period_type: PeriodType, names: Names) -> list[Difference]:
    aspects = (
        (_("Nama"), old.label, new.label),
        (_("Bobot"), f"{plain(old.weight)}%", f"{plain(new.weight)}%"),
        (_("Cara menilai"), _ways(old, period_type, names), _ways(new, period_type, names)),
        _items(old, new),
        (
            _("Publikasi yang dinilai") if new.kind is ComponentKind.RUBRIC else _("Yang dihitung"),
            describe_selection(old, names, whole=True),
            describe_selection(new, names, whole=True),
        ),
    )
    return [
        Difference(new.label, aspect, before or "–", after or "–")
        for aspect, before, after in aspects
        if before != after
    ]


def _items(old: Component, new: Component) -> tuple[str, str, str]:
    """Of two checklists the items that one has and the other has not: a long list has the same number soon."""
    before, after = _labels(old), _labels(new)
    gone = [label for label in before if label not in after]
    come = [label for label in after if label not in before]
    return _("Butir"), "; ".join(gone), "; ".join(come)


def _labels(component: Component) -> list[str]:
    if component.kind is not ComponentKind.CHECKLIST:
        return []
    return [str(item.get("label", "")) for item in component.parameters.get("items", ())]


def _ways(component: Component, period_type: PeriodType, names: Names) -> str:
    """How it is judged, without its weight (an aspect of its own) and its target (which no version holds)."""
    said = phrases(component, None, period_type, names=names, whole=True)[1:]
    return "; ".join(
        [component.kind.label, *(phrase for phrase in said if phrase != _("target belum ditetapkan"))]
    )


def _whole(component: Component, period_type: PeriodType, names: Names) -> str:
    selection = describe_selection(component, names, whole=True)
    return f"{plain(component.weight)} %; {_ways(component, period_type, names)}. {selection}".strip()


def _of_rules(old: SchemeVersion, new: SchemeVersion, period_type: PeriodType) -> list[Difference]:
    before, after = describe_rules(old, period_type), describe_rules(new, period_type)
    gone = [sentence for sentence in before if sentence not in after]
    come = [sentence for sentence in after if sentence not in before]
    found = []
    if gone or come:
        found.append(
            Difference(_("Seluruh skema"), _("Aturan"), " ".join(gone) or "–", " ".join(come) or "–")
        )
    before_table, after_table = _table(old), _table(new)
    if before_table != after_table:
        found.append(
            Difference(_("Seluruh skema"), _("Tabel konversi"), before_table or "–", after_table or "–")
        )
    return found


def _table(version: SchemeVersion) -> str:
    """The pieces of a conversion, each in the numbers of its formula."""
    return "; ".join(_piece(segment) for segment in version.conversion.get("segments", ()))


def _piece(segment: Mapping[str, Any]) -> str:
    start = _comma(segment.get("lower", "?"))
    if segment.get("is_unknown"):
        points = ", ".join(f"{_comma(c)} → {_comma(y)}" for c, y in dict(segment.get("known", {})).items())
        return _("mulai %(lower)s: hanya %(points)s", lower=start, points=points or "–")
    base, up, over, origin = (
        _comma(segment.get(name, otherwise))
        for name, otherwise in (("base", "0"), ("numerator", "0"), ("denominator", "1"), ("origin", "0"))
    )
    return _("mulai %(lower)s: %(formula)s", lower=start, formula=f"{base} + {up} ÷ {over} × (c − {origin})")


def _comma(number: Any) -> str:
    try:
        return plain(Decimal(str(number)))
    except ArithmeticError:
        return str(number)
