"""A call that carries a video takes as long as the video needs: its lease lasts, and nobody asks before it has ended."""

from datetime import timedelta
from typing import Any

import pytest

from humasflow.channels import reaching
from humasflow.channels.adapters.base import Caps
from humasflow.channels.adapters.errors import OutcomeUnknown
from humasflow.channels.reaching import SLOWEST, call_timeout
from humasflow.core.db import database_now
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.progress import progress_of
from humasflow.publishing.services import sending
from tests.publishing.channel import TRUSTED, Channel, connect, install
from tests.publishing.desk import NewsDesk, crash_at
from tests.publishing.test_asking import later

pytestmark = pytest.mark.db
FILM = 30_000_000  # bytes: four minutes at the slowest


class Carrier(Channel):
    """Everything goes in the one call."""

    def carried(self, variant: Any) -> int:
        return FILM


@pytest.fixture
def carrier(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    made = Carrier(TRUSTED)
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


def test_what_carries_much_is_asked_for_only_when_it_has_surely_ended(
    desk: NewsDesk, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker was killed in the call: another one cannot know whether the first is still sending."""
    _story, (post,) = desk.going_out("facebook")
    with crash_at(monkeypatch, sending, "call", after=False):
        desk.work()
    delivery = desk.delivery(post)
    assert delivery.state is S.COMMITTING and delivery.committing_at is not None
    until = progress_of(delivery).called_until
    assert until == delivery.committing_at + timedelta(seconds=call_timeout(FILM))
    assert until > database_now() + timedelta(seconds=FILM / SLOWEST)
    later(desk, minutes=4)  # long past the lease, and past what a call without a film may take
    assert (carrier.asked("find"), carrier.asked("commit")) == (0, 0)
    later(desk, minutes=6)
    assert carrier.asked("find") == 1


def test_all_that_the_call_asks_together_takes_no_longer(desk: NewsDesk, carrier: Carrier) -> None:
    """An adapter may ask more than once in it: together they end when others count on it."""
    _story, (_post,) = desk.going_out("facebook")
    ends: list[float | None] = []

    def looking(job: Any) -> Any:
        ends.append(reaching._ends.get())
        raise OutcomeUnknown("time-out")

    carrier.on("commit", looking)
    desk.work()
    assert len(ends) == 1 and ends[0] is not None
    assert reaching._ends.get() is None


def test_what_carries_nothing_has_the_time_of_any_call(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Channel(Caps(can_find=True, trusts_absence=True))
    install(monkeypatch, plain)
    connect(desk.world.facebook, "channel")
    _story, (post,) = desk.going_out("facebook")
    with crash_at(monkeypatch, sending, "call", after=False):
        desk.work()
    delivery = desk.delivery(post)
    assert delivery.committing_at is not None
    assert progress_of(delivery).called_until == delivery.committing_at + timedelta(seconds=call_timeout())
