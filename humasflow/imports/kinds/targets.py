"""Schemes with their components, and targets: a row a component and period. A scheme that is missing is made of all of
its rows; a target that stands already changes only where a row says why.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from humasflow.channels.queries import list_kinds
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.periods import Period, PeriodError, PeriodType, parse_period
from humasflow.core.permissions import Permission
from humasflow.core.slugs import slugify
from humasflow.imports.kinds.base import Applied, Checked, Column, Context, Finding, Outcome, Severity
from humasflow.imports.kinds.words import kinds_by_words, types_by_words
from humasflow.imports.values import read_number
from humasflow.orgs.models import Unit
from humasflow.planning.queries import list_content_types
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.queries.targets import TargetKey, key_of, list_targets
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.targets import TargetChange, set_target, set_targets

_PLAIN: Final = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,4})?")


@dataclass(frozen=True)
class TargetRow:
    """One row, understood. ``channel`` and ``content_type`` are codes."""

    scheme: str
    component: str
    channel: str
    content_type: str
    weight: Decimal
    value: Decimal
    period: Period
    letter: str
    reason: str

    @property
    def key(self) -> str:
        """The component's key."""
        return slugify(self.component, limit=50, fallback="komponen")


@dataclass(frozen=True)
class Prepared:
    """Codes by words, and the schemes of the office by name."""

    channels: Mapping[str, str]
    types: Mapping[str, str]
    schemes: dict[str, ScoreScheme]


