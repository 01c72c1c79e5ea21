"""Posting by hand: where, when, a picture of the screen; and taking down again."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.media.services import Upload
from humasflow.publishing import queries, services
from humasflow.publishing.events import PostPublished, PostRetracted
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.policy import check_address
from humasflow.publishing.services.retraction import ReasonNeeded as RetractReasonNeeded
from humasflow.publishing.services.retraction import RemoveByHandFirst
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.services import move_story
from tests.factories.world import World
from tests.publishing.desk import Heard, NewsDesk, hours, utc

pytestmark = pytest.mark.db
URL = "https://www.facebook.com/kantoruji/posts/1234567890?utm_source=wa"


def picture() -> Upload:
    out = BytesIO()
    Image.new("RGB", (320, 200), "#446688").save(out, "PNG")
    out.seek(0)
    return Upload("layar.png", out)


@pytest.fixture
def due(desk: NewsDesk) -> Delivery:
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    return desk.delivery(post)


def record(desk: NewsDesk, delivery: Delivery, url: str = URL, **given: object) -> Evidence:
    values = {"actor": desk.other_editor, "published_at": clock.now(), **given}
    return services.record_manual(delivery, url=url, **values)  # type: ignore[arg-type]


def test_recording_makes_it_live_with_evidence(desk: NewsDesk, due: Delivery, heard: Heard) -> None:
    when = clock.now() - hours(1)
    row = record(desk, due, published_at=when, screenshot=picture(), note="Diunggah dari ponsel")
    db.session.commit()
    assert (due.state.value, due.published_at, due.permalink) == ("published", when, URL)
    assert due.canonical_url == "https://facebook.com/kantoruji/posts/1234567890"
    assert row.captured_by == desk.other_editor.id
    assert row.screenshot is not None
    assert (row.file_sha256, row.payload_sha256) == (row.screenshot.sha256, due.payload_sha256)
    desk.work()
    assert len(heard.of(PostPublished)) == 1
    assert due.post.story.state is StoryState.PUBLISHED
    assert db.session.scalars(select(Evidence)).all() == [row]


def test_marking_twice_says_so(desk: NewsDesk, due: Delivery) -> None:
    record(desk, due)
    db.session.commit()
    with pytest.raises(Refused, match="sudah ditandai tayang"):
        record(desk, due)


def test_the_assignee_may_and_others_need_the_permission(desk: NewsDesk, world: World, due: Delivery) -> None:
    with pytest.raises(Refused, match="Peran Anda"):
        record(desk, due, actor=desk.as_(world.contributor))
    due.assignee_id = world.contributor.id
    record(desk, due, actor=desk.as_(world.contributor))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("bukan tautan", "belum berupa tautan"),
        ("javascript:alert(1)", "belum berupa tautan"),
        ("https://www.instagram.com/p/AbC123/", "bukan ke Facebook Kantor"),
        ("https://facebook.com.evil.example/kantoruji/posts/1", "bukan ke Facebook Kantor"),
        ("https://www.facebook.com/", "halaman depan"),
        ("https://user:pw@facebook.com/kantoruji/posts/1", "belum berupa tautan"),
    ],
)
def test_an_address_that_cannot_be_is_refused(desk: NewsDesk, due: Delivery, url: str, says: str) -> None:
    with pytest.raises(services.WrongAddress, match=says):
        record(desk, due, url=url)
    assert due.state.value == "manual_due"


def test_another_account_needs_a_confirmation(desk: NewsDesk, due: Delivery) -> None:
    url = "https://www.facebook.com/kantorsebelah/posts/99"
    with pytest.raises(services.ConfirmationNeeded, match="kantorsebelah"):
        record(desk, due, url=url)
    record(desk, due, url=url, confirmed=True)
    assert due.permalink == url


def test_an_address_without_scheme_is_completed(world: World, in_request: None) -> None:
    check = check_address(world.facebook, "facebook.com/kantoruji/posts/5")
    assert (check.url, check.error, check.doubt) == ("https://facebook.com/kantoruji/posts/5", "", "")


def test_a_time_to_come_is_refused_and_a_minute_of_clock_difference_is_not(
    desk: NewsDesk, due: Delivery
) -> None:
    with pytest.raises(services.WrongTime):
        record(desk, due, published_at=clock.now() + timedelta(minutes=30))
    record(desk, due, published_at=clock.now() + timedelta(minutes=2))


def test_an_address_counts_once_in_an_office(desk: NewsDesk, due: Delivery) -> None:
    record(desk, due)
    _story, (second,) = desk.going_out("facebook")
    desk.work()
    with pytest.raises(services.AlreadyRecorded) as told:
        record(desk, desk.delivery(second), url="http://m.facebook.com/KantorUji/posts/1234567890/")
    assert told.value.post_id == due.post_id
    assert due.title in told.value.message


def test_two_offices_may_record_the_same_address(desk: NewsDesk, due: Delivery, other_world: World) -> None:
    record(desk, due)
    other = NewsDesk(other_world)
    _story, (post,) = other.going_out("facebook")
    other.work()
    record(other, other.delivery(post))


def test_a_wrong_address_is_corrected_by_a_further_row(desk: NewsDesk, due: Delivery) -> None:
    record(desk, due)
    right = "https://www.facebook.com/kantoruji/posts/222"
    services.add_evidence(due, actor=desk.other_editor, url=right, note="Tautan pertama keliru")
    rows = db.session.scalars(select(Evidence).order_by(Evidence.id)).all()
    assert [r.url for r in rows] == [URL, right]
    assert (due.permalink, due.canonical_url) == (right, "https://facebook.com/kantoruji/posts/222")
    with pytest.raises(services.manual.NothingAdded):
        services.add_evidence(due, actor=desk.other_editor, url=right)
    services.add_evidence(due, actor=desk.other_editor, url=right, screenshot=picture())
    assert len(db.session.scalars(select(Evidence)).all()) == 3


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_recorded(desk: NewsDesk, due: Delivery) -> None:
    with pytest.raises(services.manual.WrongPicture):
        record(desk, due, screenshot=Upload("layar.png", BytesIO(b"<script>alert(1)</script>")))
    assert due.state.value == "manual_due"


def test_the_newsroom_is_cleared_at_once_and_the_record_stays(desk: NewsDesk, heard: Heard) -> None:
    _story, (post,) = desk.going_out("web")
    desk.work()
    delivery = desk.delivery(post)
    with pytest.raises(RetractReasonNeeded):
        services.retract(delivery, actor=desk.editor, reason="  ")
    services.retract(delivery, actor=desk.editor, reason="Angkanya keliru")
    db.session.commit()
    assert desk.state(post) == "withdrawn"
    assert delivery.retract_reason == "Angkanya keliru"
    assert delivery.retracted_at is not None
    assert delivery.permalink
    (event,) = heard.of(PostRetracted)
    assert (event.delivery_id, event.actor_id, event.reason) == (
        delivery.id,
        desk.editor.id,
        "Angkanya keliru",
    )
    with pytest.raises(Refused, match="sedang tayang"):
        services.retract(delivery, actor=desk.editor, reason="lagi")


def test_what_was_taken_down_may_go_out_again_as_a_new_generation(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("web")
    desk.work()
    services.retract(desk.delivery(post), actor=desk.editor, reason="Angkanya keliru")
    desk.schedule(post, clock.now() + timedelta(seconds=1))
    db.session.commit()
    assert post.generation == 2
    assert desk.state(post) == "scheduled"
    with clock.moved_to(clock.now() + timedelta(seconds=2)):
        desk.work()
    assert desk.state(post) == "published"
    states = [d.state.value for d in queries.list_deliveries_of(post.id)]
    assert states == ["published", "retracted"]


def test_by_hand_the_person_removes_it_first(desk: NewsDesk, due: Delivery) -> None:
    record(desk, due)
    with pytest.raises(RemoveByHandFirst):
        services.retract(due, actor=desk.editor, reason="Salah foto")
    services.retract(due, actor=desk.editor, reason="Salah foto", removed_by_hand=True)
    assert due.state.value == "retracted"


def test_a_withdrawn_story_clears_the_newsroom_and_asks_for_the_rest(
    desk: NewsDesk, world: World, heard: Heard
) -> None:
    story, every = desk.going_out("web", "facebook", "x")
    desk.work()
    web, facebook, x = sorted(every, key=lambda p: p.account_id)
    record(desk, desk.delivery(facebook))
    desk.work()
    move_story(story, StoryMove.WITHDRAW, actor=desk.editor, reason="Permintaan pimpinan")
    db.session.commit()
    assert [desk.state(p) for p in (web, facebook, x)] == ["withdrawn", "published", "cancelled"]
    assert [e.post_id for e in heard.of(PostRetracted)] == [web.id]
    (row,) = queries.list_needing_a_hand(desk.editor, world.office.id)
    assert (row.post_id, row.to_take_down) == (facebook.id, True)
    services.retract(
        desk.delivery(facebook), actor=desk.editor, reason="Permintaan pimpinan", removed_by_hand=True
    )
    assert queries.list_needing_a_hand(desk.editor, world.office.id) == []


def test_a_past_publication_is_recorded_once(desk: NewsDesk, world: World, heard: Heard) -> None:
    given = {
        "actor": world.editor, "office": world.office, "account": world.facebook, "content_type": world.social,
        "title": "Sosialisasi lelang", "url": "https://www.facebook.com/kantoruji/posts/77",
        "published_at": utc("2020-02-03T02:00:00+00:00"), "document": "Laporan TW I 2020",
    }  # fmt: skip
    delivery, created = services.record_past_publication(**given)  # type: ignore[arg-type]
    again, created_again = services.record_past_publication(
        **given | {"url": "http://m.facebook.com/kantoruji/posts/77?fbclid=x"}  # type: ignore[arg-type]
    )
    assert (created, created_again, again.id) == (True, False, delivery.id)
    db.session.commit()
    assert desk.state(delivery.post) == "published"
    assert delivery.post.scheduled_at == delivery.published_at  # it is none of those that wait for a time
    assert delivery.post.story.state is StoryState.PUBLISHED
    (row,) = db.session.scalars(select(Evidence))
    assert (row.document, row.captured_by) == ("Laporan TW I 2020", world.editor.id)
    assert len(heard.of(PostPublished)) == 1
    assert desk.work() == 0


def test_a_history_can_be_built(desk: NewsDesk, world: World) -> None:
    story, _package = desk.approved("web", "facebook")
    web, facebook = sorted(queries_posts(story.id), key=lambda p: p.account_id)
    past = clock.now() - timedelta(days=20)
    delivery = services.backfill_published(web, published_at=past)
    assert delivery.permalink == f"http://localhost/berita/kantor-uji/{web.id}/{slug()}"
    services.backfill_published(
        facebook, published_at=past, url="https://facebook.com/kantoruji/posts/9", captured_by=world.editor
    )
    db.session.commit()
    assert [desk.state(p) for p in (web, facebook)] == ["published", "published"]
    assert queries.get_payload(delivery.id)["title"] == story.title
    assert story.state is StoryState.PUBLISHED
    assert desk.work() == 0


def queries_posts(story_id: int) -> list[object]:
    from humasflow.posts.queries import list_posts_of

    return list(list_posts_of(story_id))


def slug() -> str:
    return "sosialisasi-pemanfaatan-aset-bagi-30-satuan-kerja"
