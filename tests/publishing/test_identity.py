"""An account that is connected as somebody else: nothing of the former one's is asked of or done by the new one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from humasflow.channels.adapters.base import Pending, Ready
from humasflow.channels.adapters.errors import OutcomeUnknown
from humasflow.channels.connections.models import Connection
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.services import follow_ups
from tests.publishing.channel import Channel, connect, install
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.db


@pytest.fixture
def channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel()
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel").external_id = "one"
    db.session.commit()
    return made


def connect_as_another() -> None:
    db.session.scalars(select(Connection)).one().external_id = "two"
    db.session.commit()


def later(desk: NewsDesk, **how: float) -> None:
    with clock.moved_to(clock.now() + timedelta(**how)):
        desk.work()


@pytest.mark.parametrize("arrived", [True, False])
def test_uncertain_the_new_one_is_neither_asked_nor_given_it(
    desk: NewsDesk, channel: Channel, arrived: bool
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", channel.publish_and(OutcomeUnknown("x")) if arrived else OutcomeUnknown("x"))
    desk.work()
    connect_as_another()
    later(desk, seconds=62)
    assert (desk.state(post), channel.asked("find"), channel.asked("commit")) == ("unknown", 0, 1)


def test_steps_made_as_the_former_one_are_made_anew(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"draft": 12}, 30), lambda job: Ready({**job.prepare_state, "ready": True}))
    desk.work()
    assert desk.delivery(post).prepare_state["draft"] == 12
    connect_as_another()
    later(desk, seconds=35)
    assert [job.prepare_state for name, job in channel.jobs if name == "prepare"] == [{}, {}]
    assert desk.state(post) == "published"


def test_what_is_live_at_the_former_one_is_left_alone_by_the_new_one(
    desk: NewsDesk, channel: Channel
) -> None:
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.identity != "") == (S.PUBLISHED, True)
    assert follow_ups.reaching(delivery) is not None
    connect_as_another()
    assert follow_ups.reaching(delivery) is None
