"""One base text and the posts of a story beside it, saved together: those that follow it change with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotFound, Reason, Refused, UserError
from humasflow.posts import queries
from humasflow.posts.contents import (
    BaseContent,
    PostContent,
    base_digest,
    base_of,
    check_words,
    cleaned,
    cleaned_base,
    content_of,
    following,
    is_untouched,
)
from humasflow.posts.enums import PostChange
from humasflow.posts.models import BaseText, Post, PostVersion
from humasflow.posts.policy import reasons_not_to_add, reasons_not_to_change_each
from humasflow.posts.services.writing import create_post, save_post_version
from humasflow.stories.models import Story


@dataclass(frozen=True)
class VariantDraft:
    """What was written for one account. ``key`` names it in answers; without ``post`` it is a new one.

    ``row_version``, ``base_version_id`` and ``opened_type_id`` as in :func:`save_post_version`.
    """

    key: str
    account_id: int
    content: PostContent
    content_type_id: int
    post: Post | None = None
    row_version: int | None = None
    base_version_id: int | None = None
    opened_type_id: int | None = None


@dataclass
class Composition:
    """What a save did. ``left``: posts that follow the base text and could not be changed, with the reasons."""

    base_changed: bool = False
    created: list[Post] = field(default_factory=list)
    saved: list[Post] = field(default_factory=list)
    left: list[tuple[Post, Sequence[Reason]]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing was different from what stood there."""
        return not (self.base_changed or self.created or self.saved)


class CompositionRefused(UserError):
    """Nothing is to be saved: what stands against it, by the key of a draft; ``""`` is the base text."""

    def __init__(self, errors: Mapping[str, UserError]) -> None:
        super().__init__(" ".join(error.message for error in errors.values()))
        self.errors = errors

    @property
    def has_conflict(self) -> bool:
        """Whether somebody saved the same thing meanwhile."""
        return any(isinstance(error, Conflict) for error in self.errors.values())


def compose(
    story: Story,
    *,
    actor: Principal,
    base: BaseContent,
    drafts: Sequence[VariantDraft],
    base_row_version: int | None = None,
    base_opened: str = "",
) -> Composition:
    """Save the base text and everything written beside it, each post with its own check; all or nothing.

    Posts that follow the base text and are not among the drafts take it over too. What is live or on its way stays
    as it is and is named in the answer. What came back as it was opened (``base_opened``: the digest of the base text
    then) is nobody's wish: whatever others saved there meanwhile stays. Needs ``post:write``. Flushes.

    Raises Refused (the story takes no posts any more), NotFound, and CompositionRefused with everything at once: then
    part of it may have been flushed, and the caller goes back to before (a savepoint).
    """
    lock(story)
    reasons = reasons_not_to_add(actor, story)
    if reasons:
        raise Refused(reasons)
    done, errors = Composition(), dict[str, UserError]()
    stored = queries.get_base(story.id)
    if stored is not None and base_opened == base_digest(base):
        base = base_of(stored)
    try:
        done.base_changed = _save_base(story, base, actor=actor, row_version=base_row_version)
    except UserError as error:
        errors[""] = error
    base = cleaned_base(base)
    known = queries.list_posts_of(story.id)
    current = {v.post_id: content_of(v) for v in queries.get_versions_of(known)}
    locked = reasons_not_to_change_each(actor, known, PostChange.EDIT)
    drafts = _touched(drafts)
    for draft in drafts:
        content = following(base, draft.content)
        against = locked.get(draft.post.id, []) if draft.post is not None else []
        if draft.post is not None and against and _stays(draft.post, content, current, against, done):
            continue
        refusal = _error_saving(story, draft, content, current, actor=actor, done=done)
        if refusal is not None:
            errors[draft.key] = refusal
    seen = {draft.post.id for draft in drafts if draft.post is not None}
    for post in known:
        if post.id not in seen:
            _take_over(post, base, current[post.id], locked[post.id], actor=actor, done=done)
    if errors:
        raise CompositionRefused(errors)
    return done


