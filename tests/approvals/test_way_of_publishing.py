"""A portal that is connected, or disconnected, after its posts were approved: what was agreed to would read otherwise."""

import pytest

from humasflow.approvals import queries
from humasflow.channels.connections.events import ConnectionMade, Disconnected
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.posts import queries as posts
from humasflow.posts.models import Post
from humasflow.posts.policy import uses_story_body
from humasflow.stories.models import Story
from tests.approvals.desk import Desk
from tests.approvals.test_after_approval import mark

pytestmark = pytest.mark.db


def post_on(story: Story, account_id: int) -> Post:
    return next(p for p in posts.list_posts_of(story.id) if p.account_id == account_id)


def is_approved(post: Post) -> bool:
    return queries.approval_of([post.id])[post.id].approved


@pytest.mark.parametrize("only_marked", [False, True])
def test_approved_posts_have_to_be_agreed_to_anew(desk: Desk, only_marked: bool) -> None:
    if only_marked:
        mark(desk)
    portal, actor_id = desk.world.web, desk.world.admin.id
    portal.adapter = "manual"
    story, _package = desk.approved("web", "facebook")
    on_portal, elsewhere = post_on(story, portal.id), post_on(story, desk.world.facebook.id)
    before = posts.get_current_version(on_portal)
    assert (is_approved(on_portal), before.shows_story) == (True, False)

    portal.adapter = "wordpress"
    db.session.flush()
    assert uses_story_body(portal)
    emit(ConnectionMade(portal.id, actor_id))
    version = posts.get_current_version(on_portal)
    assert (is_approved(on_portal), is_approved(elsewhere)) == (False, True)
    assert (version.text, version.link, version.digest) == (before.text, before.link, before.digest)
    assert version.shows_story

    emit(ConnectionMade(portal.id, actor_id))
    assert posts.get_current_version(on_portal) is version, "connected again nothing reads otherwise"

    desk.approve(desk.submit(story))
    assert is_approved(on_portal)
    portal.adapter = "manual"
    db.session.flush()
    emit(Disconnected(portal.id, actor_id))
    assert not is_approved(on_portal)


def test_what_was_live_stays_as_it_was_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = desk.world.web
    portal.adapter = "manual"
    story, _package = desk.approved("web")
    post = post_on(story, portal.id)
    version = posts.get_current_version(post)
    monkeypatch.setattr("humasflow.posts.services.following.ever_live_among", set)
    portal.adapter = "wordpress"
    db.session.flush()
    emit(ConnectionMade(portal.id, desk.world.admin.id))
    assert posts.get_current_version(post) is version
