"""What the room does by itself: remove archives whose time is over, end runs whose job died."""

from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.archive.enums import ArchiveMove, ArchiveState
from humasflow.archive.models import ArchiveRun
from humasflow.archive.queries import OPEN
from humasflow.archive.services.making import fail_run
from humasflow.archive.services.requesting import job_key
from humasflow.archive.storage import FOLDERS
from humasflow.archive.workflow import ARCHIVE
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.outbox.runs import keys_without_job

AT_ONCE: Final = 100


def expire_runs() -> int:
    """Remove the files of what is over; the run stays in the list. Commits each by itself. Returns how many."""
    ids = db.session.scalars(
        select(ArchiveRun.id)
        .where(ArchiveRun.state == ArchiveState.READY, ArchiveRun.expires_at <= clock.now())
        .order_by(ArchiveRun.id)
        .limit(AT_ONCE)
    ).all()
    for run_id in ids:
        run = db.session.get_one(ArchiveRun, run_id)
        lock(run)
        if run.state is not ArchiveState.READY:
            db.session.rollback()
            continue
        run.state = ARCHIVE.target(run.state, ArchiveMove.REMOVE)
        db.session.flush()
        audit.record(AuditAction.ARCHIVE_REMOVED, ("archive", run.id), office_id=run.office_id, actor=None)
        db.session.commit()
        FOLDERS.remove(run_id)
    return len(ids)


def end_abandoned() -> int:
    """End runs whose job gave up without a word (a worker that was killed at each try). Returns how many. Flushes."""
    runs = db.session.scalars(
        select(ArchiveRun).where(ArchiveRun.state.in_(OPEN)).order_by(ArchiveRun.id)
    ).all()
    by_key = {job_key(run.id): run for run in runs}
    dead = [by_key[key] for key in sorted(keys_without_job(by_key))]
    for run in dead:
        with force_locale(run.requester.locale):
            fail_run(run, _("Proses latar berhenti saat membuat arsip ini. Coba buat lagi."))
    return len(dead)


def tidy_folders() -> int:
    """Remove folders that no run knows. Returns how many."""
    return FOLDERS.tidy(
        lambda ids: db.session.scalars(
            select(ArchiveRun.id).where(
                ArchiveRun.id.in_(ids), ArchiveRun.state.in_([*OPEN, ArchiveState.READY])
            )
        ).all()
    )
