"""A file comes in, goes on after a problem, or is thrown away."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.imports.enums import BatchMove, BatchState
from humasflow.imports.kinds.base import Context, Kind
from humasflow.imports.kinds.registry import options_of, why_not
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.imports.reading.files import look_at
from humasflow.imports.services.running import begin, enqueue_for, locked, require_import, shift
from humasflow.imports.values import without_overrides
from humasflow.imports.workflow import BATCH
from humasflow.media.services import storage
from humasflow.orgs.models import Unit

MOST_OPEN: Final = 10  # imports of an office that are not finished
KEPT_FOR = timedelta(days=30)  # what was read and never imported
ROWS_KEPT_FOR = timedelta(days=90)  # of what was imported; until then it can be undone
_OPEN = (
    BatchState.UPLOADED, BatchState.READING, BatchState.TO_MAP, BatchState.CHECKING, BatchState.CHECKED,
)  # fmt: skip


def take_upload(
    office: Unit, kind: Kind[Any], *, actor: Principal, filename: str, path: Path,
    options: Mapping[str, str] | None = None, all_or_nothing: bool = False,
) -> ImportBatch:  # fmt: skip
    """Take a file over from its temporary place and have the worker read it. Flushes. Raises NotAllowed, UserError with
    what is wrong with the file or the options, StorageFull.
    """
    require(actor, kind.permission, office.id)
    look_at(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    answers = {o.key: str((options or {}).get(o.key, "")).strip()[:200] for o in options_of(kind)}
    refused = why_not(kind, Context(office, actor, answers))
    if refused:
        raise OptionsProblem(refused)
    open_ones = db.session.scalar(
        select(func.count(ImportBatch.id)).where(
            ImportBatch.office_id == office.id, ImportBatch.state.in_(_OPEN)
        )
    )
    if (open_ones or 0) >= MOST_OPEN:
        raise UserError(
            _("Masih ada %(n)s impor yang belum selesai. Selesaikan atau buang dahulu salah satunya.", n=MOST_OPEN)
        )  # fmt: skip
    batch = ImportBatch(
        office_id=office.id, kind=kind.code, created_by=actor.id, created_at=clock.now(),
        file_name=without_overrides(filename.replace("\x00", ""))[-200:] or _("Berkas"),
        file_key=storage().adopt(path, ".tab"), sha256=digest, options={k: v for k, v in answers.items() if v},
        all_or_nothing=all_or_nothing, state=BATCH.initial, sheets=[], headings=[], mapping={}, defaults={}, words={},
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    audit.record(
        AuditAction.IMPORT_STARTED, ("import_batch", batch.id), office_id=office.id, actor=actor,
        label=batch.file_name, kind=kind.code, sha256=digest,
    )  # fmt: skip
    begin(batch, BatchMove.READ)
    return batch


class OptionsProblem(UserError):
    """What was answered beside the file does not do."""


def choose_sheet(batch: ImportBatch, sheet: str, *, actor: Principal) -> None:
    """Read another sheet of the file. The same one again is nothing. Flushes. Raises NotAllowed, Conflict,
    UserError.
    """
    require_import(actor, batch)
    locked(batch)
    if sheet not in batch.sheets:
        raise UserError(_("Lembar itu tidak ada di berkas ini."))
    if sheet == batch.sheet:
        return
    if not batch.file_key:
        raise Conflict(_("Berkasnya sudah tidak disimpan. Unggah sekali lagi."))
    batch.sheet, batch.heading_line = sheet, 0
    begin(batch, BatchMove.READ)


def go_on(batch: ImportBatch, *, actor: Principal) -> None:
    """Go on where it stopped. Twice is once. Flushes."""
    require_import(actor, batch)
    locked(batch)
    if batch.state is not BatchState.FAILED or batch.failed_at is None:
        return
    shift(batch, {
        BatchState.READING: BatchMove.READ, BatchState.UPLOADED: BatchMove.READ, BatchState.CHECKING: BatchMove.CHECK,
        BatchState.APPLYING: BatchMove.APPLY, BatchState.UNDOING: BatchMove.UNDO,
    }[batch.failed_at])  # fmt: skip
    batch.error, batch.failed_at, batch.created_by = "", None, actor.id
    db.session.flush()
    enqueue_for(batch)


def discard(batch: ImportBatch, *, actor: Principal | None) -> None:
    """Throw away what was read and not imported. Twice is once. Flushes. Raises NotAllowed, Conflict."""
    if actor is not None:
        require_import(actor, batch)
    locked(batch)
    if batch.state is BatchState.DISCARDED:
        return
    if batch.failed_at in (BatchState.APPLYING, BatchState.UNDOING):
        raise Conflict(_("Sebagian sudah diimpor. Batalkan impornya, jangan dibuang."))
    shift(batch, BatchMove.DISCARD)
    batch.finished_at = clock.now()
    let_go_of_file(batch)
    forget_rows(batch)
    audit.record(
        AuditAction.IMPORT_DISCARDED, ("import_batch", batch.id), office_id=batch.office_id, actor=actor,
        label=batch.file_name,
    )  # fmt: skip


def forget_rows(batch: ImportBatch) -> None:
    """Remove what the file said. Flushes."""
    db.session.flush()
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))


def let_go_of_file(batch: ImportBatch) -> None:
    """The bytes are not needed any more. They stay where another import of the same file needs them. Flushes."""
    key, batch.file_key = batch.file_key, ""
    db.session.flush()
    if key and not db.session.scalar(select(func.count(ImportBatch.id)).where(ImportBatch.file_key == key)):
        storage().delete(key)


def forget_batches() -> int:
    """Throw away what nobody imported for a month, and the rows of what was imported long ago. Returns how many."""
    now = clock.now()
    old = db.session.scalars(
        select(ImportBatch).where(
            ImportBatch.created_at < now - KEPT_FOR,
            ImportBatch.state.in_((*_OPEN, BatchState.FAILED)),
        )
    ).all()
    gone = 0
    for batch in old:
        if batch.failed_at not in (BatchState.APPLYING, BatchState.UNDOING):
            discard(batch, actor=None)
            gone += 1
    done = db.session.scalars(
        select(ImportBatch).where(
            ImportBatch.finished_at < now - ROWS_KEPT_FOR,
            ImportBatch.state.in_((BatchState.APPLIED, BatchState.UNDONE)),
            ImportBatch.id.in_(select(ImportRow.batch_id)),
        )
    ).all()
    for batch in done:
        forget_rows(batch)
    return gone + len(done)
