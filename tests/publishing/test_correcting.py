"""A correction of what is live: prepared, approved, brought to the channels; and what readers are told."""

from typing import Any

import pytest
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.newsroom import queries as newsroom
from humasflow.newsroom.content import Article, Retraction
from humasflow.posts.models import Post
from humasflow.publishing import queries, services
from humasflow.publishing.events import CorrectionDue, PostCorrected
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services import moving
from humasflow.stories import queries as stories
from humasflow.stories.enums import ChangeKind, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import (
    ChangeContent,
    content_of,
    discard_correction,
    save_correction,
    save_version,
    withdraw_story,
)
from tests.publishing.desk import Heard, NewsDesk
from tests.publishing.test_manual import record

pytestmark = pytest.mark.db
CHANGE = ChangeContent(ChangeKind.CORRECTION, "Jumlah peserta semula tertulis 40.", "Kepala Kantor")


@pytest.fixture
def live(desk: NewsDesk) -> tuple[Story, Post, Post]:
    """Live on the newsroom and on Facebook."""
    story, every = desk.going_out("web", "facebook")
    desk.work()
    web, facebook = sorted(every, key=lambda p: p.account_id)
    record(desk, desk.delivery(facebook))
    desk.work()
    assert story.state is StoryState.PUBLISHED
    return story, web, facebook


def correct(desk: NewsDesk, story: Story, change: ChangeContent = CHANGE, **changes: str) -> None:
    from dataclasses import replace

    version = stories.get_current_version(story)
    content = content_of(version, stories.get_body(version.id))
    save_correction(story, actor=desk.editor, content=replace(content, **changes), change=change)
    db.session.commit()


def article(desk: NewsDesk, post: Post) -> Article | Retraction | None:
    db.session.expire_all()
    return newsroom.find_article(newsroom.get_newsroom(desk.world.office.slug or ""), post.id)


def test_readers_see_a_correction_once_it_is_approved_and_not_before(
    desk: NewsDesk, live: tuple[Story, Post, Post], heard: Heard
) -> None:
    story, web, facebook = live
    before = article(desk, web)
    assert isinstance(before, Article)
    correct(desk, story, title="Empat puluh dua peserta hadir")
    desk.work()
    waiting = article(desk, web)
    assert isinstance(waiting, Article)
    assert (waiting.title, waiting.changes) == (before.title, ())
    assert story.state is StoryState.PUBLISHED

    package = desk.submit(story)
    assert {i.post_id for i in package.items} == {web.id, facebook.id}
    desk.approve(package)
    db.session.commit()
    desk.work()
    after = article(desk, web)
    assert isinstance(after, Article)
    assert after.title == "Empat puluh dua peserta hadir"
    assert [(c.label, c.note) for c in after.changes] == [("Ralat", "Jumlah peserta semula tertulis 40.")]
    assert (after.published_at, after.post_id) == (before.published_at, before.post_id)
    assert [e.post_id for e in heard.of(PostCorrected)] == [web.id]
    rows = db.session.scalars(select(Evidence).where(Evidence.delivery_id == desk.delivery(web).id)).all()
    assert len({r.payload_sha256 for r in rows}) == 2, (
        "the evidence keeps the hash of the old text and the new"
    )


def test_a_channel_that_only_a_person_can_edit_asks_that_person(
    desk: NewsDesk, live: tuple[Story, Post, Post], heard: Heard
) -> None:
    story, _web, facebook = live
    correct(desk, story, title="Judul yang dibetulkan")
    desk.approve(desk.submit(story))
    db.session.commit()
    desk.work()
    assert [e.post_id for e in heard.of(CorrectionDue)] == [facebook.id]
    (row,) = queries.list_needing_a_hand(desk.editor, desk.world.office.id)
    assert (row.post_id, row.to_correct) == (facebook.id, True)
    delivery = desk.delivery(facebook)
    with pytest.raises(Refused):
        services.confirm_correction(delivery, actor=desk.as_(desk.world.contributor))
    services.confirm_correction(delivery, actor=desk.editor, note="Teks unggahan disunting.")
    services.confirm_correction(delivery, actor=desk.editor, note="Teks unggahan disunting.")
    db.session.commit()
    assert queries.list_needing_a_hand(desk.editor, desk.world.office.id) == []
    assert delivery.story_version_id == story.current_version_id
    notes = db.session.scalars(
        select(Evidence.note).where(Evidence.delivery_id == delivery.id).order_by(Evidence.id)
    ).all()
    assert notes == ["", "Teks unggahan disunting."]


