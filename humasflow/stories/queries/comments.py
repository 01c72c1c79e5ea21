"""Reading comments: a story's threads as a panel shows them, counts for many stories, who can be named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import Page
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.stories.assigned import INVOLVED
from humasflow.stories.enums import ThreadState
from humasflow.stories.models import (
    Assignment,
    Comment,
    CommentMention,
    CommentThread,
    Story,
    StoryReader,
    Suggestion,
)
from humasflow.stories.queries.story import get_story
from humasflow.stories.visibility import is_closed

# What a panel can be narrowed to.
SHOW_OPEN, SHOW_RESOLVED, SHOW_MINE = "terbuka", "selesai", "saya"
SHOWN = (SHOW_OPEN, SHOW_RESOLVED, SHOW_MINE)
THREADS_A_PAGE = 50


@dataclass(frozen=True)
class ThreadCounts:
    """How many threads of a story there are, by what a panel can be narrowed to."""

    open: int = 0
    resolved: int = 0
    mine: int = 0


def count_threads(story_id: int, user_id: int) -> ThreadCounts:
    """For the tabs of a panel. One statement."""
    is_open = CommentThread.state == ThreadState.OPEN
    row = db.session.execute(
        select(
            func.count().filter(is_open),
            func.count().filter(CommentThread.state == ThreadState.RESOLVED),
            func.count().filter(_concerns(user_id)),
        ).where(CommentThread.story_id == story_id)
    ).one()
    return ThreadCounts(*row)


def list_threads(
    story_id: int,
    *,
    show: str = SHOW_OPEN,
    user_id: int,
    cursor: str | None = None,
    upto: int | None = None,
    size: int = THREADS_A_PAGE,
) -> Page[CommentThread]:
    """Threads in the order in which one reads the story, with what was written in them. Two statements.

    ``upto``: the page goes at least as far as this thread, so that a link to it finds it.
    """
    statement = (
        select(CommentThread)
        .where(CommentThread.story_id == story_id, _narrowed(show, user_id))
        .options(
            joinedload(CommentThread.author, innerjoin=True),
            joinedload(CommentThread.decided_by),
            joinedload(CommentThread.suggestion).joinedload(Suggestion.decider),
            selectinload(CommentThread.comments).joinedload(Comment.author, innerjoin=True),
        )
        .order_by(CommentThread.position, CommentThread.id)
    )
    after = _decoded(cursor)
    if after is not None:
        position, row_id = after
        later = and_(CommentThread.position == position, CommentThread.id > row_id)
        statement = statement.where(or_(CommentThread.position > position, later))
    if upto is not None:
        size = max(size, _rank(story_id, upto, show, user_id))
    rows = db.session.scalars(statement.limit(size + 1)).all()
    if len(rows) <= size:
        return Page(rows, None)
    last = rows[size - 1]
    return Page(rows[:size], f"{last.position}~{last.id}")


def get_thread(story: Story, thread_id: int) -> CommentThread:
    """A thread of this story, or "not found"."""
    thread = db.session.get(CommentThread, thread_id)
    if thread is None or thread.story_id != story.id:
        raise NotFound
    return thread


def story_of_thread(thread_id: int) -> int:
    """The id of a thread's story, or "not found". Whether it may be read is asked next."""
    found = db.session.scalar(select(CommentThread.story_id).where(CommentThread.id == thread_id))
    if found is None:
        raise NotFound
    return found


def get_comment(actor: Principal, comment_id: int) -> tuple[Story, CommentThread, Comment]:
    """A comment of a story that the actor may read, or "not found"."""
    comment = db.session.get(Comment, comment_id)
    if comment is None:
        raise NotFound
    thread = db.session.get_one(CommentThread, comment.thread_id)
    return get_story(actor, thread.story_id), thread, comment


def list_anchored(story_id: int) -> Sequence[CommentThread]:
    """Threads that stand at a passage, resolved ones too: reopening one finds its place. One statement."""
    return db.session.scalars(
        select(CommentThread)
        .where(CommentThread.story_id == story_id, CommentThread.quote != "")
        .options(joinedload(CommentThread.suggestion))
        .order_by(CommentThread.id)
    ).all()


def list_mentionable(story: Story) -> Sequence[User]:
    """Active people who can read the story (as ``policy.can_read`` asks of one), by name: they may be named in its
    comments, and hear of them.
    """
    office = db.session.get_one(Unit, story.office_id)
    readers = {u.id: u for u in accounts.list_people_with(Permission.STORY_READ, office)}
    at_work = select(Assignment.person_id).where(
        Assignment.story_id == story.id, Assignment.state.in_(sorted(INVOLVED))
    )
    brought_in = {story.created_by, *db.session.scalars(at_work)}
    others = {i for i in brought_in if i} - set(readers)
    if others:
        here = accounts.people_ids_of(office)
        readers |= {
            u.id: u for u in db.session.scalars(select(User).where(User.id.in_(others), User.id.in_(here)))
        }
    people = list(readers.values())
    if is_closed(story):
        named = set(db.session.scalars(select(StoryReader.user_id).where(StoryReader.story_id == story.id)))
        people = [u for u in people if u.id in named]
    return sorted(people, key=lambda u: (u.name.casefold(), u.id))


def stamp_of_comments(story_id: int) -> str:
    """Changes whenever anything in a story's comments does. One statement."""
    last, threads = db.session.execute(
        select(func.max(CommentThread.updated_at), func.count()).where(CommentThread.story_id == story_id)
    ).one()
    return f"{threads}.{_micros(last)}"


def participants_of(thread_id: int) -> set[int]:
    """Who wrote in a thread or began it, or was named there. One statement."""
    wrote = select(Comment.author_id).where(Comment.thread_id == thread_id)
    began = select(CommentThread.created_by).where(CommentThread.id == thread_id)
    named = (
        select(CommentMention.user_id)
        .join(Comment, Comment.id == CommentMention.comment_id)
        .where(Comment.thread_id == thread_id)
    )
    return set(db.session.scalars(union(wrote, began, named)))


def _concerns(user_id: int) -> ColumnElement[bool]:
    wrote = select(Comment.thread_id).where(Comment.author_id == user_id)
    named = (
        select(Comment.thread_id)
        .join(CommentMention, CommentMention.comment_id == Comment.id)
        .where(CommentMention.user_id == user_id)
    )
    return or_(CommentThread.created_by == user_id, CommentThread.id.in_(wrote), CommentThread.id.in_(named))


def _narrowed(show: str, user_id: int) -> ColumnElement[bool]:
    if show == SHOW_MINE:
        return _concerns(user_id)
    return CommentThread.state == (ThreadState.RESOLVED if show == SHOW_RESOLVED else ThreadState.OPEN)


def _rank(story_id: int, thread_id: int, show: str, user_id: int) -> int:
    """How many threads the list shows up to and with this one; 0 when it does not show it."""
    wanted = db.session.get(CommentThread, thread_id)
    if wanted is None or wanted.story_id != story_id:
        return 0
    before = or_(
        CommentThread.position < wanted.position,
        and_(CommentThread.position == wanted.position, CommentThread.id <= wanted.id),
    )
    counted = select(func.count()).where(CommentThread.story_id == story_id, _narrowed(show, user_id), before)
    return db.session.scalar(counted) or 0


def _decoded(cursor: str | None) -> tuple[int, int] | None:
    position, _, row_id = (cursor or "").partition("~")
    if not all(p.isascii() and p.isdigit() and len(p) < 19 for p in (position, row_id)):
        return None
    return int(position), int(row_id)


def _micros(instant: datetime | None) -> int:
    return int(instant.timestamp() * 1_000_000) if instant else 0