class Targets:
    """The kind."""

    code = "targets"
    label = _l("Skema dan sasaran")
    lead = _l("Komponen, bobot, dan sasaran tiap periode dari surat keputusan.")
    permission = Permission.SCORE_MANAGE
    chunk = 2000  # a scheme is made of all of its rows
    columns = (
        Column("skema", _l("Skema"), ("skema", "nama skema", "scheme"), is_required=True, example="Contoh Kinerja"),
        Column(
            "komponen", _l("Komponen"), ("komponen", "indikator", "component"), is_required=True,
            example="Berita terbaru",
        ),
        Column("kanal", _l("Kanal"), ("kanal", "media", "channel"), is_required=True, example="Website"),
        Column(
            "jenis", _l("Jenis konten"), ("jenis", "jenis konten"), is_required=True, example="Berita terbaru"
        ),
        Column("bobot", _l("Bobot"), ("bobot", "weight"), is_required=True, example="60"),
        Column(
            "target", _l("Sasaran"), ("target per triwulan", "target", "sasaran", "sasaran per triwulan"),
            is_required=True, example="60",
        ),
        Column(
            "periode", _l("Periode"), ("periode", "triwulan", "period"), is_required=True, example="2026-TW1",
            hint=_l("Contohnya 2026-TW1."),
        ),
        Column(
            "dasar", _l("Dasar"), ("dasar", "surat", "dokumen", "nomor surat"), is_required=True,
            example="KEP-1/2026", hint=_l("Surat yang menetapkannya."),
        ),
        Column(
            "alasan", _l("Alasan"), ("alasan", "reason"), example="",
            hint=_l("Hanya bila mengubah sasaran yang sudah ada."),
        ),
    )  # fmt: skip

    def choices(self, office: Unit) -> Mapping[str, Sequence[str]]:
        """Channels and content types by their labels, and schemes."""
        return {
            "kanal": ["Website", *(k.label for k in list_kinds(office.id))],
            "jenis": [t.label for t in list_content_types(office.id)],
        }

    def prepare(self, context: Context) -> Prepared:
        """Three statements."""
        office_id = context.office.id
        schemes = db.session.scalars(select(ScoreScheme).where(ScoreScheme.office_id == office_id)).all()
        return Prepared(
            {w: k.code for w, k in kinds_by_words(list_kinds(office_id)).items()},
            {w: t.code for w, t in types_by_words(list_content_types(office_id)).items()},
            {s.name: s for s in schemes},
        )

    def check(
        self, line: int, cells: Mapping[str, str], context: Context, prepared: Prepared
    ) -> Checked[TargetRow]:
        """Understand a row."""
        found: list[Finding] = []

        def bad(column: str, message: str) -> None:
            found.append(Finding(column, Severity.ERROR, message))

        labels = {c.key: str(c.label).lower() for c in self.columns}
        for column, limit in (("skema", 120), ("komponen", 120), ("dasar", 200)):
            if not cells[column]:
                bad(column, _("%(column)s kosong", column=labels[column]))
            elif len(cells[column]) > limit:
                bad(column, _("paling panjang %(n)s karakter", n=limit))
        channel = prepared.channels.get(cells["kanal"].lower(), "")
        content_type = prepared.types.get(cells["jenis"].lower(), "")
        if not channel:
            bad("kanal", _("kanal “%(name)s” tidak dikenal", name=cells["kanal"][:40]))
        if not content_type:
            bad("jenis", _("jenis “%(name)s” tidak dikenal", name=cells["jenis"][:40]))
        weight = _number(cells["bobot"], may_group=False)
        value = _number(cells["target"], may_group=True)
        if weight is None:
            bad("bobot", _("%(column)s harus berupa angka", column="bobot"))
        if value is None:
            bad("target", _("%(column)s harus berupa angka", column="sasaran"))
        elif not value:
            bad("target", _("Sasaran nol tidak dapat dihitung. Kosongkan bila memang tidak ada sasaran."))
        scheme = prepared.schemes.get(cells["skema"])
        period: Period | None = None
        try:
            period = parse_period(cells["periode"], scheme.period_type if scheme else PeriodType.QUARTER)
        except PeriodError:
            bad(
                "periode",
                _("periode “%(text)s” tidak dikenal. Contoh: 2026-TW1", text=cells["periode"][:20]),
            )
        if found or weight is None or value is None or period is None:
            return Checked(line, None, tuple(found))
        row = TargetRow(
            cells["skema"], cells["komponen"], channel, content_type, weight, value, period, cells["dasar"],
            cells["alasan"],
        )  # fmt: skip
        return Checked(line, row, (), same_as=f"{row.scheme}\n{row.key}\n{period.key}")

    def compare(
        self, rows: Sequence[Checked[TargetRow]], context: Context, prepared: Prepared
    ) -> Mapping[int, Sequence[Finding]]:
        """What stands already. A statement for each scheme and period among the rows."""
        told: dict[int, list[Finding]] = {}
        standing: dict[tuple[int, str], dict[TargetKey, Any]] = {}
        for row in rows:
            scheme = prepared.schemes.get(row.value.scheme) if row.value else None
            if row.value is None or scheme is None:
                continue
            place = (scheme.id, row.value.period.key)
            if place not in standing:
                found = list_targets(context.office.id, scheme.id, row.value.period.key)
                standing[place] = {key_of(t): t for t in found}
            now = standing[place].get(_office_key(row.value))
            if now is None:
                continue
            if now.value == row.value.value and now.upper is None:
                told[row.line] = [Finding("target", Severity.NOTE, _("sudah ditetapkan begitu"))]
            elif not row.value.reason:
                told[row.line] = [
                    Finding(
                        "alasan", Severity.ERROR,
                        _("sasaran yang sudah ada hanya berubah dengan alasan; isi kolom alasan"),
                    )
                ]  # fmt: skip
        return told

    def apply(
        self, rows: Sequence[Checked[TargetRow]], context: Context, prepared: Prepared
    ) -> Sequence[Applied]:
        """Make what is missing of the schemes, then set the targets."""
        told: list[Applied] = []
        for name in dict.fromkeys(r.value.scheme for r in rows if r.value):
            mine = [(r.line, r.value) for r in rows if r.value and r.value.scheme == name]
            try:
                with db.session.begin_nested():
                    scheme = prepared.schemes.get(name) or _make_scheme(name, mine, context)
            except UserError as refused:
                told += [Applied(line, Outcome.REFUSED, reason=refused.message) for line, _row in mine]
                continue
            prepared.schemes[name] = scheme
            told += [_set(scheme, line, row, context) for line, row in mine]
        return told

    def take_back(self, applied: Sequence[Applied], context: Context) -> Mapping[int, str]:
        """Targets become what they were. Schemes stay: without targets they harm nobody."""
        stays: dict[int, str] = {}
        for row in applied:
            try:
                with db.session.begin_nested():
                    why = _take_back(row, context)
            except UserError as refused:
                why = refused.message
            if why:
                stays[row.line] = why
        return stays


