"""Imports and their rows. Every list costs the same number of statements whatever its length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Text, case, cast, func, select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.imports.kinds.base import Outcome, Severity
from humasflow.imports.kinds.registry import get_kind, kinds
from humasflow.imports.models import HeadingMemory, ImportBatch, ImportRow
from humasflow.publishing.models import Delivery

BATCHES_SHOWN: Final = 30
ROWS_SHOWN: Final = 50

FILTERS: Final = (
    "perlu-diperbaiki",
    "perlu-dilihat",
    "ganda",
    "baik",
    "dibuat",
    "diubah",
    "dikenal",
    "dilewati",
    "ditolak",
)


@dataclass(frozen=True)
class Counts:
    """How many rows of an import are what. ``good``: what would be imported; ``noted``: good ones of which something is
    said; ``same``: they repeat an earlier line.
    """

    all: int
    good: int
    bad: int
    noted: int
    same: int
    undone: int
    kept: int
    outcomes: Mapping[Outcome, int]


def list_batches(actor: Principal, office_id: int) -> Sequence[ImportBatch]:
    """The latest of an office that this person may see, the newest first."""
    codes = [k.code for k in kinds().values() if actor.can(k.permission, office_id)]
    return db.session.scalars(
        select(ImportBatch)
        .where(ImportBatch.office_id == office_id, ImportBatch.kind.in_(codes))
        .order_by(ImportBatch.id.desc())
        .limit(BATCHES_SHOWN)
    ).all()


def get_batch(actor: Principal, office_id: int, batch_id: int) -> ImportBatch:
    """One of the office's, for whoever may import such things; or "not found"."""
    found = db.session.get(ImportBatch, batch_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    if not actor.can(get_kind(found.kind).permission, office_id):
        raise NotFound
    return found


def get_row(batch: ImportBatch, row_id: int) -> ImportRow:
    """One of the import's, or "not found"."""
    found = db.session.get(ImportRow, row_id)
    if found is None or found.batch_id != batch.id:
        raise NotFound
    return found


def of_table(batch: ImportBatch) -> tuple[ColumnElement[bool], ...]:
    """The rows below the headings."""
    return ImportRow.batch_id == batch.id, ImportRow.line >= batch.first_line


def count_rows(batch: ImportBatch) -> Counts:
    """One statement."""
    is_same = ImportRow.same_line < ImportRow.line
    number = func.count(ImportRow.id)
    rows = db.session.execute(
        select(
            ImportRow.outcome, number,
            func.sum(case((ImportRow.is_bad, 1), else_=0)),
            func.sum(case((~ImportRow.is_bad & is_same, 1), else_=0)),
            func.sum(case((~ImportRow.is_bad & (func.length(_as_text()) > 2), 1), else_=0)),
            func.sum(case((ImportRow.is_undone, 1), else_=0)),
            func.sum(case(((ImportRow.reason != "") & ~ImportRow.is_undone, 1), else_=0)),
        ).where(*of_table(batch)).group_by(ImportRow.outcome)
    ).all()  # fmt: skip
    total, bad, same, noted, undone = (sum(int(r[i] or 0) for r in rows) for i in (1, 2, 3, 4, 5))
    outcomes = {r[0]: int(r[1]) for r in rows if r[0] is not None}
    kept = sum(int(r[6] or 0) for r in rows if r[0] in (Outcome.MADE, Outcome.CHANGED))
    return Counts(total, total - bad - same, bad, noted, same, undone, kept, outcomes)


def _as_text() -> ColumnElement[str]:
    """The findings as they are stored: nothing is said of a row whose list is empty (two characters)."""
    return cast(ImportRow.findings, Text)


def newest_publication(batch: ImportBatch) -> datetime | None:
    """When the latest of the publications that this import is about went live, in UTC; None: it is about none."""
    return db.session.scalar(
        select(func.max(Delivery.published_at))
        .join(ImportRow, ImportRow.subject_id == Delivery.id)
        .where(ImportRow.batch_id == batch.id, ImportRow.subject_type == "delivery")
    )


def list_rows(
    batch: ImportBatch, *, wanted: str, after: int | None, limit: int = ROWS_SHOWN
) -> tuple[Sequence[ImportRow], int | None]:
    """A page of rows in the order of the file, and the line to go on after. ``wanted``: one of FILTERS, or all."""
    conditions = [*of_table(batch), *_filter(wanted)]
    if after is not None:
        conditions.append(ImportRow.line > after)
    rows = db.session.scalars(
        select(ImportRow).where(*conditions).order_by(ImportRow.line).limit(limit + 1)
    ).all()
    shown = rows[:limit]
    return shown, shown[-1].line if len(rows) > limit else None


def _filter(wanted: str) -> list[ColumnElement[bool]]:
    outcome = {
        "dibuat": Outcome.MADE, "diubah": Outcome.CHANGED, "dikenal": Outcome.KNOWN, "dilewati": Outcome.SKIPPED,
        "ditolak": Outcome.REFUSED,
    }.get(wanted)  # fmt: skip
    if outcome is not None:
        return [ImportRow.outcome == outcome]
    if wanted == "perlu-diperbaiki":
        return [ImportRow.is_bad.is_(True)]
    if wanted == "ganda":
        return [ImportRow.is_bad.is_(False), ImportRow.same_line < ImportRow.line]
    if wanted == "perlu-dilihat":
        return [ImportRow.is_bad.is_(False), func.length(_as_text()) > 2]
    if wanted == "baik":
        return [ImportRow.is_bad.is_(False)]
    return []


def findings_of(row: ImportRow) -> list[list[str]]:
    """What is to be said of a row, ``[column, severity, message]``: its findings, and which earlier one it repeats."""
    if row.is_bad or row.same_line is None or row.same_line >= row.line:
        return row.findings
    repeats = _("sama dengan baris %(n)s; baris pertama yang dipakai", n=row.same_line)
    return [*row.findings, ["", Severity.WARNING.value, repeats]]


def next_rows(
    batch: ImportBatch, count: int, *conditions: ColumnElement[bool], backwards: bool = False
) -> Sequence[ImportRow]:
    """What a job works on next, beyond the line it has done."""
    beyond = ImportRow.line < batch.cursor if backwards else ImportRow.line > batch.cursor
    order = ImportRow.line.desc() if backwards else ImportRow.line
    return db.session.scalars(
        select(ImportRow).where(*of_table(batch), beyond, *conditions).order_by(order).limit(count)
    ).all()


def first_rows(batch: ImportBatch, count: int) -> Sequence[ImportRow]:
    """The first rows of the table, below its headings."""
    return db.session.scalars(
        select(ImportRow).where(*of_table(batch)).order_by(ImportRow.line).limit(count)
    ).all()


def head_of(batch: ImportBatch, count: int) -> list[tuple[int, list[str]]]:
    """The first lines of the file with their numbers."""
    rows = db.session.execute(
        select(ImportRow.line, ImportRow.cells)
        .where(ImportRow.batch_id == batch.id)
        .order_by(ImportRow.line)
        .limit(count)
    )
    return [(line, cells) for line, cells in rows]


def remembered(office_id: int, kind: str) -> dict[str, str]:
    """What the office meant by its headings: plain heading → column key, or empty."""
    rows = db.session.execute(
        select(HeadingMemory.heading, HeadingMemory.column).where(
            HeadingMemory.office_id == office_id, HeadingMemory.kind == kind
        )
    )
    return {row.heading: row.column for row in rows}
