"""Making a report: the job behind a run. It can be left, called off, and begun anew by another worker."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, is_read_only, lock, set_read_only
from humasflow.core.errors import UserError
from humasflow.core.events import emit
from humasflow.media.run_folders import seal
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.services import notify
from humasflow.outbox import lease, runs
from humasflow.outbox.models import Job
from humasflow.reports.enums import ReportFormat, RunMove, RunState
from humasflow.reports.events import ReportFailed, ReportReady
from humasflow.reports.facts import ReportFacts, gather
from humasflow.reports.facts.gathering import language_of, title_of
from humasflow.reports.makers import Cancelled, maker_of
from humasflow.reports.models import ReportFile, ReportRun
from humasflow.reports.names import file_name
from humasflow.reports.problems import warning_of
from humasflow.reports.services.requesting import JOB, job_key
from humasflow.reports.spans import Span
from humasflow.reports.storage import FOLDERS
from humasflow.reports.workflow import RUN

log = structlog.get_logger(__name__)

KEPT_FOR: Final = timedelta(days=14)


def make_run(ref: str) -> None:
    """Job: make the files of a run. Commits at each step. A mistake that a person can mend, or the last of several
    tries, ends the run with a sentence; another error is tried again.
    """
    run = db.session.get(ReportRun, int(ref))
    if run is None or not run.state.is_open:
        return
    run.state = RUN.target(run.state, RunMove.START)
    run.done, run.total, run.phrase = 0, 0, ""
    db.session.commit()
    try:
        with lease.kept_alive(), force_locale(language_of(run)):
            _make(run)
    except Cancelled:
        db.session.rollback()
        FOLDERS.remove(run.id)
    except UserError as error:
        db.session.rollback()
        fail_run(run, error.message or _("Yang dilaporkan tidak ada lagi."))
    except lease.LeaseLost:
        raise
    except Exception as error:
        db.session.rollback()
        if not _is_last_try(run):
            raise
        log.exception("report failed", run=run.id, error=type(error).__name__)
        fail_run(
            run, _("Laporan ini gagal dibuat karena gangguan di server. Coba lagi, atau beri tahu admin.")
        )


def _make(run: ReportRun) -> None:
    folder = FOLDERS.begin(run.id)
    with _reading():
        facts = gather(run)
        for number, format_ in enumerate(run.wanted):
            _make_one(run, facts, format_, folder, number)
    lease.keep()
    lock(run)
    if run.state is not RunState.MAKING:
        raise Cancelled
    run.state = RUN.target(run.state, RunMove.FINISH)
    run.finished_at, run.expires_at = clock.now(), clock.now() + KEPT_FOR
    run.phrase = ""
    db.session.flush()
    audit.record(
        AuditAction.REPORT_MADE, ("report", run.id), office_id=run.office_id, actor=None,
        files={file.format.value: file.sha256 for file in run.files},
    )  # fmt: skip
    with force_locale(run.requester.locale):
        warning = warning_of(run)
    _tell(run, NoticeKind.REPORT_READY, reason=warning)
    emit(ReportReady(run.id))
    db.session.flush()


def _make_one(run: ReportRun, facts: ReportFacts, format_: ReportFormat, folder: Path, number: int) -> None:
    """One file, with its row. Each is committed by itself, so that those after it find it."""
    steps = len(run.wanted) * 100

    def progress(done: int, total: int, phrase: str) -> None:
        part = min(max(done, 0) * 100 // max(total, 1), 100)
        _note(run.id, number * 100 + part, steps, phrase)

    progress(0, 1, format_.label)
    out = folder / f"{number}.part"
    maker_of(format_)(facts, run, out, progress)
    final = folder / f"{number}.{format_.value}"
    shutil.move(out, final)
    size, digest = seal(final)
    with _writing():
        lease.keep()
        kept = next((file for file in run.files if file.format is format_), None)
        if kept is None:
            kept = ReportFile(run_id=run.id, format=format_)
            run.files.append(kept)
        kept.name, kept.media_type = file_name(facts, run, format_), format_.media_type
        kept.size, kept.sha256, kept.path = size, digest, str(final.relative_to(FOLDERS.root()))
        db.session.commit()
    progress(1, 1, format_.label)


def _note(run_id: int, done: int, total: int, phrase: str) -> None:
    """Say how far it is, and hear whether it was called off. Commits. Raises Cancelled, LeaseLost."""
    with _writing():
        goes_on = runs.note_progress(
            ReportRun, run_id, RunState.MAKING, done=done, total=total, phrase=phrase
        )
    if not goes_on:
        raise Cancelled


@contextmanager
def _reading() -> Iterator[None]:
    """Within it, transactions only read: on SQLite nobody waits for a report."""
    before = is_read_only()
    db.session.rollback()
    set_read_only(True)
    try:
        yield
    finally:
        db.session.rollback()
        set_read_only(before)


@contextmanager
def _writing() -> Iterator[None]:
    """Within a reading stretch, a short transaction that writes."""
    before = is_read_only()
    db.session.rollback()
    set_read_only(False)
    try:
        yield
    finally:
        db.session.rollback()
        set_read_only(before)


def fail_run(run: ReportRun, why: str) -> None:
    """End an open run with a sentence, and tell who asked. Flushes."""
    lock(run)
    if not run.state.is_open:
        return
    run.state = RUN.target(run.state, RunMove.FAIL)
    run.error, run.finished_at = why, clock.now()
    run.files.clear()
    db.session.flush()
    FOLDERS.remove(run.id)
    audit.record(AuditAction.REPORT_FAILED, ("report", run.id), office_id=run.office_id, actor=None, why=why)
    _tell(run, NoticeKind.REPORT_FAILED, reason=why)
    emit(ReportFailed(run.id))


def _tell(run: ReportRun, kind: NoticeKind, reason: str = "") -> None:
    with force_locale(run.requester.locale):
        title = f"{title_of(run.scope)}, {Span(run.span, run.start_on, run.end_on).label}"
    notify(
        [run.requester], kind, office_id=run.office_id, subject=("report", run.id), key=f"report:{run.id}:{kind.value}",
        title=title, reason=reason,
    )  # fmt: skip


def _is_last_try(run: ReportRun) -> bool:
    """Whether the outbox would give the job up now; also where there is none (called by hand)."""
    job = db.session.scalar(select(Job).where(Job.key == job_key(run.id)))
    return job is None or job.attempts >= job.max_attempts


__all__ = ["JOB", "KEPT_FOR", "fail_run", "make_run"]