def test_the_story_is_held_before_the_delivery(
    desk: NewsDesk, live: tuple[Story, Post, Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As who approves does, who comes to the deliveries with the record in hand: nobody waits in a circle."""
    story, web, facebook = live
    correct(desk, story, title="Judul yang dibetulkan")
    desk.approve(desk.submit(story))
    db.session.commit()
    held: list[str] = []
    lock = moving.lock

    def noted(thing: Any, **how: bool) -> None:
        held.append(type(thing).__name__)
        lock(thing, **how)

    monkeypatch.setattr(moving, "lock", noted)
    services.confirm_correction(desk.delivery(facebook), actor=desk.editor)
    services.correct_live(desk.delivery(web).id)
    services.retract(desk.delivery(web), actor=desk.editor, reason="Keliru")
    assert held == ["Story", "Delivery"] * 4, "the last by the ledger, which takes back what it counted for"


def test_what_is_prepared_meanwhile_does_not_slip_out_with_what_was_approved(
    desk: NewsDesk, live: tuple[Story, Post, Post]
) -> None:
    story, web, _facebook = live
    correct(desk, story, title="Yang disetujui")
    desk.approve(desk.submit(story))
    db.session.commit()
    correct(desk, story, ChangeContent(ChangeKind.UPDATE, "Kabar lanjutan.", ""), title="Belum disetujui")
    desk.work()
    shown = article(desk, web)
    assert isinstance(shown, Article)
    assert shown.title == "Yang disetujui"
    assert [c.note for c in shown.changes] == [CHANGE.public_note]


def test_a_live_story_is_changed_by_a_correction_only(desk: NewsDesk, live: tuple[Story, Post, Post]) -> None:
    story, _web, _facebook = live
    version = stories.get_current_version(story)
    content = content_of(version, stories.get_body(version.id))
    with pytest.raises(Refused, match="buat ralat"):
        save_version(story, actor=desk.editor, content=content)
    with pytest.raises(UserError, match="catatan untuk pembaca"):
        save_correction(
            story, actor=desk.editor, content=content, change=ChangeContent(ChangeKind.CORRECTION, " ", "")
        )
    with pytest.raises(UserError, match="Belum ada yang dibetulkan"):
        save_correction(story, actor=desk.editor, content=content, change=CHANGE)
    with pytest.raises(Refused):
        save_correction(story, actor=desk.approver, content=content, change=CHANGE)


def test_a_correction_can_be_given_up(desk: NewsDesk, live: tuple[Story, Post, Post]) -> None:
    story, web, _facebook = live
    shown = stories.get_current_version(story)
    correct(desk, story, lead="Tidak jadi.")
    discard_correction(story, actor=desk.editor)
    discard_correction(story, actor=desk.editor)
    db.session.commit()
    assert stories.get_prepared_change(story.id) is None
    assert stories.get_current_version(story).lead == shown.lead
    desk.work()
    found = article(desk, web)
    assert isinstance(found, Article)
    assert found.changes == ()


def test_an_explanation_stands_in_the_place_of_a_withdrawn_story(
    desk: NewsDesk, live: tuple[Story, Post, Post]
) -> None:
    story, web, facebook = live
    withdraw_story(
        story, actor=desk.editor, reason="Permintaan pimpinan",
        public_note="Berita ini kami turunkan karena datanya keliru.", ordered_by="Kepala Kantor",
    )  # fmt: skip
    db.session.commit()
    desk.work()
    gone = article(desk, web)
    assert isinstance(gone, Retraction)
    assert gone.note == "Berita ini kami turunkan karena datanya keliru."
    (entry,) = stories.list_changes(story.id)
    assert (entry.kind, entry.ordered_by) == (ChangeKind.WITHDRAWAL, "Kepala Kantor")
    assert entry.published_at is not None
    assert entry.published_at <= clock.now()
    delivery = db.session.scalars(select(Delivery).where(Delivery.post_id == facebook.id)).one()
    assert delivery.state.value == "published", "a person takes it down there"
