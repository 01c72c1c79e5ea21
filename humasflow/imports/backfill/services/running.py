"""What the jobs of a run have in common: one at a time, a failure that a person reads, and going on afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import load_principal
from humasflow.core.db import db, lock
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.core.permissions import Permission
from humasflow.imports.backfill.enums import RunState
from humasflow.imports.backfill.models import BackfillRun
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.services import notify, settle
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.runs import lanes_without_job
from humasflow.outbox.services import enqueue

log = structlog.get_logger(__name__)

TRIES: Final = 5
Step = Callable[[BackfillRun], timedelta | None]


def enqueue_for(run: BackfillRun, kind: str) -> None:
    """A job of this run; they run one after the other. Flushes."""
    enqueue(kind, run.id, office_id=run.office_id, lane=_lane(run.id), max_attempts=TRIES)


def _lane(run_id: int) -> str:
    return f"backfill:{run_id}"


def open_run(ref: str, state: RunState) -> BackfillRun | None:
    """The run of a job, if it still is where the job is of use."""
    run = db.session.get(BackfillRun, int(ref))
    return run if run is not None and run.state is state and not run.problem else None


def principal_of(run: BackfillRun) -> Principal:
    """Whoever started the run, with today's roles. Raises NotAllowed when these no longer allow it."""
    owner = db.session.get_one(User, run.created_by)
    principal = load_principal(owner, office_id=run.office_id)
    if not owner.is_active:
        raise NotAllowed(_("Akun yang memulai pengambilan ini sudah tidak aktif."))
    require(principal, Permission.IMPORT_RUN, run.office_id)
    return principal


def locked(run: BackfillRun) -> BackfillRun:
    """As it stands now, held until the end of the transaction."""
    lock(run)
    return run


def stop(run_id: int, state: RunState, problem: str) -> None:
    """It goes no further until a person says so. Flushes."""
    db.session.rollback()
    lease.keep()
    run = db.session.get(BackfillRun, run_id)
    if run is not None and run.state is state and not run.problem:
        give_up(run, problem)


def give_up(run: BackfillRun, problem: str) -> None:
    """It stands still, and whoever began it hears why. Flushes."""
    run.problem = problem[:500]
    db.session.flush()
    tell(run, NoticeKind.IMPORT_FAILED, reason=run.problem)


def tell(run: BackfillRun, kind: NoticeKind, *, reason: str = "") -> None:
    """Whoever began it hears of it, once of each end. Flushes."""
    notify(
        [db.session.get_one(User, run.created_by)], kind, office_id=run.office_id, subject=("backfill_run", run.id),
        key=f"backfill:{run.id}:{kind.value}:{run.row_version}", title=run.name, reason=reason,
    )  # fmt: skip


def call_off(run: BackfillRun) -> None:
    """That it stopped is nobody's concern any more: it goes on, or is thrown away. Flushes."""
    settle([NoticeKind.IMPORT_FAILED], ("backfill_run", run.id))


def stop_abandoned() -> int:
    """Say of runs that wait for a job which never comes that they stopped, so that somebody can go on (see
    :func:`humasflow.imports.services.running.stop_abandoned`). Commits each. Returns how many.
    """
    found = db.session.execute(
        select(BackfillRun.id, BackfillRun.state, User.locale)
        .join(User, User.id == BackfillRun.created_by)
        .where(BackfillRun.state.in_([s for s in RunState if s.is_working]), BackfillRun.problem == "")
        .order_by(BackfillRun.id)
    ).all()
    abandoned = lanes_without_job([_lane(row.id) for row in found])
    stopped = [row for row in found if _lane(row.id) in abandoned]
    for row in stopped:
        with force_locale(row.locale):
            stop(row.id, row.state, _("Proses latar berhenti di tengah jalan. Lanjutkan dari sini."))
        db.session.commit()
    return len(stopped)


def run_step(run: BackfillRun, step: Step) -> timedelta | None:
    """The boundary of a job: whoever waits for the run learns that it stopped and why, whatever the reason was.
    Returns what the step returns: how long until the next one, None when there is none.
    """
    run_id, state = run.id, run.state
    locale = db.session.get_one(User, run.created_by).locale
    with force_locale(locale):
        try:
            return step(run)
        except (lease.LeaseLost, RetryLater):
            raise
        except (NotAllowed, NotFound):
            problem = _("Mengimpor tidak lagi termasuk tugas orang yang memulai pengambilan ini.")
        except UserError as error:
            problem = error.message
        except Exception:
            log.exception("backfill failed", backfill_run=run_id)
            problem = _(
                "Ada gangguan di sistem. Yang sudah terbaca dan tercatat tetap aman; lanjutkan nanti."
            )
        stop(run_id, state, problem)
    return None
