"""Writing comments: threads at the whole or at a passage, answers, and who is told."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Reason, Refused, UserError
from humasflow.core.events import emit
from humasflow.stories import queries
from humasflow.stories.anchors import Anchor, anchor_at, find_quote
from humasflow.stories.contents import StoryContent, content_of
from humasflow.stories.enums import AnchorState, ThreadKind, ThreadMove, ThreadState
from humasflow.stories.events import CommentWritten
from humasflow.stories.mentions import mentioned_in, store_mentions
from humasflow.stories.models import Comment, CommentMention, CommentThread, Story
from humasflow.stories.parts import SEARCHED, TEXTS, WHOLE, picture_of, position_of, text_of_part
from humasflow.stories.policy_comments import (
    reasons_not_to_comment,
    reasons_not_to_edit_comment,
    reasons_not_to_remove_comment,
)
from humasflow.stories.queries.comments import list_mentionable
from humasflow.stories.workflow import THREAD

MAX_TEXT = 4000
MAX_QUOTE = 4000
NOWHERE = Anchor(0, 0, "")


@dataclass(frozen=True)
class Passage:
    """What somebody marked: the part, the words, and, from a script, where they stand and what is around them."""

    part: str = WHOLE
    quote: str = ""
    start: int = 0
    prefix: str = ""
    suffix: str = ""


class PassageNotFound(UserError):
    """The words are not in the stored text, or stand there more than once: perhaps they are not saved yet."""


def begin_thread(
    story: Story, *, actor: Principal, text: str, passage: Passage | None = None, mentions: Iterable[int] = ()
) -> CommentThread:
    """A remark on the whole, on a part or at a passage. Locks the story, so that the text stands still meanwhile.

    ``mentions``: who is meant where two people have one name. Raises Refused, PassageNotFound, UserError.
    """
    lock(story)
    _require(actor, story)
    text = checked_text(text)
    thread = place_thread(story, actor, ThreadKind.NOTE, passage or Passage())
    write_comment(story, thread, actor=actor, text=text, mentions=mentions, begins=True)
    return thread


def note_return(story: Story, *, actor_id: int, reason: str) -> CommentThread:
    """The reason with which the story was sent back, as a thread that can be answered and resolved. It is recorded and
    told by the return itself.
    """
    thread = _new_thread(story, actor_id, ThreadKind.RETURN, WHOLE, NOWHERE)
    text = store_mentions(reason, ())  # it names nobody, whatever it looks like
    db.session.add(Comment(thread_id=thread.id, author_id=actor_id, text=text, created_at=clock.now()))
    db.session.flush()
    return thread


def reply(
    story: Story, thread: CommentThread, *, actor: Principal, text: str, mentions: Iterable[int] = ()
) -> Comment:
    """Answer in an open thread. Raises Refused, UserError."""
    lock(thread)
    _require(actor, story)
    if thread.state is not ThreadState.OPEN:
        raise Refused([Reason("state", _("Utas ini sudah selesai. Buka kembali dahulu, lalu balas."))])
    return write_comment(story, thread, actor=actor, text=checked_text(text), mentions=mentions, begins=False)


def move_thread(story: Story, thread: CommentThread, move: ThreadMove, *, actor: Principal) -> bool:
    """Resolve or reopen. Returns whether anything changed: what is resolved already stays as it is."""
    lock(thread)
    _require(actor, story)
    if not THREAD.allows(thread.state, move):
        return False
    settle_thread(thread, move, actor=actor)
    audit.record(
        AuditAction.COMMENT_RESOLVED if move is ThreadMove.RESOLVE else AuditAction.COMMENT_REOPENED,
        ("comment_thread", thread.id),
        office_id=story.office_id,
        actor=actor,
        context=("story", story.id),
    )
    return True


def edit_comment(
    story: Story, thread: CommentThread, comment: Comment, *, actor: Principal, text: str,
    mentions: Iterable[int] = (),
) -> None:  # fmt: skip
    """Mend the words of an own comment within 15 minutes; what stood before is kept in the record."""
    lock(comment)
    _require(actor, story)
    now = clock.now()
    reasons = reasons_not_to_edit_comment(actor, comment, now)
    if reasons:
        raise Refused(reasons)
    stored = _with_mentions(story, checked_text(text), mentions)
    if stored == comment.text:
        return
    before, known = comment.text, set(mentioned_in(comment.text))
    comment.text, comment.edited_at, thread.updated_at = stored, now, now
    fresh = _set_mentions(comment)
    db.session.flush()
    audit.record(
        AuditAction.COMMENT_EDITED,
        ("comment", comment.id),
        office_id=story.office_id,
        actor=actor,
        context=("story", story.id),
        before=before,
    )
    told = tuple(i for i in fresh if i not in known)
    if told:
        _tell(story, thread, comment, mentioned=told, begins=False, is_edit=True)


def remove_comment(story: Story, thread: CommentThread, comment: Comment, *, actor: Principal) -> None:
    """Take an own comment back. Its place stays; a thread that says nothing any more is resolved."""
    lock(comment)
    reasons = reasons_not_to_remove_comment(actor, comment)
    if reasons:
        raise Refused(reasons)
    before, now = comment.text, clock.now()
    comment.text, comment.removed_at, thread.updated_at = "", now, now
    _set_mentions(comment)
    db.session.flush()
    audit.record(
        AuditAction.COMMENT_REMOVED,
        ("comment", comment.id),
        office_id=story.office_id,
        actor=actor,
        context=("story", story.id),
        before=before,
    )
    db.session.refresh(thread)
    is_empty = thread.kind is ThreadKind.NOTE and all(c.removed_at for c in thread.comments)
    if is_empty and thread.state is ThreadState.OPEN:
        settle_thread(thread, ThreadMove.RESOLVE, actor=actor)


# What suggestions use too


def checked_text(text: str) -> str:
    """The words, trimmed. Raises UserError when there are none or too many."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise UserError(_("Komentarnya masih kosong."))
    if len(text) > MAX_TEXT:
        raise UserError(_too_long(len(text)))
    return text


