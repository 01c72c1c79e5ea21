"""A real server behind a network that does everything networks do: one post each, and the state says what the server shows."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app

from humasflow.channels import reaching
from humasflow.channels.adapters.base import Caps
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from tests.publishing.channel import connect, install
from tests.publishing.desk import NewsDesk
from tests.support.faulty import Fault, FaultProxy, at_random, posting, scripted
from tests.support.loopback import LoopbackAdapter, LoopbackServer

pytestmark = pytest.mark.db
EVERY = [f for f in Fault if f is not Fault.NONE]
STEPS = {
    "prepare": posting("/media"),
    "poll": lambda a: a.path.startswith("/media/"),
    "commit": posting("/posts"),
}


class Network:
    """The server, the proxy before it, and an account that reaches it only so."""

    def __init__(self, server: LoopbackServer, proxy: FaultProxy) -> None:
        self.server, self.proxy = server, proxy

    def sends(self) -> int:
        """How often the irreversible call was made, whatever became of it."""
        return sum(a.method == "POST" and a.path == "/posts" for a in self.proxy.asked)


@pytest.fixture
def network(desk: NewsDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    current_app.config["OUTBOX_LEASE"] = timedelta(seconds=1.2)  # a call may take 0.36 s
    with (
        LoopbackServer(tmp_path / "channel.jsonl") as server,
        FaultProxy("127.0.0.1", server.port, seconds=0.6) as proxy,
    ):
        current_app.config["OUTBOUND_PRIVATE_HOSTS"] = (f"127.0.0.1:{proxy.port}",)
        install(monkeypatch, LoopbackAdapter(reaching.send))
        connect(desk.world.facebook, "loopback", base=f"http://127.0.0.1:{proxy.port}")
        yield Network(server, proxy)


def work_for(desk: NewsDesk, network: Network, hours: float, *, every: float = 2) -> None:
    """Time goes by: the worker looks every so many minutes. Nothing stays on its way for that long."""
    begun, minutes = clock.now(), 0.0
    while minutes <= hours * 60:
        network.proxy.wait_until_idle()
        with clock.moved_to(begun + timedelta(minutes=minutes)):
            desk.work()
        minutes += every


def check(desk: NewsDesk, network: Network, post: Post) -> None:
    """What must hold at any moment."""
    delivery = desk.delivery(post)
    shown = network.server.ledger.find(delivery.idempotency_key)
    assert len(shown) <= 1, "twice"
    if delivery.state is S.PUBLISHED:
        assert [p["id"] for p in shown] == [delivery.external_id]


@pytest.mark.parametrize("fault", EVERY)
@pytest.mark.parametrize("step", list(STEPS))
def test_one_fault_at_each_step_and_it_goes_out_once(
    desk: NewsDesk, network: Network, step: str, fault: Fault
) -> None:
    _story, (post,) = desk.going_out("facebook")
    network.proxy.plan = scripted(fault, only=STEPS[step])
    desk.work()
    check(desk, network, post)
    work_for(desk, network, 0.2)
    check(desk, network, post)
    assert desk.state(post) == "published"
    if step == "commit" and fault in (Fault.DELAY, Fault.DROP, Fault.CUT, Fault.BROKEN_AFTER, Fault.GARBAGE):
        assert network.sends() == 1, "sent again although it had arrived"


@pytest.mark.parametrize("fault", EVERY)
def test_a_fault_while_it_is_asked_leads_to_no_guess(desk: NewsDesk, network: Network, fault: Fault) -> None:
    _story, (post,) = desk.going_out("facebook")
    lost = scripted(Fault.DROP, only=posting("/posts"))
    asked = scripted(fault, fault, only=lambda a: a.path.startswith("/posts?"))
    network.proxy.plan = lambda a: next((f for f in (lost(a), asked(a)) if f is not Fault.NONE), Fault.NONE)
    work_for(desk, network, 0.3)
    check(desk, network, post)
    assert (desk.state(post), network.sends()) == ("published", 1)


def test_nobody_there_for_a_while(desk: NewsDesk, network: Network) -> None:
    _story, (post,) = desk.going_out("facebook")
    with network.proxy.refusing():
        desk.work()
        assert desk.state(post) == "sending"
        assert "tidak dapat dihubungi" in desk.delivery(post).error
    work_for(desk, network, 0.1)
    check(desk, network, post)
    assert desk.state(post) == "published"


def test_where_the_same_key_is_one_post_it_may_be_sent_twice_and_is_there_once(
    desk: NewsDesk, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, LoopbackAdapter(reaching.send, Caps(two_step=True, idempotent=True)))
    _story, (post,) = desk.going_out("facebook")
    network.proxy.plan = scripted(Fault.DROP, only=posting("/posts"))
    work_for(desk, network, 0.1)
    check(desk, network, post)
    assert (desk.state(post), network.sends()) == ("published", 2)


def test_without_a_lookup_a_lost_answer_is_a_persons_to_settle(
    desk: NewsDesk, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, LoopbackAdapter(reaching.send, Caps(two_step=True)))
    _story, (post,) = desk.going_out("facebook")
    network.proxy.plan = scripted(Fault.DROP, only=posting("/posts"))
    work_for(desk, network, 0.2)
    assert (desk.state(post), network.sends()) == ("unknown", 1)


@pytest.mark.parametrize("seed", range(4))
def test_faults_at_random_and_each_post_is_there_once(desk: NewsDesk, network: Network, seed: int) -> None:
    every = [desk.going_out("facebook")[1][0] for _number in range(5)]
    network.proxy.plan = at_random(seed, 0.35, [f for f in EVERY if f is not Fault.DELAY])
    begun = clock.now()
    for minute in range(0, 5 * 60, 5):
        network.proxy.wait_until_idle()
        with clock.moved_to(begun + timedelta(minutes=minute)):
            services.sweep()
            db.session.commit()
            desk.work()
            for post in every:
                check(desk, network, post)
        if all(desk.state(p) == "published" for p in every):
            break
    assert [desk.state(p) for p in every] == ["published"] * 5
    assert set(network.server.ledger.refs().values()) == {1}


# What arrives while it is waited for, by real time: nothing is waited out before the channel is asked


def work_until(desk: NewsDesk, network: Network, post: Post, *, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while desk.state(post) != "published" and time.monotonic() < until:
        desk.work()
        check(desk, network, post)
        db.session.rollback()
        time.sleep(0.02)
    network.proxy.wait_until_idle()
    check(desk, network, post)
    assert (desk.state(post), network.sends()) == ("published", 1)


def late_by(network: Network, seconds: float, *, wait: float) -> None:
    """A call is given up after 0.36 s; it arrives that late, within the wait before it is asked about."""
    network.proxy.seconds = seconds
    current_app.config["ASK_AGAIN_AFTER"] = timedelta(seconds=wait)


@pytest.mark.parametrize("seconds", [0.5, 0.9])
def test_what_arrives_after_its_caller_gave_up_is_found(
    desk: NewsDesk, network: Network, seconds: float
) -> None:
    late_by(network, seconds, wait=1.0)
    _story, (post,) = desk.going_out("facebook")
    network.proxy.plan = scripted(Fault.DELAY, only=posting("/posts"))
    work_until(desk, network, post)


def test_also_when_it_arrives_between_the_two_questions(desk: NewsDesk, network: Network) -> None:
    """Asked for the first time about 1.4 s after the call, it is not there yet; a second later it is."""
    late_by(network, 1.9, wait=1.0)
    _story, (post,) = desk.going_out("facebook")
    network.proxy.plan = scripted(Fault.DELAY, only=posting("/posts"))
    work_until(desk, network, post)


def test_also_when_the_questions_come_late_as_well(desk: NewsDesk, network: Network) -> None:
    late_by(network, 0.6, wait=1.0)
    _story, (post,) = desk.going_out("facebook")
    sent = scripted(Fault.DELAY, only=posting("/posts"))
    asked = scripted(Fault.DELAY, Fault.DELAY, only=lambda a: a.path.startswith("/posts?"))
    network.proxy.plan = lambda a: next((f for f in (sent(a), asked(a)) if f is not Fault.NONE), Fault.NONE)
    work_until(desk, network, post)
