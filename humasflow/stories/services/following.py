"""Comments follow the text: whatever stores another text calls this, so that no passage is mapped from a stale one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, update

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.stories import queries
from humasflow.stories.anchors import Anchor, map_anchors
from humasflow.stories.contents import StoryContent, content_of
from humasflow.stories.enums import AnchorState, SuggestionMove, SuggestionState
from humasflow.stories.models import CommentThread, Story, Suggestion
from humasflow.stories.parts import position_of, text_of_part
from humasflow.stories.queries.comments import list_anchored
from humasflow.stories.workflow import SUGGESTION

# So many that move by the same distance are worth a statement of their own.
WORTH_IT = 8

Passages = Mapping[str, tuple[str, Sequence[CommentThread]]]


def passages_of(story: Story) -> Passages:
    """The text of each part that has comments at passages, with these. Call it before another text is stored.

    One statement for a story without such comments.
    """
    threads = list_anchored(story.id) if story.current_version_id is not None else []
    if not threads:
        return {}
    version = queries.get_current_version(story)
    content = content_of(version, queries.get_body(version.id))
    by_part = groupby(sorted(threads, key=lambda t: t.part), key=lambda t: t.part)
    return {part: (text_of_part(content, part), list(group)) for part, group in by_part}


def follow_text(before: Passages, content: StoryContent) -> None:
    """Take the comments along to the text that was stored now, in a few statements whatever their number.

    A suggestion whose passage changed expires, and revives when the passage is back.
    """
    moved: list[tuple[CommentThread, Anchor]] = []
    for part, (old, threads) in before.items():
        anchors = map_anchors(old, text_of_part(content, part), [anchor_of(t) for t in threads])
        moved += [(t, a) for t, a in zip(threads, anchors, strict=True) if a != anchor_of(t)]
    if not moved:
        return
    _store(moved)
    _follow_suggestions(moved)
    for thread, _anchor in moved:
        db.session.expire(thread)


def anchor_of(thread: CommentThread) -> Anchor:
    """Where a thread stands."""
    return Anchor(thread.start, thread.end, thread.quote, thread.prefix, thread.suffix, thread.anchor)


def _columns(thread: CommentThread, anchor: Anchor, now: datetime) -> dict[str, object]:
    # What became of a passage is news to whoever has the panel open; that it moved along is not.
    return {
        "new_start": anchor.start, "new_end": anchor.end, "new_prefix": anchor.prefix, "new_suffix": anchor.suffix,
        "new_anchor": anchor.state, "new_position": position_of(thread.part, anchor.start),
        "new_updated": thread.updated_at if anchor.state is thread.anchor else now,
    }  # fmt: skip


def _store(moved: Sequence[tuple[CommentThread, Anchor]]) -> None:
    """What only moved along goes in a statement for each distance: behind one edit everything moves by the same."""
    along: dict[int, list[int]] = {}
    for thread, anchor in moved:
        shift = anchor.start - thread.start
        if anchor == replace(anchor_of(thread), start=anchor.start, end=thread.end + shift):
            along.setdefault(shift, []).append(thread.id)
    along = {shift: ids for shift, ids in along.items() if len(ids) >= WORTH_IT}
    done = {thread_id for ids in along.values() for thread_id in ids}
    now = clock.now()
    rest = [{"thread": t.id, **_columns(t, a, now)} for t, a in moved if t.id not in done]
    for shift, ids in along.items():
        db.session.execute(
            update(CommentThread)
            .where(CommentThread.id.in_(ids))
            .values(
                {
                    CommentThread.start: CommentThread.start + shift,
                    CommentThread.end: CommentThread.end + shift,
                    CommentThread.position: CommentThread.position + shift,
                }
            )
            .execution_options(synchronize_session=False)
        )
    if not rest:
        return
    table = CommentThread.__table__
    db.session.connection().execute(
        update(CommentThread)
        .where(table.c.id == bindparam("thread"))
        .values(
            {
                CommentThread.start: bindparam("new_start"), CommentThread.end: bindparam("new_end"),
                CommentThread.prefix: bindparam("new_prefix"), CommentThread.suffix: bindparam("new_suffix"),
                CommentThread.anchor: bindparam("new_anchor"), CommentThread.position: bindparam("new_position"),
                CommentThread.updated_at: bindparam("new_updated"),
            }
        ),
        rest,
    )  # fmt: skip


def _follow_suggestions(moved: Sequence[tuple[CommentThread, Anchor]]) -> None:
    now = clock.now()
    for move, state in (
        (SuggestionMove.EXPIRE, SuggestionState.OFFERED),
        (SuggestionMove.REVIVE, SuggestionState.STALE),
    ):
        wants_held = move is SuggestionMove.REVIVE
        ids = [
            t.id for t, a in moved
            if t.suggestion and t.suggestion.state is state and (a.state is AnchorState.HELD) is wants_held
        ]  # fmt: skip
        if ids:
            db.session.execute(
                update(Suggestion)
                .where(Suggestion.thread_id.in_(ids))
                .values(state=SUGGESTION.target(state, move), state_since=now)
            )