def place_thread(story: Story, actor: Principal, kind: ThreadKind, passage: Passage) -> CommentThread:
    """A thread at a passage of the text as it stands. The story is locked by the caller."""
    version = queries.get_current_version(story)
    content = content_of(version, queries.get_body(version.id))
    part, anchor = locate(content, passage)
    return _new_thread(story, actor.id, kind, part, anchor)


def locate(content: StoryContent, passage: Passage) -> tuple[str, Anchor]:
    """The part and the place that are meant. Raises PassageNotFound, and UserError for a part that does not exist."""
    quote = passage.quote.replace("\r\n", "\n").strip(" \n")
    asset_id = picture_of(passage.part)
    is_picture = asset_id is not None and any(p.asset_id == asset_id for p in content.pictures)
    if passage.part not in (WHOLE, *TEXTS) and not is_picture:
        raise UserError(_("Bagian yang dikomentari sudah tidak ada di naskah ini."))
    if not quote or is_picture:
        return passage.part, NOWHERE
    if len(quote) > MAX_QUOTE:
        raise UserError(_("Bagian yang dipilih terlalu panjang. Pilih beberapa kalimat saja."))
    parts = SEARCHED if passage.part == WHOLE else (passage.part,)
    texts = {part: text_of_part(content, part) for part in parts}
    if passage.part != WHOLE:
        found = _exactly(texts[passage.part], passage, quote)
        if found:
            return passage.part, anchor_at(texts[passage.part], *found)
    places = [(part, m.span()) for part, text in texts.items() for m in _loosely(quote).finditer(text)]
    if len(places) == 1:
        part, span = places[0]
        return part, anchor_at(texts[part], *span)
    if places:
        raise PassageNotFound(
            _("Kata-kata itu ada di beberapa tempat. Sertakan beberapa kata di sekitarnya.")
        )
    raise PassageNotFound(
        _("Kata-kata itu tidak ada di naskah yang tersimpan. Simpan naskah dahulu, atau salin persis.")
    )


