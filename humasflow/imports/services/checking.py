"""Every row is understood and compared with what there is, some hundred a transaction; one that was mended, at once."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select, update

from humasflow.accounts.policy import Principal
from humasflow.core.db import db, table_of
from humasflow.core.errors import Conflict
from humasflow.imports import queries
from humasflow.imports.enums import BatchMove, BatchState
from humasflow.imports.kinds.base import Checked, Context, Finding, Severity
from humasflow.imports.kinds.registry import is_whole
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.imports.services.running import (
    begin,
    context_of,
    kind_of,
    locked,
    require_import,
    run_step,
    shift,
    tell,
)
from humasflow.imports.values import without_overrides
from humasflow.notifications.enums import NoticeKind
from humasflow.outbox.turns import take_turn

AT_ONCE: Final = 500
LONGEST_TAKEN: Final = 2_000  # characters of a cell
TOLD_FROM: Final = 2_000  # rows; a smaller table is looked at before anybody leaves the page


def check_batch(ref: str) -> timedelta | None:
    """The job: look at rows for some seconds, then let others have their turn. Safe to run again at any point."""
    return run_step(ref, BatchState.CHECKING, lambda batch: take_turn(partial(_check, batch.id)))


def _check(batch_id: int) -> bool:
    """Some rows; whether there may be more."""
    found = locked(db.session.get_one(ImportBatch, batch_id))
    if found.state is not BatchState.CHECKING:
        db.session.rollback()
        return False
    kind = kind_of(found)
    rows = queries.next_rows(found, kind.chunk if is_whole(kind) else AT_ONCE)
    if not rows:
        _finish(found)
        return False
    check_rows(found, rows, context_of(found))
    found.cursor, found.done = rows[-1].line, found.done + len(rows)
    return True


def _finish(batch: ImportBatch) -> None:
    group(batch)
    shift(batch, BatchMove.CHECK_DONE)
    db.session.flush()
    if batch.total >= TOLD_FROM:
        tell(batch, NoticeKind.IMPORT_CHECKED)


def cells_of(batch: ImportBatch, row: ImportRow) -> dict[str, str]:
    """What a row says by column: what a person wrote, else its cell, else the default."""
    said = {}
    for column in kind_of(batch).columns:
        place = batch.mapping.get(column.key)
        cell = row.cells[place] if place is not None and place < len(row.cells) else ""
        edited = row.edits.get(column.key)
        text = (edited if edited is not None else cell).strip()
        text = batch.words.get(column.key, {}).get(text.lower(), text)
        said[column.key] = text or batch.defaults.get(column.key, "")
    return said


def understand(
    batch: ImportBatch, rows: Sequence[ImportRow], context: Context, prepared: Any
) -> list[Checked[Any]]:
    """The rows as their kind understands them, with what it says of them together."""
    kind = kind_of(batch)
    checked = []
    for row in rows:
        cells = cells_of(batch, row)
        seen = kind.check(row.line, cells, context, prepared)
        checked.append(_with(seen, _too_long(cells)))
    good = [c for c in checked if c.value is not None]
    more: Mapping[int, Sequence[Finding]] = kind.compare(good, context, prepared) if good else {}
    return [_with(c, more.get(c.line, ())) for c in checked]


def _too_long(cells: Mapping[str, str]) -> list[Finding]:
    """Of a cell that was not read to its end, half would be written."""
    return [
        Finding(key, Severity.ERROR, _("isinya lebih dari 2.000 karakter; singkatkan"))
        for key, text in cells.items()
        if len(text) > LONGEST_TAKEN
    ]


def _with(checked: Checked[Any], more: Sequence[Finding]) -> Checked[Any]:
    if not more:
        return checked
    refused = any(f.severity is Severity.ERROR for f in more)
    return Checked(
        checked.line, None if refused else checked.value, (*checked.findings, *more), checked.same_as
    )  # fmt: skip


def check_rows(batch: ImportBatch, rows: Sequence[ImportRow], context: Context) -> None:
    """Look at some rows and keep what is to be said of them. Flushes."""
    checked = understand(batch, rows, context, kind_of(batch).prepare(context))
    changes = []
    for row, seen in zip(rows, checked, strict=True):
        findings = [[f.column, f.severity.value, str(f.message)] for f in seen.findings]
        digest = hashlib.sha256(seen.same_as.encode()).hexdigest()[:40] if seen.same_as else ""
        if (row.findings, row.is_bad, row.same_as) != (findings, seen.value is None, digest):
            changes.append(
                {"id": row.id, "findings": findings, "is_bad": seen.value is None, "same_as": digest}
            )
    if changes:
        db.session.execute(update(ImportRow), changes)


def group(batch: ImportBatch, only: Sequence[str] = ()) -> None:
    """Tell the rows that say the same as others which good line says it first; ``only``: those with one of these
    digests. Flushes.
    """
    mine = [*queries.of_table(batch), ImportRow.same_as != ""]
    if only:
        mine.append(ImportRow.same_as.in_(only))
    told = update(ImportRow).execution_options(synchronize_session=False)
    db.session.execute(told.where(*mine, ImportRow.same_line.is_not(None)).values(same_line=None))
    repeated = db.session.execute(
        select(ImportRow.same_as, func.min(ImportRow.line))
        .where(*mine, ImportRow.is_bad.is_(False))
        .group_by(ImportRow.same_as)
        .having(func.count() > 1)
    ).all()
    rows = table_of(ImportRow)
    if repeated:
        db.session.execute(
            update(rows)
            .where(rows.c.batch_id == batch.id, rows.c.same_as == bindparam("digest"))
            .values(same_line=bindparam("first")),
            [{"digest": digest, "first": first} for digest, first in repeated],
        )
    db.session.expire_all()


def fix_cells(batch: ImportBatch, row: ImportRow, texts: Mapping[str, str], *, actor: Principal) -> bool:
    """Write something else into cells of a row and look at it again. Whether it is good now. Safe to repeat. Flushes.
    Raises NotAllowed, Conflict.
    """
    require_import(actor, batch)
    locked(batch)
    if batch.state is not BatchState.CHECKED:
        raise Conflict(
            _("Impor ini sudah berjalan lebih jauh sejak halaman ini dibuka. Muat ulang halamannya.")
        )
    known = {c.key for c in kind_of(batch).columns}
    before = cells_of(batch, row)
    changed = {
        k: without_overrides(" ".join(v.replace("\x00", "").split()))[:LONGEST_TAKEN]
        for k, v in texts.items()
        if k in known and " ".join(v.split()) != before[k]
    }
    if changed:
        row.edits, row.edited_by = {**row.edits, **changed}, actor.id
        db.session.flush()
    was = row.same_as
    kind = kind_of(batch)
    # What one row says may mend others, where rows name each other.
    rows = queries.first_rows(batch, kind.chunk) if is_whole(kind) else [row]
    check_rows(batch, rows, context_for(batch, actor))
    db.session.refresh(row)
    if was or row.same_as:
        group(batch, () if is_whole(kind) else [d for d in (was, row.same_as) if d])
    return not row.is_bad


def replace_word(batch: ImportBatch, column: str, word: str, meant: str, *, actor: Principal) -> None:
    """What the file calls so means this, in every row; all are looked at again. Flushes. Raises NotAllowed,
    Conflict.
    """
    require_import(actor, batch)
    locked(batch)
    if batch.state is BatchState.CHECKING:
        return
    known = {c.key for c in kind_of(batch).columns}
    if column in known and word.strip() and meant.strip():
        old, new = word.strip().lower()[:200], meant.strip()[:200]
        # What was read as this word before is meant the same way now.
        words = {w: new if m.lower() == old else m for w, m in batch.words.get(column, {}).items()} | {
            old: new
        }
        batch.words = {**batch.words, column: words}
    begin(batch, BatchMove.CHECK)


def context_for(batch: ImportBatch, actor: Principal) -> Context:
    """The import's context as this person sees it."""
    found = context_of(batch)
    return Context(found.office, actor, found.options)
