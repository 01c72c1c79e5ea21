"""The page of targets as rows and cells: whose targets stand beside which components, and what they add up to.

What is read here is a fixed number of statements, whatever the number of sections, people or targets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from humasflow.accounts.models import User
from humasflow.accounts.queries import names_of, people_ids_of
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_sections
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.scoring.enums import TargetScope
from humasflow.scoring.models import Component, Target
from humasflow.scoring.queries.targets import TargetKey, key_of
from humasflow.scoring.targeting import is_divisible, takes_target


class TargetPart(StrEnum):
    """A part of the page; also its word in the address."""

    OFFICE = "kantor"
    SECTIONS = "seksi"
    PERSONS = "orang"
    MIX = "ragam"
    HISTORY = "riwayat"

    @property
    def label(self) -> str:
        """For people."""
        return str(_PARTS[self])

    @property
    def scopes(self) -> tuple[TargetScope, ...]:
        """Whose targets it shows."""
        return _SCOPES[self]


_PARTS = {
    TargetPart.OFFICE: _l("Kantor"),
    TargetPart.SECTIONS: _l("Seksi"),
    TargetPart.PERSONS: _l("Orang"),
    TargetPart.MIX: _l("Ragam"),
    TargetPart.HISTORY: _l("Riwayat"),
}
_SCOPES = {
    TargetPart.OFFICE: (TargetScope.OFFICE,),
    TargetPart.SECTIONS: (TargetScope.SECTION,),
    TargetPart.PERSONS: (TargetScope.PERSON,),
    TargetPart.MIX: (TargetScope.PILLAR, TargetScope.CONTENT_TYPE),
    TargetPart.HISTORY: tuple(TargetScope),
}
_LETTERS = {
    TargetScope.OFFICE: "", TargetScope.SECTION: "-s", TargetScope.PERSON: "-o", TargetScope.PILLAR: "-p",
    TargetScope.CONTENT_TYPE: "-j",
}  # fmt: skip


@dataclass
class Cell:
    """One target in the form. ``typed``: what a person wrote there, None before; ``error``: what is wrong with it."""

    component: Component
    key: TargetKey
    label: str
    target: Target | None = None
    previous: Target | None = None
    typed: str | None = None
    typed_upper: str | None = None
    error: str = ""

    @property
    def name(self) -> str:
        """Of its field, after ``value-`` or ``upper-``; unique on a page."""
        mark = _LETTERS[self.key.scope]
        return f"{self.key.component_key}{mark}{self.key.scope_id if mark else ''}"

    @property
    def value_text(self) -> str:
        """What stands in the field."""
        if self.typed is not None:
            return self.typed
        return number_text(self.target.value) if self.target else ""

    @property
    def upper_text(self) -> str:
        """What stands in the field of the range's end."""
        if self.typed_upper is not None:
            return self.typed_upper
        return number_text(self.target.upper) if self.target and self.target.upper is not None else ""


@dataclass
class Row:
    """Whose targets stand in a row; a cell for each component, None where there is no such target."""

    label: str
    scope: TargetScope
    scope_id: int
    cells: list[Cell | None]
    is_gone: bool = False  # no longer in use: its targets can only be taken back


@dataclass(frozen=True)
class Sum:
    """What the parts of a component's target add up to, beside the office's own (None: not set)."""

    component: Component
    parts: Decimal
    whole: Decimal | None

    @property
    def is_even(self) -> bool:
        """Whether they are the same, or there is nothing to compare."""
        return self.whole is None or self.parts == self.whole

    @property
    def says(self) -> str:
        """Both in words: ``55 dari 60``."""
        if self.whole is None:
            return number_text(self.parts)
        return _("%(parts)s dari %(whole)s", parts=number_text(self.parts), whole=number_text(self.whole))

    @property
    def difference(self) -> str:
        """What that means, in a word or two; empty when there is nothing to compare."""
        if self.whole is None or not self.parts:
            return ""
        if self.is_even:
            return _("pas")
        left = self.whole - self.parts
        text = number_text(abs(left))
        return _("%(n)s belum dibagi", n=text) if left > 0 else _("lebih %(n)s", n=text)


@dataclass
class Grid:
    """A part of the page. ``components``: its columns; ``rows``: whose targets they are."""

    part: TargetPart
    components: Sequence[Component]
    rows: list[Row] = field(default_factory=list)
    without: Sequence[Component] = ()  # those that have no such target

    @property
    def cells(self) -> list[Cell]:
        """Every cell, row by row."""
        return [cell for row in self.rows for cell in row.cells if cell is not None]

    def columns(self, scope: TargetScope) -> list[Component]:
        """The components for which any row of a scope has a cell."""
        found = {id(c.component) for c in self.cells if c.key.scope is scope}
        return [component for component in self.components if id(component) in found]

    def sums(self, office_targets: Mapping[str, Target], scope: TargetScope) -> list[Sum]:
        """What the rows of a scope add up to, a component each, by what is in force."""
        sums = []
        for component in self.components:
            values = [
                cell.target.value
                for row in self.rows if row.scope is scope
                for cell in row.cells if cell is not None and cell.component is component and cell.target
            ]  # fmt: skip
            whole = office_targets.get(component.key)
            sums.append(Sum(component, sum(values, Decimal(0)), whole.value if whole else None))
        return sums


