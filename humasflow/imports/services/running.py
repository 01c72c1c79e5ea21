"""What the jobs of an import have in common: one at a time, a failure that a person reads, and going on afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import load_principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotAllowed, NotFound, UserError
from humasflow.core.machines import IllegalMove
from humasflow.imports.enums import BatchMove, BatchState
from humasflow.imports.kinds.base import Context, Kind
from humasflow.imports.kinds.registry import get_kind
from humasflow.imports.models import ImportBatch
from humasflow.imports.workflow import BATCH
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.services import notify
from humasflow.orgs.queries import get_office
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.runs import lanes_without_job
from humasflow.outbox.services import enqueue

log = structlog.get_logger(__name__)

TRIES: Final = 5
Step = Callable[[ImportBatch], timedelta | None]

READ, CHECK, APPLY, UNDO = "imports.read", "imports.check", "imports.apply", "imports.undo"
JOB_OF: Final = {
    BatchState.READING: READ, BatchState.CHECKING: CHECK, BatchState.APPLYING: APPLY, BatchState.UNDOING: UNDO,
}  # fmt: skip


def begin(batch: ImportBatch, move: BatchMove) -> None:
    """The worker takes it from here. Flushes. Raises Conflict where this is not its turn."""
    if batch.state is BatchState.FAILED and move is not BatchMove.UNDO:
        # What stopped goes on where it stood; begun anew, half of it might be imported twice or unseen.
        raise Conflict(
            _("Impor ini sudah berjalan lebih jauh sejak halaman ini dibuka. Muat ulang halamannya.")
        )
    shift(batch, move)
    batch.cursor, batch.done, batch.error, batch.failed_at = 0, 0, "", None
    db.session.flush()
    enqueue_for(batch)


def enqueue_for(batch: ImportBatch) -> None:
    """The job of where it stands; jobs of one import run one after the other. Flushes."""
    enqueue(
        JOB_OF[batch.state], batch.id, office_id=batch.office_id, lane=_lane(batch.id), max_attempts=TRIES
    )  # fmt: skip


def _lane(batch_id: int) -> str:
    return f"import:{batch_id}"


def shift(batch: ImportBatch, move: BatchMove) -> None:
    """Along the table. Raises Conflict with a sentence."""
    try:
        batch.state = BATCH.target(batch.state, move)
    except IllegalMove as error:
        raise Conflict(
            _("Impor ini sudah berjalan lebih jauh sejak halaman ini dibuka. Muat ulang halamannya.")
        ) from error


def kind_of(batch: ImportBatch) -> Kind[Any]:
    """Of what it is an import."""
    return get_kind(batch.kind)


def require_import(actor: Principal, batch: ImportBatch) -> None:
    """Raises NotAllowed."""
    require(actor, kind_of(batch).permission, batch.office_id)


def context_of(batch: ImportBatch) -> Context:
    """For whom and by whom, with today's roles. Raises NotAllowed when these no longer allow it."""
    owner = db.session.get_one(User, batch.created_by)
    if not owner.is_active:
        raise NotAllowed(_("Akun yang memulai impor ini sudah tidak aktif."))
    principal = load_principal(owner, office_id=batch.office_id)
    require_import(principal, batch)
    return Context(get_office(batch.office_id), principal, batch.options)


def locked(batch: ImportBatch) -> ImportBatch:
    """As it stands now, held until the end of the transaction."""
    lock(batch)
    return batch


def open_batch(ref: str, state: BatchState) -> ImportBatch | None:
    """The import of a job, if it still is where the job is of use."""
    batch = db.session.get(ImportBatch, int(ref))
    return batch if batch is not None and batch.state is state else None


def run_step(ref: str, state: BatchState, step: Step) -> timedelta | None:
    """The boundary of a job: whoever waits for the import learns that it stopped and why, whatever the reason was.
    Returns what the step returns: how long until the next one, None when there is none.
    """
    batch = open_batch(ref, state)
    if batch is None:
        return None
    batch_id = batch.id
    with force_locale(db.session.get_one(User, batch.created_by).locale):
        try:
            return step(batch)
        except (lease.LeaseLost, RetryLater):
            raise
        except (NotAllowed, NotFound):
            problem = _("Mengimpor ini tidak lagi termasuk tugas orang yang memulainya.")
        except UserError as error:
            problem = error.message
        except Exception:
            log.exception("import failed", import_batch=batch_id)
            problem = _("Ada gangguan di sistem. Yang sudah diimpor tetap aman; lanjutkan nanti.")
        stop(batch_id, state, problem)
    return None


def stop(batch_id: int, state: BatchState, problem: str) -> None:
    """It goes no further until a person says so. Flushes."""
    db.session.rollback()
    lease.keep()
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None or locked(batch).state is not state:
        return
    shift(batch, BatchMove.FAIL)
    batch.failed_at, batch.error = state, problem
    db.session.flush()
    audit.record(
        AuditAction.IMPORT_FAILED, ("import_batch", batch.id), office_id=batch.office_id, actor=None,
        label=batch.file_name, why=problem,
    )  # fmt: skip
    tell(batch, NoticeKind.IMPORT_FAILED, reason=problem)


def stop_abandoned() -> int:
    """Say of imports that wait for a job which never comes that they stopped, so that somebody can go on: their worker
    was killed at each try, or the office was read from an archive, which has no jobs. Commits each. Returns how many.
    """
    found = db.session.execute(
        select(ImportBatch.id, ImportBatch.state, User.locale)
        .join(User, User.id == ImportBatch.created_by)
        .where(ImportBatch.state.in_(JOB_OF))
        .order_by(ImportBatch.id)
    ).all()
    abandoned = lanes_without_job([_lane(row.id) for row in found])
    stopped = [row for row in found if _lane(row.id) in abandoned]
    for row in stopped:
        with force_locale(row.locale):
            stop(row.id, row.state, _("Proses latar berhenti di tengah jalan. Lanjutkan dari sini."))
        db.session.commit()
    return len(stopped)


def tell(batch: ImportBatch, kind: NoticeKind, *, reason: str = "") -> None:
    """Who started it hears of it. Flushes."""
    stamp = int(clock.now().timestamp() * 1000)
    notify(
        [batch.creator], kind, office_id=batch.office_id, subject=("import_batch", batch.id),
        key=f"import:{batch.id}:{kind.value}:{stamp}", title=batch.file_name, reason=reason,
    )  # fmt: skip