def _stays(
    post: Post,
    content: PostContent,
    current: Mapping[int, PostContent],
    against: Sequence[Reason],
    done: Composition,
) -> bool:
    """Whether a post that cannot be changed is left as it is: nothing of it was to change, or only the base text."""
    if cleaned(content) == current.get(post.id):
        return True
    if content.follows_base:
        done.left.append((post, against))
    return content.follows_base


def _touched(drafts: Sequence[VariantDraft]) -> list[VariantDraft]:
    """Those that somebody wrote on. Two statements."""
    opened = {v.id: v for v in queries.get_versions(d.base_version_id for d in drafts if d.base_version_id)}
    return [draft for draft in drafts if not _is_as_opened(draft, opened)]


def _is_as_opened(draft: VariantDraft, opened: Mapping[int, PostVersion]) -> bool:
    version = opened.get(draft.base_version_id or 0)
    if draft.post is None or version is None or version.post_id != draft.post.id:
        return False
    known = draft.opened_type_id or draft.post.content_type_id
    return draft.content_type_id == known and is_untouched(draft.content, content_of(version))


def _error_saving(
    story: Story,
    draft: VariantDraft,
    content: PostContent,
    current: Mapping[int, PostContent],
    *,
    actor: Principal,
    done: Composition,
) -> UserError | None:
    """Save it; what stands against that, if anything does. Raises NotFound."""
    try:
        _save_draft(story, draft, content, actor=actor, done=done)
    except NotFound:
        raise
    except Refused as refused:
        # It was sent while this went on: what only follows the base text is left as it is.
        if draft.post is not None and _stays(draft.post, content, current, refused.reasons, done):
            return None
        return refused
    except UserError as error:
        return error
    return None


def _save_draft(
    story: Story, draft: VariantDraft, content: PostContent, *, actor: Principal, done: Composition
) -> None:
    if draft.post is None:
        done.created.append(
            create_post(
                story, actor=actor, account_id=draft.account_id, content_type_id=draft.content_type_id,
                content=content,
            )
        )  # fmt: skip
        return
    before = draft.post.content_type_id
    saved = save_post_version(
        draft.post, actor=actor, content=content, content_type_id=draft.content_type_id,
        row_version=draft.row_version, base_version_id=draft.base_version_id, opened_type_id=draft.opened_type_id,
    )  # fmt: skip
    if saved is not None or before != draft.post.content_type_id:
        done.saved.append(draft.post)


def _take_over(
    post: Post,
    base: BaseContent,
    current: PostContent,
    against: Sequence[Reason],
    *,
    actor: Principal,
    done: Composition,
) -> None:
    """The base text for a post that follows it and that this person did not write on."""
    content = following(base, current)
    if content == current:
        return
    if against:
        done.left.append((post, against))
        return
    try:
        saved = save_post_version(post, actor=actor, content=content)
    except Refused as refused:  # on its way since it was asked about
        done.left.append((post, refused.reasons))
        return
    if saved is not None:
        done.saved.append(post)


def _save_base(story: Story, base: BaseContent, *, actor: Principal, row_version: int | None) -> bool:
    """Whether it changed. Raises Conflict, UserError."""
    check_words(base)
    wanted, stored = cleaned_base(base), queries.get_base(story.id)
    if wanted == base_of(stored):
        return False
    if row_version is not None and (stored.row_version if stored else 0) != row_version:
        raise Conflict(_("Orang lain menyimpan teks dasar saat Anda menulis."))
    if stored is None:
        stored = BaseText(story_id=story.id)
        db.session.add(stored)
    stored.text, stored.link, stored.hashtags = wanted.text, wanted.link, list(wanted.hashtags)
    stored.updated_by, stored.updated_at = actor.id, clock.now()
    db.session.flush()
    audit.record(AuditAction.POST_BASE_SAVED, ("story", story.id), office_id=story.office_id, actor=actor)
    return True
