"""Asking for an archive, fetching it, removing it."""

from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.accounts.services import passwords
from humasflow.archive import queries
from humasflow.archive.enums import ArchiveMove
from humasflow.archive.models import ArchiveRun
from humasflow.archive.policy import require_export, require_seeing
from humasflow.archive.storage import FOLDERS
from humasflow.archive.workflow import ARCHIVE
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock, rate_limit, unit_of_work
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, TooMany, UserError
from humasflow.core.machines import IllegalMove
from humasflow.orgs.models import Unit
from humasflow.outbox import services as outbox

JOB: Final = "archive.make"
TRIES: Final = 3
WINDOW: Final = 15 * 60  # seconds
ASKED_MOST: Final = 10  # tries of a password within it


class WrongPassword(UserError):
    """The password that was typed again is another one."""


def job_key(run_id: int) -> str:
    """One job a run."""
    return f"archive:{run_id}"


def request_run(office: Unit, *, actor: Principal, password: str, with_below: bool = False) -> ArchiveRun:
    """Have the office's archive made. While the same is being made, that is the answer. Flushes.

    The password is asked again: whoever sits down at an open screen cannot carry the office away. People of a sample
    office have none. The caller must call ``unit_of_work.keep()``: the count of tries outlives a refusal. Raises
    :class:`WrongPassword`, TooMany, NotAllowed.
    """
    require_export(actor, office.id)
    _require_password(actor, password)
    if with_below and not queries.offices_below(office, reader=actor):
        raise UserError(_("Arsip beserta kantor di bawahnya untuk admin yang berwenang di semua kantor itu."))
    lock(office)
    known = queries.find_open(office.id, with_below=with_below)
    if known is not None:
        return known
    run = ArchiveRun(
        office_id=office.id,
        with_below=with_below,
        state=ARCHIVE.initial,
        requested_by=actor.id,
        created_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    outbox.enqueue(JOB, run.id, office_id=office.id, key=job_key(run.id), max_attempts=TRIES)
    audit.record(
        AuditAction.ARCHIVE_REQUESTED,
        ("archive", run.id),
        office_id=office.id,
        actor=actor,
        with_below=with_below,
    )
    return run


def _require_password(actor: Principal, password: str) -> None:
    if actor.user.password_hash is None:
        return
    if rate_limit.count("archive-password", str(actor.id), per_seconds=WINDOW) > ASKED_MOST:
        raise TooMany(
            _("Terlalu banyak percobaan. Demi keamanan, coba lagi dalam %(n)s menit.", n=WINDOW // 60),
            retry_after=WINDOW,
        )
    if not passwords.matches(actor.user.password_hash, password):
        raise WrongPassword(_("Kata sandi belum cocok. Periksa lagi."))


def note_download(run: ArchiveRun, *, actor: Principal) -> None:
    """Write down that somebody fetched it. Flushes."""
    require_seeing(actor, run.office_id)
    audit.record(
        AuditAction.ARCHIVE_FETCHED,
        ("archive", run.id),
        office_id=run.office_id,
        actor=actor,
        sha256=run.sha256,
    )


def remove_run(run: ArchiveRun, *, actor: Principal) -> None:
    """Remove an archive now, or call off one that is being made. Removing it twice changes nothing. Flushes. Raises
    Conflict for one that failed.
    """
    require_seeing(actor, run.office_id)
    lock(run)
    try:
        run.state = ARCHIVE.target(run.state, ArchiveMove.REMOVE)
    except IllegalMove as error:
        raise Conflict(_("Arsip ini sudah tidak ada.")) from error
    run.finished_at = run.finished_at or clock.now()
    db.session.flush()
    audit.record(AuditAction.ARCHIVE_REMOVED, ("archive", run.id), office_id=run.office_id, actor=actor)
    run_id = run.id
    unit_of_work.after_commit(lambda: FOLDERS.remove(run_id))
