"""Nothing of a story goes out before its embargo ends, on any channel, whatever was planned."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from humasflow.channels.adapters.base import Ready
from humasflow.channels.adapters.web import WebAdapter
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.newsroom import queries as newsroom
from humasflow.outbox.enums import JobState
from humasflow.posts import queries as post_queries
from humasflow.posts import services as posts
from humasflow.publishing import services
from humasflow.publishing.events import PostHeld
from humasflow.stories.services import set_embargo
from tests.publishing.desk import Heard, NewsDesk, hours

pytestmark = pytest.mark.db
At = Callable[[str], AbstractContextManager[None]]


def test_what_is_planned_earlier_waits_and_goes_out_when_the_embargo_ends(desk: NewsDesk, at: At) -> None:
    with at("2026-10-14T01:00:00Z"):
        until = clock.now() + hours(5)
        story, (web,) = desk.going_out("web", at=clock.now() + hours(1))
        set_embargo(story, actor=desk.editor, until=until)
        db.session.commit()
        (job,) = desk.jobs()
        assert job.due_at == until
    with at("2026-10-14T02:30:00Z"):
        desk.work()
        assert desk.state(web) == "scheduled"
        site = newsroom.get_newsroom(desk.world.office.slug or "")
        assert newsroom.list_stories(site, size=10).items == []
    with at("2026-10-14T06:00:01Z"):
        desk.work()
        assert desk.state(web) == "published"


def test_lifting_the_embargo_brings_the_own_time_back(desk: NewsDesk, at: At) -> None:
    with at("2026-10-14T01:00:00Z"):
        planned = clock.now() + hours(1)
        story, _posts = desk.going_out("web", at=planned)
        set_embargo(story, actor=desk.editor, until=clock.now() + hours(5))
        set_embargo(story, actor=desk.editor, until=None)
        (job,) = desk.jobs()
        assert job.due_at == planned


def test_nobody_publishes_or_schedules_into_the_embargo(desk: NewsDesk) -> None:
    story, _package = desk.approved("web")
    (web,) = post_queries.list_posts_of(story.id)
    until = clock.now() + hours(48)
    set_embargo(story, actor=desk.editor, until=until)
    with pytest.raises(UserError, match="diembargo sampai"):
        posts.schedule_post(web, actor=desk.editor, due_at=clock.now() + hours(2))
    with pytest.raises(Refused) as refused:
        services.publish_now(web, actor=desk.editor)
    assert [r.code for r in refused.value.reasons] == ["embargo"]
    posts.schedule_post(web, actor=desk.editor, due_at=until)
    assert web.scheduled_at == until


def test_a_request_to_upload_is_taken_back(desk: NewsDesk) -> None:
    story, (facebook,) = desk.going_out("facebook")
    desk.work()
    assert desk.state(facebook) == "manual_due"
    set_embargo(story, actor=desk.editor, until=clock.now() + hours(3))
    db.session.commit()
    desk.work()
    assert desk.state(facebook) == "scheduled"


@pytest.mark.parametrize("through_event", [True, False])
def test_an_embargo_set_while_a_channel_prepares_waits_without_a_word(
    desk: NewsDesk, at: At, heard: Heard, monkeypatch: pytest.MonkeyPatch, through_event: bool
) -> None:
    with at("2026-10-14T01:00:00Z"):
        until = clock.now() + hours(5)
        story, (web,) = desk.going_out("web")

        def prepare(_self: WebAdapter, _job: Any) -> Any:
            if through_event:
                set_embargo(story, actor=desk.editor, until=until)
            else:
                story.embargo_until = until
            db.session.commit()
            return Ready({})

        with monkeypatch.context() as patch:
            patch.setattr(WebAdapter, "prepare", prepare)
            desk.work()
        assert desk.state(web) == "scheduled"
        assert heard.of(PostHeld) == []
        (job,) = desk.jobs()
        assert (job.state, job.due_at) == (JobState.QUEUED, until)
    with at("2026-10-14T06:00:01Z"):
        desk.work()
        assert desk.state(web) == "published"


def test_an_embargo_lies_ahead_and_is_set_by_who_schedules(desk: NewsDesk) -> None:
    story, _package = desk.approved("web")
    with pytest.raises(UserError, match="sudah lewat"):
        set_embargo(story, actor=desk.editor, until=clock.now() - hours(1))
    with pytest.raises(Refused) as refused:
        set_embargo(story, actor=desk.approver, until=clock.now() + hours(1))
    assert [r.code for r in refused.value.reasons] == ["permission"]