def number_text(value: Decimal) -> str:
    """An exact number as people type it: ``60``, ``12,5``."""
    plain = f"{value.normalize():f}"
    return plain.replace(".", ",")


def build_grid(
    part: TargetPart,
    office: Unit,
    components: Sequence[Component],
    targets: Iterable[Target],
    previous: Iterable[Target],
    people: Sequence[User] = (),
) -> Grid:
    """The rows and cells of a part with what is in force and what was a period ago. ``people``: whose rows to show."""
    now, before = {key_of(t): t for t in targets}, {key_of(t): t for t in previous}
    suits = takes_target if part is TargetPart.OFFICE else is_divisible
    columns = [c for c in components if suits(c)]
    grid = Grid(part, columns, without=[c for c in components if not suits(c)])
    for owner in _owners(part, office, people, now):
        cells: list[Cell | None] = []
        for component in columns:
            key = TargetKey(component.key, owner.scope, owner.id)
            if key not in now and (owner.is_gone or not _selects(component, owner)):
                cells.append(None)
                continue
            name = component.label if part is TargetPart.OFFICE else f"{owner.label}, {component.label}"
            cells.append(Cell(component, key, name, now.get(key), before.get(key)))
        if any(cells):
            grid.rows.append(Row(owner.label, owner.scope, owner.id, cells, owner.is_gone))
    return grid


def people_of(office: Unit, ids: Iterable[int]) -> Sequence[User]:
    """The people of these ids who have a role in the office today or a target there, by name. One statement."""
    having = select(Target.scope_id).where(Target.office_id == office.id, Target.scope == TargetScope.PERSON)
    return db.session.scalars(
        select(User)
        .where(User.id.in_(list(ids)), or_(User.id.in_(people_ids_of(office)), User.id.in_(having)))
        .order_by(User.name, User.id)
    ).all()


def owner_names(office_id: int, targets: Iterable[Target]) -> dict[tuple[TargetScope, int], str]:
    """The names of those whose targets these are, of what is out of use too. Four statements at most."""
    ids: dict[TargetScope, set[int]] = {}
    for target in targets:
        ids.setdefault(target.scope, set()).add(target.scope_id)
    found: dict[tuple[TargetScope, int], str] = {}
    if TargetScope.SECTION in ids:
        sections = list_sections(office_id, with_inactive=True)
        found |= {(TargetScope.SECTION, s.id): s.name for s in sections}
    if TargetScope.PERSON in ids:
        found |= {(TargetScope.PERSON, i): name for i, name in names_of(ids[TargetScope.PERSON]).items()}
    if TargetScope.PILLAR in ids:
        pillars = list_pillars(office_id, with_inactive=True)
        found |= {(TargetScope.PILLAR, p.id): p.name for p in pillars}
    if TargetScope.CONTENT_TYPE in ids:
        types = list_content_types(office_id, with_inactive=True)
        found |= {(TargetScope.CONTENT_TYPE, t.id): t.label for t in types}
    return found


class _Owner(NamedTuple):
    """Whose targets a row holds. ``code``: of a kind of content, as components name it."""

    label: str
    scope: TargetScope
    id: int
    is_gone: bool = False
    code: str = ""


def _owners(
    part: TargetPart, office: Unit, people: Sequence[User], now: Mapping[TargetKey, Target]
) -> list[_Owner]:
    """Those in use, and those with a target still. Two statements at most."""
    if part is TargetPart.OFFICE:
        return [_Owner(office.short_name, TargetScope.OFFICE, 0)]
    if part is TargetPart.PERSONS:
        return [_Owner(p.name, TargetScope.PERSON, p.id, not p.is_active) for p in people]
    if part is TargetPart.SECTIONS:
        found = [
            _Owner(s.name, TargetScope.SECTION, s.id, not s.is_active)
            for s in list_sections(office.id, with_inactive=True)
        ]
    else:
        found = [
            _Owner(p.name, TargetScope.PILLAR, p.id, not p.is_active)
            for p in list_pillars(office.id, with_inactive=True)
        ] + [
            _Owner(t.label, TargetScope.CONTENT_TYPE, t.id, not t.is_active, t.code)
            for t in list_content_types(office.id, with_inactive=True)
        ]
    having = {(key.scope, key.scope_id) for key in now}
    return [o for o in found if not o.is_gone or (o.scope, o.id) in having]


def _selects(component: Component, owner: _Owner) -> bool:
    """Whether anything of this owner can count for the component, and a target of it says something new: a part of the
    only kind there is does not.
    """
    if owner.scope is TargetScope.SECTION:
        return not component.section_ids or owner.id in component.section_ids
    if owner.scope is TargetScope.PILLAR:
        return not component.pillar_ids or (
            len(component.pillar_ids) > 1 and owner.id in component.pillar_ids
        )
    if owner.scope is TargetScope.CONTENT_TYPE:
        codes = component.content_types
        return not codes or (len(codes) > 1 and owner.code in codes)
    return True
