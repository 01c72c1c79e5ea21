"""What happens to a post when its time has come."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select

from humasflow.audit.queries import list_timeline
from humasflow.channels.adapters.variant import payload_digest
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.outbox.enums import JobState
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.posts.queries import list_posts_of
from humasflow.posts.services import PostContent
from humasflow.publishing import queries, services
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.events import ManualPostDue, PostFailed, PostHeld, PostLate, PostPublished
from humasflow.publishing.models import Evidence
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.services import move_story
from tests.factories import desk as factory
from tests.factories.world import World
from tests.publishing.desk import Heard, NewsDesk, hours

pytestmark = pytest.mark.db
At = Callable[[str], AbstractContextManager[None]]


def test_an_approved_post_goes_to_the_newsroom_and_the_story_is_out(desk: NewsDesk, heard: Heard) -> None:
    story, (post,) = desk.going_out("web")
    assert queries.state_of(post) is PostState.SCHEDULED
    desk.work()
    delivery = desk.delivery(post)
    assert delivery.state is DeliveryState.PUBLISHED
    assert delivery.external_id == str(post.id)
    slug = "sosialisasi-pemanfaatan-aset-bagi-30-satuan-kerja"
    assert delivery.permalink == f"http://localhost/berita/kantor-uji/{post.id}/{slug}"
    assert delivery.published_at is not None
    assert delivery.committing_at is not None
    assert delivery.committing_at <= delivery.published_at <= clock.now()
    assert story.state is StoryState.PUBLISHED
    assert [e.delivery_id for e in heard.of(PostPublished)] == [delivery.id]
    assert queries.state_of(post) is PostState.PUBLISHED
    shown = [entry.action.value for entry in list_timeline(("story", story.id))]
    assert "publishing.delivery.published" in shown
    assert "stories.story.published" in shown


def test_the_payload_is_everything_that_is_public_with_its_hash(desk: NewsDesk, world: World) -> None:
    picture = factory.asset(world)
    story = factory.story(
        world, place="Aula", pictures=(factory.picture(picture, caption="Aula penuh sejak pagi"),)
    )
    post = factory.post(
        world, story, "web", words="Ringkasan untuk pembaca",
        pictures=(posts.PostPictureContent(picture.id, "Peserta duduk", "Foto: RN"),),
    )  # fmt: skip
    desk.approve(desk.submit(story))
    desk.schedule(post, clock.now())
    db.session.commit()
    desk.work()
    delivery = desk.delivery(post)
    payload = queries.get_payload(delivery.id)
    assert payload["title"] == story.title
    assert payload["lead"] == "Ringkasan untuk pembaca"
    assert "<p>Peserta dari 30 satuan kerja.</p>" in payload["body_html"]
    assert payload["pictures"] == [
        {
            "asset_id": picture.id, "sha256": picture.sha256, "width": 1600, "height": 900,
            "alt_text": "Peserta duduk", "credit": "Foto: RN", "caption": "Aula penuh sejak pagi",
            "kind": "image", "filename": "rapat.jpg", "mime": "image/jpeg", "size": 250_000, "duration": 0.0, "crop": "",
        }
    ]  # fmt: skip
    assert payload["content_type"] == {"code": "berita_terbaru", "label": world.news.label}
    assert payload["office"]["slug"] == "kantor-uji"
    assert (payload["writer_credit"], payload["place"]) == ("Redaktur Satu", "Aula")
    assert delivery.payload_sha256 == payload_digest(payload)
    assert (delivery.title, delivery.summary) == (story.title, "Ringkasan untuk pembaca")
    assert delivery.cover_asset_id == picture.id


def test_the_product_vouches_for_its_own_newsroom_once(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("web")
    desk.work()
    delivery = desk.delivery(post)
    services.record_own_evidence(delivery.id)
    (row,) = db.session.scalars(select(Evidence))
    assert row.captured_by is None
    assert (row.url, row.payload_sha256) == (delivery.permalink, delivery.payload_sha256)
    assert row.published_at == delivery.published_at


def test_an_unapproved_post_is_held_visibly_and_told_once(desk: NewsDesk, heard: Heard) -> None:
    _story, (post,) = desk.going_out("web", approved=False)
    desk.work()
    assert desk.state(post) == "held"
    assert len(heard.of(PostHeld)) == 1
    services.publish_due(post.id)
    services.publish_due(post.id)
    assert len(heard.of(PostHeld)) == 1
    assert [e.action.value for e in list_timeline(("post", post.id))].count("publishing.delivery.held") == 1
    assert heard.of(PostPublished) == []


def test_a_later_approval_lets_it_out_within_the_grace(desk: NewsDesk, world: World) -> None:
    story, (post,) = desk.going_out("web", approved=False)
    desk.work()
    with clock.moved_to(clock.now() + hours(5)):
        desk.approve(desk.submit(story))
        db.session.commit()
        desk.work()
        assert desk.state(post) == "published"
    assert len(desk.jobs()) == 1


def test_a_later_approval_beyond_the_grace_asks_a_person(desk: NewsDesk, heard: Heard) -> None:
    story, (post,) = desk.going_out("web", approved=False)
    desk.work()
    with clock.moved_to(clock.now() + hours(7)):
        desk.approve(desk.submit(story))
        db.session.commit()
        desk.work()
        assert desk.state(post) == "late"
        assert len(heard.of(PostLate)) == 1
        services.publish_now(post, actor=desk.editor)
        db.session.commit()
        desk.work()
        assert desk.state(post) == "published"


def test_the_grace_is_the_accounts_own(desk: NewsDesk, world: World) -> None:
    world.web.grace_minutes = 30
    _story, (post,) = desk.going_out("web")
    with clock.moved_to(clock.now() + timedelta(minutes=31)):
        desk.work()
        assert desk.state(post) == "late"


def test_an_edit_after_approval_is_not_what_goes_out(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("web")
    desk.edit_post(post, "Ringkasan lain")
    db.session.commit()
    desk.work()
    assert desk.state(post) == "held"


def test_an_account_may_follow_the_storys_approval(desk: NewsDesk, world: World) -> None:
    world.web.follows_story_approval = True
    _story, (post,) = desk.going_out("web")
    desk.edit_post(post, "Ringkasan lain")
    db.session.commit()
    desk.work()
    assert desk.state(post) == "published"


def test_a_switched_off_account_says_why_and_can_be_tried_again(
    desk: NewsDesk, world: World, heard: Heard
) -> None:
    _story, (post,) = desk.going_out("web")
    world.web.is_active = False
    db.session.commit()
    desk.work()
    assert desk.state(post) == "failed"
    assert "dinonaktifkan" in desk.delivery(post).error
    assert len(heard.of(PostFailed)) == 1
    with pytest.raises(Refused, match="dinonaktifkan"):
        services.retry(post, actor=desk.editor)
    world.web.is_active = True
    services.retry(post, actor=desk.editor)
    db.session.commit()
    desk.work()
    assert desk.state(post) == "published"


def test_one_accounts_failure_touches_no_other(desk: NewsDesk, world: World) -> None:
    _story, every = desk.going_out("web", "facebook")
    world.web.is_active = False
    db.session.commit()
    desk.work()
    assert sorted(desk.state(p) for p in every) == ["failed", "manual_due"]


def test_what_the_channel_would_refuse_fails_before_it_is_sent(desk: NewsDesk, world: World) -> None:
    _story, (post,) = desk.going_out("web")
    world.web.limits = {"title": 10}
    db.session.commit()
    desk.work()
    assert desk.state(post) == "failed"
    assert desk.delivery(post).committing_at is None


def test_a_manual_post_is_given_to_the_person_of_the_account(
    desk: NewsDesk, world: World, heard: Heard
) -> None:
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    delivery = desk.delivery(post)
    assert delivery.state is DeliveryState.MANUAL_DUE
    (event,) = heard.of(ManualPostDue)
    assert event.assignee_id == world.other_editor.id == delivery.assignee_id
    assert queries.get_payload(delivery.id)["text"] == "Sosialisasi aset. #BMN"
    assert queries.count_manual_due(desk.other_editor) == 1
    assert queries.count_manual_due(desk.editor) == 0
    services.publish_due(post.id)
    assert len(heard.of(ManualPostDue)) == 1


def test_a_removed_post_does_nothing(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("web")
    posts.remove_post(post, actor=desk.editor)
    db.session.commit()
    assert [j.state for j in desk.jobs()] == [JobState.CANCELLED]
    services.publish_due(post.id)
    assert queries.get_current_delivery(post) is None


def test_rescheduling_keeps_one_job_and_unscheduling_cancels_it(desk: NewsDesk) -> None:
    later = clock.now() + hours(48)
    _story, (post,) = desk.going_out("web", at=later)
    for day in range(5):
        desk.schedule(post, later + timedelta(days=day))
    (job,) = desk.jobs()
    assert (job.state, job.due_at) == (JobState.QUEUED, later + timedelta(days=4))
    desk.schedule(post, None)
    assert [j.state for j in desk.jobs()] == [JobState.CANCELLED]
    desk.schedule(post, later)
    assert [(j.state, j.due_at) for j in desk.jobs()] == [(JobState.QUEUED, later)]


def test_a_post_moved_away_after_its_job_was_claimed_stays(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("web")
    desk.schedule(post, clock.now() + hours(24))
    db.session.commit()
    services.publish_due(post.id)
    assert queries.get_current_delivery(post) is None
    assert desk.state(post) == "scheduled"


def test_a_held_post_with_a_new_time_waits_again(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("web", approved=False)
    desk.work()
    desk.schedule(post, clock.now() + hours(24))
    assert desk.state(post) == "draft"
    desk.schedule(post, None)
    assert desk.state(post) == "draft"
    assert desk.delivery(post).state is DeliveryState.QUEUED


def test_a_live_post_is_neither_moved_nor_edited_nor_removed(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("web")
    desk.work()
    with pytest.raises(Refused, match="sudah tayang"):
        desk.schedule(post, clock.now() + hours(24))
    with pytest.raises(Refused, match="sudah tayang"):
        posts.save_post_version(post, actor=desk.editor, content=PostContent("lain"))
    with pytest.raises(Refused, match="sudah tayang"):
        posts.remove_post(post, actor=desk.editor)


def test_what_somebody_is_posting_by_hand_is_not_edited_beneath_them(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    with pytest.raises(Refused, match="diminta untuk diunggah"):
        desk.edit_post(post, "Teks lain")
    desk.schedule(post, clock.now() + hours(24))
    assert desk.state(post) == "scheduled"
    desk.edit_post(post, "Teks lain")


def test_publishing_now_needs_an_approval(desk: NewsDesk) -> None:
    story = desk.ready("web")
    post = list_posts_of(story.id)[0]
    with pytest.raises(Refused, match="belum disetujui"):
        services.publish_now(post, actor=desk.editor)


def test_publishing_by_hand_now_asks_at_once(desk: NewsDesk, heard: Heard) -> None:
    _story, (post,) = desk.going_out("facebook", at=clock.now() + hours(24))
    services.publish_now(post, actor=desk.editor)
    db.session.commit()
    assert desk.state(post) == "manual_due"
    desk.work()
    assert len(heard.of(ManualPostDue)) == 1


def test_a_permission_is_needed(desk: NewsDesk, world: World) -> None:
    _story, (post,) = desk.going_out("web")
    with pytest.raises(Refused, match="Peran Anda"):
        services.publish_now(post, actor=desk.as_(world.contributor))
    with pytest.raises(Refused, match="Peran Anda"):
        services.cancel(post, actor=desk.as_(world.lead))


def test_calling_off_before_the_time_is_plain_and_after_it_needs_a_reason(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("facebook", at=clock.now() + hours(24))
    services.cancel(post, actor=desk.editor)
    assert desk.state(post) == "ready"
    desk.schedule(post, clock.now())
    db.session.commit()
    desk.work()
    with pytest.raises(services.resolving.ReasonNeeded):
        services.cancel(post, actor=desk.editor)
    services.cancel(post, actor=desk.editor, reason="Acara diundur")
    db.session.commit()
    assert desk.state(post) == "cancelled"
    assert post.scheduled_at is None
    desk.work()
    assert desk.state(post) == "cancelled"
    desk.schedule(post, clock.now())
    db.session.commit()
    desk.work()
    assert desk.state(post) == "manual_due"


def test_a_cancelled_story_takes_its_posts_along(desk: NewsDesk) -> None:
    story, every = desk.going_out("web", "facebook", at=clock.now() + hours(1))
    move_story(story, StoryMove.CANCEL, actor=desk.editor, reason="Batal")
    db.session.commit()
    with clock.moved_to(clock.now() + hours(2)):
        services.sweep()
        db.session.commit()
        desk.work()
        assert [desk.state(p) for p in every] == ["cancelled", "cancelled"]


def test_a_story_that_loses_its_approval_takes_back_what_was_asked_by_hand(
    desk: NewsDesk, heard: Heard
) -> None:
    story, (post,) = desk.going_out("facebook")
    desk.work()
    desk.edit(story, title="Judul yang lain sama sekali")
    db.session.commit()
    assert desk.state(post) == "held"
    assert len(heard.of(PostHeld)) == 1


@pytest.mark.parametrize(
    ("zone", "instant", "local"),
    [
        ("Asia/Jakarta", "2026-03-31T16:59:00Z", "2026-03-31"),
        ("Asia/Makassar", "2026-03-31T15:59:00Z", "2026-03-31"),
        ("Asia/Jayapura", "2026-03-31T14:59:00Z", "2026-03-31"),
        ("Asia/Jayapura", "2026-03-31T15:01:00Z", "2026-04-01"),
    ],
)
def test_the_published_instant_is_exact_in_every_zone(
    desk: NewsDesk, world: World, at: At, zone: str, instant: str, local: str
) -> None:
    world.office.timezone = zone
    db.session.commit()
    with at(instant):
        _story, (post,) = desk.going_out("web")
        desk.work()
        delivery = desk.delivery(post)
        assert delivery.published_at is not None
        from humasflow.core.localtime import to_local

        assert to_local(delivery.published_at, world.office).date().isoformat() == local


def test_states_of_many_posts_take_a_constant_number_of_statements(
    desk: NewsDesk, statements: object
) -> None:
    counts = []
    for _round in range(2):
        every = [p for _ in range(_round * 2 + 1) for p in desk.going_out("web", "facebook")[1]]
        everything = list(db.session.scalars(select(Post).where(Post.id.in_([p.id for p in every]))))
        statements.reset()  # type: ignore[attr-defined]
        queries.states_of(everything)
        counts.append(len(statements))  # type: ignore[arg-type]
    assert counts[0] == counts[1] <= 4
