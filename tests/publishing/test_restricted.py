"""What must not go out after all, and who is asked about what few may know."""

from typing import Any

import pytest

from humasflow.channels.adapters.base import Ready
from humasflow.channels.adapters.web import WebAdapter
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.media.enums import BlockReason
from humasflow.media.models import Asset
from humasflow.posts.models import Post
from humasflow.posts.services import PostPictureContent
from humasflow.publishing import queries, services
from humasflow.publishing.events import PostFailed
from humasflow.stories import queries as stories
from humasflow.stories.models import Story
from humasflow.stories.services import make_confidential
from tests.factories import desk as factory
from tests.publishing.desk import Heard, NewsDesk, hours

pytestmark = pytest.mark.db


def with_picture(desk: NewsDesk, account: str) -> tuple[Story, Post, Asset]:
    """Approved, with a picture in its text, and planned for in an hour."""
    picture = factory.asset(desk.world)
    story = factory.story(desk.world, pictures=(factory.picture(picture),))
    shown = (PostPictureContent(picture.id, "Peserta duduk", "Dokumentasi kantor"),)
    post = factory.post(desk.world, story, account, words="Ringkasan", pictures=shown)
    desk.approve(desk.submit(story))
    desk.schedule(post, clock.now() + hours(1))
    db.session.commit()
    return story, post, picture


# A consent that ended


@pytest.mark.parametrize("account", ["web", "facebook"])
def test_a_picture_whose_consent_was_withdrawn_does_not_go_out(
    desk: NewsDesk, heard: Heard, account: str
) -> None:
    _story, post, picture = with_picture(desk, account)
    picture.blocked_reason = BlockReason.CONSENT_WITHDRAWN
    db.session.commit()
    with clock.moved_to(clock.now() + hours(1.1)):
        desk.work()
    assert desk.state(post) == "failed"
    assert "tidak boleh dipakai" in desk.delivery(post).error
    assert len(heard.of(PostFailed)) == 1
    with pytest.raises(Refused, match="tidak boleh dipakai"):
        services.retry(post, actor=desk.editor)
    assert desk.state(post) == "failed"


@pytest.mark.parametrize("account", ["web", "facebook"])
def test_nor_does_a_person_publish_it_now(desk: NewsDesk, account: str) -> None:
    _story, post, picture = with_picture(desk, account)
    picture.blocked_reason = BlockReason.CONSENT_EXPIRED
    with pytest.raises(Refused, match="tidak boleh dipakai"):
        services.publish_now(post, actor=desk.editor)
    db.session.commit()
    assert desk.state(post) == "scheduled"


def test_a_consent_withdrawn_while_the_channel_prepares_stops_it(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, post, picture = with_picture(desk, "web")
    ident = picture.id

    def prepare(_self: WebAdapter, _job: Any) -> Any:
        db.session.get_one(Asset, ident).blocked_reason = BlockReason.CONSENT_WITHDRAWN
        db.session.commit()
        return Ready({})

    monkeypatch.setattr(WebAdapter, "prepare", prepare)
    with clock.moved_to(clock.now() + hours(1.1)):
        desk.work()
    assert desk.state(post) == "failed"
    assert desk.delivery(post).committing_at is None


def test_other_pictures_go_out(desk: NewsDesk) -> None:
    _story, post, _picture = with_picture(desk, "web")
    factory.asset(desk.world).blocked_reason = BlockReason.CONSENT_WITHDRAWN
    db.session.commit()
    with clock.moved_to(clock.now() + hours(1.1)):
        desk.work()
    assert desk.state(post) == "published"


# By hand, of what is confidential


def test_whoever_posts_a_confidential_story_by_hand_is_named_for_it(desk: NewsDesk) -> None:
    world = desk.world
    world.facebook.assignee_id = world.contributor.id
    story, (post,) = desk.going_out("facebook", at=clock.now() + hours(1))
    make_confidential(story, actor=desk.editor, reader_ids=[world.approver.id])
    db.session.commit()
    assert world.contributor.id not in [u.id for u in stories.list_readers(story.id)]
    with clock.moved_to(clock.now() + hours(1.1)):
        desk.work()
    assert desk.state(post) == "manual_due"
    assert world.contributor.id in [u.id for u in stories.list_readers(story.id)]
    assert [r.post_id for r in queries.list_manual_due(desk.as_(world.contributor))] == [post.id]


def test_the_count_of_what_is_to_be_posted_is_that_of_the_list(desk: NewsDesk) -> None:
    desk.world.facebook.assignee_id = None
    story, (_post,) = desk.going_out("facebook", at=clock.now() + hours(1))
    make_confidential(story, actor=desk.editor, reader_ids=[])
    db.session.commit()
    with clock.moved_to(clock.now() + hours(1.1)):
        desk.work()
    for actor, wanted in ((desk.editor, 1), (desk.other_editor, 0)):
        assert len(queries.list_manual_due(actor)) == wanted
        assert queries.count_manual_due(actor) == wanted