def _number(text: str, *, may_group: bool) -> Decimal | None:
    number = read_number(text, may_group=may_group)
    return number if number is not None and _PLAIN.fullmatch(f"{number:f}") else None


def _office_key(row: TargetRow) -> TargetKey:
    return TargetKey(row.key)


def _make_scheme(name: str, rows: Sequence[tuple[int, TargetRow]], context: Context) -> ScoreScheme:
    specs: dict[str, ComponentSpec] = {}
    for _line, row in rows:
        # A website is scored whether the office's own newsroom or the ministry's portal carries it.
        selected = ["website_own", "website_portal"] if row.channel == "website_portal" else [row.channel]
        specs.setdefault(
            row.key,
            ComponentSpec(
                label=row.component, key=row.key, weight=row.weight, content_types=[row.content_type],
                channel_kinds=selected,
            ),
        )  # fmt: skip
    scheme = create_scheme(context.office.id, actor=context.actor, name=name)
    create_scheme_version(
        scheme, actor=context.actor, components=list(specs.values()),
        effective_from=min((row.period for _line, row in rows), key=lambda p: p.start),
    )  # fmt: skip
    return scheme


def _set(scheme: ScoreScheme, line: int, row: TargetRow, context: Context) -> Applied:
    standing = {key_of(t): t for t in list_targets(context.office.id, scheme.id, row.period.key)}
    before = standing.get(_office_key(row))
    try:
        with db.session.begin_nested():
            made = set_target(
                scheme, actor=context.actor, component_key=row.key, period=row.period, value=row.value,
                letter=row.letter, reason=row.reason,
            )  # fmt: skip
    except UserError as refused:
        return Applied(line, Outcome.REFUSED, reason=refused.message)
    if made is None:
        return Applied(line, Outcome.KNOWN, ("target", before.id) if before else None)
    undo = {
        "scheme": scheme.id, "component": row.key, "period": row.period.key,
        "value": str(before.value) if before and before.value is not None else "",
        "upper": str(before.upper) if before and before.upper is not None else "",
        "letter": before.letter if before else row.letter,
    }  # fmt: skip
    return Applied(line, Outcome.CHANGED if before else Outcome.MADE, ("target", made.id), undo=undo)


def _take_back(row: Applied, context: Context) -> str:
    """Why it stays; empty when it is what it was."""
    scheme = db.session.get(ScoreScheme, int(row.undo["scheme"]))
    if scheme is None or row.subject is None:
        return ""
    period = parse_period(str(row.undo["period"]), scheme.period_type)
    key = TargetKey(str(row.undo["component"]))
    now = {key_of(t): t for t in list_targets(context.office.id, scheme.id, period.key)}.get(key)
    if now is None or now.id != row.subject[1]:
        return _("sudah diubah lagi sesudah diimpor")
    value = Decimal(str(row.undo["value"])) if row.undo["value"] else None
    upper = Decimal(str(row.undo["upper"])) if row.undo["upper"] else None
    set_targets(
        scheme, actor=context.actor, period=period, changes=[TargetChange(key, value, upper)],
        letter=str(row.undo["letter"]), reason=_("Impornya dibatalkan."),
    )  # fmt: skip
    return ""


KIND = Targets()
