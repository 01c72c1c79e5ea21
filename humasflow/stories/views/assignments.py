"""What a person answers to a task, and what an editor does with it. The pages that show tasks are in `pages`."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.errors import UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.core.urls import safe_local_target
from humasflow.stories.assignment_forms import CancelTaskForm, DeclineForm, DoneForm
from humasflow.stories.assignment_policy import reasons_not_to_move_task
from humasflow.stories.enums import AssignmentMove
from humasflow.stories.models import Assignment
from humasflow.stories.queries.assignments import get_assignment, get_successor
from humasflow.stories.services import tasks
from humasflow.stories.views.blueprint import blueprint


@blueprint.post("/tugas/<int:assignment_id>/dibuka")
@signed_in
def task_opened(assignment_id: int) -> Any:
    """The page with the task was shown to the person: a script says so, because a GET changes nothing."""
    tasks.record_opened(get_assignment(current_user, assignment_id), actor=current_user)
    return "", 204


@blueprint.post("/tugas/<int:assignment_id>/terima")
@signed_in
def accept_task(assignment_id: int) -> Any:
    """Yes."""
    found = get_assignment(current_user, assignment_id)
    tasks.accept_task(found, actor=current_user)
    flash(_("Tugas diterima. Terima kasih."), "success")
    return _back(found)


@blueprint.route("/tugas/<int:assignment_id>/tolak", methods=["GET", "POST"])
@signed_in
def decline_task(assignment_id: int) -> Any:
    """No, and why."""
    found = get_assignment(current_user, assignment_id)
    form = DeclineForm()
    if form.validate_on_submit():
        tasks.decline_task(found, actor=current_user, reason=form.reason.data or "")
        flash(_("Jawaban Anda sudah disampaikan kepada redaktur."), "success")
        return redirect(url_for("pages.tasks"), code=303)
    return _asked("stories/decline_task.html", form, found, AssignmentMove.DECLINE)


@blueprint.post("/tugas/<int:assignment_id>/selesai")
@signed_in
def finish_task(assignment_id: int) -> Any:
    """The work is handed over."""
    found = get_assignment(current_user, assignment_id)
    form = DoneForm()
    if not form.validate():
        raise UserError(" ".join(m for messages in form.errors.values() for m in messages))
    tasks.finish_task(found, actor=current_user, note=form.note.data or "")
    flash(_("Tugas ditandai selesai."), "success")
    return _back(found)


@blueprint.post("/tugas/<int:assignment_id>/buka-lagi")
@signed_in
def reopen_task(assignment_id: int) -> Any:
    """It was not finished after all."""
    found = get_assignment(current_user, assignment_id)
    tasks.reopen_task(found, actor=current_user)
    flash(_("Tanda selesai dibatalkan. Tugas ini terbuka lagi."), "success")
    return _back(found)


@blueprint.route("/tugas/<int:assignment_id>/batalkan", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def cancel_task(assignment_id: int) -> Any:
    """Nobody has to do it any longer, and why."""
    found = get_assignment(current_user, assignment_id)
    form = CancelTaskForm()
    if form.validate_on_submit():
        tasks.cancel_task(found, actor=current_user, reason=form.reason.data or "")
        flash(_("Tugas dibatalkan."), "success")
        return redirect(url_for("pages.story", story_id=found.story_id) + "#penugasan", code=303)
    return _asked("stories/cancel_task.html", form, found, AssignmentMove.CANCEL)


def _asked(template: str, form: DeclineForm | CancelTaskForm, found: Assignment, move: AssignmentMove) -> Any:
    """The page with the question; or, when it is too late for it, why."""
    successor = get_successor(found)
    reasons = reasons_not_to_move_task(
        current_user, found, move, successor=successor.person.name if successor else ""
    )
    page = render_template(template, form=form, task=found, reasons=reasons)
    return page, 422 if form.errors else 200


def _back(found: Assignment) -> Any:
    """Where the person came from, if that is a page of ours; else the task itself."""
    target = safe_local_target(request.form.get("kembali"))
    return redirect(target or url_for("pages.task", assignment_id=found.id), code=303)
