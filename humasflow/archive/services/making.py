"""Making an archive: the job behind a run. It can be left, called off, and begun anew by another worker."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.archive.enums import ArchiveMove, ArchiveState
from humasflow.archive.models import ArchiveRun
from humasflow.archive.services.requesting import job_key
from humasflow.archive.snapshot import one_moment
from humasflow.archive.storage import FOLDERS, path_of
from humasflow.archive.workflow import ARCHIVE
from humasflow.archive.writing import Written, write_archive
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.localtime import to_local
from humasflow.media.run_folders import seal
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.services import notify
from humasflow.orgs.models import Unit
from humasflow.outbox import lease, runs
from humasflow.outbox.models import Job

log = structlog.get_logger(__name__)

KEPT_FOR: Final = timedelta(days=7)


class _CalledOff(Exception):
    """Somebody removed it while it was being made."""


def make_run(ref: str) -> None:
    """Job: write the archive of a run. Commits at each step. What a person can mend, or the last of several tries, ends
    the run with a sentence; another error is tried again.
    """
    run = db.session.get(ArchiveRun, int(ref))
    if run is None or not run.state.is_open:
        return
    run.state = ARCHIVE.target(run.state, ArchiveMove.START)
    run.done, run.total, run.phrase = 0, 0, ""
    db.session.commit()
    try:
        with lease.kept_alive():
            _make(run)
    except _CalledOff:
        db.session.rollback()
        FOLDERS.remove(int(ref))
    except lease.LeaseLost:
        raise
    except UserError as error:
        db.session.rollback()
        fail_run(run, error.message)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        if not _is_last_try(run):
            raise
        log.exception("archive failed", run=run.id, error=type(error).__name__)
        with force_locale(run.requester.locale):
            fail_run(
                run,
                _(
                    "Arsip ini gagal dibuat karena gangguan di server. Coba lagi, atau beri tahu pengelola server."
                ),
            )
        db.session.commit()


def _make(run: ArchiveRun) -> None:
    run_id, office_id, with_below = run.id, run.office_id, run.with_below
    folder = FOLDERS.begin(run_id)
    part, final = folder / "arsip.part", path_of(run_id)
    with one_moment(folder) as connection:
        written = write_archive(
            connection, office_id, part, with_below=with_below,
            progress=lambda done, total, phrase: _note(run_id, done, total, phrase),
        )  # fmt: skip
    part.replace(final)
    size, digest = seal(final)
    lease.keep()
    run = db.session.get_one(ArchiveRun, run_id)
    lock(run)
    if run.state is not ArchiveState.MAKING:
        raise _CalledOff
    office = db.session.get_one(Unit, office_id)
    run.state = ARCHIVE.target(run.state, ArchiveMove.FINISH)
    run.size, run.sha256, run.missing = size, digest, len(written.missing)
    run.name = f"arsip-{office.slug}-{to_local(run.created_at, office.zone_name):%Y-%m-%d-%H%M}.zip"
    run.finished_at, run.expires_at, run.phrase = clock.now(), clock.now() + KEPT_FOR, ""
    run.done = run.total
    db.session.flush()
    audit.record(
        AuditAction.ARCHIVE_MADE, ("archive", run.id), office_id=run.office_id, actor=None, sha256=digest, size=size,
        missing=len(written.missing),
    )  # fmt: skip
    _tell(run, NoticeKind.ARCHIVE_READY)
    db.session.commit()


def _note(run_id: int, done: int, total: int, phrase: str) -> None:
    """Say how far it is, and hear whether it was called off. Commits. Raises LeaseLost."""
    if not runs.note_progress(ArchiveRun, run_id, ArchiveState.MAKING, done=done, total=total, phrase=phrase):
        raise _CalledOff


def fail_run(run: ArchiveRun, why: str) -> None:
    """End an open run with a sentence, and tell who asked. Flushes."""
    lock(run)
    if not run.state.is_open:
        return
    run.state = ARCHIVE.target(run.state, ArchiveMove.FAIL)
    run.error, run.finished_at = why, clock.now()
    db.session.flush()
    FOLDERS.remove(run.id)
    audit.record(
        AuditAction.ARCHIVE_FAILED, ("archive", run.id), office_id=run.office_id, actor=None, why=why
    )
    _tell(run, NoticeKind.ARCHIVE_FAILED, reason=why)


def _tell(run: ArchiveRun, kind: NoticeKind, reason: str = "") -> None:
    office = db.session.get_one(Unit, run.office_id)
    notify(
        [run.requester], kind, office_id=run.office_id, subject=("archive", run.id),
        key=f"archive:{run.id}:{kind.value}", title=office.short_name, reason=reason,
    )  # fmt: skip


def _is_last_try(run: ArchiveRun) -> bool:
    """Whether the outbox would give the job up now; also where there is none (called by hand)."""
    job = db.session.scalar(select(Job).where(Job.key == job_key(run.id)))
    return job is None or job.attempts >= job.max_attempts


def write_for_command(office: Unit, path: Path, *, with_below: bool) -> tuple[Written, str]:
    """The same from the server's terminal, straight to ``path``; what it wrote and its SHA-256. Recorded and committed.
    Raises StorageFull and OSError.
    """
    office_id = office.id
    with one_moment(path.parent) as connection:
        written = write_archive(
            connection, office_id, path, with_below=with_below, progress=lambda _done, _total, _phrase: None
        )
    _size, digest = seal(path)
    audit.record(
        AuditAction.ARCHIVE_MADE, ("unit", office_id), office_id=office_id, actor=None, sha256=digest,
        size=path.stat().st_size, missing=len(written.missing),
    )  # fmt: skip
    db.session.commit()
    return written, digest
