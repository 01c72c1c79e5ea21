"""What has to come down because a consent ended, and saying that it did."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import acting_office
from humasflow.core.errors import NotAllowed
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.media import queries, services, usage
from humasflow.media.enums import TakedownState
from humasflow.media.forms import NoteForm
from humasflow.media.policy import can_take_down
from humasflow.media.views.blueprint import blueprint
from humasflow.orgs import queries as orgs


@blueprint.get("/penurunan")
@requires(Permission.STORY_WRITE)
def takedowns() -> Any:
    """What is due, the most urgent first, with the places; below it what was done."""
    office = acting_office(current_user)
    tasks = queries.list_open_takedowns(current_user, office.id)
    closed = queries.list_closed_takedowns(current_user, office.id, cursor=request.args.get("setelah"))
    return render_template(
        "media/takedowns.html", tasks=tasks, closed=closed,
        uses=usage.list_uses(current_user, list({t.asset_id for t in tasks})),
        people=accounts.names_of([t.closed_by for t in closed]), may=can_take_down(current_user, office.id),
    )  # fmt: skip


@blueprint.route("/penurunan/<int:task_id>", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def takedown(task_id: int) -> Any:
    """One task; a note says what came down from where."""
    task = queries.get_takedown(current_user, task_id)
    form = NoteForm()
    if not can_take_down(current_user, task.office_id):
        raise NotAllowed(_("Penurunan diselesaikan oleh redaktur."))
    if not form.validate_on_submit():
        body = render_template(
            "media/takedown.html", task=task, form=form, where=orgs.get_office(task.office_id),
            uses=usage.list_uses(current_user, [task.asset_id])[task.asset_id],
            may=can_take_down(current_user, task.office_id) and task.state is TakedownState.OPEN,
            people=accounts.names_of([task.closed_by]),
        )  # fmt: skip
        return body, 422 if form.is_submitted() else 200
    services.close_takedown(task, actor=current_user, note=form.note.data or "")
    flash(_("Penurunan tercatat. Berkas ini tetap tidak boleh dipakai."), "success")
    return redirect(url_for("media.takedowns"), code=303)
