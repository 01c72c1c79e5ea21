"""The way of a delivery on a channel: steps, the call, the receipt."""

from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from humasflow.channels.adapters.base import Caps, Done, Pending, Ready, Receipt
from humasflow.channels.connections.models import Connection
from humasflow.channels.reaching import call_timeout
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import lease
from humasflow.outbox.enums import JobState
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import (
    PostPublished,
)
from humasflow.publishing.services import receiving, sending
from tests.publishing.channel import Channel, connect, install, steps
from tests.publishing.desk import Heard, NewsDesk, crash_at

pytestmark = pytest.mark.db
SECONDS = timedelta(seconds=1)


@pytest.fixture
def channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel()
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


def later(desk: NewsDesk, **how: float) -> None:
    with clock.moved_to(clock.now() + timedelta(**how)):
        desk.work()


def connection(desk: NewsDesk) -> Connection:
    db.session.expire_all()
    return db.session.scalars(select(Connection)).one()


# Steps


def test_each_step_is_stored_before_the_next_is_made(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    seen: list[dict[str, Any]] = []

    def step(number: int) -> Any:
        def make(job: Any) -> Any:
            with db.engine.connect() as other:  # what another worker would find
                stored = other.exec_driver_sql("SELECT prepare_state FROM delivery").scalar_one()
            seen.append(stored)
            state = {"done": number}
            return Ready(state) if number == 3 else Pending(state)

        return make

    channel.on("prepare", step(1), step(2), step(3))
    desk.work()
    assert desk.state(post) == "published"
    assert [job.prepare_state for name, job in channel.jobs if name == "prepare"] == [
        {},
        {"done": 1},
        {"done": 2},
    ]
    assert all(f'"done": {n}' in str(stored).replace("'", '"') for n, stored in enumerate(seen) if n)


def test_a_worker_that_dies_between_two_steps_repeats_none_of_those_before(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", *steps({"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}))
    with crash_at(monkeypatch, Channel, "commit", after=False):
        desk.work()
    assert desk.delivery(post).state is S.COMMITTING
    assert desk.delivery(post).prepare_state["c"] == 3


def test_a_step_that_takes_time_waits_patiently_and_is_then_polled(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"video": 7}, 30, poll=True))
    channel.on("poll", Pending({"video": 7}, 60, poll=True), Ready({"video": 7}))
    desk.work()
    (job,) = desk.jobs()
    assert (desk.state(post), job.state, job.attempts) == ("sending", JobState.QUEUED, 0)
    assert desk.delivery(post).next_at is not None
    later(desk, seconds=31)
    later(desk, seconds=95)
    assert desk.state(post) == "published"
    assert (channel.asked("prepare"), channel.asked("poll")) == (1, 2)
    assert [job.prepare_state for _name, job in channel.jobs] == [
        {},
        {"video": 7},
        {"video": 7},
        {"video": 7},
    ]


def test_what_is_found_finished_while_polling_is_live_without_a_call(
    desk: NewsDesk, channel: Channel
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"container": 1}, poll=True))
    channel.on("poll", Done(Receipt("found", "https://kanal.example/found")))
    desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("published", 0)
    assert desk.delivery(post).external_id == "found"


def test_a_channel_that_never_gets_ready_fails_after_a_day(desk: NewsDesk, channel: Channel) -> None:
    desk.world.facebook.grace_minutes = 10_000
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"video": 7}, 3600, poll=True))
    channel.on("poll", Pending({"video": 7}, 3600, poll=True))
    for hour in range(27):
        later(desk, hours=hour * 1.01)
    assert desk.state(post) == "failed"
    assert "tidak selesai menyiapkan" in desk.delivery(post).error
    assert channel.asked("commit") == 0


def test_no_transaction_is_open_while_the_channel_is_asked(desk: NewsDesk, channel: Channel) -> None:
    _story, (_post,) = desk.going_out("facebook")
    open_: list[bool] = []

    def look(answer: Any) -> Any:
        def make(job: Any) -> Any:
            open_.append(db.session().in_transaction())
            return answer(job)

        return make

    channel.on("prepare", look(lambda _job: Pending({}, poll=True)))
    channel.on("poll", look(lambda job: Ready(job.prepare_state)))
    channel.on("commit", look(channel._publish))
    desk.work()
    assert open_ == [False, False, False]


# The call


