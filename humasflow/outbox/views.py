"""Jobs that gave up, jobs that are overdue, and whether the worker lives."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.errors import Conflict
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.outbox import queries, services, wording
from humasflow.outbox.enums import JobState

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/pengaturan/pekerjaan")
@requires(Permission.JOB_READ)
def jobs() -> Any:
    """The office's dead letters and overdue jobs."""
    office_id = current_user.office.id
    return render_template(
        "outbox/jobs.html", dead=queries.list_dead(office_id), overdue=queries.list_overdue(office_id=office_id),
        alive=queries.is_worker_alive(), seen=queries.get_last_beat(), kind_label=wording.kind_label,
        cause=wording.cause, J=JobState,
    )  # fmt: skip


@blueprint.post("/pengaturan/pekerjaan/<int:job_id>/ulangi")
@requires(Permission.JOB_READ)
def revive(job_id: int) -> Any:
    """Try a dead letter again."""
    job = queries.get_job(current_user.office.id, job_id)
    if job.state is not JobState.DEAD:
        raise Conflict(_("Pekerjaan ini sudah dijalankan ulang."))
    services.revive(job, actor=current_user)
    flash(_("Dijalankan ulang. Bila gagal lagi, penyebabnya tampak di sini."), "success")
    return redirect(url_for("outbox.jobs"), code=303)
