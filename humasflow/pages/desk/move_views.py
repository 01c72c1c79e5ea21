"""Dropping a card, and "Pindahkan ke…": the same question and the same act, for scripts and without them."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user
from wtforms import TextAreaField

from humasflow.accounts.policy import acting_office
from humasflow.core.errors import NotFound, UserError
from humasflow.core.forms import BaseForm, MaxLength
from humasflow.core.guards import requires
from humasflow.core.negotiation import wants_json
from humasflow.core.permissions import Permission
from humasflow.pages.blueprint import blueprint
from humasflow.pages.desk import lanes as looks
from humasflow.pages.desk import moving
from humasflow.pages.desk.bulk import actions_of
from humasflow.pages.desk.facts import facts_of
from humasflow.pages.desk.moving import How, Target
from humasflow.pages.desk.narrowing import desk_back, desk_url
from humasflow.stories import queries as stories
from humasflow.stories.enums import Lane
from humasflow.stories.models import Story


class CardForm(BaseForm):
    """The reason, where one is needed."""

    alasan = TextAreaField("", [MaxLength(2000)])


def _lane(text: str) -> Lane | None:
    return next((lane for lane in Lane if lane.value == text), None)


@blueprint.route("/naskah/<int:story_id>/pindah", methods=["GET", "POST"])
@requires(Permission.STORY_READ)
def desk_move(story_id: int) -> Any:
    """Where the card may go and why not elsewhere (GET); moving it (POST). JSON for the board's script."""
    story = stories.get_story(current_user, story_id)
    if request.method == "GET":
        return _told(story) if wants_json() else _page(story)
    to = _lane(request.form.get("ke", ""))
    form = CardForm()
    if to is None:
        raise NotFound
    reason = form.alasan.data or ""
    if not form.validate():
        problem = " ".join(m for messages in form.errors.values() for m in messages)
        return _refused(story, to, reason, UserError(problem))
    try:
        moved = moving.move_card(
            story, to, actor=current_user, seen=_lane(request.form.get("dari", "")), reason=reason,
            digest=request.form.get("digest", "")[:64],
        )  # fmt: skip
    except NotFound:
        raise
    except UserError as error:
        return _refused(story, to, reason, error)
    if wants_json():
        return {
            "lane": moved.lane.value, "message": moved.message, "undo": moved.undo.value if moved.undo else None,
            "card": _card(story, moved.lane),
        }  # fmt: skip
    flash(moved.message, "success")
    return redirect(f"{desk_back() or desk_url('')}#naskah-{story.id}", code=303)


def _refused(story: Story, to: Lane, reason: str, error: UserError) -> Any:
    """For the script as any refusal; else the page again, with what was typed."""
    if wants_json():
        raise error
    return _page(story, error.message, to=to, reason=reason), error.status


def _card(story: Story, lane: Lane) -> str:
    """The card as it stands now, for the script to put in the place of the old one."""
    rows = stories.rows_of(current_user, story.office_id, [story.id])
    describing = looks.Describing(acting_office(current_user))
    card = describing.card(rows[story.id], facts_of(rows))
    return render_template(
        "pages/desk/_card.html", card=card, lane=lane.value, actions=actions_of(current_user)
    )


def _told(story: Story) -> dict[str, Any]:
    return {
        "title": story.title,
        "targets": [_target(t) for t in moving.targets_of(current_user, story)],
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "lane": target.lane.value, "name": target.lane.label, "how": target.how.value, "label": target.label,
        "says": target.says, "url": target.url, "needs_reason": target.needs_reason,
        "digest": target.digest,
        "reasons": [str(reason) for reason in target.reasons],
    }  # fmt: skip


def _page(story: Story, problem: str = "", *, to: Lane | None = None, reason: str = "") -> str:
    """Every column. After a refusal: what stands against it, and the reason as it was typed, wherever the card is."""
    return render_template(
        "pages/desk/move.html", story=story, here=moving.lane_of(story), How=How, problem=problem, looks=looks,
        targets=moving.targets_of(current_user, story), back=desk_back(), tried=to,
        reason=reason,
    )  # fmt: skip
