"""What a panel of comments shows to one person: threads with their words, and what this person can do with each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.errors import Reason
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.stories.comparison import Piece, compare_words
from humasflow.stories.contents import content_of
from humasflow.stories.edit_policy import Consequence, consequence_of_edit
from humasflow.stories.enums import AnchorState, SuggestionMove, SuggestionState, ThreadKind, ThreadState
from humasflow.stories.mentions import Run, as_typed, mentioned_in, runs_of
from humasflow.stories.models import Comment, CommentThread, Story
from humasflow.stories.parts import TEXTS, WHOLE, label_of_part, picture_part, text_of_part
from humasflow.stories.policy_comments import (
    reasons_not_to_comment,
    reasons_not_to_decide_suggestion,
    reasons_not_to_edit_comment,
    reasons_not_to_remove_comment,
)
from humasflow.stories.queries.comments import (
    SHOW_OPEN,
    SHOWN,
    ThreadCounts,
    count_threads,
    list_threads,
    stamp_of_comments,
)
from humasflow.stories.queries.story import get_body, get_current_version

# Of a long talk the first and the last answers stand open; what is between is one click away.
FIRST, LAST = 1, 2


@dataclass(frozen=True)
class CommentLine:
    """A comment in runs of text and names."""

    comment: Comment
    runs: Sequence[Run]
    typed: str  # to be changed
    can_edit: bool
    can_remove: bool


@dataclass(frozen=True)
class ThreadLine:
    """A thread for one person."""

    thread: CommentThread
    where: str
    now: str  # what stands at the place today, when it is not what was chosen
    comments: Sequence[CommentLine]
    change: Sequence[Piece]  # a suggestion as taken out and put in
    accept_reasons: Sequence[Reason]
    can_accept: bool
    can_decline: bool
    can_withdraw: bool

    @property
    def is_open(self) -> bool:
        """Whether it still asks for something."""
        return self.thread.state is ThreadState.OPEN

    @property
    def is_offered(self) -> bool:
        """Whether a suggestion waits for an answer, or for its passage to come back."""
        suggestion = self.thread.suggestion
        return suggestion is not None and suggestion.state in (SuggestionState.OFFERED, SuggestionState.STALE)

    @property
    def first(self) -> Sequence[CommentLine]:
        """What stands before the fold."""
        return self.comments if self._fits else self.comments[:FIRST]

    @property
    def folded(self) -> Sequence[CommentLine]:
        """What is one click away."""
        return () if self._fits else self.comments[FIRST:-LAST]

    @property
    def last(self) -> Sequence[CommentLine]:
        """What stands behind the fold."""
        return () if self._fits else self.comments[-LAST:]

    @property
    def _fits(self) -> bool:
        return len(self.comments) <= FIRST + LAST + 1


@dataclass(frozen=True)
class CommentPanel:
    """The panel of a story."""

    story: Story
    office: Unit
    show: str
    counts: ThreadCounts
    threads: Sequence[ThreadLine]
    next: str | None
    stamp: str
    reasons: Sequence[Reason]  # why this person cannot write
    consequence: Consequence | None  # what accepting a suggestion does to an approval
    parts: Sequence[tuple[str, str]]  # what a comment can be about, with its name

    @property
    def can_write(self) -> bool:
        """Whether this person may comment."""
        return not self.reasons


def build_panel(
    actor: Principal,
    story: Story,
    *,
    show: str = SHOW_OPEN,
    cursor: str | None = None,
    upto: int | None = None,
) -> CommentPanel:
    """Everything the panel shows, in a constant number of statements."""
    show = show if show in SHOWN else SHOW_OPEN
    page = list_threads(story.id, show=show, user_id=actor.id, cursor=cursor, upto=upto)
    version = get_current_version(story)
    pictures = [p.asset_id for p in version.pictures]
    texts: dict[str, str] = {}
    if any(t.anchor is AnchorState.CHANGED for t in page):
        content = content_of(version, get_body(version.id))
        texts = {part: text_of_part(content, part) for part in TEXTS}
    named = {i for t in page for c in t.comments for i in mentioned_in(c.text)}
    lines = _Lines(actor, story, pictures, texts, accounts.names_of(named))
    return CommentPanel(
        story=story, office=orgs.get_office(story.office_id), show=show, counts=count_threads(story.id, actor.id),
        threads=[lines.line(t) for t in page], next=page.next, stamp=stamp_of_comments(story.id),
        reasons=lines.reasons, consequence=consequence_of_edit(story), parts=_parts(pictures),
    )  # fmt: skip


def _parts(pictures: Sequence[int]) -> list[tuple[str, str]]:
    names = [WHOLE, *TEXTS, *(picture_part(asset_id) for asset_id in pictures)]
    return [(name, label_of_part(name, pictures)) for name in names]


class _Lines:
    def __init__(
        self,
        actor: Principal,
        story: Story,
        pictures: Sequence[int],
        texts: dict[str, str],
        names: dict[int, str],
    ) -> None:
        self.actor, self.story = actor, story
        self.pictures, self.texts, self.names = pictures, texts, names
        self.reasons = reasons_not_to_comment(actor, story)
        self.now = clock.now()

    def line(self, thread: CommentThread) -> ThreadLine:
        suggestion = thread.suggestion
        is_changed = thread.anchor is AnchorState.CHANGED
        accept = self._reasons(thread, SuggestionMove.ACCEPT)
        return ThreadLine(
            thread=thread,
            where=label_of_part(thread.part, self.pictures),
            now=self.texts.get(thread.part, "")[thread.start : thread.end] if is_changed else "",
            comments=[self._comment(c, self.now) for c in thread.comments],
            change=compare_words(thread.quote, suggestion.replacement) if suggestion else (),
            accept_reasons=[r for r in accept if r.code not in ("permission", "kind", "state")],
            can_accept=not accept,
            can_decline=not self._reasons(thread, SuggestionMove.DECLINE),
            can_withdraw=not self._reasons(thread, SuggestionMove.WITHDRAW),
        )

    def _reasons(self, thread: CommentThread, move: SuggestionMove) -> list[Reason]:
        if thread.kind is not ThreadKind.SUGGESTION:
            return [Reason("kind", "")]
        return reasons_not_to_decide_suggestion(self.actor, self.story, thread, move)

    def _comment(self, comment: Comment, now: datetime) -> CommentLine:
        may = not self.reasons
        return CommentLine(
            comment,
            list(runs_of(comment.text, self.names)),
            as_typed(comment.text, self.names),
            can_edit=may and not reasons_not_to_edit_comment(self.actor, comment, now),
            can_remove=may and not reasons_not_to_remove_comment(self.actor, comment),
        )
