"""What the room does by itself: remove reports whose time is over, and end runs whose job died."""

from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.outbox.runs import keys_without_job
from humasflow.reports.enums import RunMove, RunState
from humasflow.reports.models import ReportRun
from humasflow.reports.services.making import fail_run
from humasflow.reports.services.requesting import job_key
from humasflow.reports.storage import FOLDERS
from humasflow.reports.workflow import RUN

AT_ONCE: Final = 200
_OPEN: Final = [state for state in RunState if state.is_open]


def expire_runs() -> int:
    """Remove the files of what is over; the run stays in the list. Commits each by itself: a file never outlives its
    row by more than a moment, and a row never loses its file. Returns how many.
    """
    ids = db.session.scalars(
        select(ReportRun.id)
        .where(ReportRun.state == RunState.READY, ReportRun.expires_at <= clock.now())
        .order_by(ReportRun.id)
        .limit(AT_ONCE)
    ).all()
    for run_id in ids:
        run = db.session.get_one(ReportRun, run_id)
        lock(run)
        if run.state is not RunState.READY:
            db.session.rollback()
            continue
        run.state = RUN.target(run.state, RunMove.EXPIRE)
        run.files.clear()
        db.session.flush()
        audit.record(AuditAction.REPORT_EXPIRED, ("report", run.id), office_id=run.office_id, actor=None)
        db.session.commit()
        FOLDERS.remove(run_id)
    return len(ids)


def end_abandoned() -> int:
    """End runs whose job gave up without a word (a worker that was killed at each try). Returns how many. Flushes."""
    runs = db.session.scalars(
        select(ReportRun).where(ReportRun.state.in_(_OPEN)).order_by(ReportRun.id)
    ).all()
    by_key = {job_key(run.id): run for run in runs}
    dead = [by_key[key] for key in sorted(keys_without_job(by_key))]
    for run in dead:
        with force_locale(run.requester.locale):
            fail_run(run, _("Proses latar berhenti saat membuat laporan ini. Coba buat lagi."))
    return len(dead)


def tidy_folders() -> int:
    """Remove folders that no run knows. Returns how many."""
    return FOLDERS.tidy(
        lambda ids: db.session.scalars(
            select(ReportRun.id).where(ReportRun.id.in_(ids), ReportRun.state.in_([*_OPEN, RunState.READY]))
        ).all()
    )
