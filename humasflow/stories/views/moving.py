"""What editors do to a story as a whole: put aside, take up, cancel, withdraw, archive, hand over."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts import queries as accounts
from humasflow.core.db import db
from humasflow.core.errors import NotFound, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.stories import queries, services
from humasflow.stories.enums import StoryMove
from humasflow.stories.forms import AssignForm, MoveForm
from humasflow.stories.models import Story
from humasflow.stories.policy import PERMISSIONS
from humasflow.stories.views.blueprint import blueprint
from humasflow.stories.workflow import STORY


@blueprint.post("/<int:story_id>/gerak")
@requires(Permission.STORY_WRITE, Permission.STORY_WITHDRAW)
def move(story_id: int) -> Any:
    """One of the moves that a person makes on the story itself; the others have their own pages."""
    story = queries.get_story(current_user, story_id)
    form = MoveForm()
    wanted = next((m for m in PERMISSIONS if m.value == form.move.data), None)
    if wanted is None:
        raise NotFound
    if not form.validate():
        return _asked_again(story, wanted, form), 422
    try:
        with db.session.begin_nested():
            _move(story, wanted, form)
    except UserError as error:
        if error.status not in (409, 422):
            raise
        return _asked_again(story, wanted, form, problem=error.message), error.status
    flash(_done(wanted), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


def _move(story: Story, move: StoryMove, form: MoveForm) -> None:
    if move is StoryMove.WITHDRAW:
        services.withdraw_story(
            story, actor=current_user, reason=form.reason.data or "", public_note=form.public_note.data or "",
            ordered_by=form.ordered_by.data or "",
        )  # fmt: skip
    else:
        services.move_story(story, move, actor=current_user, reason=form.reason.data or "")


def _asked_again(story: Story, move: StoryMove, form: MoveForm, *, problem: str = "") -> str:
    """The dialog of the story's page as a page of its own, with everything that was typed."""
    return render_template(
        "stories/move.html", story=story, move=move, form=form, problem=problem,
        needs_reason=STORY.needs_reason(move),
    )  # fmt: skip


def _done(move: StoryMove) -> str:
    return {
        StoryMove.HOLD: _("Naskah ditunda."),
        StoryMove.RESUME: _("Naskah dilanjutkan sebagai draf."),
        StoryMove.CANCEL: _("Naskah dibatalkan."),
        StoryMove.WITHDRAW: _("Naskah diturunkan."),
        StoryMove.ARCHIVE: _("Naskah diarsipkan."),
    }[move]


@blueprint.post("/<int:story_id>/serahkan")
@requires(Permission.STORY_WRITE)
def assign(story_id: int) -> Any:
    """Hand the story to somebody."""
    story = queries.get_story(current_user, story_id)
    people = accounts.list_people_with(Permission.STORY_WRITE, orgs.get_office(story.office_id))
    form = AssignForm()
    form.owner_id.choices = [(p.id, p.name) for p in people]
    if not form.validate():
        raise UserError(" ".join(m for messages in form.errors.values() for m in messages))
    services.assign_story(story, actor=current_user, owner_id=form.owner_id.data)
    name = next(p.name for p in people if p.id == form.owner_id.data)
    flash(_("Naskah kini dipegang %(name)s.", name=name), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)
