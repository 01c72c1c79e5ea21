"""What hangs on an event of the agenda: publications and tasks of the stories that cover it. They follow when it moves,
and have their own times again when the move is taken back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import literal, or_, select, union_all
from sqlalchemy.orm import aliased

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.publishing.services.following import give_time_back
from humasflow.stories.enums import OPEN_ASSIGNMENT, OVER
from humasflow.stories.models import Assignment, Story
from humasflow.stories.services.covering import give_due_back

Times = dict[int, datetime | None]
_POST, _TASK = "p", "t"


@dataclass(frozen=True)
class Hanging:
    """The times of publications and tasks, by their numbers."""

    posts: Times = field(default_factory=dict)
    tasks: Times = field(default_factory=dict)

    @classmethod
    def on(cls, event_id: int) -> "Hanging":
        """What has a time and would follow the event. One statement."""
        covering = (Story.event_id == event_id, Story.state.not_in(sorted(OVER)))
        return _read(
            [*covering, Post.removed_at.is_(None), Post.scheduled_at.is_not(None)],
            [*covering, Assignment.state.in_(sorted(OPEN_ASSIGNMENT)), Assignment.due_at.is_not(None)],
        )

    def now(self) -> "Hanging":
        """The same as they stand now; of what was removed or ended, nothing. A statement, unless there is nothing."""
        if not self.posts and not self.tasks:
            return self
        return _read(
            [Post.id.in_(self.posts), Post.removed_at.is_(None)],
            [Assignment.id.in_(self.tasks), Assignment.state.in_(sorted(OPEN_ASSIGNMENT))],
        )

    def lost(self, after: "Hanging") -> int:
        """How many publications had a time and have none."""
        return sum(at is not None and post in after.posts and after.posts[post] is None
                   for post, at in self.posts.items())  # fmt: skip


@dataclass(frozen=True)
class Followed:
    """What a move did to what hung on it: where each stood ``before`` it and ``after``."""

    before: Hanging
    after: Hanging

    def told(self) -> dict[str, Any]:
        """As an undo remembers it; empty where nothing hung."""
        found = {
            _POST: _paired(self.before.posts, self.after.posts),
            _TASK: _paired(self.before.tasks, self.after.tasks),
        }  # fmt: skip
        return {name: times for name, times in found.items() if times}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Followed":
        """What was told."""
        posts, tasks = told.get(_POST, {}), told.get(_TASK, {})
        before, after = (Hanging(_nth(posts, n), _nth(tasks, n)) for n in (0, 1))
        return cls(before, after)

    def still(self) -> "Hanging":
        """The times to go back to, of those that stand where the move left them. A statement, unless nothing hung."""
        now = self.after.now()
        return Hanging(
            {i: at for i, at in self.before.posts.items() if i in now.posts and now.posts[i] == self.after.posts[i]},
            {i: at for i, at in self.before.tasks.items() if i in now.tasks and now.tasks[i] == self.after.tasks[i]},
        )  # fmt: skip

    def unmoved(self, of: "Hanging") -> frozenset[int]:
        """Tasks among these that the move left where they were: they stay when it is taken back."""
        return frozenset(task for task, at in of.tasks.items() if self.after.tasks[task] == at)


def give_back(wanted: Hanging, *, actor: Principal) -> None:
    """Let each have its old time again; those that have it by now cost nothing. Flushes."""
    now = wanted.now()
    for post_id, at in sorted(wanted.posts.items()):
        if at is not None and now.posts.get(post_id, at) != at:
            give_time_back(post_id, at, actor=actor)
    for task_id, at in sorted(wanted.tasks.items()):
        if at is not None and now.tasks.get(task_id, at) != at:
            give_due_back(db.session.get_one(Assignment, task_id), at, actor=actor)


def lock_hanging(event_ids: Sequence[int], *, task_ids: Sequence[int], post_ids: Sequence[int]) -> None:
    """Wait for whoever is changing what hangs on these events, and along with it what else is to be moved: stories,
    tasks, publications, each in the order of their numbers. Whoever moves an event needs them all, and needs them
    before the record, which everybody else asks for last.
    """
    covering = select(Story.id).where(Story.event_id.in_(event_ids), Story.state.not_in(sorted(OVER)))
    stories = db.session.scalars(covering.order_by(Story.id).with_for_update(of=Story)).all()
    if not stories:
        return
    named = aliased(Assignment)
    siblings = select(named.story_id).where(named.id.in_(task_ids))
    db.session.execute(
        select(Assignment.id)
        .where(or_(Assignment.story_id.in_(stories), Assignment.story_id.in_(siblings)))
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    )
    db.session.execute(
        select(Post.id)
        .where(or_(Post.story_id.in_(stories), Post.id.in_(post_ids)))
        .order_by(Post.id)
        .with_for_update(of=Post)
    )


def _read(posts: Iterable[Any], tasks: Iterable[Any]) -> Hanging:
    found = Hanging()
    rows = db.session.execute(
        union_all(
            select(literal(_POST), Post.id, Post.scheduled_at)
            .join(Story, Story.id == Post.story_id)
            .where(*posts),
            select(literal(_TASK), Assignment.id, Assignment.due_at)
            .join(Story, Story.id == Assignment.story_id)
            .where(*tasks),
        )
    )
    for kind, ident, at in rows:
        (found.posts if kind == _POST else found.tasks)[ident] = at
    return found


def _paired(before: Times, after: Times) -> dict[str, list[str | None]]:
    # Names are texts in JSON.
    return {str(i): [_text(at), _text(after[i])] for i, at in sorted(before.items()) if i in after}


def _nth(told: Mapping[str, Sequence[str | None]], n: int) -> Times:
    return {int(i): datetime.fromisoformat(at) if (at := pair[n]) else None for i, pair in told.items()}


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
