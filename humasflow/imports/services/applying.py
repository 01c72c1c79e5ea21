"""Good rows are written, some hundred a transaction, each with its outcome: a worker may die anywhere in between.

All or nothing: it does not begin while a row is bad, and when one is refused in writing, all that was made goes back.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import update

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.versions import expect_version
from humasflow.imports import queries
from humasflow.imports.enums import BatchMove, BatchState
from humasflow.imports.kinds.base import Applied, Context, Outcome
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.imports.services.checking import understand
from humasflow.imports.services.running import (
    begin,
    context_of,
    enqueue_for,
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


class BadRows(Conflict):
    """All or nothing was wanted, and something is still to be mended."""


def begin_applying(
    batch: ImportBatch, *, actor: Principal, all_or_nothing: bool, row_version: int | None = None
) -> None:
    """Leave the writing to the worker. Begun twice is begun once. Flushes. Raises NotAllowed, Conflict, BadRows."""
    require_import(actor, batch)
    locked(batch)
    if batch.state in (BatchState.APPLYING, BatchState.APPLIED):
        return
    if row_version is not None:
        expect_version(batch, row_version)
    counts = queries.count_rows(batch)
    if batch.state is BatchState.CHECKED and all_or_nothing and counts.bad:
        raise BadRows(
            _(
                "Masih ada %(n)s baris yang perlu diperbaiki, dan Anda meminta semua atau tidak sama sekali.",
                n=counts.bad,
            )
        )  # fmt: skip
    if batch.state is BatchState.CHECKED and not counts.good:
        raise BadRows(_("Belum ada baris yang dapat diimpor. Perbaiki dahulu baris-barisnya."))
    batch.all_or_nothing, batch.created_by = all_or_nothing, actor.id  # whoever says yes answers for it
    begin(batch, BatchMove.APPLY)
    batch.total = counts.good + counts.same


def apply_batch(ref: str) -> timedelta | None:
    """The job: write for some seconds, then let others have their turn. Safe to run again at any point."""
    return run_step(ref, BatchState.APPLYING, lambda batch: take_turn(partial(_apply, batch.id)))


def _apply(batch_id: int) -> bool:
    """Some rows; whether there may be more."""
    found = locked(db.session.get_one(ImportBatch, batch_id))
    if found.state is not BatchState.APPLYING:
        db.session.rollback()
        return False
    kind = kind_of(found)
    rows = queries.next_rows(found, kind.chunk, ImportRow.is_bad.is_(False), ImportRow.outcome.is_(None))
    if not rows:
        _finish(found)
        return False
    refused = _write(found, rows, context_of(found))
    found.cursor, found.done = rows[-1].line, found.done + len(rows)
    if refused and found.all_or_nothing:
        _take_all_back(found, refused)
        return False
    return True


def _write(batch: ImportBatch, rows: Sequence[ImportRow], context: Context) -> str:
    """Write some rows and keep what became of them; the first reason why one was refused, or nothing. Flushes."""
    kind = kind_of(batch)
    prepared = kind.prepare(context)
    repeated = [r for r in rows if r.same_line is not None and r.same_line < r.line]
    ids = {r.line: r.id for r in rows}
    told = [
        Applied(r.line, Outcome.SKIPPED, reason=_("sama dengan baris %(n)s; baris pertama yang dipakai", n=r.same_line))
        for r in repeated
    ]  # fmt: skip
    known = {r.line for r in repeated}
    seen = understand(batch, [r for r in rows if r.line not in known], context, prepared)
    told += [
        Applied(c.line, Outcome.REFUSED, reason="; ".join(str(f.message) for f in c.findings))
        for c in seen
        if c.value is None
    ]
    good = [c for c in seen if c.value is not None]
    if good:
        try:
            with db.session.begin_nested():
                told += kind.apply(good, context, prepared)
        except UserError as error:
            db.session.expire_all()
            told += [Applied(c.line, Outcome.REFUSED, reason=error.message) for c in good]
    db.session.execute(update(ImportRow), [
        {
            "id": ids[a.line], "outcome": a.outcome, "reason": a.reason[:300], "undo": dict(a.undo),
            "subject_type": a.subject[0] if a.subject else "", "subject_id": a.subject[1] if a.subject else None,
        }
        for a in told
    ])  # fmt: skip
    return next(
        (_("Baris %(n)s: %(why)s", n=a.line, why=a.reason) for a in told if a.outcome is Outcome.REFUSED), ""
    )  # fmt: skip


def _take_all_back(batch: ImportBatch, why: str) -> None:
    """What was made so far goes back. Nothing counts as imported meanwhile: the state says so."""
    shift(batch, BatchMove.UNDO)
    batch.cursor, batch.done = 0, 0
    batch.error = _("Tidak ada yang diimpor, karena sebuah baris ditolak saat dicatat. %(why)s", why=why)
    db.session.flush()
    enqueue_for(batch)
    tell(batch, NoticeKind.IMPORT_FAILED, reason=batch.error)


def _finish(batch: ImportBatch) -> None:
    shift(batch, BatchMove.APPLY_DONE)
    batch.finished_at = clock.now()
    let_go_of_file(batch)
    counted = queries.count_rows(batch)
    of = counted.outcomes
    audit.record(
        AuditAction.IMPORT_RECORDED, ("import_batch", batch.id), office_id=batch.office_id,
        actor=context_of(batch).actor, label=batch.file_name, kind=batch.kind, added=of.get(Outcome.MADE, 0),
        corrected=of.get(Outcome.CHANGED, 0), known=of.get(Outcome.KNOWN, 0) + of.get(Outcome.SKIPPED, 0),
        refused=counted.bad + of.get(Outcome.REFUSED, 0), document=batch.options.get("document", ""),
    )  # fmt: skip
    tell(batch, NoticeKind.IMPORT_DONE)
