"""The page of one publication: its state in words, the next step, and what went on after it was live."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from humasflow.channels.adapters.errors import Forbidden, Invalid, Transient, Unsupported
from humasflow.channels.connections.enums import ConnectionState
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.posts import queries as posts
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState, FollowUp, LinkState
from tests.factories.world import World
from tests.publishing.desk import NewsDesk, hours
from tests.publishing.scripted import PORTAL, Channel, connect, install
from tests.publishing.test_correcting import correct
from tests.support.page import Browser

Open = Callable[[Any], Browser]


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    install(monkeypatch, channel)
    return channel


def going_out(desk: NewsDesk, **more: Any) -> Post:
    connect(desk.world.x)
    _story, (post,) = desk.going_out("x", **more)
    return post


def state_of(browser: Browser, post: Post) -> str:
    """The part that is asked for again while something is under way."""
    return browser.client.get(f"/publikasi/{post.id}?bagian=keadaan").get_data(as_text=True)


def test_what_is_under_way_is_asked_for_again_until_it_is_done(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    editor = browser_of(world.editor)
    page = editor.get(f"/publikasi/{post.id}")
    assert "Waktunya tiba" in page.main
    assert page.soup.select_one("[data-refresh] [data-pending]") is not None
    part = state_of(editor, post)
    assert "data-pending" in part
    assert "<html" not in part
    desk.work()
    done = state_of(editor, post)
    assert "data-pending" not in done
    assert "Tayang" in done
    assert "Muat ulang" in done
    page = editor.get(f"/publikasi/{post.id}")
    assert page.soup.select_one("[data-pending]") is None
    assert page.link("https://kanal.example/p/post-1-1") == "https://kanal.example/p/post-1-1"


def test_an_uncertain_post_asks_one_question_with_two_answers(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    desk.work()
    delivery = desk.delivery(post)
    delivery.state, delivery.published_at = DeliveryState.UNKNOWN, None
    db.session.commit()
    page = browser_of(world.editor).get(f"/publikasi/{post.id}")
    assert page.link("Ada, ini tautannya").endswith(f"/publikasi/{post.id}/tandai-tayang")
    assert page.form("/tidak-tayang")
    assert "supaya tidak tayang dua kali" in page.main


def test_a_failure_says_why_and_offers_two_ways_on(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    channel.fails("commit", Invalid("x"))
    desk.work()
    editor = browser_of(world.editor)
    page = editor.get(f"/publikasi/{post.id}")
    assert desk.delivery(post).error in page.main
    assert page.form("/coba-lagi")
    editor.post(f"/publikasi/{post.id}/unggah-sendiri", page.form("/unggah-sendiri"))
    assert desk.state(post) == "manual_due"
    assert "Unggah dan tandai tayang" in editor.get(f"/publikasi/{post.id}").main


def test_tries_are_told_with_the_next_one(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    channel.fails("commit", Transient("x"))
    desk.work()
    page = browser_of(world.editor).get(f"/publikasi/{post.id}")
    assert "1 kali belum berhasil" in page.main
    assert "Dicoba lagi" in page.main
    assert page.soup.select_one("[data-pending]") is None, "nothing happens within moments"


def test_an_account_that_lets_us_in_no_longer_leads_to_who_can_mend_it(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    connection = connect(world.x)
    connection.state = ConnectionState.NEEDS_REAUTH
    _story, (post,) = desk.going_out("x")
    desk.work()
    assert desk.state(post) == "needs_reauth"
    assert "Mintalah kepada admin kantor" in browser_of(world.editor).get(f"/publikasi/{post.id}").main
    admin = browser_of(world.admin)
    if world.as_(world.admin).can(Permission.STORY_READ, world.office.id):
        assert "Buka pengaturan" in admin.get(f"/publikasi/{post.id}").main


def test_a_quota_is_shown_with_its_time(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    desk.work()
    delivery = desk.delivery(post)
    delivery.state, delivery.published_at = DeliveryState.QUOTA_WAIT, None
    delivery.next_at = clock.now() + timedelta(hours=3)
    db.session.commit()
    editor = browser_of(world.editor)
    assert "Dikirim dengan sendirinya" in editor.get(f"/publikasi/{post.id}").main
    assert "Menunggu kuota" in editor.get("/publikasi/").main


def test_a_removal_is_shown_while_it_is_under_way_and_asked_for_where_it_is_a_persons(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    desk.work()
    editor = browser_of(world.editor)
    page = editor.get(f"/publikasi/{post.id}")
    channel.fails("retract", Forbidden("x"))
    editor.post(f"/publikasi/{post.id}/turunkan", page.form("/turunkan") | {"reason": "Keliru"})
    page = editor.get(f"/publikasi/{post.id}")
    assert "Sedang diturunkan dari X Kantor" in page.main
    assert page.soup.select_one("[data-pending]") is not None
    desk.work()
    assert "Perlu dihapus" in editor.get("/publikasi/").main
    page = editor.get(f"/publikasi/{post.id}")
    assert "Hapus unggahan ini di X Kantor" in page.main
    assert "Keliru" in page.main
    editor.post(f"/publikasi/{post.id}/sudah-dihapus", page.form("/sudah-dihapus"))
    assert desk.state(post) == "withdrawn"
    assert "Perlu dihapus" not in editor.get("/publikasi/").main


def test_a_correction_that_is_a_persons_can_be_confirmed_or_tried_again(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, world: World, browser_of: Open
) -> None:
    channel = Channel()
    install(monkeypatch, channel, PORTAL)
    connect(world.x)
    story, (post,) = desk.going_out("x")
    desk.work()
    correct(desk, story, title="Yang betul")
    desk.approve(desk.submit(story))
    db.session.commit()
    channel.fails("update", Unsupported("x"))
    desk.work()
    editor = browser_of(world.editor)
    page = editor.get(f"/publikasi/{post.id}")
    assert "Ralat belum tampak di kanal ini" in page.main
    assert page.form("/sudah-dibetulkan")["corrected-version"] == str(story.current_version_id)
    assert "Isi yang betul" in page.main
    assert "tidak ikut salah" not in page.main
    editor.post(f"/publikasi/{post.id}/ralat-lagi", page.form("/ralat-lagi"))
    assert desk.delivery(post).correct_state is FollowUp.WAITING
    desk.work()
    page = editor.get(f"/publikasi/{post.id}")
    assert "Ralat belum tampak" not in page.main
    assert "isi yang sudah diralat" in page.main


def test_the_first_comment_is_shown_and_settled(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    posts.get_current_version(post).first_comment = "Tautan lengkap di sini."
    db.session.commit()
    channel.fails("comment", Forbidden("x"))
    desk.work()
    editor = browser_of(world.editor)
    assert "Periksa komentar" in editor.get("/publikasi/").main
    page = editor.get(f"/publikasi/{post.id}")
    assert "Tautan lengkap di sini." in page.main
    assert "Publikasinya sendiri tidak terpengaruh" in page.main
    editor.post(f"/publikasi/{post.id}/komentar-pertama", page.form("/komentar-pertama"))
    assert "Periksa komentar" not in editor.get("/publikasi/").main


def test_a_missing_picture_is_asked_for_and_a_link_that_is_gone_is_said(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    desk.work()
    editor = browser_of(world.editor)
    page = editor.get(f"/publikasi/{post.id}")
    assert "Tambahkan tangkapan layar" in page.main
    delivery = desk.delivery(post)
    delivery.link_state, delivery.link_gone_since = LinkState.GONE, clock.now() - timedelta(days=8)
    delivery.link_checked_at = clock.now()
    db.session.commit()
    page = editor.get(f"/publikasi/{post.id}")
    assert "tiga kali selama sepekan" in page.main
    assert "Jawaban kanal" in page.main


def test_the_page_costs_the_same_with_more_evidence(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open, statements: Any
) -> None:
    post = going_out(desk)
    desk.work()
    editor = browser_of(world.editor)
    editor.get(f"/publikasi/{post.id}")
    delivery = desk.delivery(post)
    counts = []
    for number in range(3):
        services.add_evidence(
            delivery, actor=desk.editor, url=str(delivery.permalink), note=f"Catatan {number}"
        )
        db.session.commit()
        statements.reset()
        editor.get(f"/publikasi/{post.id}")
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2]


def test_the_storys_page_publishes_calls_off_and_tries_again(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk, at=clock.now() + hours(5))
    editor = browser_of(world.editor)
    page = editor.get(f"/naskah/{post.story_id}")
    editor.post(f"/publikasi/{post.id}/batalkan", page.form(f"/publikasi/{post.id}/batalkan"))
    page = editor.get(f"/naskah/{post.story_id}")
    assert desk.state(post) == "ready"
    channel.fails("commit", Invalid("x"))
    editor.post(f"/publikasi/{post.id}/terbitkan", page.form(f"/publikasi/{post.id}/terbitkan"))
    desk.work()
    page = editor.get(f"/naskah/{post.story_id}")
    assert desk.delivery(post).error in page.main
    editor.post(f"/publikasi/{post.id}/coba-lagi", page.form(f"/publikasi/{post.id}/coba-lagi"))
    desk.work()
    assert desk.state(post) == "published"


def test_who_only_posts_by_hand_finds_what_to_remove_among_their_tasks(
    desk: NewsDesk, world: World, browser_of: Open
) -> None:
    from tests.publishing.test_manual import record

    _story, (post,) = desk.going_out("facebook")
    desk.work()
    delivery = desk.delivery(post)
    record(desk, delivery)
    desk.work()
    delivery.retract_state, delivery.retract_reason = FollowUp.BY_HAND, "Permintaan pimpinan"
    delivery.assignee_id = world.contributor.id
    db.session.commit()
    holder = browser_of(world.contributor)
    assert "Perlu dihapus" in holder.get("/publikasi/").main
    page = holder.get(f"/publikasi/{post.id}/tandai-tayang")
    assert "Permintaan pimpinan" in page.main
    holder.post(f"/publikasi/{post.id}/sudah-dihapus", page.form("/sudah-dihapus"))
    assert desk.state(post) == "withdrawn"
    assert "Perlu dihapus" not in holder.get("/publikasi/").main


def test_who_posts_by_hand_copies_all_that_a_connection_would_send(
    desk: NewsDesk, world: World, browser_of: Open
) -> None:
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    delivery = desk.delivery(post)
    delivery.payload = {
        **(delivery.payload or {}), "text": "Panen raya.", "link": "", "hashtags": ["BMN"],
        "first_comment": "Tautan lengkap di sini.",
        "pictures": [
            {"asset_id": 7, "width": 1600, "height": 1200, "sha256": "a", "alt_text": "Sawah", "credit": "", "crop": "4x5"},
            {"asset_id": 8, "width": 640, "height": 360, "sha256": "b", "alt_text": "", "credit": "", "kind": "video",
             "filename": "panen.mp4", "mime": "video/mp4"},
        ],
    }  # fmt: skip
    db.session.commit()
    page = browser_of(world.editor).get(f"/publikasi/{post.id}/tandai-tayang")
    assert page.soup.select_one("#copy-text").get_text() == "Panen raya.\n\n#BMN"
    assert page.soup.select_one("#copy-comment").get_text() == "Tautan lengkap di sini."
    links = [str(a["href"]) for a in page.soup.select(".grid-media a")]
    assert [href.split("/media/")[-1] for href in links] == ["7/potongan/4x5/large.jpg", "8/original"]
    assert "panen.mp4" in page.main


def test_the_first_comment_of_an_uncertain_post_is_asked_for(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post = going_out(desk)
    desk.work()
    delivery = desk.delivery(post)
    delivery.state, delivery.external_id, delivery.published_at = DeliveryState.UNKNOWN, None, None
    delivery.payload = {**(delivery.payload or {}), "first_comment": "Tautan lengkap di sini."}
    db.session.commit()
    services.record_manual(
        delivery,
        actor=desk.editor,
        url="https://x.com/kantoruji/status/5",
        published_at=clock.now(),
        confirmed=True,
    )
    db.session.commit()
    assert delivery.comment_state is FollowUp.FAILED
    assert "Tulis komentar pertamanya" in delivery.follow_up_error
    assert "Periksa komentar" in browser_of(world.editor).get("/publikasi/").main


def test_the_content_is_shown_as_the_channel_shows_it(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    """With the hashtags and the link, which are fields of their own."""
    post = going_out(desk)
    desk.work()
    delivery = desk.delivery(post)
    delivery.payload = {
        **(delivery.payload or {}), "body_html": "", "text": "Sosialisasi aset.", "hashtags": ["AsetNegara"],
        "link": "https://contoh.go.id/berita/7",
    }  # fmt: skip
    db.session.commit()
    page = browser_of(world.editor).get(f"/publikasi/{post.id}").main
    assert "#AsetNegara" in page
    assert "contoh.go.id/berita/7" in page
    assert "Pratinjau" not in page, "it is live"