def write_comment(
    story: Story, thread: CommentThread, *, actor: Principal, text: str, mentions: Iterable[int], begins: bool
) -> Comment:
    """Add words to a thread, record it and tell who is concerned. Flushes."""
    now = clock.now()
    comment = Comment(
        thread_id=thread.id, author_id=actor.id, text=_with_mentions(story, text, mentions), created_at=now
    )
    db.session.add(comment)
    thread.updated_at = now
    db.session.flush()
    mentioned = _set_mentions(comment)
    audit.record(
        AuditAction.COMMENT_WRITTEN if begins else AuditAction.COMMENT_ANSWERED,
        ("comment", comment.id),
        office_id=story.office_id,
        actor=actor,
        context=("story", story.id),
    )
    _tell(story, thread, comment, mentioned=mentioned, begins=begins)
    return comment


def settle_thread(thread: CommentThread, move: ThreadMove, *, actor: Principal) -> None:
    """Move a thread along its table. The caller has asked who may, and records it."""
    thread.state = THREAD.target(thread.state, move)
    thread.state_since = thread.updated_at = clock.now()
    thread.state_by = actor.id
    db.session.flush()


def _require(actor: Principal, story: Story) -> None:
    reasons = reasons_not_to_comment(actor, story)
    if reasons:
        raise Refused(reasons)


def _too_long(size: int) -> str:
    return _("Komentar paling panjang %(limit)s karakter; sekarang %(size)s.", limit=MAX_TEXT, size=size)


def _new_thread(story: Story, author_id: int, kind: ThreadKind, part: str, anchor: Anchor) -> CommentThread:
    if story.current_version_id is None:
        raise LookupError(f"story {story.id} has no version")
    now = clock.now()
    thread = CommentThread(
        story_id=story.id, kind=kind, state=THREAD.initial, state_since=now, part=part, start=anchor.start,
        end=anchor.end, quote=anchor.quote, prefix=anchor.prefix, suffix=anchor.suffix, anchor=AnchorState.HELD,
        position=position_of(part, anchor.start), version_id=story.current_version_id, created_by=author_id,
        created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(thread)
    db.session.flush()
    return thread


def _exactly(text: str, passage: Passage, quote: str) -> tuple[int, int] | None:
    start = passage.start
    if start >= 0 and text[start : start + len(quote)] == quote:
        return start, start + len(quote)
    return find_quote(text, quote, passage.prefix, passage.suffix, max(start, 0))


def _loosely(quote: str) -> re.Pattern[str]:
    """The words with any blanks between them: who copies from a page gets other line breaks."""
    return re.compile(r"\s+".join(re.escape(word) for word in quote.split()))


def _with_mentions(story: Story, text: str, mentions: Iterable[int]) -> str:
    if "@" not in text:
        return text
    return store_mentions(text, [(u.id, u.name) for u in list_mentionable(story)], mentions)


def _set_mentions(comment: Comment) -> tuple[int, ...]:
    named = mentioned_in(comment.text)
    kept = {m.user_id: m for m in comment.mentions}
    comment.mentions = [kept.get(i) or CommentMention(user_id=i) for i in named]
    db.session.flush()
    return tuple(named)


def _tell(
    story: Story,
    thread: CommentThread,
    comment: Comment,
    *,
    mentioned: tuple[int, ...],
    begins: bool,
    is_edit: bool = False,
) -> None:
    emit(
        CommentWritten(
            comment_id=comment.id,
            thread_id=thread.id,
            story_id=story.id,
            mentioned=mentioned,
            actor_id=comment.author_id,
            begins=begins,
            is_edit=is_edit,
        )
    )
