"""Which corrections the connection brings, which are a person's, and what may not be touched at all."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.channels import reaching
from humasflow.channels.adapters.base import Receipt
from humasflow.channels.adapters.errors import Forbidden, Transient
from humasflow.channels.adapters.http import NotReached
from humasflow.channels.adapters.variant import Job as AdapterJob
from humasflow.channels.connections.events import AccountResumed
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, Refused
from humasflow.core.events import emit
from humasflow.outbox.enums import JobState
from humasflow.posts import queries as posts
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState, FollowUp
from humasflow.publishing.events import CorrectionDue, ManualPostDue, PostCorrected, PostPublished
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services import follow_ups
from humasflow.publishing.services.follow_ups import sweep_follow_ups
from tests.outbox.test_worker import running, until
from tests.publishing.desk import Heard, NewsDesk
from tests.publishing.scripted import PORTAL, Channel, ScriptedAdapter, expired, install
from tests.publishing.test_correcting import correct
from tests.publishing.test_correcting_channels import corrected, later, live
from tests.support.page import Browser

pytestmark = pytest.mark.db


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    install(monkeypatch, channel, PORTAL)
    return channel


def test_words_of_the_posts_own_are_a_persons_to_look_at(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    """A correction of the story leaves the text of a social post as it was: sending it once more corrects nothing."""
    channel = Channel()
    install(monkeypatch, channel)
    story, post, delivery = live(desk)
    before = dict(channel.posts)
    corrected(desk, story)
    desk.work()
    assert (delivery.correct_state, delivery.story_version_id) != (FollowUp.DONE, story.current_version_id)
    assert delivery.correct_state is FollowUp.BY_HAND
    assert "ditulis sendiri" in delivery.follow_up_error
    assert (channel.count("update"), channel.posts) == (0, before)
    assert [e.post_id for e in heard.of(CorrectionDue)] == [post.id]
    assert heard.of(PostCorrected) == []
    with pytest.raises(Refused):
        services.correct_again(delivery, actor=desk.editor)
    sent = delivery.payload_sha256
    services.confirm_correction(delivery, actor=desk.editor, unneeded=True)
    db.session.commit()
    assert (delivery.correct_state, delivery.payload_sha256) == (FollowUp.DONE, sent)
    last = db.session.scalars(select(Evidence.note).order_by(Evidence.id.desc())).first()
    assert last == "Sudah diperiksa: unggahan ini tidak ikut salah."


def test_a_title_of_the_posts_own_is_looked_at_after_the_body_was_corrected(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    story, post, delivery = live(desk)
    assert posts.get_current_version(post).text.strip(), "a summary of its own"
    correct(desk, story, title="Yang betul", lead="Teras yang betul.")
    desk.approve(desk.submit(story))
    db.session.commit()
    desk.work()
    assert channel.posts[delivery.idempotency_key].startswith("Yang betul|")
    assert (delivery.correct_state, delivery.correcting_to_id) == (FollowUp.BY_HAND, story.current_version_id)
    assert heard.of(PostCorrected) == []
    services.confirm_correction(delivery, actor=desk.editor)
    assert delivery.correcting_to_id is None


def test_what_a_person_posted_is_never_given_to_the_channel_to_change(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    """The product knows its address and no id: a call could only hit nothing, or something else."""
    story, _post, delivery = live(desk)
    delivery.external_id = None
    db.session.commit()
    corrected(desk, story)
    desk.work()
    assert (delivery.correct_state, channel.count("update")) == (FollowUp.BY_HAND, 0)
    assert len(heard.of(CorrectionDue)) == 1


@pytest.mark.parametrize("state", [DeliveryState.UNKNOWN, DeliveryState.COMMITTING])
def test_what_goes_live_with_a_text_that_was_corrected_meanwhile_is_corrected(
    desk: NewsDesk, channel: Channel, state: DeliveryState
) -> None:
    story, post, delivery = live(desk)
    delivery.state = state
    at, delivery.published_at = delivery.published_at, None
    db.session.commit()
    corrected(desk, story)
    assert (delivery.correct_state, delivery.correcting_to_id) == (FollowUp.NONE, None)
    delivery.state, delivery.published_at = DeliveryState.PUBLISHED, at
    emit(PostPublished(delivery_id=delivery.id, post_id=post.id, story_id=story.id))
    emit(PostPublished(delivery_id=delivery.id, post_id=post.id, story_id=story.id))
    db.session.commit()
    assert (delivery.correct_state, delivery.correcting_to_id) == (FollowUp.WAITING, story.current_version_id)
    desk.work()
    assert channel.posts[delivery.idempotency_key].startswith("Yang betul|")
    emit(PostPublished(delivery_id=delivery.id, post_id=post.id, story_id=story.id))
    assert delivery.correcting_to_id is None, "it shows it already"


def test_who_posts_by_hand_gets_the_corrected_text(desk: NewsDesk, heard: Heard) -> None:
    story, every = desk.going_out("web", "facebook")
    desk.work()
    facebook = next(p for p in every if p.account_id == desk.world.facebook.id)
    delivery = desk.delivery(facebook)
    assert delivery.state is DeliveryState.MANUAL_DUE
    corrected(desk, story)
    assert (delivery.state, delivery.title) == (DeliveryState.MANUAL_DUE, "Yang betul")
    assert delivery.story_version_id == story.current_version_id
    assert delivery.assignee_id == facebook.account.assignee_id
    assert len([e for e in heard.of(ManualPostDue) if e.post_id == facebook.id]) == 2


def test_what_was_copied_before_the_correction_is_not_recorded_as_corrected(
    desk: NewsDesk, browser_of: Callable[[Any], Browser]
) -> None:
    """Copied and uploaded at nine, corrected at five past, marked as live at ten past: the earlier text is up."""
    story, every = desk.going_out("web", "facebook")
    desk.work()
    facebook = next(p for p in every if p.account_id == desk.world.facebook.id)
    path, browser = f"/publikasi/{facebook.id}/tandai-tayang", browser_of(desk.world.other_editor)
    typed = browser.get(path).form("/tandai-tayang") | {"url": "https://www.facebook.com/kantoruji/posts/77"}
    corrected(desk, story)
    page = browser.post(path, typed, status=422)
    assert "Isi sudah berubah" in page.main
    db.session.expire_all()
    assert desk.delivery(facebook).state is DeliveryState.MANUAL_DUE
    again = page.form("/tandai-tayang")
    assert (again["url"], again["isi"]) == (typed["url"], desk.delivery(facebook).payload_sha256)
    assert again["isi"] != typed["isi"]
    browser.post(path, again)
    db.session.expire_all()
    assert desk.delivery(facebook).state is DeliveryState.PUBLISHED


def test_only_the_correction_that_the_person_saw_can_be_confirmed(desk: NewsDesk, channel: Channel) -> None:
    story, _post, delivery = live(desk)
    channel.fails("update", Forbidden("x"), Forbidden("x"))
    corrected(desk, story)
    desk.work()
    seen = delivery.correcting_to_id
    corrected(desk, story, "Yang lebih betul")
    desk.work()
    with pytest.raises(Conflict, match="lebih baru"):
        services.confirm_correction(delivery, actor=desk.editor, version_id=seen)
    assert delivery.correcting_to_id == story.current_version_id != seen
    services.confirm_correction(delivery, actor=desk.editor, version_id=delivery.correcting_to_id)
    assert delivery.story_version_id == story.current_version_id
    assert delivery.title == "Yang lebih betul", "the page shows what was put there"


def test_what_was_noted_stays_where_a_newer_correction_came(
    desk: NewsDesk, channel: Channel, browser_of: Callable[[Any], Browser]
) -> None:
    story, post, _delivery = live(desk)
    channel.fails("update", Forbidden("x"), Forbidden("x"))
    corrected(desk, story)
    desk.work()
    path, browser = f"/publikasi/{post.id}", browser_of(desk.world.editor)
    typed = browser.get(path).form("/sudah-dibetulkan") | {"corrected-note": "Dibetulkan lewat ponsel"}
    corrected(desk, story, "Yang lebih betul")
    desk.work()
    page = browser.post(f"{path}/sudah-dibetulkan", typed, status=422)
    assert "Ada ralat yang lebih baru" in page.main
    assert page.form("/sudah-dibetulkan")["corrected-note"] == "Dibetulkan lewat ponsel"


def test_the_dead_job_of_an_earlier_correction_says_nothing_about_the_present_one(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    story, _post, delivery = live(desk)
    corrected(desk, story)
    channel.fails("update", Forbidden("x"))
    desk.work()
    (old,) = desk.jobs("publishing.correct")
    old.state = JobState.DEAD
    corrected(desk, story, "Yang lebih betul")
    assert sweep_follow_ups() == 0
    assert delivery.correct_state is FollowUp.WAITING
    desk.jobs("publishing.correct")[1].state = JobState.DEAD
    db.session.commit()
    assert sweep_follow_ups() == 1
    assert delivery.correct_state is FollowUp.FAILED


def test_nothing_is_changed_on_a_paused_account(desk: NewsDesk, channel: Channel) -> None:
    story, post, delivery = live(desk)
    corrected(desk, story)
    post.account.paused_at = clock.now()
    db.session.commit()
    desk.work()
    later(desk)
    assert (delivery.correct_state, channel.count("update")) == (FollowUp.WAITING, 0)
    post.account.paused_at = None
    emit(AccountResumed(account_id=post.account_id, actor_id=desk.editor.id))
    db.session.commit()
    desk.work()
    assert (delivery.correct_state, channel.count("update")) == (FollowUp.DONE, 1)


def test_a_permission_that_cannot_be_renewed_just_now_is_nobodys_task(
    desk: NewsDesk, channel: Channel, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    from humasflow.channels.connections.services import tokens

    story, _post, delivery = live(desk)
    corrected(desk, story)
    channel.fails("update", expired())
    with monkeypatch.context() as patch:
        patch.setattr(tokens, "renew", lambda account_id: False)  # a passing fault there
        desk.work()
    assert delivery.correct_state is FollowUp.WAITING
    assert heard.of(CorrectionDue) == []
    later(desk)
    assert delivery.correct_state is FollowUp.DONE


def test_what_was_published_as_somebody_else_is_left_alone(desk: NewsDesk, channel: Channel) -> None:
    story, _post, delivery = live(desk)
    delivery.identity = "palsu kanal.lain 7"
    db.session.commit()
    corrected(desk, story)
    desk.work()
    assert (delivery.correct_state, channel.count("update")) == (FollowUp.BY_HAND, 0)


def test_an_answer_without_a_usable_address_is_an_answer(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, _post, delivery = live(desk)
    delivery.permalink = delivery.canonical_url = None
    corrected(desk, story)
    monkeypatch.setattr(ScriptedAdapter, "_receipt", lambda self, ident: Receipt(ident, "/berita/1"))
    desk.work()
    assert (delivery.correct_state, delivery.permalink) == (FollowUp.DONE, None)


def test_a_slow_correction_is_made_by_one_thread_and_not_begun_again_by_another(
    app: Flask, desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes longer than a lease lasts."""
    story, _post, delivery = live(desk)
    corrected(desk, story)
    update, at_once = ScriptedAdapter.update, []

    def slowly(self: ScriptedAdapter, job: AdapterJob) -> Receipt:
        at_once.append(threading.get_ident())
        time.sleep(2.5)
        return update(self, job)

    monkeypatch.setattr(ScriptedAdapter, "update", slowly)
    delivery_id = delivery.id
    app.config["OUTBOX_LEASE"] = timedelta(seconds=1)

    def is_done() -> bool:
        state = db.session.get_one(Delivery, delivery_id).correct_state
        db.session.rollback()  # SQLite has one writer at a time
        return state is FollowUp.DONE

    with running(app, OUTBOX_POLL_SECONDS=0.05, WORKER_THREADS=4):
        until(is_done)
    assert len(at_once) == 1


def test_a_correction_without_end_is_given_up_and_tried_again(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, _post, delivery = live(desk)
    corrected(desk, story)
    given_up: list[str] = []

    def asks_on(self: ScriptedAdapter, job: AdapterJob) -> Receipt:
        try:
            reaching.send("GET", "http://127.0.0.1:9/")
        except NotReached as late:
            given_up.append(late.reason)
            raise Transient(late.reason) from late
        raise AssertionError("it was asked for longer than it may be")

    monkeypatch.setattr(follow_ups, "LONGEST", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(ScriptedAdapter, "update", asks_on)
        desk.work()
    assert (given_up, delivery.correct_state) == (["too_slow"], FollowUp.WAITING)
    later(desk)
    assert delivery.correct_state is FollowUp.DONE
