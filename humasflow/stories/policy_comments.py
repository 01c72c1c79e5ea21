"""Who may comment, change what they wrote, and decide about suggestions."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.stories.assigned import is_assigned
from humasflow.stories.enums import OVER, AnchorState, SuggestionMove
from humasflow.stories.models import Comment, CommentMention, CommentThread, Story, StoryReader
from humasflow.stories.policy import can_read, reasons_not_to_edit
from humasflow.stories.workflow import SUGGESTION

# Until then a comment is mended; afterwards others have read it, and only a new one can say more.
EDITABLE_FOR = timedelta(minutes=15)


def reasons_not_to_comment(actor: Principal, story: Story) -> list[Reason]:
    """Why somebody cannot write a comment, answer, resolve or reopen. Of those who may read the story it is who writes
    and who approves, and whoever was brought in: named for it, at work on it, or asked by a mention.
    """
    reasons = []
    works = any(actor.can(p, story.office_id) for p in (Permission.STORY_WRITE, Permission.STORY_APPROVE))
    if not can_read(actor, story) or not (works or _belongs(actor.id, story)):
        reasons.append(
            Reason("permission", _("Komentar ditulis oleh redaktur, penyetuju, dan orang yang dilibatkan."))
        )
    if story.state in OVER:
        reasons.append(
            Reason(
                "state",
                _("Naskah berstatus “%(state)s”; komentarnya tinggal dibaca.", state=story.state.label),
            )
        )
    return reasons


def can_comment(actor: Principal, story: Story) -> bool:
    """Whether somebody may write a comment, answer, resolve and reopen."""
    return not reasons_not_to_comment(actor, story)


def _belongs(user_id: int, story: Story) -> bool:
    if user_id in (story.owner_id, story.created_by) or is_assigned(user_id, story.id):
        return True
    if db.session.get(StoryReader, (story.id, user_id)) is not None:
        return True
    mentioned = (
        select(CommentMention.comment_id)
        .join(Comment, Comment.id == CommentMention.comment_id)
        .join(CommentThread, CommentThread.id == Comment.thread_id)
        .where(
            CommentMention.user_id == user_id,
            CommentThread.story_id == story.id,
            Comment.removed_at.is_(None),
        )
        .limit(1)
    )
    return db.session.scalar(mentioned) is not None


def reasons_not_to_edit_comment(actor: Principal, comment: Comment, now: datetime) -> list[Reason]:
    """Why somebody cannot change the words of a comment."""
    reasons = reasons_not_to_remove_comment(actor, comment)
    if now - comment.created_at > EDITABLE_FOR:
        reasons.append(
            Reason(
                "late",
                _("Komentar dapat diubah sampai 15 menit sesudah ditulis. Tulis balasan untuk menambahkan."),
            )
        )
    return reasons


def reasons_not_to_remove_comment(actor: Principal, comment: Comment) -> list[Reason]:
    """Why somebody cannot take a comment back."""
    reasons = []
    if comment.author_id != actor.id:
        reasons.append(Reason("author", _("Hanya penulisnya yang dapat mengubah atau menghapus komentar.")))
    if comment.removed_at is not None:
        reasons.append(Reason("removed", _("Komentar ini sudah dihapus.")))
    return reasons


def reasons_not_to_decide_suggestion(
    actor: Principal, story: Story, thread: CommentThread, move: SuggestionMove
) -> list[Reason]:
    """Why somebody cannot accept, decline or withdraw a suggested change now."""
    suggestion = thread.suggestion
    if suggestion is None:
        return [Reason("kind", _("Utas ini bukan usul perubahan."))]
    if not SUGGESTION.allows(suggestion.state, move):
        return [
            Reason(
                "state",
                _("Usul ini berstatus “%(state)s”, jadi tidak dapat diubah lagi.", state=suggestion.state.label),
            )
        ]  # fmt: skip
    if move is SuggestionMove.WITHDRAW:
        if thread.created_by != actor.id:
            return [Reason("author", _("Hanya pengusulnya yang dapat menarik usul ini."))]
        return []
    reasons = reasons_not_to_edit(actor, story)
    if move is SuggestionMove.DECLINE:
        # Saying no changes no text: it needs the right to write, not an unlocked story.
        reasons = [r for r in reasons if r.code == "permission"]
    elif thread.anchor is not AnchorState.HELD:
        reasons.append(Reason("stale", _("Bagian ini sudah berubah sejak usul ditulis.")))
    return reasons
