"""Suggested changes: offered at a passage, accepted into a new version, declined or taken back."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from flask_babel import gettext as _

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Reason, Refused, UserError
from humasflow.core.events import emit
from humasflow.stories import queries
from humasflow.stories.anchors import SpliceError, splice_html, splice_plain
from humasflow.stories.contents import StoryContent, check_content, content_of
from humasflow.stories.enums import SuggestionMove, SuggestionState, ThreadKind, ThreadMove, ThreadState
from humasflow.stories.events import SuggestionDecided, SuggestionOffered
from humasflow.stories.models import CommentThread, Story, StoryVersion, Suggestion
from humasflow.stories.parts import BODY, KICKER, LEAD, TEXTS, TITLE
from humasflow.stories.policy_comments import reasons_not_to_comment, reasons_not_to_decide_suggestion
from humasflow.stories.services import versioning
from humasflow.stories.services.comments import (
    MAX_TEXT,
    Passage,
    place_thread,
    settle_thread,
    write_comment,
)
from humasflow.stories.services.writing import save_version
from humasflow.stories.workflow import SUGGESTION


def suggest_change(
    story: Story,
    *,
    actor: Principal,
    passage: Passage,
    replacement: str,
    text: str = "",
    mentions: Iterable[int] = (),
) -> CommentThread:
    """Propose other words for a passage (none takes it out), perhaps with a remark. Also while the story is in review:
    it waits until the text can be changed. Raises Refused, PassageNotFound, UserError.
    """
    lock(story)
    reasons = reasons_not_to_comment(actor, story)
    if reasons:
        raise Refused(reasons)
    replacement, text = replacement.replace("\r\n", "\n").strip(), text.replace("\r\n", "\n").strip()
    if max(len(replacement), len(text)) > MAX_TEXT:
        raise UserError(_("Usul paling panjang %(limit)s karakter.", limit=MAX_TEXT))
    if not passage.quote.strip():
        raise UserError(_("Pilih dahulu bagian yang diusulkan berubah."))
    thread = place_thread(story, actor, ThreadKind.SUGGESTION, passage)
    if thread.quote == replacement:
        raise UserError(_("Usulnya sama dengan yang tertulis sekarang."))
    _try_out(story, thread, replacement)
    db.session.add(
        Suggestion(
            thread_id=thread.id, replacement=replacement, state=SUGGESTION.initial, state_since=clock.now()
        )
    )
    db.session.flush()
    audit.record(
        AuditAction.SUGGESTION_OFFERED,
        ("comment_thread", thread.id),
        office_id=story.office_id,
        actor=actor,
        context=("story", story.id),
    )
    emit(SuggestionOffered(thread_id=thread.id, story_id=story.id, actor_id=actor.id))
    if text:
        write_comment(story, thread, actor=actor, text=text, mentions=mentions, begins=True)
    db.session.refresh(thread)
    return thread


def accept_suggestion(story: Story, thread: CommentThread, *, actor: Principal) -> StoryVersion | None:
    """Put the change into the text, as a version of its own. Accepting again changes nothing and returns None.

    The rules of every edit hold: locked stories refuse it, an approved one may lose its approval.
    """
    lock(story)
    db.session.refresh(thread)
    suggestion = _of(thread)
    if suggestion.state is SuggestionState.ACCEPTED:
        return None
    reasons = reasons_not_to_decide_suggestion(actor, story, thread, SuggestionMove.ACCEPT)
    if reasons:
        raise Refused(reasons)
    content = _current(story)
    changed = _changed(content, thread, suggestion.replacement)
    _move(thread, suggestion, SuggestionMove.ACCEPT, actor=actor)
    name = accounts.names_of([thread.created_by]).get(thread.created_by, "")
    versioning.seal(story)  # what was being written stands by itself, before and without the suggestion
    version = save_version(story, actor=actor, content=changed, note=_("Saran %(name)s diterima", name=name))
    db.session.refresh(suggestion)
    suggestion.version_id = version.id if version else None
    _conclude(story, thread, SuggestionMove.ACCEPT, actor=actor)
    return version


def decline_suggestion(story: Story, thread: CommentThread, *, actor: Principal, reason: str = "") -> None:
    """Lay the change aside, perhaps saying why. Declining again changes nothing."""
    reason = reason.replace("\r\n", "\n").strip()
    if len(reason) > MAX_TEXT:
        raise UserError(_("Alasan paling panjang %(limit)s karakter.", limit=MAX_TEXT))
    _lay_aside(story, thread, SuggestionMove.DECLINE, actor=actor, reason=reason)


def withdraw_suggestion(story: Story, thread: CommentThread, *, actor: Principal) -> None:
    """Take an own suggestion back. Withdrawing again changes nothing."""
    _lay_aside(story, thread, SuggestionMove.WITHDRAW, actor=actor)


def _lay_aside(
    story: Story, thread: CommentThread, move: SuggestionMove, *, actor: Principal, reason: str = ""
) -> None:
    lock(story)
    db.session.refresh(thread)
    suggestion = _of(thread)
    if suggestion.state is SUGGESTION.table[move].target:
        return
    reasons = reasons_not_to_decide_suggestion(actor, story, thread, move)
    if reasons:
        raise Refused(reasons)
    _move(thread, suggestion, move, actor=actor, reason=reason)
    _conclude(story, thread, move, actor=actor, reason=reason)


def _of(thread: CommentThread) -> Suggestion:
    suggestion = db.session.get(Suggestion, thread.id)
    if suggestion is None:
        raise Refused([Reason("kind", _("Utas ini bukan usul perubahan."))])
    db.session.refresh(suggestion)
    return suggestion


def _move(
    thread: CommentThread, suggestion: Suggestion, move: SuggestionMove, *, actor: Principal, reason: str = ""
) -> None:
    now = clock.now()
    suggestion.state = SUGGESTION.target(suggestion.state, move)
    suggestion.state_since, suggestion.decided_by, suggestion.reason = now, actor.id, reason
    thread.updated_at = now
    db.session.flush()


_RECORDED = {
    SuggestionMove.ACCEPT: AuditAction.SUGGESTION_ACCEPTED,
    SuggestionMove.DECLINE: AuditAction.SUGGESTION_DECLINED,
    SuggestionMove.WITHDRAW: AuditAction.SUGGESTION_WITHDRAWN,
}


def _conclude(
    story: Story, thread: CommentThread, move: SuggestionMove, *, actor: Principal, reason: str = ""
) -> None:
    """What is decided asks for nothing any more: the thread is resolved, and who proposed it is told."""
    db.session.refresh(thread)
    if thread.state is ThreadState.OPEN:
        settle_thread(thread, ThreadMove.RESOLVE, actor=actor)
    audit.record(
        _RECORDED[move],
        ("comment_thread", thread.id),
        office_id=story.office_id,
        actor=actor,
        context=("story", story.id),
        **({"reason": reason} if reason else {}),
    )
    if move is not SuggestionMove.WITHDRAW:
        emit(
            SuggestionDecided(
                thread_id=thread.id, story_id=story.id, move=move, actor_id=actor.id, reason=reason
            )
        )


def _current(story: Story) -> StoryContent:
    version = queries.get_current_version(story)
    return content_of(version, queries.get_body(version.id))


def _try_out(story: Story, thread: CommentThread, replacement: str) -> None:
    """Refuse at once what could never be accepted."""
    if thread.part not in TEXTS:
        raise UserError(_("Usul perubahan dibuat untuk tulisan, bukan untuk foto."))
    check_content(_changed(_current(story), thread, replacement))


def _changed(content: StoryContent, thread: CommentThread, replacement: str) -> StoryContent:
    try:
        if thread.part == BODY:
            body = splice_html(content.body_html, thread.start, thread.end, replacement)
            return replace(content, body_html=body)
        changed = splice_plain(getattr(content, thread.part), thread.start, thread.end, replacement)
    except SpliceError as error:
        raise UserError(
            _(
                "Usul perubahan dibuat di dalam satu paragraf. Untuk beberapa paragraf, buat usul masing-masing."
            )
        ) from error
    return _FIELDS[thread.part](content, changed)


_FIELDS: dict[str, Callable[[StoryContent, str], StoryContent]] = {
    KICKER: lambda content, text: replace(content, kicker=text),
    TITLE: lambda content, text: replace(content, title=text),
    LEAD: lambda content, text: replace(content, lead=text),
}
