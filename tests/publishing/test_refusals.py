"""Every way in which a channel says no: what is tried again, what waits, what has failed, and in which words."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from humasflow.audit.models import AuditEntry
from humasflow.channels.adapters.base import Pending, Ready
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    QuotaExceeded,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import ConnectionMade
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.services import tokens
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.outbox.enums import JobState
from humasflow.posts.services import remove_post
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import (
    PostFailed,
    PostLate,
    PostWaits,
)
from tests.publishing.channel import Channel, connect, install
from tests.publishing.desk import Heard, NewsDesk, hours
from tests.support.loopback import TOKEN

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


# Refusals before anything is public


REFUSALS = [
    (Invalid("bad body 0xdeadbeef"), "menolak isi", "invalid"),
    (MediaRejected("ratio"), "menolak gambar", "media_rejected"),
    (Forbidden("scope"), "tidak mengizinkan", "forbidden"),
    (Unsupported("reel"), "Unggah sendiri", "unsupported"),
    (Conflict("slug"), "unggahan lain", "conflict"),
]


@pytest.mark.parametrize("method", ["prepare", "commit"])
@pytest.mark.parametrize(("error", "sentence", "code"), REFUSALS, ids=[code for _e, _s, code in REFUSALS])
def test_a_final_no_fails_at_once_in_plain_words(
    desk: NewsDesk, channel: Channel, heard: Heard, method: str, error: AdapterError, sentence: str, code: str
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on(method, error)
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.error_code) == (S.FAILED, code)
    assert sentence in delivery.error
    assert error.detail not in delivery.error
    assert [e.error for e in heard.of(PostFailed)] == [delivery.error]
    assert {j.state for j in desk.jobs()} == {JobState.DONE}
    later(desk, hours=1)
    assert channel.asked(method) == 1


def test_the_detail_of_a_refusal_stands_in_the_record_only(desk: NewsDesk, channel: Channel) -> None:
    _story, (_post,) = desk.going_out("facebook")
    channel.on("prepare", Invalid("bad body 0xdeadbeef"))
    desk.work()
    entries = [str(e.detail) for e in db.session.scalars(select(AuditEntry))]
    assert sum("0xdeadbeef" in text for text in entries) == 1
    assert all("0xdeadbeef" not in (job.error or "") for job in desk.jobs())


@pytest.mark.parametrize("method", ["prepare", "commit"])
def test_a_passing_fault_is_tried_ten_times_at_most_and_then_said(
    desk: NewsDesk, channel: Channel, heard: Heard, method: str
) -> None:
    desk.world.facebook.grace_minutes = 10_000
    _story, (post,) = desk.going_out("facebook")
    channel.on(method, Transient("502"))
    begun = clock.now()
    for minute in range(0, 8 * 60, 4):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
            if minute == 0:
                assert (desk.state(post), desk.delivery(post).attempts) == ("sending", 1)
                assert "Dicoba lagi dengan sendirinya" in desk.delivery(post).error
                assert heard.of(PostFailed) == []
    assert channel.asked(method) == 10
    assert (desk.state(post), desk.delivery(post).error_code) == ("failed", "transient")
    assert len(heard.of(PostFailed)) == 1
    assert channel.live == []
    # Coba lagi: from the beginning, with all its tries.
    channel.on(method, Ready({}) if method == "prepare" else channel._publish)
    services.retry(post, actor=desk.editor)
    db.session.commit()
    desk.work()
    assert (desk.state(post), desk.delivery(post).attempts) == ("published", 0)


def test_tries_grow_apart_and_end_after_six_hours(desk: NewsDesk, channel: Channel) -> None:
    desk.world.facebook.grace_minutes = 10_000
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Transient("502"))
    desk.work()
    first = desk.delivery(post).next_at
    assert first is not None
    assert timedelta(seconds=20) < first - clock.now() < timedelta(seconds=40)
    later(desk, hours=6.5)  # the worker was away: the hours count, not only the tries
    assert (desk.state(post), channel.asked("prepare")) == ("failed", 2)


def test_a_channel_that_asks_for_a_pause_gets_it(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", RateLimited("429", retry_at=clock.now() + timedelta(minutes=20)), Ready({}))
    desk.work()
    later(desk, minutes=19)
    assert (desk.state(post), channel.asked("prepare")) == ("sending", 1)
    later(desk, minutes=21)
    assert desk.state(post) == "published"


def test_a_channel_that_asks_for_a_week_ends_the_tries_at_once(desk: NewsDesk, channel: Channel) -> None:
    desk.world.facebook.grace_minutes = 10_000
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", RateLimited("429", retry_at=clock.now() + timedelta(days=7)))
    desk.work()
    later(desk, hours=6.2)
    assert (desk.state(post), channel.asked("prepare")) == ("failed", 1)


def test_what_failed_before_the_quota_was_waited_for_does_not_count_after_it(
    desk: NewsDesk, channel: Channel
) -> None:
    desk.world.facebook.grace_minutes = 10_000
    _story, (post,) = desk.going_out("facebook")
    full = QuotaExceeded("full", resets_at=clock.now() + timedelta(hours=9))
    channel.on("prepare", Transient("502"), full, Transient("502"), Ready({}))
    desk.work()
    later(desk, minutes=1)
    assert desk.state(post) == "quota_wait"
    later(desk, hours=9.1)
    assert (desk.state(post), desk.delivery(post).attempts) == ("sending", 1)
    later(desk, hours=9.2)
    assert desk.state(post) == "published"


def test_a_step_that_succeeded_ends_the_tries_of_the_one_before(desk: NewsDesk, channel: Channel) -> None:
    desk.world.facebook.grace_minutes = 10_000
    _story, (post,) = desk.going_out("facebook")
    blips: list[object] = []
    for part in range(12):
        blips += [Transient("blip"), Pending({"part": part}, 0)]
    channel.on("prepare", *blips, Ready({"part": 12}))
    begun = clock.now()
    for minute in range(20):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    assert desk.state(post) == "published"


def test_a_refusal_of_the_call_that_may_pass_is_made_good(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Ready({"media": 1}))
    channel.on("commit", RateLimited("429"), channel._publish)
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.committing_at) == (S.PREPARING, None)
    assert delivery.prepare_state["media"] == 1
    later(desk, minutes=1)
    assert (desk.state(post), channel.live) == ("published", [delivery.idempotency_key])
    assert post.generation == 1


def test_a_fault_of_the_adapter_itself_before_the_call_passes_and_then_fails(
    desk: NewsDesk, channel: Channel
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", KeyError("container"), Ready({}))
    desk.work()
    assert desk.state(post) == "sending"
    later(desk, minutes=1)
    assert desk.state(post) == "published"


def test_one_accounts_failure_touches_no_other(desk: NewsDesk, channel: Channel) -> None:
    _story, every = desk.going_out("facebook", "web")
    channel.on("prepare", Transient("502"))
    desk.work()
    assert {p.account_id: desk.state(p) for p in every} == {
        desk.world.facebook.id: "sending", desk.world.web.id: "published",
    }  # fmt: skip
    lanes = {j.lane for j in desk.jobs()}
    assert lanes == {f"account:{p.account_id}" for p in every}
    assert {j.priority for j in desk.jobs()} == {0}


# Permissions


@pytest.mark.parametrize("method", ["prepare", "commit"])
def test_a_permission_that_ran_out_is_renewed_once_and_it_goes_on(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    renewed: list[int] = []
    monkeypatch.setattr(tokens, "renew", lambda account_id: renewed.append(account_id) or True)
    _story, (post,) = desk.going_out("facebook")
    good = Ready({}) if method == "prepare" else channel._publish
    channel.on(method, AuthExpired("190"), good)
    desk.work()
    assert (desk.state(post), renewed) == ("published", [post.account_id])
    assert len(channel.live) == 1


def test_a_permission_refused_again_right_after_is_over(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    monkeypatch.setattr(tokens, "renew", lambda _account_id: True)
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", AuthExpired("190"))
    desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("needs_reauth", 2)
    assert connection(desk).state is ConnectionState.NEEDS_REAUTH
    assert [e.reason for e in heard.of(PostWaits)] == ["needs_reauth"]


def test_a_permission_that_cannot_be_renewed_just_now_is_tried_later(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [False, True]
    monkeypatch.setattr(tokens, "renew", lambda _account_id: answers.pop(0))
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", AuthExpired("190"), AuthExpired("190"), Ready({}))
    desk.work()
    assert desk.state(post) == "sending"
    later(desk, minutes=2)
    assert desk.state(post) == "published"


@pytest.mark.parametrize("method", ["prepare", "commit"])
def test_a_withdrawn_permission_waits_for_people_and_goes_out_once_connected(
    desk: NewsDesk, channel: Channel, heard: Heard, method: str
) -> None:
    _story, (post,) = desk.going_out("facebook")
    good = channel.scripts[method]
    channel.on(method, AuthRevoked("190/460"))
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.committing_at) == (S.NEEDS_REAUTH, None)
    assert "menyambungkannya ulang" in delivery.error
    assert [e.reason for e in heard.of(PostWaits)] == ["needs_reauth"]
    with pytest.raises(Refused, match="perlu disambungkan ulang"):
        services.publish_now(post, actor=desk.editor)
    later(desk, minutes=30)
    assert channel.asked(method) == 1
    channel.on(method, *good)
    connection(desk).state = ConnectionState.CONNECTED
    emit(ConnectionMade(post.account_id, desk.world.admin.id))
    db.session.commit()
    desk.work()
    assert (desk.state(post), len(channel.live)) == ("published", 1)


def test_what_comes_due_on_an_account_that_lets_us_in_no_longer_waits_and_asks_nobody_twice(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    connection(desk).state = ConnectionState.NEEDS_REAUTH
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    services.publish_due(post.id)
    services.sweep()
    db.session.commit()
    desk.work()
    assert (desk.state(post), channel.jobs) == ("needs_reauth", [])
    assert len(heard.of(PostWaits)) == 1


def test_connected_too_late_a_person_decides(desk: NewsDesk, channel: Channel, heard: Heard) -> None:
    connection(desk).state = ConnectionState.NEEDS_REAUTH
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    with clock.moved_to(clock.now() + hours(7)):
        connection(desk).state = ConnectionState.CONNECTED
        emit(ConnectionMade(post.account_id, desk.world.admin.id))
        db.session.commit()
        desk.work()
        assert (desk.state(post), len(heard.of(PostLate))) == ("late", 1)


def test_shut_out_right_after_it_was_connected_is_told_once_however_often_it_is_tried(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    """The connection is not given up for that: the answer may be of the grant before."""
    connection(desk).connected_at = clock.now()
    db.session.commit()
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", AuthRevoked("190"))
    begun = clock.now()
    for minute in range(9):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            services.sweep()
            db.session.commit()
            desk.work()
        with clock.moved_to(begun + timedelta(minutes=minute, seconds=30)):
            desk.work()  # people are told
    assert desk.state(post) == "needs_reauth"
    assert channel.asked("commit") > 5
    assert [e.reason for e in heard.of(PostWaits)] == ["needs_reauth"]
    # Connected once more and shut out once more, they hear of it again.
    with clock.moved_to(begun + timedelta(minutes=9)):
        connection(desk).connected_at = clock.now()
        emit(ConnectionMade(post.account_id, desk.world.admin.id))
        db.session.commit()
        desk.work()
    assert len(heard.of(PostWaits)) == 2


# Quotas


def test_a_quota_that_is_over_by_the_channels_clock_is_not_asked_for_each_second(
    desk: NewsDesk, channel: Channel
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", QuotaExceeded("x", resets_at=clock.now() - timedelta(minutes=5)))
    begun = clock.now()
    for second in range(0, 60, 5):
        with clock.moved_to(begun + timedelta(seconds=second)):
            desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("quota_wait", 1)


@pytest.mark.parametrize("method", ["prepare", "commit"])
def test_a_used_up_quota_waits_until_it_is_there_again_and_counts_no_try(
    desk: NewsDesk, channel: Channel, heard: Heard, method: str
) -> None:
    _story, (post,) = desk.going_out("facebook")
    good = channel.scripts[method]
    resets_at = clock.now() + hours(9)
    channel.on(method, QuotaExceeded("25/25", resets_at=resets_at))
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.next_at, delivery.attempts) == (S.QUOTA_WAIT, resets_at, 0)
    assert [e.reason for e in heard.of(PostWaits)] == ["quota_wait"]
    assert [j.due_at - resets_at < SECONDS for j in desk.jobs()] == [True]
    with pytest.raises(Refused, match="Kuota"):
        services.publish_now(post, actor=desk.editor)
    channel.on(method, *good)
    later(desk, hours=8)
    assert (desk.state(post), channel.asked("commit")) == ("quota_wait", int(method == "commit"))
    later(desk, hours=9.1)  # longer than the grace of six hours: what it waited for the quota does not count
    assert (desk.state(post), len(channel.live)) == ("published", 1)


def test_a_quota_that_came_back_long_ago_is_late_after_all(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", QuotaExceeded("25/25", resets_at=clock.now() + hours(9)), Ready({}))
    desk.work()
    later(desk, hours=16)
    assert desk.state(post) == "late"


def test_a_quota_without_an_end_does_not_wait_for_ever(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", QuotaExceeded("no credits left"))
    desk.work()
    assert desk.state(post) == "quota_wait"
    for passed in range(1, 6):
        later(desk, hours=passed + 0.1)
        assert desk.state(post) == "quota_wait"
    later(desk, hours=7)
    assert desk.state(post) == "late"


def test_the_sweeper_wakes_what_waited_for_a_quota(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", QuotaExceeded("25/25", resets_at=clock.now() + hours(2)), Ready({}))
    desk.work()
    for job in desk.jobs():
        db.session.delete(job)
    db.session.commit()
    with clock.moved_to(clock.now() + hours(2.1)):
        assert services.sweep() == 1
        db.session.commit()
        desk.work()
    assert desk.state(post) == "published"


@pytest.mark.parametrize("method", ["prepare", "commit"])
def test_a_channel_that_quotes_what_lets_us_in_puts_it_into_no_record(
    desk: NewsDesk, channel: Channel, method: str
) -> None:
    _story, (_post,) = desk.going_out("facebook")
    channel.on(method, Invalid(f"bad token {TOKEN}!"))
    desk.work()
    told = [str(entry.detail) for entry in db.session.scalars(select(AuditEntry))]
    assert any("bad token •••" in detail for detail in told)
    assert not any(TOKEN in detail for detail in told)


def test_a_post_removed_while_it_waits_for_its_channel_is_left_alone(
    desk: NewsDesk, channel: Channel
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", AuthRevoked("190"))
    desk.work()
    assert desk.state(post) == "needs_reauth"
    remove_post(post, actor=desk.editor)
    connection(desk).state = ConnectionState.CONNECTED
    db.session.commit()
    assert services.sweep() == 0
    assert desk.delivery(post).state is S.CANCELLED
