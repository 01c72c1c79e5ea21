"""What is done by hand and not recorded: whoever was asked is reminded, then the editors hear of it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import MailMessage, Notification
from humasflow.publishing import services as publishing
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.events import CorrectionDue, PostCorrected, PostPublished, RemovalDue
from humasflow.stories.models import StoryReader
from tests.factories.world import World
from tests.notifications.server import Box
from tests.notifications.test_troubles import a_post, ids, sentences, stopped, told
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.db


@pytest.fixture
def desk(world: World, in_request: None) -> NewsDesk:
    return NewsDesk(world)


def remind(after: timedelta) -> int:
    with clock.moved_to(clock.now() + after):
        found = services.remind_by_hand()
        db.session.commit()
        return found


def kept(kind: K) -> Sequence[Notification]:
    return db.session.scalars(
        select(Notification).where(Notification.kind == kind).execution_options(populate_existing=True)
    ).all()


def test_a_forgotten_upload_is_asked_for_again_and_a_day_later_of_the_editors(
    desk: NewsDesk, box: Box
) -> None:
    world = desk.world
    _story, (post,) = desk.going_out("facebook")  # nobody connected it: the assignee posts by hand
    desk.work()
    assert desk.state(post) == "manual_due"
    assert told(K.MANUAL_DUE) == ids(world.other_editor)
    assert remind(timedelta(minutes=50)) == 0
    assert remind(timedelta(minutes=70)) == 1
    assert remind(timedelta(minutes=80)) == 0, "once"
    assert told(K.MANUAL_LATE) == ids(world.other_editor)
    assert sentences(world.other_editor)[0] == (
        f"Belum tercatat diunggah: {post.story.title} (Facebook Kantor). Sudah lebih dari sejam menunggu."
    )
    assert remind(timedelta(days=1, minutes=5)) == 2
    assert remind(timedelta(days=1, minutes=10)) == 0
    assert told(K.MANUAL_LATE) == ids(world.editor, world.other_editor)
    assert sentences(world.editor)[0].endswith("Sudah sehari menunggu.")
    mail = db.session.scalars(
        select(MailMessage).where(MailMessage.user_id == world.editor.id).order_by(MailMessage.id.desc())
    ).first()
    assert mail is not None
    assert mail.subject.startswith("Belum tercatat diunggah: ")
    assert "Bila sudah diunggah, catat tautannya" in mail.text


def test_what_is_recorded_is_asked_for_no_longer(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    remind(timedelta(hours=2))
    delivery = desk.delivery(post)
    delivery.state, delivery.published_at = S.PUBLISHED, clock.now()
    db.session.commit()
    emit(PostPublished(delivery.id, post.id, post.story_id))
    assert [n for n in kept(K.MANUAL_LATE) if n.read_at is None] == []
    assert remind(timedelta(days=2)) == 0


def test_an_old_one_calls_nobody(desk: NewsDesk) -> None:
    """As after an upgrade, or when the worker was away for long."""
    desk.going_out("facebook")
    desk.work()
    assert remind(timedelta(days=8)) == 0


@pytest.mark.parametrize(
    ("event", "field"), [(RemovalDue, "retract_state"), (CorrectionDue, "correct_state")]
)
def test_a_removal_and_a_correction_by_hand_are_asked_for_again(
    desk: NewsDesk, event: type[RemovalDue | CorrectionDue], field: str
) -> None:
    world = desk.world
    delivery = stopped(a_post(desk), S.PUBLISHED)
    setattr(delivery, field, FollowUp.BY_HAND)
    delivery.assignee_id = world.other_editor.id
    emit(event(delivery.id, delivery.post_id, world.other_editor.id))
    db.session.commit()
    assert remind(timedelta(minutes=70)) == 1
    assert told(K.BY_HAND_LATE) == ids(world.other_editor)
    assert remind(timedelta(days=1, minutes=5)) == 2
    assert told(K.BY_HAND_LATE) == ids(world.editor, world.other_editor)
    setattr(delivery, field, FollowUp.DONE)
    db.session.commit()
    assert remind(timedelta(days=2)) == 0
    emit(PostCorrected(delivery.id, delivery.post_id))
    assert [n for n in kept(K.BY_HAND_LATE) if n.read_at is None] == []


@pytest.mark.parametrize(
    ("event", "field"), [(RemovalDue, "retract_state"), (CorrectionDue, "correct_state")]
)
def test_what_has_been_live_for_long_is_asked_for_again_too(
    desk: NewsDesk, event: type[RemovalDue | CorrectionDue], field: str
) -> None:
    world = desk.world
    delivery = stopped(a_post(desk), S.PUBLISHED)
    delivery.published_at = delivery.updated_at = clock.now() - timedelta(days=30)
    setattr(delivery, field, FollowUp.BY_HAND)
    delivery.assignee_id = world.other_editor.id
    emit(event(delivery.id, delivery.post_id, world.other_editor.id))
    db.session.commit()
    assert remind(timedelta(minutes=70)) == 1
    assert remind(timedelta(days=1, minutes=5)) == 2
    assert told(K.BY_HAND_LATE) == ids(world.editor, world.other_editor)
    assert remind(timedelta(days=8)) == 0


def test_who_is_asked_a_second_time_hears_of_it(desk: NewsDesk) -> None:
    """Put off, and due again: the first notice was settled with the first time."""
    world = desk.world
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    publishing.cancel(post, actor=desk.editor, reason="Menunggu angka yang pasti.")
    assert [n.read_at is None for n in kept(K.MANUAL_DUE)] == [False]
    with clock.moved_to(clock.now() + timedelta(days=10)):
        publishing.publish_now(post, actor=desk.editor)
        db.session.commit()
    assert [n.user_id for n in kept(K.MANUAL_DUE) if n.read_at is None] == [world.other_editor.id]
    assert remind(timedelta(days=10, minutes=30)) == 0, "it counts from the second time"
    assert remind(timedelta(days=10, minutes=70)) == 1


def test_who_has_left_is_not_the_only_one_asked(desk: NewsDesk) -> None:
    world = desk.world
    world.other_editor.is_active = False
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    assert desk.delivery(post).assignee_id == world.other_editor.id
    assert told(K.MANUAL_DUE) == ids(world.editor)
    assert remind(timedelta(minutes=70)) == 1
    delivery = desk.delivery(post)
    emit(CorrectionDue(delivery.id, post.id, world.other_editor.id))
    assert told(K.CORRECTION_DUE) == ids(world.editor)


def test_of_a_confidential_story_only_the_named_are_reminded(desk: NewsDesk) -> None:
    world = desk.world
    delivery = stopped(a_post(desk), S.PUBLISHED)
    delivery.retract_state = FollowUp.BY_HAND
    delivery.post.story.is_confidential = True
    db.session.add(StoryReader(story_id=delivery.story_id, user_id=world.editor.id, added_at=clock.now()))
    db.session.commit()
    remind(timedelta(days=1, minutes=5))
    assert told(K.BY_HAND_LATE) == ids(world.editor)


def test_a_correction_that_comes_back_to_people_is_asked_for_again(desk: NewsDesk) -> None:
    """Tried again, and failed again: the second time is news."""
    delivery = stopped(a_post(desk), S.PUBLISHED)
    for _time in (1, 2):
        delivery.correct_state = FollowUp.BY_HAND
        db.session.flush()
        for _again in (1, 2):
            emit(CorrectionDue(delivery.id, delivery.post_id, desk.world.other_editor.id))
        delivery.correct_state = FollowUp.WAITING
        db.session.flush()
    assert len(kept(K.CORRECTION_DUE)) == 2
