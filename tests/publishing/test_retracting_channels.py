"""Taking down what is live on channels: by the connection where it can, by a person everywhere else."""

from datetime import timedelta

import pytest

from humasflow.channels.adapters.base import Caps
from humasflow.channels.adapters.errors import Forbidden, OutcomeUnknown, Transient
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.posts.models import Post
from humasflow.publishing import queries, services
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.events import PostRetracted, RemovalDue
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.retraction import ReasonNeeded, RemoveByHandFirst
from humasflow.stories.models import Story
from humasflow.stories.services import withdraw_story
from tests.publishing.desk import Heard, NewsDesk
from tests.publishing.scripted import Channel, connect, install
from tests.publishing.test_manual import record

pytestmark = pytest.mark.db


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    install(monkeypatch, channel)
    return channel


def live(desk: NewsDesk) -> tuple[Story, Post, Delivery]:
    connect(desk.world.x)
    story, (post,) = desk.going_out("x")
    desk.work()
    return story, post, desk.delivery(post)


def later(desk: NewsDesk, hours: float = 2) -> None:
    with clock.moved_to(clock.now() + timedelta(hours=hours)):
        desk.work()


def test_it_stays_live_until_the_channel_has_removed_it(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    _story, post, delivery = live(desk)
    with pytest.raises(ReasonNeeded):
        services.retract(delivery, actor=desk.editor, reason=" ")
    services.retract(delivery, actor=desk.editor, reason="Datanya keliru")
    db.session.commit()
    assert (desk.state(post), delivery.retract_state) == ("published", FollowUp.WAITING)
    assert heard.of(PostRetracted) == []
    with pytest.raises(Refused):
        services.retract(delivery, actor=desk.editor, reason="Lagi")
    desk.work()
    assert (desk.state(post), delivery.retract_state) == ("withdrawn", FollowUp.DONE)
    assert channel.posts == {}
    (event,) = heard.of(PostRetracted)
    assert (event.actor_id, event.reason) == (desk.editor.id, "Datanya keliru")


@pytest.mark.parametrize("error", [Transient("x"), OutcomeUnknown("x")])
def test_what_may_pass_is_tried_again(desk: NewsDesk, channel: Channel, error: Exception) -> None:
    _story, post, delivery = live(desk)
    services.retract(delivery, actor=desk.editor, reason="Keliru")
    db.session.commit()
    channel.fails("after:retract", error)
    desk.work()
    assert desk.state(post) == "published"
    later(desk)
    assert desk.state(post) == "withdrawn"
    assert channel.count("retract") == 2


def test_a_refusal_makes_it_a_persons_and_somebody_says_when_it_is_gone(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    _story, post, delivery = live(desk)
    channel.fails("retract", Forbidden("x"))
    services.retract(delivery, actor=desk.editor, reason="Keliru")
    db.session.commit()
    desk.work()
    assert (desk.state(post), delivery.retract_state) == ("published", FollowUp.BY_HAND)
    assert [e.post_id for e in heard.of(RemovalDue)] == [post.id]
    (row,) = queries.list_needing_a_hand(desk.editor, desk.world.office.id)
    assert (row.post_id, row.to_take_down) == (post.id, True)
    with pytest.raises(Refused):
        services.confirm_removal(delivery, actor=desk.as_(desk.world.contributor))
    services.confirm_removal(delivery, actor=desk.editor, note="Dihapus lewat ponsel.")
    services.confirm_removal(delivery, actor=desk.editor, note="Dihapus lewat ponsel.")
    db.session.commit()
    assert desk.state(post) == "withdrawn"
    assert delivery.retract_reason == "Keliru Dihapus lewat ponsel."
    assert queries.list_needing_a_hand(desk.editor, desk.world.office.id) == []
    assert len(heard.of(PostRetracted)) == 1


def test_it_can_be_tried_once_more_by_the_connection(desk: NewsDesk, channel: Channel) -> None:
    _story, post, delivery = live(desk)
    channel.fails("retract", Forbidden("x"))
    services.retract(delivery, actor=desk.editor, reason="Keliru")
    db.session.commit()
    desk.work()
    from humasflow.channels.connections.enums import ConnectionState
    from humasflow.channels.connections.queries import get_connection_of

    found = get_connection_of(post.account_id)
    assert found is not None
    found.state = ConnectionState.CONNECTED  # an admin mended it
    services.retract_again(delivery, actor=desk.editor)
    db.session.commit()
    desk.work()
    assert desk.state(post) == "withdrawn"


def test_a_channel_that_cannot_remove_asks_the_person_first(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Channel(), Caps(idempotent=True, can_find=True))
    _story, post, delivery = live(desk)
    with pytest.raises(RemoveByHandFirst):
        services.retract(delivery, actor=desk.editor, reason="Keliru")
    services.retract(delivery, actor=desk.editor, reason="Keliru", removed_by_hand=True)
    db.session.commit()
    assert desk.state(post) == "withdrawn"


def test_a_withdrawn_story_comes_down_everywhere_as_far_as_each_channel_lets_it(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    connect(desk.world.x)
    story, every = desk.going_out("web", "facebook", "x")
    desk.work()
    by_account = {p.account_id: p for p in every}
    web, facebook, x = (by_account[a.id] for a in (desk.world.web, desk.world.facebook, desk.world.x))
    record(desk, desk.delivery(facebook))
    desk.work()
    withdraw_story(
        story, actor=desk.editor, reason="Permintaan pimpinan", public_note="", ordered_by="Kepala Kantor"
    )
    db.session.commit()
    assert (desk.state(web), desk.state(facebook), desk.state(x)) == ("withdrawn", "published", "published")
    assert [e.post_id for e in heard.of(RemovalDue)] == [facebook.id]
    desk.work()
    assert desk.state(x) == "withdrawn"
    (row,) = queries.list_needing_a_hand(desk.editor, desk.world.office.id)
    assert (row.post_id, row.to_take_down) == (facebook.id, True)
    services.confirm_removal(desk.delivery(facebook), actor=desk.editor)
    db.session.commit()
    assert desk.state(facebook) == "withdrawn"


def test_a_person_may_be_faster_than_the_connection(desk: NewsDesk, channel: Channel) -> None:
    _story, post, delivery = live(desk)
    services.retract(delivery, actor=desk.editor, reason="Keliru")
    services.retract(delivery, actor=desk.editor, reason="Keliru", removed_by_hand=True)
    db.session.commit()
    desk.work()
    assert (desk.state(post), channel.count("retract")) == ("withdrawn", 0)


def test_a_post_whose_id_the_channel_never_told_is_a_persons_to_remove(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    """Posted by hand and connected since: "not found" would be taken for "gone", with the post still public."""
    story, (post,) = desk.going_out("x")
    desk.work()
    delivery = desk.delivery(post)
    record(desk, delivery, url="https://x.com/kantoruji/status/77")
    connect(desk.world.x)
    db.session.commit()
    desk.work()
    with pytest.raises(RemoveByHandFirst):
        services.retract(delivery, actor=desk.editor, reason="Keliru")
    withdraw_story(story, actor=desk.editor, reason="Keliru", public_note="", ordered_by="")
    db.session.commit()
    desk.work()
    assert (desk.state(post), delivery.retract_state) == ("published", FollowUp.BY_HAND)
    assert channel.count("retract") == 0
    assert [e.post_id for e in heard.of(RemovalDue)] == [post.id]
    with pytest.raises(Refused):
        services.retract_again(delivery, actor=desk.editor)
