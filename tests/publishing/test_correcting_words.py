"""What a live post says in words of its own is rewritten with the correction of its story, and goes out as approved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from humasflow.approvals.contents import content_to_submit
from humasflow.approvals.services import release_urgently
from humasflow.audit.enums import AuditAction
from humasflow.audit.queries import list_timeline
from humasflow.channels.adapters.errors import QuotaExceeded, Transient
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.outbox import runner
from humasflow.planning.queries import list_content_types
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.posts.models import Post
from humasflow.publishing import queries, services
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.events import CorrectionDue, PostCorrected
from humasflow.publishing.services.correcting import snapshot_wanted
from humasflow.stories.services import discard_correction
from tests.publishing.desk import Heard, NewsDesk
from tests.publishing.scripted import EVERYTHING, PORTAL, Channel, install
from tests.publishing.test_correcting import correct
from tests.publishing.test_correcting_channels import corrected, live
from tests.support.page import Browser

pytestmark = pytest.mark.db
WRONG, RIGHT = "Sosialisasi aset. #BMN", "Sosialisasi aset untuk 42 satuan kerja. #BMN"


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    install(monkeypatch, channel)
    return channel


def words(post: Post) -> str:
    return posts.get_current_version(post).text


def asks_again(browser: Browser, post: Post) -> bool:
    """Whether the page looks every other moment at what has become of it."""
    state = browser.client.get(f"/publikasi/{post.id}?bagian=keadaan")
    return "data-pending" in state.get_data(as_text=True)


def test_the_words_of_a_live_post_go_out_as_approved_with_the_correction(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    story, post, delivery = live(desk)
    assert channel.posts[delivery.idempotency_key] == WRONG
    with pytest.raises(Refused, match="bersama ralat"):
        desk.edit_post(post, RIGHT)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, RIGHT)
    db.session.commit()
    desk.work()
    assert channel.posts[delivery.idempotency_key] == WRONG, "nobody approved it yet"
    package = desk.submit(story)
    (item,) = package.items
    assert (item.post_id, item.post_version_id) == (post.id, post.current_version_id)
    desk.approve(package)
    db.session.commit()
    assert delivery.correct_state is FollowUp.WAITING
    desk.work()
    assert channel.posts[delivery.idempotency_key] == RIGHT
    assert (delivery.correct_state, delivery.correcting_to_id) == (FollowUp.DONE, None)
    assert (delivery.post_version_id, delivery.story_version_id) == (
        post.current_version_id, story.current_version_id,
    )  # fmt: skip
    assert (channel.count("commit"), channel.count("update"), len(channel.posts)) == (1, 1, 1)
    assert heard.of(CorrectionDue) == []
    assert [e.post_id for e in heard.of(PostCorrected)] == [post.id]
    with pytest.raises(Refused):
        desk.edit_post(post, "Sesudah ralat")


def test_the_words_of_a_correction_that_is_let_out_urgently_go_out_with_it(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    """Nobody approved it, and somebody answers for it: the words that they let out are the ones that are shown."""
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, RIGHT)
    release_urgently(
        story, actor=desk.editor, digest=content_to_submit(story).digest,
        reason="Angkanya keliru dan sudah dikutip media sejak pagi.",
    )  # fmt: skip
    db.session.commit()
    desk.work()
    assert channel.posts[delivery.idempotency_key] == RIGHT
    assert (delivery.correct_state, delivery.correcting_to_id) == (FollowUp.DONE, None)
    assert heard.of(CorrectionDue) == []


def test_what_is_written_for_the_next_correction_does_not_slip_out_with_this_one(
    desk: NewsDesk, channel: Channel
) -> None:
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, RIGHT)
    desk.approve(desk.submit(story))
    db.session.commit()
    correct(desk, story, title="Belum disetujui")
    desk.edit_post(post, "Belum disetujui siapa pun")
    db.session.commit()
    runner.run_due()
    db.session.expire_all()
    assert channel.posts[delivery.idempotency_key] == RIGHT
    assert words(post) == "Belum disetujui siapa pun"
    assert delivery.post_version_id != post.current_version_id


def test_a_correction_that_is_given_up_takes_the_new_words_along(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, "Ditulis untuk ralat yang batal")
    discard_correction(story, actor=desk.editor)
    discard_correction(story, actor=desk.editor)
    db.session.commit()
    assert words(post) == WRONG
    with pytest.raises(Refused):
        desk.edit_post(post, RIGHT)
    corrected(desk, story)
    desk.work()
    assert (delivery.correct_state, channel.count("update")) == (FollowUp.BY_HAND, 0), (
        "words of its own, again"
    )


def test_given_up_it_says_again_what_was_agreed_to_last(desk: NewsDesk, channel: Channel) -> None:
    """The first correction is still waiting for its turn when the second one is given up."""
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, RIGHT)
    desk.approve(desk.submit(story))
    correct(desk, story, title="Lain lagi")
    desk.edit_post(post, "Lain lagi")
    discard_correction(story, actor=desk.editor)
    db.session.commit()
    assert words(post) == RIGHT
    desk.work()
    assert channel.posts[delivery.idempotency_key] == RIGHT


def test_a_person_copies_the_words_that_were_approved(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    """On a channel that the connection cannot edit."""
    channel = Channel()
    install(monkeypatch, channel, replace(EVERYTHING, can_edit=False))
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, RIGHT)
    desk.approve(desk.submit(story))
    db.session.commit()
    assert delivery.correct_state is FollowUp.BY_HAND
    wanted = snapshot_wanted(delivery)
    assert wanted is not None
    assert wanted.payload["text"] == RIGHT
    services.confirm_correction(delivery, actor=desk.editor, version_id=delivery.correcting_to_id)
    assert queries.get_payload(delivery.id)["text"] == RIGHT
    assert channel.count("update") == 0


def test_a_summary_that_was_rewritten_is_nobodys_task(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    channel = Channel()
    install(monkeypatch, channel, PORTAL)
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul", lead="Teras yang betul.")
    desk.edit_post(post, "Ringkasan yang betul.")
    desk.approve(desk.submit(story))
    db.session.commit()
    desk.work()
    assert (delivery.correct_state, heard.of(CorrectionDue)) == (FollowUp.DONE, [])


def test_what_it_counts_as_and_its_first_comment_stay(desk: NewsDesk, channel: Channel) -> None:
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul")
    other = next(t for t in list_content_types(post.office_id) if t.id != post.content_type_id)
    content = post_services.content_of(posts.get_current_version(post))
    with pytest.raises(UserError, match="Dihitung sebagai"):
        post_services.save_post_version(
            post, actor=desk.editor, content=replace(content, text=RIGHT), content_type_id=other.id
        )
    assert delivery.content_type_id == post.content_type_id != other.id


def test_what_comes_down_is_not_rewritten(desk: NewsDesk, channel: Channel) -> None:
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul")
    services.retract(delivery, actor=desk.editor, reason="Keliru")
    assert delivery.retract_state is FollowUp.WAITING
    with pytest.raises(Refused):
        desk.edit_post(post, RIGHT)


def test_its_editor_says_when_the_new_words_are_shown(
    desk: NewsDesk, channel: Channel, browser_of: Callable[..., Browser]
) -> None:
    story, post, _delivery = live(desk)
    browser = browser_of(desk.world.editor)
    address = f"/publikasi/{post.id}/sunting"
    assert "Isinya hanya dapat diubah bersama ralat" in browser.get(address).main
    correct(desk, story, title="Yang betul")
    page = browser.get(address).main
    assert "baru tampak di kanal sesudah disetujui" in page
    assert "Betulkan isinya bersama ralat" in browser.get(f"/publikasi/{post.id}").main
    assert "Betulkan juga teks publikasi yang ikut salah" in browser.get(f"/naskah/{story.id}").main


def test_the_record_says_who_put_the_words_back(desk: NewsDesk, channel: Channel) -> None:
    story, post, _delivery = live(desk)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, RIGHT)
    discard_correction(story, actor=desk.editor)
    saved = [e for e in list_timeline(("post", post.id)) if e.action == AuditAction.POST_VERSION_SAVED]
    assert len(saved) == 2


def test_a_correction_that_did_not_work_yet_says_why_and_when_it_is_tried_again(
    desk: NewsDesk, channel: Channel, browser_of: Callable[..., Browser]
) -> None:
    story, post, _delivery = live(desk)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, RIGHT)
    desk.approve(desk.submit(story))
    db.session.commit()
    browser, address = browser_of(desk.world.editor), f"/publikasi/{post.id}"
    waiting = browser.get(address).main
    assert "biasanya kurang dari satu menit" in waiting
    assert asks_again(browser, post)
    channel.fails("update", QuotaExceeded("x", resets_at=clock.now() + timedelta(hours=3)))
    desk.work()
    tried = browser.get(address).main
    assert "Kuota kanalnya habis untuk sementara. Dicoba lagi" in tried
    assert "kurang dari satu menit" not in tried
    assert not asks_again(browser, post), "not every two seconds for three hours"


def test_a_removal_that_did_not_work_yet_says_so_and_hides_the_correction(
    desk: NewsDesk, channel: Channel, browser_of: Callable[..., Browser]
) -> None:
    story, post, delivery = live(desk)
    correct(desk, story, title="Yang betul")
    desk.edit_post(post, RIGHT)
    desk.approve(desk.submit(story))
    services.retract(delivery, actor=desk.editor, reason="Keliru")
    db.session.commit()
    channel.fails("retract", Transient("x"))
    desk.work()
    browser = browser_of(desk.world.editor)
    page = browser.get(f"/publikasi/{post.id}").main
    assert "Belum berhasil: kanalnya belum menjawab dengan baik. Dicoba lagi" in page
    assert "Ralat belum tampak" not in page
    assert not asks_again(browser, post)
