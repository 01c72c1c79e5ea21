"""Renewing what lets us in: one worker at a time, never worse than before."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from humasflow.channels import policy as channels
from humasflow.channels.adapters.base import AccountInfo, Quota, Tokens
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    AuthRevoked,
    Forbidden,
    Invalid,
    MediaRejected,
    OutcomeUnknown,
    QuotaExceeded,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.meta.facebook import FacebookAdapter
from humasflow.channels.adapters.variant import Account, AppKeys
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import ConnectionBroken, ConnectionExpiring, ConnectionMade
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.policy import quota_left
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.connections.services import looking
from humasflow.channels.connections.services.access import account_of, sealed
from humasflow.channels.connections.services.connecting import Arrival, connect
from humasflow.channels.connections.services.ending import renew_due, warn_of_ends
from humasflow.channels.connections.services.health import note_quota, note_success, note_trouble
from humasflow.channels.connections.services.looking import ask_quotas, check_refused, look, look_daily
from humasflow.channels.connections.services.tokens import renew
from humasflow.channels.connections.wording.troubles import trouble
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock, events
from humasflow.core.db import db
from tests.channels.fakes import CANARY, Channel, channel
from tests.factories.world import World
from tests.support.scripted import answer, script

__all__ = ["channel"]
pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]
NOW = "2026-11-22T03:00Z"
OLD = {"access_token": f"{CANARY}-lama", "refresh_token": f"{CANARY}-segar"}


def connected(
    account: ChannelAccount, *, life: timedelta | None = timedelta(hours=2), since: timedelta = timedelta(minutes=100),
    secrets: dict[str, str] | None = None, **more: Any,
) -> Connection:  # fmt: skip
    """A connection that was made ``since`` ago with a token of that life. Commits."""
    made = clock.now() - since
    found = Connection(
        office_id=account.office_id, account_id=account.id, adapter="facebook", state=ConnectionState.CONNECTED,
        secrets=sealed(OLD if secrets is None else secrets), settings={}, name="Kantor Uji", handle="kantoruji",
        warnings=[], connected_at=made, expires_at=None if life is None else made + life, **more,
    )  # fmt: skip
    db.session.add(found)
    account.adapter = "facebook"
    db.session.commit()
    return found


def now_of(account_id: int) -> Connection:
    db.session.expire_all()
    found = get_connection_of(account_id)
    assert found is not None
    return found


def heard(kind: type) -> list[Any]:
    said: list[Any] = []
    events._handlers[kind].append(said.append)
    return said


def secrets(account_id: int) -> dict[str, str]:
    db.session.expire_all()
    return dict(account_of(db.session.get_one(ChannelAccount, account_id)).secrets)


# Renewing


def test_new_tokens_take_the_place_of_the_old_ones(world: World, channel: Channel) -> None:
    account_id, end = world.facebook.id, clock.now() + timedelta(hours=2)
    connected(world.facebook, warned_days=1, error_code="auth_expired")
    channel.answers["refresh"] = Tokens(f"{CANARY}-baru", f"{CANARY}-segar2", end, end + timedelta(days=90))
    assert renew(account_id) is True
    assert secrets(account_id) == {"access_token": f"{CANARY}-baru", "refresh_token": f"{CANARY}-segar2"}
    found = now_of(account_id)
    assert (found.expires_at, found.refresh_expires_at) == (end, end + timedelta(days=90))
    assert (found.warned_days, found.error_code, found.lease_token, found.lease_until) == (
        None,
        "",
        None,
        None,
    )
    assert channel.last("refresh").secrets == OLD


@pytest.mark.parametrize("refresh", [None, ""])
def test_a_refresh_token_that_did_not_come_stays(world: World, channel: Channel, refresh: str | None) -> None:
    account_id = world.facebook.id
    connected(world.facebook)
    channel.answers["refresh"] = Tokens(f"{CANARY}-baru", refresh, None)
    assert renew(account_id)
    assert secrets(account_id) == OLD | {"access_token": f"{CANARY}-baru"}


def test_an_empty_answer_never_overwrites_a_good_token(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook)
    channel.answers["refresh"] = Tokens("", "", clock.now() + timedelta(days=60))
    renew(account_id, early=True)
    assert secrets(account_id) == OLD
    assert now_of(account_id).state is ConnectionState.CONNECTED


@pytest.mark.parametrize(
    "error", [Transient("too_slow"), Transient("status 503"), RateLimited(), OutcomeUnknown(), Invalid()]
)
@pytest.mark.parametrize("early", [True, False])
def test_a_passing_error_never_disconnects(
    world: World, channel: Channel, error: AdapterError, early: bool
) -> None:
    account_id, broken = world.facebook.id, heard(ConnectionBroken)
    connected(world.facebook)
    channel.answers["refresh"] = error
    assert renew(account_id, early=early) is early, (
        "the old token is good for 20 minutes, unless it was refused"
    )
    found = now_of(account_id)
    assert (found.state, found.error_code) == (ConnectionState.CONNECTED, error.code)
    assert secrets(account_id) == OLD and broken == [] and found.lease_token is None


@pytest.mark.parametrize(
    "error", [AuthRevoked("invalid_grant"), AuthExpired(), Forbidden("account_suspended")]
)
def test_a_refusal_asks_for_a_person_once(world: World, channel: Channel, error: AdapterError) -> None:
    account_id, broken = world.facebook.id, heard(ConnectionBroken)
    connected(world.facebook)
    channel.answers["refresh"] = error
    assert renew(account_id) is False
    assert now_of(account_id).state is ConnectionState.NEEDS_REAUTH
    assert renew(account_id) is False and renew(account_id, early=True) is False
    assert channel.names() == ["refresh"], "who was refused is not asked again and again"
    assert broken == [ConnectionBroken(account_id, error.code)]


def test_what_has_nothing_to_refresh_with(world: World, channel: Channel) -> None:
    """Ahead of time that is no reason for anything; after a refusal a person has to come."""
    account_id = world.facebook.id
    connected(world.facebook, life=timedelta(days=60), since=timedelta(days=50))
    assert renew(account_id, early=True) is True
    assert now_of(account_id).state is ConnectionState.CONNECTED
    assert renew(account_id) is False
    assert now_of(account_id).state is ConnectionState.NEEDS_REAUTH


def test_a_pages_connection_outlives_the_persons_token(world: World, channel: Channel) -> None:
    """What a person granted lasts sixty days; the Page's token that is kept of it has no end."""
    page = {
        "id": "1",
        "name": "Kantor",
        "username": "kantor",
        "access_token": f"{CANARY}-P",
        "tasks": ["CREATE_CONTENT"],
    }
    token = {"is_valid": True, "expires_at": 0, "scopes": list(FacebookAdapter.scopes)}
    http = script(
        answer({"access_token": "pendek", "expires_in": 5000}),
        answer({"access_token": "panjang", "expires_in": 5_183_944}),
        answer({"data": [page]}), answer({"data": token}), answer({"id": "1", "name": "Kantor"}),
    )  # fmt: skip
    adapter, keys = FacebookAdapter(http), AppKeys("123", "sandi")
    grant = adapter.exchange(keys, code="kode", redirect_uri="https://humas.id/b", verifier=None)
    (outlet,) = adapter.outlets(keys, grant)
    known = Account(1, "facebook", settings=outlet.settings, secrets=outlet.secrets, app=keys)
    info, account_id = adapter.verify(known), world.facebook.id
    arrival = Arrival(grant, info, None, outlet.settings, outlet.secrets, None, outlet.external_id)
    connect(world.facebook, arrival, actor=world.as_(world.admin), accepts_other=True)
    db.session.commit()
    channel.answers["refresh"] = adapter.refresh
    with clock.moved_to(clock.now() + timedelta(days=61)):
        renew_due()
        assert now_of(account_id).state is ConnectionState.CONNECTED


