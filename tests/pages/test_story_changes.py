"""What changed since the last approval, on the side of the posts."""

from collections.abc import Callable
from typing import Any

from humasflow.approvals import services as approvals
from humasflow.core.db import db
from humasflow.posts import services as posts
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]


def test_a_post_that_was_approved_and_removed_is_a_change(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    story = desk.story(world)
    early, late, kept = desk.post(world, story), desk.post(world, story, "x"), desk.post(world, story, "web")
    actor = world.as_(world.editor)
    first = approvals.submit_package(story, actor=actor)
    approvals.recall(first, actor=actor)
    posts.remove_post(early, actor=actor)  # never approved: nobody misses it
    second = approvals.submit_package(story, actor=actor)
    approvals.approve(second, actor=world.as_(world.approver), digest=second.digest)
    db.session.commit()
    url = f"/naskah/{story.id}/versi/sejak-persetujuan"
    assert "dihapus" not in browser_of(world.editor).get(url).main
    posts.remove_post(late, actor=actor)
    db.session.commit()
    page = browser_of(world.editor).get(url)
    assert f"{late.account.name} dihapus" in page.main
    for other in (early, kept):
        assert f"{other.account.name} dihapus" not in page.main
    assert "masih persis seperti yang disetujui" in page.main, "the text itself is as it was"
