"""Quiet hours and deadlines: what is due within them is told at once, for tasks and for decisions alike; what is over is
not.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.approvals import services as approvals
from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.notifications.routing.models import NoticeDelivery, NoticeHabit
from humasflow.posts.models import Post
from humasflow.stories.services.reminding import remind_of_due
from tests.approvals.desk import Desk
from tests.factories import desk as make
from tests.factories.world import World
from tests.notifications.server import Box
from tests.stories.tasks import task

pytestmark = [pytest.mark.db, pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")]
At = Callable[[str], AbstractContextManager[None]]
NOON = "2026-11-23T05:00:00+00:00"  # Monday, 12.00 WIB
EVENING = "2026-11-23T15:00:00+00:00"  # Monday, 22.00 WIB
AFTER_DUE = "2026-11-23T21:00:00+00:00"  # Tuesday, 04.00 WIB
MORNING = "2026-11-23T22:30:00+00:00"  # Tuesday, 05.30 WIB
IN_THE_NIGHT = "2026-11-23T20:00:00+00:00"  # Tuesday, 03.00 WIB
BY_DAY = "2026-11-24T03:00:00+00:00"  # Tuesday, 10.00 WIB


def quiet(*users: User) -> None:
    for user in users:
        db.session.add(
            NoticeHabit(
                user_id=user.id, quiet_from="21:00", quiet_until="05:30", quiet_days=False, digest_at="07:30"
            )
        )
    db.session.commit()


def due(kind: K) -> list[str]:
    found = db.session.scalars(
        select(NoticeDelivery.due_at)
        .join(Notification, Notification.id == NoticeDelivery.notification_id)
        .where(Notification.kind == kind)
        .order_by(NoticeDelivery.id)
    )
    return [moment.replace(second=0, microsecond=0).isoformat() for moment in found]  # the clock goes on


def submitted(world: World, *times: str) -> Package:
    """A package whose posts go out at these times."""
    desk = Desk(world)
    story = desk.ready(*["web", "facebook"][: len(times) or 1])
    posts = db.session.scalars(select(Post).where(Post.story_id == story.id).order_by(Post.id))
    for post, moment in zip(posts, times, strict=False):
        post.scheduled_at = datetime.fromisoformat(moment)
    db.session.flush()
    package = desk.submit(story)
    db.session.commit()
    return package


@pytest.mark.parametrize(
    ("times", "told_at"),
    [
        ((), MORNING), ((BY_DAY,), MORNING), ((IN_THE_NIGHT,), EVENING), ((BY_DAY, IN_THE_NIGHT), EVENING),
        ((NOON,), MORNING), ((NOON, BY_DAY), MORNING),  # what is past is not stood in the way of any more
    ],
)  # fmt: skip
def test_a_decision_that_the_night_waits_for_is_asked_for_at_once(
    world: World, box: Box, at: At, times: tuple[str, ...], told_at: str
) -> None:
    quiet(world.approver)
    with at(EVENING):
        submitted(world, *times)
    assert due(K.REVIEW_WANTED) == [told_at]


@pytest.mark.parametrize(("now", "told_at"), [(EVENING, EVENING), (AFTER_DUE, MORNING)])
def test_so_is_its_reminder_until_the_time_is_over(
    world: World, box: Box, at: At, now: str, told_at: str
) -> None:
    quiet(world.approver)
    with at(NOON):
        package = submitted(world, IN_THE_NIGHT)
    with at(now):
        approvals.remind(package, actor=world.as_(world.editor))
        db.session.commit()
    assert due(K.REVIEW_REMINDER) == [told_at]


def test_the_answer_is_news_and_waits(world: World, box: Box, at: At) -> None:
    quiet(world.editor)
    with at(NOON):
        package = submitted(world, IN_THE_NIGHT)
    with at(EVENING):
        approvals.send_back(
            package, actor=world.as_(world.approver), digest=package.digest, reason="Perbaiki judulnya."
        )
        db.session.commit()
    assert due(K.REVIEW_RETURNED) == [MORNING]


def test_a_task_that_is_late_by_night_is_told_in_the_morning(world: World, box: Box, at: At) -> None:
    """The same rule: before its time at once, after it no more."""
    quiet(world.contributor)
    with at(NOON):
        late = datetime.fromisoformat(IN_THE_NIGHT)
        task(world, make.story(world), to=world.contributor, due=late)
        db.session.commit()
    with at(EVENING):
        remind_of_due()
        db.session.commit()
    with at(AFTER_DUE):
        remind_of_due()
        db.session.commit()
    assert due(K.TASK_OVERDUE) == [MORNING]