def test_the_calendar_alone_ends_nothing(world: World, channel: Channel) -> None:
    """An end that was written down wrongly is mended by the channel's own good answer."""
    account_id, broken = world.facebook.id, heard(ConnectionBroken)
    connected(world.facebook, life=timedelta(days=60), since=timedelta(days=61))
    renew_due()
    assert now_of(account_id).state is ConnectionState.CONNECTED and broken == []
    assert look(db.session.get_one(ChannelAccount, account_id), actor=world.as_(world.admin)) is None
    db.session.commit()
    assert now_of(account_id).expires_at is None


def test_wrong_app_keys_end_no_connection(world: World, channel: Channel) -> None:
    """The grant is as good as ever: with the right keys it goes on by itself."""
    account_id, broken = world.facebook.id, heard(ConnectionBroken)
    connected(world.facebook)
    channel.answers["refresh"] = Forbidden("invalid_client")
    assert renew(account_id) is False
    found = now_of(account_id)
    assert (found.state, found.error_detail) == (ConnectionState.CONNECTED, "invalid_client")
    assert "Kunci aplikasi" in str(trouble(found.error_code, found.error_detail)) and broken == []
    assert check_refused() == 0
    channel.answers["refresh"] = Tokens(f"{CANARY}-baru", None, clock.now() + timedelta(hours=2))
    assert renew_due() == 1
    assert (now_of(account_id).error_code, broken) == ("", [])


