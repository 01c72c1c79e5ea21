"""A desk whose stories go out: scheduled, due, worked on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.core import clock, events
from humasflow.core.db import db
from humasflow.outbox import runner
from humasflow.outbox.models import Job
from humasflow.posts import queries as post_queries
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.publishing import queries
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from tests.approvals.desk import Desk


class NewsDesk(Desk):
    """The desk with a calendar and a worker."""

    def going_out(
        self, *accounts: str, at: datetime | None = None, approved: bool = True
    ) -> tuple[Story, list[Post]]:
        """A story whose posts are scheduled; now, unless told otherwise."""
        story = self.approved(*accounts)[0] if approved else self.ready(*accounts)
        every = list(post_queries.list_posts_of(story.id))
        for post in every:
            self.schedule(post, at or clock.now())
        db.session.commit()
        return story, every

    def schedule(self, post: Post, at: datetime | None) -> None:
        posts.schedule_post(post, actor=self.editor, due_at=at)

    def work(self) -> int:
        """Let the worker do everything that is due. One that is stopped leaves things as they are."""
        ran = 0
        try:
            ran = runner.run_due()
        except Stopped:
            db.session.rollback()
        db.session.expire_all()
        return ran

    def delivery(self, post: Post) -> Delivery:
        found = queries.get_current_delivery(post)
        assert found is not None
        return found

    def state(self, post: Post) -> str:
        db.session.expire_all()
        return queries.state_of(post).value

    def jobs(self, kind: str = "publishing.publish") -> list[Job]:
        return list(db.session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)))


class Heard:
    """Events of some types, in the order they were told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def of(self, kind: type) -> list[Any]:
        return [e for e in self.told if isinstance(e, kind)]


@pytest.fixture
def heard(app: Any) -> Iterator[Heard]:
    heard = Heard()
    from humasflow.publishing import events as published

    kinds = [v for v in vars(published).values() if isinstance(v, type)]
    for kind in kinds:
        events._handlers[kind].append(heard.told.append)
    yield heard
    for kind in kinds:
        events._handlers[kind].remove(heard.told.append)


class Stopped(BaseException):
    """A worker that stops where the test wants it to: no handler of errors runs, as when it is killed."""


@contextmanager
def crash_at(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, *, after: bool) -> Iterator[None]:
    """The worker dies before or after a function of ``owner``, once."""
    original: Callable[..., Any] = getattr(owner, name)
    left = [1]

    def dying(*args: Any, **kwargs: Any) -> Any:
        if left and not after:
            left.pop()
            raise Stopped(name)
        result = original(*args, **kwargs)
        if left:
            left.pop()
            raise Stopped(name)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dying)
        yield


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)