def test_prepared_and_then_committing_stand_in_the_database_before_the_call(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("facebook")
    with crash_at(monkeypatch, sending, "find_obstacle", after=False):
        desk.work()
    assert desk.delivery(post).state is S.PREPARED
    later(desk, minutes=2)
    assert desk.state(post) == "published"
    assert channel.asked("commit") == 1


def test_the_call_is_made_only_with_enough_of_the_lease_left(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (_post,) = desk.going_out("facebook")
    left: list[timedelta] = []
    original = sending._make_time

    def slow() -> None:
        """The worker was stopped just before the call, for most of its lease."""
        with clock.moved_to(clock.now() + current_app.config["OUTBOX_LEASE"] - 2 * SECONDS):
            original()
            remaining = lease.remaining()
            assert remaining is not None
            left.append(remaining)
            db.session.rollback()

    monkeypatch.setattr(sending, "_make_time", slow)
    desk.work()
    assert left[0] > timedelta(seconds=call_timeout())
    assert channel.asked("commit") == 1


def test_a_worker_that_lost_its_lease_before_the_call_does_not_make_it(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("facebook")
    original = sending._make_time

    def taken_over() -> None:
        (job,) = desk.jobs()
        job.lease_token = "another"
        db.session.commit()
        original()

    monkeypatch.setattr(sending, "_make_time", taken_over)
    desk.work()
    assert channel.asked("commit") == 0
    assert desk.delivery(post).state is S.COMMITTING


# The receipt


def test_a_receipt_is_a_fact_whoever_holds_the_job(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")

    def published_while_taken_over(job: Any) -> Any:
        (row,) = desk.jobs()
        row.lease_token = "another"
        db.session.commit()
        return channel._publish(job)

    channel.on("commit", published_while_taken_over)
    desk.work()
    assert desk.state(post) == "published"
    assert len(desk.jobs("publishing.announce")) == 1


def test_the_receipt_is_written_also_when_the_database_was_away_for_a_moment(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("facebook")
    original = receiving._write
    away = [True, True]

    def write(*args: Any) -> None:
        if away:
            away.pop()
            raise OperationalError("UPDATE", {}, Exception("server closed the connection"))
        original(*args)

    monkeypatch.setattr(receiving, "_write", write)
    monkeypatch.setattr(receiving, "PAUSES", (0.0, 0.0, 0.0))
    desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("published", 1)


def test_also_when_it_is_away_from_the_first_moment_after_the_call(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is read of the delivery then is asked of the database."""
    _story, (post,) = desk.going_out("facebook")
    away = [True, True]

    def refuse(*_args: Any) -> None:
        if away and channel.asked("commit"):
            away.pop()
            raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    monkeypatch.setattr(receiving, "PAUSES", (0.0, 0.0, 0.0))
    event.listen(db.engine, "before_cursor_execute", refuse)
    try:
        desk.work()
    finally:
        event.remove(db.engine, "before_cursor_execute", refuse)
    assert (away, desk.state(post), channel.asked("commit")) == ([], "published", 1)
    assert channel.asked("find") == 0


@pytest.mark.parametrize("permalink", ["ini bukan alamat", "https://kanal.example/" + "a" * 2000, None])
def test_nothing_about_its_address_stands_in_the_way_of_a_receipt(
    desk: NewsDesk, channel: Channel, permalink: str | None
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", Receipt("x" * 400, permalink, "a" * 64))
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.permalink, delivery.answer_sha256) == (S.PUBLISHED, None, "a" * 64)
    assert delivery.external_id == "x" * 300


def test_a_worker_that_dies_after_the_receipt_leaves_the_rest_to_the_next(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    _story, (post,) = desk.going_out("facebook")
    with crash_at(monkeypatch, receiving, "follow_up", after=False):
        desk.work()
    assert desk.state(post) == "published"
    assert desk.jobs("publishing.announce") == []
    later(desk, minutes=2)
    assert len(heard.of(PostPublished)) == 1
    assert channel.asked("commit") == 1


def test_the_sweeper_finds_a_receipt_that_nothing_followed(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    _story, (_post,) = desk.going_out("facebook")
    with crash_at(monkeypatch, receiving, "follow_up", after=False):
        desk.work()
    (job,) = desk.jobs()
    job.state, job.lease_token = JobState.CANCELLED, None
    db.session.commit()
    assert services.sweep() == 1
    db.session.commit()
    desk.work()
    assert len(heard.of(PostPublished)) == 1
    assert services.sweep() == 0


def test_comment_and_numbers_follow_only_where_the_channel_has_them(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Channel(Caps(has_first_comment=True, metrics=("likes",))))
    connect(desk.world.facebook, "channel")
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    assert desk.state(post) == "published"
    assert [j.lane for j in desk.jobs("metrics.fetch")] == [f"metrics:{post.account_id}"]
    assert desk.jobs("publishing.comment") == []  # it has none to write
    assert desk.delivery(post).comment_state.value == "none"
