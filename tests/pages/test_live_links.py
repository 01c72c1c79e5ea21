"""The author of a pitch sees where it went live."""

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.pages.live_links import live_links
from humasflow.pitches.services import accept_pitch
from humasflow.posts.services import PostContent, create_post
from humasflow.publishing.services.past import backfill_published
from tests.pitches.ideas import pitched


@pytest.mark.usefixtures("in_request")
def test_the_author_finds_what_is_live_and_only_that(browser_of, world):
    pitch = pitched(world, "Lelang kapal", what="Laku")
    editor = world.as_(world.editor)
    story = accept_pitch(pitch, actor=editor, content_type_id=world.news.id)
    live, waiting = (
        create_post(
            story,
            actor=editor,
            account_id=account.id,
            content_type_id=world.news.id,
            content=PostContent("Laku!"),
        )
        for account in (world.facebook, world.instagram)
    )
    db.session.commit()
    author = browser_of(world.contributor)
    assert live_links(story.id) == []
    assert "Lihat di" not in author.get(f"/usulan/{pitch.id}").main
    address = "https://www.facebook.com/kantoruji/posts/1"
    backfill_published(live, published_at=clock.now(), url=address)
    db.session.commit()
    page = author.get(f"/usulan/{pitch.id}")
    assert page.link("Lihat di Facebook Kantor") == address
    assert "Instagram" not in page.main
    assert [(link.account, link.url) for link in live_links(story.id)] == [("Facebook Kantor", address)]
    assert waiting.id != live.id
