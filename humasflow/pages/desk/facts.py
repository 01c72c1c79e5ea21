"""What cards and rows show beside the story itself: channels with their next time, holders, flags. A fixed number of
statements however many cards there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, literal, select, union_all
from sqlalchemy.sql.functions import coalesce

from humasflow.accounts.models import User
from humasflow.approvals.models import UrgentRelease
from humasflow.approvals.queries.urgent import FLAGGED
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import UTCDateTime, db
from humasflow.posts.models import Post
from humasflow.stories.enums import ThreadState
from humasflow.stories.models import Assignment, CommentThread, Story
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.queries.desk_rows import NEVER


def has_post_on(account_id: int) -> ColumnElement[bool]:
    """A condition on Story: it goes to this account."""
    return exists().where(Post.story_id == Story.id, Post.account_id == account_id, Post.removed_at.is_(None))


def has_open_urgent() -> ColumnElement[bool]:
    """A condition on Story: it went out without approval, and nobody has agreed since."""
    return exists().where(UrgentRelease.story_id == Story.id, UrgentRelease.state.in_(FLAGGED))


@dataclass
class Facts:
    """Of one story."""

    channels: list[tuple[str, str]] = field(default_factory=list)  # icon and account name
    times: list[datetime] = field(default_factory=list)
    people: list[str] = field(default_factory=list)  # with a task that is not done
    is_urgent: bool = False
    open_comments: int = 0

    def next_time(self, now: datetime) -> datetime | None:
        """When it goes out next: the earliest time that is still to come, else the latest one it had."""
        return min((t for t in self.times if t >= now), default=max(self.times, default=None))


NOTHING = Facts()


def facts_of(story_ids: Iterable[int]) -> Mapping[int, Facts]:
    """Of several stories, in one statement; a story without any is left out."""
    wanted = sorted(set(story_ids))
    if not wanted:
        return {}
    channels = (
        select(
            literal("channel"), Post.story_id, ChannelKind.icon, ChannelAccount.name,
            coalesce(Post.scheduled_at, NEVER), ChannelAccount.position, Post.id,
        )
        .join(ChannelAccount, ChannelAccount.id == Post.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .where(Post.story_id.in_(wanted), Post.removed_at.is_(None))
    )  # fmt: skip
    people = (
        select(
            literal("person"), Assignment.story_id, literal(""), User.name, coalesce(Assignment.due_at, NEVER),
            literal(0), Assignment.id,
        )
        .join(User, User.id == Assignment.person_id)
        .where(Assignment.story_id.in_(wanted), is_open())
    )  # fmt: skip
    flags = select(
        literal("urgent"), UrgentRelease.story_id, literal(""), literal(""), UrgentRelease.released_at, literal(0),
        UrgentRelease.id,
    ).where(UrgentRelease.story_id.in_(wanted), UrgentRelease.state.in_(FLAGGED))  # fmt: skip
    comments = (
        select(
            literal("comments"), CommentThread.story_id, literal(""), literal(""), literal(NEVER, UTCDateTime()),
            func.count(), literal(0),
        )
        .where(CommentThread.story_id.in_(wanted), CommentThread.state == ThreadState.OPEN)
        .group_by(CommentThread.story_id)
    )  # fmt: skip
    found: dict[int, Facts] = {}
    rows = db.session.execute(union_all(channels, people, flags, comments)).all()
    for kind, story_id, icon, name, at, number, _id in sorted(rows, key=lambda r: (r[5], r[4], r[6])):
        facts = found.setdefault(story_id, Facts())
        if kind == "channel":
            facts.channels.append((icon, name))
            if at < NEVER:
                facts.times.append(at)
        elif kind == "person":
            if name not in facts.people:
                facts.people.append(name)
        elif kind == "urgent":
            facts.is_urgent = True
        else:
            facts.open_comments = number
    return found
