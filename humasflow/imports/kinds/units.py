"""Sections of the office, each below the office or below another section, which may be a row of the same table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from humasflow.core.db import Base, db
from humasflow.core.errors import NotFound, UserError
from humasflow.core.permissions import Permission
from humasflow.imports.kinds.base import Applied, Checked, Column, Context, Finding, Outcome, Severity
from humasflow.imports.kinds.words import looks_like_formula, plain_word, units_by_words
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_section, list_sections
from humasflow.orgs.services import change_section, create_section

_NONE: Final = ("", "-", "–")


@dataclass(frozen=True)
class UnitRow:
    """One row, understood. ``parent`` as it is compared, empty for the office."""

    name: str
    code: str
    parent: str

    @property
    def words(self) -> set[str]:
        """How other rows may call it."""
        return {plain_word(self.name)} | ({plain_word(self.code)} if self.code else set())


@dataclass(frozen=True)
class Prepared:
    """Open units by their words (None: two are called so), and all sections by name, the open ones before others."""

    units: dict[str, Unit | None]
    sections: dict[str, Unit]


class Units:
    """The kind."""

    code = "units"
    label = _l("Seksi")
    lead = _l("Susunan kantor: seksi dan subseksi, masing-masing dengan induknya.")
    permission = Permission.OFFICE_MANAGE
    chunk = 2000
    is_whole = True  # a row names another as its parent
    columns = (
        Column(
            "nama", _l("Nama seksi"),
            ("nama seksi", "nama", "nama unit", "unit kerja", "satuan kerja", "seksi", "name"), is_required=True,
            example="Seksi Pelayanan Lelang",
        ),
        Column(
            "kode", _l("Nama singkat"), ("nama singkat", "kode", "kode unit", "singkatan", "code"), example="Lelang",
            hint=_l("Dipakai di tempat sempit, contohnya Lelang."),
        ),
        Column(
            "induk", _l("Induk"), ("induk", "unit induk", "atasan", "di bawah", "parent"),
            hint=_l("Nama atau nama singkat; kosong berarti langsung di bawah kantor."),
        ),
    )  # fmt: skip

    def choices(self, office: Unit) -> Mapping[str, Sequence[str]]:
        """None: a parent may be a row that is only being written."""
        return {}

    def prepare(self, context: Context) -> Prepared:
        """Two statements."""
        every = list_sections(context.office.id, with_inactive=True)
        return Prepared(
            units_by_words([context.office, *(s for s in every if s.is_active)]),
            {plain_word(s.name): s for s in sorted(every, key=lambda s: (s.is_active, s.id))},
        )

    def check(
        self, line: int, cells: Mapping[str, str], context: Context, prepared: Prepared
    ) -> Checked[UnitRow]:
        """Understand a row."""
        found: list[Finding] = []
        for column, limit in (("nama", 200), ("kode", 60)):
            if looks_like_formula(cells[column]) and cells[column] not in _NONE:
                message = _("diawali “%(sign)s” seperti rumus", sign=cells[column][0])
                found.append(Finding(column, Severity.ERROR, message))
            elif len(cells[column]) > limit:
                found.append(Finding(column, Severity.ERROR, _("paling panjang %(n)s karakter", n=limit)))
        if cells["nama"] in _NONE:
            found.append(Finding("nama", Severity.ERROR, _("%(column)s kosong", column=_("nama"))))
        if found:
            return Checked(line, None, tuple(found))
        code, parent = (cells[k] if cells[k] not in _NONE else "" for k in ("kode", "induk"))
        row = UnitRow(" ".join(cells["nama"].split()), code, plain_word(parent))
        return Checked(line, row, (), same_as=plain_word(row.name))

    def compare(
        self, rows: Sequence[Checked[UnitRow]], context: Context, prepared: Prepared
    ) -> Mapping[int, Sequence[Finding]]:
        """Parents that are missing or stand in a circle, names for two, and what is there already."""
        values = {r.line: r.value for r in rows if r.value}
        told: dict[int, list[Finding]] = {line: [] for line in values}
        by_word = _by_word(values, told)
        above: dict[int, int] = {}
        for line, value in values.items():
            if value.parent in by_word:
                above[line] = by_word[value.parent]
            elif value.parent and value.parent not in prepared.units:
                message = _(
                    "induk “%(name)s” tidak ada di kantor maupun di tabel ini", name=value.parent[:60]
                )
                told[line].append(Finding("induk", Severity.ERROR, message))
            elif value.parent and prepared.units[value.parent] is None:
                message = _(
                    "ada lebih dari satu seksi “%(name)s”; tulis namanya lengkap", name=value.parent[:60]
                )
                told[line].append(Finding("induk", Severity.ERROR, message))
            known = prepared.sections.get(plain_word(value.name))
            told[line] += _about_known(known, value) if known is not None else []
        for line in _circles(above):
            message = _("induknya berputar kembali ke seksi ini sendiri")
            told[line].append(Finding("induk", Severity.ERROR, message))
        return told

    def apply(
        self, rows: Sequence[Checked[UnitRow]], context: Context, prepared: Prepared
    ) -> Sequence[Applied]:
        """Write parents first."""
        told: list[Applied] = []
        waiting = {r.line: r.value for r in rows if r.value}
        while waiting:
            ahead = set().union(*(v.words for v in waiting.values()))
            ready = [
                line for line, v in waiting.items()
                if not v.parent or v.parent not in ahead or v.parent in v.words
            ] or list(waiting)  # fmt: skip
            for line in ready:
                value = waiting.pop(line)
                try:
                    with db.session.begin_nested():
                        done = _write(line, value, context, prepared)
                except UserError as refused:
                    done = Applied(line, Outcome.REFUSED, reason=refused.message)
                told.append(done)
        return told

    def take_back(self, applied: Sequence[Applied], context: Context) -> Mapping[int, str]:
        """Sections that nobody uses are closed, from the leaves up; corrected ones become what they were."""
        found: list[tuple[Applied, Unit]] = []
        for row in applied:
            try:
                found.append((row, get_section(context.office.id, row.subject[1] if row.subject else 0)))
            except NotFound:
                continue
        used = _used([unit.id for _row, unit in found])
        stays: dict[int, str] = {}
        for row, unit in sorted(found, key=lambda pair: len(pair[1].path.split("/")), reverse=True):
            try:
                with db.session.begin_nested():
                    why = _take_back(row, unit, used, context)
            except UserError as refused:
                why = refused.message
            if why:
                stays[row.line] = why
        return stays


def _by_word(values: Mapping[int, UnitRow], told: dict[int, list[Finding]]) -> dict[str, int]:
    """Which line a name or short name stands for; a short name that two rows have is told of at the later one."""
    names: dict[str, int] = {}
    for line, value in values.items():
        names.setdefault(plain_word(value.name), line)
    codes: dict[str, int] = {}
    for line, value in values.items():
        if not value.code:
            continue
        first = codes.setdefault(plain_word(value.code), line)
        if plain_word(values[first].name) != plain_word(value.name):
            message = _("nama singkat ini juga tertulis pada baris %(n)s", n=first)
            told[line].append(Finding("kode", Severity.ERROR, message))
    return codes | names


def _circles(above: Mapping[int, int]) -> set[int]:
    """The lines from which going up leads back to them."""
    found = set()
    for start in above:
        seen, line = {start}, above[start]
        while line in above and line not in seen:
            seen.add(line)
            line = above[line]
        if line == start:
            found.add(start)
    return found


def _about_known(known: Unit, value: UnitRow) -> list[Finding]:
    if not known.is_active:
        return [Finding("", Severity.WARNING, _("sudah ditutup; akan dibuka kembali"))]
    if value.code and known.short_name != value.code:
        message = _("sekarang “%(name)s”; akan diganti", name=known.short_name)
        return [Finding("kode", Severity.NOTE, message)]
    return [Finding("", Severity.NOTE, _("sudah ada; induknya tetap"))]


def _write(line: int, value: UnitRow, context: Context, prepared: Prepared) -> Applied:
    known = prepared.sections.get(plain_word(value.name))
    undo: dict[str, Any] = {}
    if known is None:
        parent = prepared.units.get(value.parent) if value.parent else None
        if value.parent and parent is None:
            raise UserError(_("Induknya tidak jadi dicatat."))
        known = create_section(
            context.office, actor=context.actor, name=value.name, short_name=value.code, parent=parent
        )
        outcome = Outcome.MADE
    elif known.is_active and (not value.code or value.code == known.short_name):
        return Applied(line, Outcome.KNOWN, ("unit", known.id))
    else:
        outcome = Outcome.CHANGED
        undo = {"code": known.short_name, "open": known.is_active, "now": value.code or known.short_name}
        change_section(
            known, context.office, actor=context.actor, name=known.name, short_name=undo["now"], is_active=True,
            row_version=None,
        )  # fmt: skip
    prepared.sections[plain_word(value.name)] = known
    for word in value.words:
        prepared.units[word] = known
    return Applied(line, outcome, ("unit", known.id), undo=undo)


def _used(ids: Sequence[int]) -> set[int]:
    """Those that anything names as its section: a role, a story, a pitch, an activity. A statement for each such
    column, whatever the number of units.
    """
    found: set[int] = set()
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if table.name != "unit" and any(k.target_fullname == "unit.id" for k in column.foreign_keys):
                found |= set(db.session.scalars(select(column).where(column.in_(ids)).distinct()))
    return found


def _take_back(row: Applied, unit: Unit, used: set[int], context: Context) -> str:
    """Why it stays; empty when it went."""
    name, is_open = unit.short_name, False
    if row.outcome is Outcome.CHANGED:
        if unit.short_name != row.undo.get("now"):
            return _("sudah diubah lagi sesudah diimpor")
        name, is_open = str(row.undo["code"]), bool(row.undo["open"])
    if not is_open:
        if unit.id in used:
            return _("sudah dipakai: ada orang atau naskah di seksi ini")
        below = select(Unit.id).where(Unit.parent_id == unit.id, Unit.is_active.is_(True)).limit(1)
        if db.session.scalar(below) is not None:
            return _("masih ada seksi di bawahnya")
    change_section(
        unit, context.office, actor=context.actor, name=unit.name, short_name=name, is_active=is_open,
        row_version=None,
    )  # fmt: skip
    return ""


KIND = Units()
