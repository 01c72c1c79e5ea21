"""The one function that moves a story along its table."""

from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused, UserError
from humasflow.core.events import emit
from humasflow.stories.enums import StoryMove
from humasflow.stories.events import StoryMoved
from humasflow.stories.models import Story
from humasflow.stories.policy import reasons_not_to_move
from humasflow.stories.services import versioning
from humasflow.stories.workflow import STORY


class ReasonNeeded(UserError):
    """A move that reaches people who have to know why came without a reason."""


_RECORDED = {
    StoryMove.SUBMIT: AuditAction.STORY_SUBMITTED,
    StoryMove.RECALL: AuditAction.STORY_RECALLED,
    StoryMove.RETURN: AuditAction.STORY_RETURNED,
    StoryMove.APPROVE: AuditAction.STORY_APPROVED,
    StoryMove.RELEASE: AuditAction.STORY_RELEASED,
    StoryMove.VOID: AuditAction.STORY_APPROVAL_VOIDED,
    StoryMove.PUBLISH: AuditAction.STORY_PUBLISHED,
    StoryMove.HOLD: AuditAction.STORY_HELD,
    StoryMove.RESUME: AuditAction.STORY_RESUMED,
    StoryMove.CANCEL: AuditAction.STORY_CANCELLED,
    StoryMove.WITHDRAW: AuditAction.STORY_WITHDRAWN,
    StoryMove.ARCHIVE: AuditAction.STORY_ARCHIVED,
}


def move_story(story: Story, move: StoryMove, *, actor: Principal | None, reason: str = "") -> None:
    """The one function that changes a story's state. ``actor`` None: the product. Raises Refused, ReasonNeeded."""
    lock(story)
    reasons = reasons_not_to_move(actor, story, move)
    if reasons:
        raise Refused(reasons)
    reason = reason.strip()
    if STORY.needs_reason(move) and not reason:
        raise ReasonNeeded(_("Tuliskan alasannya, supaya yang memegang naskah tahu mengapa."))
    versioning.seal(story)
    before = story.state
    story.state = STORY.target(before, move)
    story.state_since = story.updated_at = clock.now()
    if move is StoryMove.RETURN:
        story.returns += 1
    if STORY.needs_reason(move):
        story.last_reason = reason
    elif move is StoryMove.SUBMIT:
        story.last_reason = ""  # the correction that was asked for is what is submitted now
    db.session.flush()
    detail: dict[str, Any] = {"reason": reason} if reason else {}
    audit.record(
        _RECORDED[move],
        ("story", story.id),
        office_id=story.office_id,
        actor=actor,
        before=before.value,
        after=story.state.value,
        **detail,
    )
    emit(
        StoryMoved(
            story_id=story.id,
            move=move,
            before=before,
            after=story.state,
            actor_id=actor.id if actor else None,
            reason=reason,
        )
    )
