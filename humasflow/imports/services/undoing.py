"""A whole import is taken back, the last row first, unless something was decided about it since."""

from datetime import timedelta
from functools import partial
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import update

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict
from humasflow.imports import queries
from humasflow.imports.enums import BatchMove, BatchState
from humasflow.imports.kinds.base import Applied, Outcome
from humasflow.imports.kinds.registry import is_whole, undone_at_once
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
from humasflow.imports.services.taking import let_go_of_file
from humasflow.notifications.enums import NoticeKind
from humasflow.outbox.turns import take_turn

AT_ONCE: Final = 50  # of a kind that takes back one after the other
BEYOND: Final = 2_000_000_000  # further than any line


def begin_undoing(batch: ImportBatch, *, actor: Principal) -> None:
    """Take back what the import made. Asked for twice is done once. Flushes. Raises NotAllowed, Conflict."""
    require_import(actor, batch)
    locked(batch)
    if batch.state in (BatchState.UNDOING, BatchState.UNDONE):
        return
    if batch.state is BatchState.FAILED and batch.failed_at is not BatchState.APPLYING:
        raise Conflict(_("Belum ada yang diimpor, jadi tidak ada yang dibatalkan."))
    if batch.state is BatchState.APPLYING:
        raise Conflict(_("Impor ini sedang berjalan. Tunggu sampai selesai, lalu batalkan."))
    counts = queries.count_rows(batch)
    if not counts.all:
        raise Conflict(_("Impor ini sudah terlalu lama; baris-barisnya tidak disimpan lagi."))
    batch.created_by = actor.id
    begin(batch, BatchMove.UNDO)
    batch.total = sum(counts.outcomes.get(o, 0) for o in (Outcome.MADE, Outcome.CHANGED))


def undo_batch(ref: str) -> timedelta | None:
    """The job: take back for some seconds, then let others have their turn. Safe to run again at any point."""
    return run_step(ref, BatchState.UNDOING, lambda batch: take_turn(partial(_undo, batch.id)))


def _undo(batch_id: int) -> bool:
    """Some rows; whether there may be more."""
    found = locked(db.session.get_one(ImportBatch, batch_id))
    if found.state is not BatchState.UNDOING:
        db.session.rollback()
        return False
    found.cursor = found.cursor or BEYOND
    kind = kind_of(found)
    rows = queries.next_rows(
        found, kind.chunk if is_whole(kind) else undone_at_once(kind, AT_ONCE),
        ImportRow.outcome.in_((Outcome.MADE, Outcome.CHANGED)),
        ImportRow.is_undone.is_(False), backwards=True,
    )  # fmt: skip
    if not rows:
        _finish(found)
        return False
    applied = [
        Applied(
            r.line, r.outcome or Outcome.MADE,
            (r.subject_type, r.subject_id) if r.subject_id is not None else None, r.reason, r.undo,
        )
        for r in rows
    ]  # fmt: skip
    ids = {r.line: r.id for r in rows}
    stays = kind.take_back(applied, context_of(found))
    db.session.execute(update(ImportRow), [
        {"id": id_, "is_undone": line not in stays, "reason": str(stays.get(line, ""))[:300]}
        for line, id_ in ids.items()
    ])  # fmt: skip
    found.cursor, found.done = min(ids), found.done + len(ids)
    return True


def _finish(batch: ImportBatch) -> None:
    shift(batch, BatchMove.UNDO_DONE)
    batch.finished_at = clock.now()
    let_go_of_file(batch)
    counted = queries.count_rows(batch)
    audit.record(
        AuditAction.IMPORT_UNDONE, ("import_batch", batch.id), office_id=batch.office_id,
        actor=context_of(batch).actor, label=batch.file_name, kind=batch.kind, undone=counted.undone,
        kept=counted.kept,
    )  # fmt: skip
    tell(batch, NoticeKind.IMPORT_UNDONE)