@pytest.mark.parametrize("why", [Forbidden("invalid_client"), Transient("unreachable")], ids=str)
def test_why_a_token_was_not_renewed_is_what_people_read(
    world: World, channel: Channel, why: AdapterError
) -> None:
    """Not that it has ended, which sends them through signing in again for nothing."""
    account_id = world.facebook.id
    connected(world.facebook)
    channel.answers |= {"refresh": why, "verify": AuthExpired()}
    assert isinstance(
        look(db.session.get_one(ChannelAccount, account_id), actor=world.as_(world.admin)), AuthExpired
    )
    db.session.commit()
    assert (now_of(account_id).error_code, now_of(account_id).error_detail) == (why.code, why.detail)
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert look_daily() == 1
    assert (now_of(account_id).error_code, now_of(account_id).error_detail) == (why.code, why.detail)
    note_trouble(account_id, Transient("the permission could not be renewed"))
    assert (now_of(account_id).error_code, now_of(account_id).error_detail == why.detail) == (
        why.code,
        isinstance(why, Forbidden),
    )


def test_an_end_with_new_tokens_is_told(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    found = connected(world.facebook)
    found.error_code, found.error_detail = "transient", "unreachable"
    db.session.commit()
    channel.answers |= {
        "refresh": Tokens(f"{CANARY}-baru", None, clock.now() + timedelta(hours=2)),
        "verify": AuthExpired(),
    }
    look(db.session.get_one(ChannelAccount, account_id), actor=world.as_(world.admin))
    db.session.commit()
    assert now_of(account_id).error_code == AuthExpired.code


def test_a_test_of_a_broken_connection_renews_it_and_tells(world: World, channel: Channel) -> None:
    account_id, made = world.facebook.id, heard(ConnectionMade)
    found = connected(world.facebook)
    found.state, found.error_code = ConnectionState.NEEDS_REAUTH, "forbidden"
    db.session.commit()
    channel.answers["refresh"] = Tokens(f"{CANARY}-baru", None, clock.now() + timedelta(hours=2))
    good = channel.answers["verify"]
    channel.answers["verify"] = lambda given: (
        good if "baru" in given.secrets["access_token"] else raising(AuthExpired())
    )
    assert look(db.session.get_one(ChannelAccount, account_id), actor=world.as_(world.admin)) is None
    db.session.commit()
    assert now_of(account_id).state is ConnectionState.CONNECTED
    assert made == [ConnectionMade(account_id, world.admin.id)]


def test_what_is_said_of_the_grant_before_does_not_end_the_new_one(world: World, channel: Channel) -> None:
    account_id, broken = world.facebook.id, heard(ConnectionBroken)
    connected(world.facebook, since=timedelta(seconds=20))
    note_trouble(account_id, AuthRevoked("190"))
    assert now_of(account_id).state is ConnectionState.CONNECTED and broken == []
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        assert check_refused() == 1
    assert (now_of(account_id).state, now_of(account_id).error_code) == (ConnectionState.CONNECTED, "")
    channel.answers["verify"] = AuthRevoked("190")
    with clock.moved_to(clock.now() + timedelta(minutes=6)):
        note_trouble(account_id, AuthRevoked("190"))
        assert broken == [] and check_refused() == 1
    assert len(broken) == 1, "and where it is of the new one, that is found out"
    note_success(account_id)
    assert now_of(account_id).error_code == "auth_revoked", (
        "a good answer from before does not wipe the reason away"
    )


def test_a_test_says_nothing_of_what_was_connected_meanwhile(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook)

    def meanwhile(given: Any) -> AccountInfo:
        found = now_of(account_id)
        found.connected_at = clock.now()
        db.session.commit()
        raise AuthRevoked("190")

    channel.answers["verify"] = meanwhile
    look(db.session.get_one(ChannelAccount, account_id), actor=world.as_(world.admin))
    db.session.commit()
    assert now_of(account_id).state is ConnectionState.CONNECTED


def raising(error: Exception) -> Any:
    raise error


@pytest.mark.parametrize("error", [Transient("too_slow"), RateLimited(), AuthExpired()])
def test_a_renewal_that_works_ends_what_went_wrong_in_passing(
    world: World, channel: Channel, error: AdapterError
) -> None:
    connected(world.facebook, error_code=error.code, error_detail=error.detail)
    channel.answers["refresh"] = Tokens(f"{CANARY}-baru", None, None)
    assert renew(world.facebook.id)
    assert (now_of(world.facebook.id).error_code, now_of(world.facebook.id).error_detail) == ("", "")


def test_an_account_that_nobody_connected_is_left_alone(world: World, channel: Channel) -> None:
    assert renew(world.facebook.id) is False
    note_success(world.facebook.id)
    note_trouble(world.facebook.id, AuthRevoked())
    note_quota(world.facebook.id, Quota(1, 2, None))
    assert channel.asked == []


def test_when_another_has_just_renewed_it_is_not_done_again(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook, refreshed_at=clock.now() - timedelta(seconds=5))
    assert renew(account_id) is True
    assert channel.asked == []


def test_a_worker_that_died_with_the_lease_is_followed_by_another(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook, lease_token="mati", lease_until=clock.now() - timedelta(seconds=1))
    channel.answers["refresh"] = Tokens(f"{CANARY}-baru", None, None)
    assert renew(account_id) is True


def test_who_waits_too_long_says_that_there_is_nothing_yet(
    app: Flask, world: World, channel: Channel
) -> None:
    app.config["OUTBOX_LEASE"] = timedelta(seconds=1)
    account_id = world.facebook.id
    connected(world.facebook, lease_token="lain", lease_until=clock.now() + timedelta(minutes=5))
    assert renew(account_id) is False
    assert channel.asked == [] and now_of(account_id).state is ConnectionState.CONNECTED


def test_a_person_who_connected_meanwhile_is_right(world: World, channel: Channel) -> None:
    """The late answer to the old grant does not overwrite the new one."""
    account_id = world.facebook.id
    connected(world.facebook)

    def meanwhile(_account: Any) -> Tokens:
        found = now_of(account_id)
        found.secrets = sealed({"access_token": f"{CANARY}-orang", "refresh_token": f"{CANARY}-orang2"})
        found.connected_at, found.expires_at = clock.now(), clock.now() + timedelta(hours=2)
        found.lease_token = found.lease_until = None
        db.session.commit()
        return Tokens(f"{CANARY}-terlambat", None, None)

    channel.answers["refresh"] = meanwhile
    assert renew(account_id) is True
    assert secrets(account_id)["access_token"] == f"{CANARY}-orang"


def test_a_late_refusal_of_the_old_grant_does_not_end_the_new_one(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook)

    def meanwhile(_account: Any) -> Tokens:
        found = now_of(account_id)
        found.connected_at, found.lease_token = clock.now(), None
        found.expires_at = clock.now() + timedelta(hours=2)
        db.session.commit()
        raise AuthRevoked("invalid_grant")

    channel.answers["refresh"] = meanwhile
    assert renew(account_id) is True
    assert now_of(account_id).state is ConnectionState.CONNECTED


def test_a_fault_of_ours_gives_the_lease_back(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook)
    channel.answers["refresh"] = KeyError("bug")
    with pytest.raises(KeyError):
        renew(account_id)
    assert now_of(account_id).lease_token is None


def test_secrets_that_no_key_opens_ask_for_a_person(app: Flask, world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook)
    app.config["SECRETS"] = ["kunci-lain"]
    assert renew(account_id) is False
    found = now_of(account_id)
    assert (found.state, found.error_code) == (ConnectionState.NEEDS_REAUTH, "auth_revoked")


def test_two_at_once_ask_the_channel_once(app: Flask, world: World, channel: Channel) -> None:
    """Really at the same time: a refresh token that is good once is used once, and both end with usable ones."""
    account_id = world.facebook.id
    connected(world.facebook)
    asked = threading.Semaphore(0)

    def slowly(_account: Any) -> Tokens:
        asked.acquire(timeout=2)
        return Tokens(f"{CANARY}-baru", f"{CANARY}-baru2", clock.now() + timedelta(hours=2))

    channel.answers["refresh"] = slowly
    answers: list[bool] = []

    def work() -> None:
        with app.app_context():
            answers.append(renew(account_id))
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    asked.release()
    for worker in workers:
        worker.join(30)
    assert answers == [True] * 4
    assert channel.names() == ["refresh"]
    assert secrets(account_id)["refresh_token"] == f"{CANARY}-baru2"


# Ahead of time


@pytest.mark.parametrize(
    ("life", "since", "is_due"),
    [
        (timedelta(hours=2), timedelta(minutes=89), False), (timedelta(hours=2), timedelta(minutes=91), True),
        (timedelta(days=60), timedelta(days=44), False), (timedelta(days=60), timedelta(days=46), True),
        (timedelta(days=60), timedelta(days=61), True), (None, timedelta(days=900), False),
    ],
)  # fmt: skip
def test_tokens_are_renewed_in_the_last_quarter_of_their_life(
    world: World, channel: Channel, life: timedelta | None, since: timedelta, is_due: bool
) -> None:
    connected(world.facebook, life=life, since=since)
    channel.answers["refresh"] = Tokens(f"{CANARY}-baru", None, clock.now() + timedelta(days=60))
    assert renew_due() == int(is_due)
    assert channel.names() == (["refresh"] if is_due else [])
    assert renew_due() == 0, "and once"


def test_one_that_cannot_be_renewed_keeps_no_other_from_it(world: World, channel: Channel) -> None:
    connected(world.facebook)
    connected(world.instagram)
    done: list[int] = []

    def one_fails(account: Any) -> Tokens:
        done.append(account.account_id)
        if account.account_id == world.facebook.id:
            raise Transient("too_slow")
        return Tokens(f"{CANARY}-baru", None, clock.now() + timedelta(hours=2))

    channel.answers["refresh"] = one_fails
    assert renew_due() == 2
    assert sorted(done) == sorted([world.facebook.id, world.instagram.id])
    assert secrets(world.instagram.id)["access_token"] == f"{CANARY}-baru"


def test_accounts_that_are_switched_off_are_not_renewed(world: World, channel: Channel) -> None:
    connected(world.facebook)
    world.facebook.is_active = False
    db.session.commit()
    assert renew_due() == 0


def test_the_end_is_told_14_7_and_1_days_ahead_once_each(world: World, channel: Channel, at: At) -> None:
    told = heard(ConnectionExpiring)
    start = datetime.fromisoformat(NOW)
    with at(NOW):
        connected(
            world.facebook,
            life=timedelta(hours=2),
            since=timedelta(0),
            refresh_expires_at=start + timedelta(days=20),
        )
    for hours in range(0, 21 * 24, 5):
        with clock.moved_to(start + timedelta(hours=hours)):
            warn_of_ends()
            db.session.commit()
    assert [e.days for e in told] == [14, 7, 1]
    assert {e.account_id for e in told} == {world.facebook.id}


def test_after_days_without_a_worker_only_the_nearest_is_told(world: World, channel: Channel, at: At) -> None:
    told, start = heard(ConnectionExpiring), datetime.fromisoformat(NOW)
    with at(NOW):
        connected(world.facebook, since=timedelta(0), refresh_expires_at=start + timedelta(days=20))
    with clock.moved_to(start + timedelta(days=15)):
        assert warn_of_ends() == 1 and warn_of_ends() == 0
    assert [e.days for e in told] == [7]


@pytest.mark.parametrize(
    ("life", "days"),
    [
        (timedelta(hours=2), []),
        (timedelta(days=1), []),
        (timedelta(days=7), [1]),
        (timedelta(days=60), [14, 7, 1]),
    ],
)
def test_a_token_of_a_short_life_worries_nobody(
    world: World, channel: Channel, at: At, life: timedelta, days: list[int]
) -> None:
    """What is renewed by itself before each of its ends is no end; one that was not renewed in time is."""
    told, start = heard(ConnectionExpiring), datetime.fromisoformat(NOW)
    with at(NOW):
        connected(world.facebook, life=life, since=timedelta(0))
    for step in range(1, 100):
        with clock.moved_to(start + life * step / 100):
            warn_of_ends()
            db.session.commit()
    assert [e.days for e in told] == days


def test_what_meta_wants_confirmed_is_told_like_any_other_end(world: World, channel: Channel, at: At) -> None:
    """Its date stands among the settings; publishing goes on after it, so the connection stays."""
    told, start = heard(ConnectionExpiring), datetime.fromisoformat(NOW)
    with at(NOW):
        found = connected(world.facebook, life=None, since=timedelta(0))
        found.settings = {"data_access_until": (start + timedelta(days=20)).isoformat()}
        connected(world.instagram, life=None).settings = {"data_access_until": "kapan-kapan"}
        db.session.commit()
    for hours in range(0, 22 * 24, 5):
        with clock.moved_to(start + timedelta(hours=hours)):
            warn_of_ends()
            db.session.commit()
    assert [(e.account_id, e.days) for e in told] == [(world.facebook.id, days) for days in (14, 7, 1)]
    assert now_of(world.facebook.id).state is ConnectionState.CONNECTED


# Asked once a day


def test_every_account_is_asked_once_a_day(world: World, channel: Channel) -> None:
    connected(world.facebook, checked_at=clock.now() - timedelta(hours=25), error_code="transient")
    connected(world.instagram, checked_at=clock.now() - timedelta(hours=23))
    channel.answers["verify"] = AccountInfo(
        "Kantor Baru", "kantoruji", warnings=("private_only",), settings={"data_access_until": "x"}
    )
    channel.answers["quota"] = Quota(4, 100, None)
    assert look_daily() == 1 and look_daily() == 0
    found = now_of(world.facebook.id)
    assert (found.name, found.warnings, found.error_code) == ("Kantor Baru", ["private_only"], "")
    assert quota_left(found) == 96 and found.settings["data_access_until"] == "x"
    assert channel.names() == ["verify", "quota"]
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert look_daily() == 1, "now the other one"


@pytest.mark.parametrize(
    ("error", "state", "again"),
    [
        (AuthRevoked("190"), ConnectionState.NEEDS_REAUTH, 0),
        (Forbidden("200"), ConnectionState.NEEDS_REAUTH, 0),
        (Forbidden("invalid_client"), ConnectionState.CONNECTED, 1),
        (Forbidden("client_not_enrolled"), ConnectionState.CONNECTED, 1),
        (Forbidden("accessNotConfigured"), ConnectionState.CONNECTED, 1),
        (Transient("unreachable"), ConnectionState.CONNECTED, 1),
        (RateLimited(), ConnectionState.CONNECTED, 1),
    ],
    ids=str,
)
def test_what_ended_quietly_is_known_before_something_has_to_go_out(
    world: World, channel: Channel, error: AdapterError, state: ConnectionState, again: int
) -> None:
    broken = heard(ConnectionBroken)
    connected(world.facebook)
    channel.answers["verify"] = error
    assert look_daily() == 1
    found = now_of(world.facebook.id)
    assert (found.state, found.error_code, len(broken)) == (state, error.code, 1 - again)
    assert look_daily() == again, "what gave no answer is asked again"


def test_a_token_that_ended_is_renewed_by_the_daily_look(world: World, channel: Channel) -> None:
    connected(world.facebook)
    new = f"{CANARY}-baru"
    channel.answers["refresh"] = Tokens(new, None, clock.now() + timedelta(hours=2))

    def by_token(account: Any) -> AccountInfo:
        if account.secrets["access_token"] != new:
            raise AuthExpired("190")
        return AccountInfo("Kantor Uji", "kantoruji")

    channel.answers["verify"] = by_token
    assert look_daily() == 1
    assert channel.names() == ["verify", "refresh", "verify", "quota"]
    assert now_of(world.facebook.id).error_code == ""


def test_the_daily_look_takes_turns(world: World, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts that give no answer keep no other from its turn, however many they are."""
    monkeypatch.setattr(looking, "A_ROUND", 1)
    connected(world.facebook)
    connected(world.instagram)
    channel.answers["verify"] = Transient("unreachable")
    asked = []
    for minutes in (0, 15, 30):
        with clock.moved_to(clock.now() + timedelta(minutes=minutes)):
            assert look_daily() == 1
            asked.append(channel.last("verify").account_id)
    assert asked == [world.facebook.id, world.instagram.id, world.facebook.id]


def test_the_limits_of_a_server_are_followed_down_and_up(world: World, channel: Channel) -> None:
    """What the office narrowed by itself stays; what is the server's goes where the server goes."""
    account_id = world.facebook.id
    connected(world.facebook)
    world.facebook.limits = {"hashtags": 3}
    db.session.commit()
    usual = channels.limits_of_kind(world.facebook.kind).text

    def after(**told: int) -> dict[str, Any]:
        now_of(account_id).checked_at = None
        db.session.commit()
        channel.answers["verify"] = AccountInfo("Kantor Uji", "kantoruji", limits=told)
        assert look_daily() == 1
        db.session.expire_all()
        return dict(world.facebook.limits)

    assert after(text=300, hashtags=5, bukan=1) == {"text": 300, "hashtags": 3}
    assert after(text=500, hashtags=5) == {"text": 500, "hashtags": 3}
    assert after(text=200, hashtags=5) == {"text": 200, "hashtags": 3}
    world.facebook.limits = {"text": 150, "hashtags": 3}  # the office narrows it further
    db.session.commit()
    assert after(text=400) == {"text": 150, "hashtags": 3}
    assert after(text=100) == {"text": 100, "hashtags": 3}, "unless the server takes even less"
    assert usual is not None and after(text=usual) == {"hashtags": 3}
    assert after() == {"hashtags": 3} and "limits_told" not in now_of(account_id).settings


def test_accounts_switched_off_or_broken_are_not_asked(world: World, channel: Channel) -> None:
    connected(world.facebook)
    world.facebook.is_active = False
    connected(world.instagram).state = ConnectionState.NEEDS_REAUTH
    db.session.commit()
    assert look_daily() == 0


# Health


def test_trouble_is_remembered_and_success_forgets_it(world: World, channel: Channel) -> None:
    account_id, broken = world.facebook.id, heard(ConnectionBroken)
    connected(world.facebook)
    note_trouble(account_id, Transient("too_slow"))
    found = now_of(account_id)
    assert (found.state, found.error_code, found.error_detail) == (
        ConnectionState.CONNECTED,
        "transient",
        "too_slow",
    )
    note_success(account_id)
    found = now_of(account_id)
    assert (found.error_code, found.error_detail) == ("", "") and found.succeeded_at is not None
    assert broken == []


@pytest.mark.parametrize("error", [Invalid("too_long"), MediaRejected("ratio")])
def test_what_is_wrong_with_a_post_is_not_wrong_with_the_account(
    world: World, channel: Channel, error: AdapterError
) -> None:
    connected(world.facebook)
    note_trouble(world.facebook.id, error)
    assert now_of(world.facebook.id).error_code == ""


@pytest.mark.parametrize("error", [AuthRevoked("190")])
def test_a_withdrawn_permission_is_told_once(world: World, channel: Channel, error: AdapterError) -> None:
    account_id, broken = world.facebook.id, heard(ConnectionBroken)
    connected(world.facebook)
    for _ in range(3):
        note_trouble(account_id, error)
    assert now_of(account_id).state is ConnectionState.NEEDS_REAUTH
    assert broken == [ConnectionBroken(account_id, error.code)]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (AccountInfo("Kantor Uji"), ConnectionState.CONNECTED), (Transient("too_slow"), ConnectionState.CONNECTED),
        (Forbidden("account_suspended"), ConnectionState.NEEDS_REAUTH), (AuthRevoked(), ConnectionState.NEEDS_REAUTH),
    ],
)  # fmt: skip
def test_forbidden_is_of_the_account_only_when_the_account_itself_is_refused(
    world: World, channel: Channel, answer: object, state: ConnectionState
) -> None:
    """To take down somebody else's post may be forbidden to an account that is well."""
    account_id, broken = world.facebook.id, heard(ConnectionBroken)
    connected(world.facebook)
    connected(world.instagram)
    note_trouble(account_id, Forbidden("1"))
    assert now_of(account_id).state is ConnectionState.CONNECTED and broken == []
    channel.answers["verify"] = answer
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        assert check_refused() == 1
        again = int(isinstance(answer, Transient))
        assert check_refused() == again, "asked until there is an answer, and then no more"
    found = now_of(account_id)
    assert found.state is state
    assert bool(found.error_code) is not isinstance(answer, AccountInfo), (
        "it was about one post: no more of it"
    )
    assert len(broken) == (state is ConnectionState.NEEDS_REAUTH)


