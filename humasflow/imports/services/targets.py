"""Reading a scheme with its targets from a list: skema, komponen, kanal, jenis, bobot, target, periode, dasar, and why
a target that is set already changes (alasan).
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit.services import Actor
from humasflow.channels.queries import list_kinds
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.periods import Period, PeriodError, PeriodType, Quarter, parse_period
from humasflow.core.slugs import slugify
from humasflow.imports.services.publications import CHANNEL_ALIASES
from humasflow.imports.tables import Row, read_table
from humasflow.orgs.models import Unit
from humasflow.planning.queries import list_content_types
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.targets import set_target

_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")

COLUMNS: Mapping[str, Sequence[str]] = {
    "skema": ("skema", "scheme"),
    "komponen": ("komponen", "component"),
    "kanal": ("kanal", "channel"),
    "jenis": ("jenis", "jenis konten"),
    "bobot": ("bobot", "weight"),
    "target": ("target_per_triwulan", "target", "sasaran"),
    "periode": ("periode", "triwulan"),
    "dasar": ("dasar", "surat", "dokumen"),
    "alasan": ("alasan", "reason"),
}


class BadTargetList(UserError):
    """A row of the list cannot be understood; the message names its line."""


def import_targets(data: bytes, *, office: Unit, actor: Actor | None) -> tuple[int, int]:
    """Make the schemes that are missing, set the targets and, where a row says why, revise them. All or nothing.
    Returns schemes made, targets set.
    """
    rows = read_table(data, COLUMNS, optional=["alasan"])
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
            targets_set += _set(scheme, row, actor)
    return schemes_made, targets_set


def _set(scheme: ScoreScheme, row: Row, actor: Actor | None) -> bool:
    """Set the target of a row; whether anything was new. What is refused names its line."""
    try:
        made = set_target(
            scheme, actor=actor, component_key=_key(row), period=_period(row, scheme.period_type),
            value=_number(row, "target", may_group=True), letter=row.cells["dasar"],
            reason=row.cells["alasan"],
        )  # fmt: skip
    except BadTargetList:
        raise
    except UserError as refused:
        raise BadTargetList(_("Baris %(n)s: %(why)s", n=row.line, why=refused.message)) from refused
    return made is not None


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
    found = _period(row, PeriodType.QUARTER)
    assert isinstance(found, Quarter)  # noqa: S101 - the type asked for decides
    return found


def _period(row: Row, type_: PeriodType) -> Period:
    """The period of a row, of the type the scheme counts by."""
    try:
        return parse_period(row.cells["periode"], type_)
    except PeriodError as error:
        raise BadTargetList(
            _(
                "Baris %(n)s: periode “%(text)s” tidak dikenal. Contoh: 2026-TW1.",
                n=row.line,
                text=row.cells["periode"][:20],
            )
        ) from error


def _number(row: Row, column: str, *, may_group: bool = False) -> Decimal:
    """A number as spreadsheets write it. ``may_group``: ``1.250`` is a thousand and more, as on the page of targets; of
    a weight, which is never that large, it is a decimal.
    """
    text = row.cells[column]
    if may_group and _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    text = text.replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,4})?", text):
        raise BadTargetList(_("Baris %(n)s: %(column)s harus berupa angka.", n=row.line, column=column))
    return Decimal(text)
