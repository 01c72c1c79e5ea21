"""The safety net: what fell through is mended post by post, and what it makes of a job has its place among the others."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.services import failing, scheduling, sweeping
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.db


def test_a_post_that_cannot_be_mended_keeps_no_other_from_it(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [desk.going_out("web")[1][0] for _number in range(3)]
    db.session.execute(delete(Job).where(Job.kind == "publishing.publish"))
    db.session.commit()
    bad = posts[1].id
    original = scheduling.sync_job

    def sync_job(post: Post) -> None:
        if post.id == bad:
            raise ValueError("a row that nobody thought of")
        original(post)

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "sync_job", sync_job)
        assert services.sweep() == 2
        db.session.rollback()  # what was mended is committed
        desk.work()
        assert [desk.state(p) for p in posts] == ["published", "scheduled", "published"]
    assert services.sweep() == 1
    desk.work()
    assert desk.state(posts[1]) == "published"


def test_one_dead_job_that_cannot_be_told_of_hides_no_other(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [desk.going_out("web")[1][0] for _number in range(2)]
    for job in desk.jobs():
        job.state = JobState.DEAD
    db.session.commit()
    original, bad = failing.give_up, posts[0].id

    def give_up(post: Post, cause: str) -> None:
        original(post, cause)
        if post.id == bad:
            raise ValueError("after half of it")

    with monkeypatch.context() as patch:
        patch.setattr(failing, "give_up", give_up)
        assert services.sweep() == 1
    assert [desk.state(p) for p in posts] == ["scheduled", "failed"]
    services.sweep()
    assert [desk.state(p) for p in posts] == ["failed", "failed"]


def test_a_job_that_somebody_revived_meanwhile_is_not_given_up(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("web")
    (job,) = desk.jobs()
    job.state = JobState.DEAD
    db.session.commit()
    original = sweeping.lock_post

    def revived_first(post_id: int) -> Any:
        job.state = JobState.QUEUED
        return original(post_id)

    monkeypatch.setattr(sweeping, "lock_post", revived_first)
    services.sweep()
    assert desk.state(post) == "scheduled"
    desk.work()
    assert desk.state(post) == "published"


def make_old(job: Job) -> None:
    """As a version without lanes left it."""
    job.lane, job.priority = None, int(Priority.ORDINARY)
    db.session.commit()


@pytest.mark.parametrize("way", ["new time", "woken", "approved"])
def test_a_job_of_an_earlier_version_gets_its_place_with_its_next_time(desk: NewsDesk, way: str) -> None:
    story, (post,) = desk.going_out("web", at=clock.now() + timedelta(hours=2))
    (job,) = desk.jobs()
    make_old(job)
    match way:
        case "new time":
            desk.schedule(post, clock.now() + timedelta(hours=3))
        case "woken":
            scheduling.wake(post)
        case "approved":
            job.state = JobState.DONE
            scheduling.sync_story(story.id)
    db.session.commit()
    (job,) = desk.jobs()
    assert (job.lane, job.priority) == (f"account:{post.account_id}", int(Priority.POSTS))
    assert job.state is JobState.QUEUED