def test_the_quota_is_kept(world: World, channel: Channel) -> None:
    account_id, resets = world.facebook.id, clock.now() + timedelta(hours=3)
    connected(world.facebook)
    note_quota(account_id, Quota(24, 25, resets))
    found = now_of(account_id)
    assert (found.quota_used, found.quota_total, found.quota_resets_at) == (24, 25, resets)
    note_trouble(account_id, QuotaExceeded(resets_at=resets + timedelta(hours=1)))
    found = now_of(account_id)
    assert (found.quota_used, found.quota_resets_at) == (25, resets + timedelta(hours=1))


def test_what_is_left_is_asked_for_after_something_went_out(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook, quota_used=2, quota_total=100, checked_at=clock.now() - timedelta(hours=1))
    assert ask_quotas() == 0
    note_success(account_id)
    channel.answers["quota"] = Quota(3, 100, None)
    assert ask_quotas() == 1
    found = now_of(account_id)
    assert (found.quota_used, quota_left(found)) == (3, 97)
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        assert ask_quotas() == 0, "and once"
    with clock.moved_to(clock.now() + timedelta(hours=25)):
        assert quota_left(found) is None, "what it said a day ago is over"
    note_trouble(account_id, QuotaExceeded())
    assert quota_left(now_of(account_id)) == 0


