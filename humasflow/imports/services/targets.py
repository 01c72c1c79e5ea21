"""Reading a scheme with its targets from a list: skema, komponen, kanal, jenis, bobot, target, periode, dasar."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit.services import Actor
from humasflow.channels.queries import list_kinds
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.periods import PeriodError, Quarter
from humasflow.core.slugs import slugify
from humasflow.imports.services.publications import CHANNEL_ALIASES
from humasflow.imports.tables import Row, read_table
from humasflow.orgs.models import Unit
from humasflow.planning.queries import list_content_types
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version, set_target

COLUMNS: Mapping[str, Sequence[str]] = {
    "skema": ("skema", "scheme"),
    "komponen": ("komponen", "component"),
    "kanal": ("kanal", "channel"),
    "jenis": ("jenis", "jenis konten"),
    "bobot": ("bobot", "weight"),
    "target": ("target_per_triwulan", "target", "sasaran"),
    "periode": ("periode", "triwulan"),
    "dasar": ("dasar", "surat", "dokumen"),
}


class BadTargetList(UserError):
    """A row of the list cannot be understood; the message names its line."""


def import_targets(data: bytes, *, office: Unit, actor: Actor | None) -> tuple[int, int]:
    """Make the schemes that are missing and set the targets. All or nothing. Returns schemes made, targets set."""
    rows = read_table(data, COLUMNS)
    schemes_made = targets_set = 0
    for name in dict.fromkeys(r.cells["skema"] for r in rows):
        mine = [r for r in rows if r.cells["skema"] == name]
        scheme = db.session.scalar(
            select(ScoreScheme).where(ScoreScheme.office_id == office.id, ScoreScheme.name == name)
        )
        if scheme is None:
            scheme = _make_scheme(name, mine, office, actor)
            schemes_made += 1
        for row in mine:
            made = set_target(
                scheme,
                actor=actor,
                component_key=_key(row),
                quarter=_quarter(row),
                value=_number(row, "target"),
                letter=row.cells["dasar"],
            )
            targets_set += made is not None
    return schemes_made, targets_set


def _make_scheme(name: str, rows: Sequence[Row], office: Unit, actor: Actor | None) -> ScoreScheme:
    kinds = {k.label.lower(): k.code for k in list_kinds(office.id)} | {
        k.code: k.code for k in list_kinds(office.id)
    }
    types = {t.label.lower(): t.code for t in list_content_types(office.id)}
    specs: dict[str, ComponentSpec] = {}
    for row in rows:
        channel, jenis = row.cells["kanal"].lower(), row.cells["jenis"].lower()
        kind = kinds.get(CHANNEL_ALIASES.get(channel, channel))
        if kind is None or jenis not in types:
            raise BadTargetList(_("Baris %(n)s: kanal atau jenis tidak dikenal.", n=row.line))
        # A website is scored whether the office's own newsroom or the ministry's portal carries it.
        selected = ["website_own", "website_portal"] if kind == "website_portal" else [kind]
        specs.setdefault(
            _key(row),
            ComponentSpec(
                label=row.cells["komponen"],
                key=_key(row),
                weight=_number(row, "bobot"),
                content_types=[types[jenis]],
                channel_kinds=selected,
            ),
        )
    scheme = create_scheme(office.id, actor=actor, name=name)
    first = min(_quarter(r) for r in rows)
    create_scheme_version(scheme, actor=actor, components=list(specs.values()), effective_from=first)
    return scheme


def _key(row: Row) -> str:
    return slugify(row.cells["komponen"], limit=50, fallback="komponen")


def _quarter(row: Row) -> Quarter:
    try:
        return Quarter.parse(row.cells["periode"])
    except PeriodError as error:
        raise BadTargetList(
            _(
                "Baris %(n)s: periode “%(text)s” tidak dikenal. Contoh: 2026-TW1.",
                n=row.line,
                text=row.cells["periode"][:20],
            )
        ) from error


def _number(row: Row, column: str) -> Decimal:
    text = row.cells[column].replace(",", ".")
    if not re.fullmatch(r"\d{1,7}(\.\d{1,4})?", text):
        raise BadTargetList(_("Baris %(n)s: %(column)s harus berupa angka.", n=row.line, column=column))
    return Decimal(text)
