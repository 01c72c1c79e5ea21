"""The job that reads a file into rows. Begun again, it begins anew: nothing has been looked at yet."""

import time
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import insert

from humasflow.core.db import db, table_of
from humasflow.imports import queries
from humasflow.imports.enums import BatchMove, BatchState
from humasflow.imports.guessing import guess_mapping
from humasflow.imports.kinds.registry import guess_defaults
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.imports.reading.files import read_file
from humasflow.imports.reading.headings import LOOK_AT, find_headings, headings_at, plain
from humasflow.imports.reading.workbooks import MAX_ROWS, too_many
from humasflow.imports.services.running import kind_of, locked, run_step, shift
from humasflow.imports.services.taking import forget_rows
from humasflow.media.services import storage
from humasflow.metrics.spreadsheets.cells import Unreadable
from humasflow.orgs.queries import get_office
from humasflow.outbox import lease

AT_ONCE = 1000  # rows a statement


def read_batch(ref: str) -> timedelta | None:
    """The job."""
    return run_step(ref, BatchState.READING, _read)


def _read(batch: ImportBatch) -> None:
    batch_id, path, sheet = batch.id, storage().path(batch.file_key), batch.sheet
    if not path.is_file():
        raise Unreadable(_("Berkasnya sudah tidak disimpan. Unggah sekali lagi."))
    known = known_headings(batch)
    forget_rows(batch)
    lease.keep()
    db.session.commit()
    table = read_file(path, sheet, known)
    waiting: list[dict[str, object]] = []
    count, since = 0, time.monotonic()
    for line, cells in table.rows:
        count += 1
        if count > MAX_ROWS + LOOK_AT:
            raise too_many()
        waiting.append({"batch_id": batch_id, "line": line, "cells": cells})
        if len(waiting) >= AT_ONCE:
            _write(waiting)
            if time.monotonic() - since > 2:
                if not _note(batch_id, count):
                    return
                since = time.monotonic()
    _write(waiting)
    if not count:
        raise Unreadable(_("Berkas ini kosong."))
    lease.keep()
    batch = locked(db.session.get_one(ImportBatch, batch_id))
    if batch.state is not BatchState.READING:
        db.session.rollback()
        return
    batch.sheets, batch.sheet, batch.note = list(table.sheets), table.sheet[:120], table.note
    batch.done = count
    propose(batch)
    if batch.total > MAX_ROWS:
        raise too_many()
    if not batch.total:
        raise Unreadable(_("Di bawah nama kolom tidak ada baris yang berisi data."))
    shift(batch, BatchMove.READ_DONE)
    db.session.flush()


def _write(waiting: list[dict[str, object]]) -> None:
    if waiting:
        empty: dict[str, object] = {
            "edits": {}, "findings": [], "is_bad": False, "same_as": "", "reason": "", "is_undone": False,
            "subject_type": "", "undo": {},
        }  # fmt: skip
        db.session.execute(insert(table_of(ImportRow)), [empty | row for row in waiting])
        waiting.clear()


def _note(batch_id: int, count: int) -> bool:
    """Say how far it is; whether it still is wanted. Commits."""
    lease.keep()
    batch = db.session.get_one(ImportBatch, batch_id)
    batch.done = count
    wanted = batch.state is BatchState.READING
    db.session.commit()
    return wanted


def known_headings(batch: ImportBatch) -> set[str]:
    """What the kind calls its columns, and what the office has called them, plain."""
    told = queries.remembered(batch.office_id, batch.kind)
    return {plain(h) for c in kind_of(batch).columns for h in (c.key, *c.headings)} | {
        heading for heading, column in told.items() if column
    }


def propose(batch: ImportBatch, line: int = 0) -> None:
    """Find the headings, or take those of a ``line``, and guess which column each is. Flushes."""
    kind, office = kind_of(batch), get_office(batch.office_id)
    head = queries.head_of(batch, 2 * LOOK_AT)
    known = known_headings(batch)
    told = queries.remembered(batch.office_id, batch.kind)
    found = headings_at(head, line, known) if line else find_headings(head, known)
    batch.heading_line, batch.heading_lines = found.line, found.lines
    batch.headings = [word[:120] for word in found.words]
    rows = [cells for number, cells in head if number >= batch.first_line]
    batch.mapping = guess_mapping(kind.columns, batch.headings, rows, kind.choices(office), told)
    # What a file lacks is proposed; what it has is what it says, also where it says nothing.
    batch.defaults = {k: v for k, v in guess_defaults(kind, office).items() if k not in batch.mapping and v}
    db.session.flush()
    batch.total = queries.count_rows(batch).all