def test_what_the_grant_of_before_had_left_is_not_that_of_the_new_one(world: World, channel: Channel) -> None:
    account_id = world.facebook.id
    connected(world.facebook, quota_used=2, quota_total=100, checked_at=clock.now() - timedelta(hours=1))
    note_success(account_id)

    def somebody_connects_meanwhile(_given: Account) -> Quota:
        found = now_of(account_id)
        found.connected_at, found.quota_used = clock.now(), 7
        db.session.commit()
        return Quota(99, 100, None)

    channel.answers["quota"] = somebody_connects_meanwhile
    assert ask_quotas() == 1
    assert now_of(account_id).quota_used == 7


def test_one_accident_keeps_no_other_account_from_its_turn(world: World, channel: Channel) -> None:
    connected(world.facebook)
    connected(world.instagram)
    done: list[int] = []

    def one_breaks(given: Any) -> Any:
        done.append(given.account_id)
        if len(done) == 1:
            raise OverflowError
        return Tokens(f"{CANARY}-baru", None, clock.now() + timedelta(hours=2))

    channel.answers["refresh"] = one_breaks
    renew_due()
    assert sorted(done) == sorted([world.facebook.id, world.instagram.id])
    done.clear()
    for account_id in (world.facebook.id, world.instagram.id):
        note_trouble(account_id, Forbidden("1"))
    channel.answers["verify"] = lambda given: AccountInfo("Kantor") if one_breaks(given) else None
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        check_refused()
    assert len(done) == 2


def test_no_secret_is_remembered_with_an_error(world: World, channel: Channel) -> None:
    connected(world.facebook)
    note_trouble(world.facebook.id, Transient(f"GET /me?access_token={OLD['access_token']} 500"))
    found = now_of(world.facebook.id)
    assert CANARY not in found.error_detail and "access_token=•••" in found.error_detail
