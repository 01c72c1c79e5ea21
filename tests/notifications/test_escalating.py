"""Late tasks and publications that are not ready: who hears when, once, and no longer than it matters."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from humasflow.accounts.enums import AbsenceKind, Acting
from humasflow.accounts.models import Absence, User
from humasflow.accounts.services.people import grant_role
from humasflow.approvals import services as approvals
from humasflow.approvals.services.settings import PatienceContent, SettingsRefused
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.notifications.services.escalating import escalate_late_tasks, remind_of_unready
from humasflow.posts.models import Post
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment
from tests.approvals.desk import Desk
from tests.factories import desk as make
from tests.factories.world import World
from tests.stories.tasks import task

pytestmark = pytest.mark.db
At = Callable[[str], AbstractContextManager[None]]
MONDAY = "2026-11-23T02:00:00+00:00"  # 09.00 WIB


def told(kind: K) -> set[int]:
    return set(db.session.scalars(select(Notification.user_id).where(Notification.kind == kind)))


def later(at: At, days: float) -> AbstractContextManager[None]:
    return at((datetime.fromisoformat(MONDAY) + timedelta(days=days)).isoformat())


def ids(*users: User) -> set[int]:
    return {u.id for u in users}


def away(user: User, world: World) -> None:
    db.session.add(
        Absence(
            user_id=user.id, office_id=world.office.id, kind=AbsenceKind.LEAVE, starts_on=date(2026, 11, 20),
            ends_on=date(2026, 12, 4), created_at=clock.now(), written_by=world.admin.id,
        )
    )  # fmt: skip
    db.session.commit()


@pytest.fixture
def late(world: World, in_request: None, at: At) -> Assignment:
    with at("2026-11-20T02:00:00+00:00"):
        made = task(world, make.story(world), to=world.contributor, due=datetime(2026, 11, 23, 1, tzinfo=UTC))
        db.session.commit()
    return made


def test_a_late_task_reaches_the_editors_after_a_day_and_the_lead_after_three(
    world: World, late: Assignment, at: At
) -> None:
    with at(MONDAY):
        assert escalate_late_tasks() == 0
    with later(at, 1):
        assert escalate_late_tasks() == 2
        assert escalate_late_tasks() == 0, "once"
    assert told(K.TASK_ESCALATED) == ids(world.editor, world.other_editor)
    with later(at, 3):
        assert escalate_late_tasks() == 1
        assert escalate_late_tasks() == 0
    assert told(K.TASK_ESCALATED) == ids(world.editor, world.other_editor, world.lead)


def test_only_while_the_office_is_at_work(late: Assignment, at: At) -> None:
    with at("2026-11-24T14:00:00+00:00"):  # Tuesday, 21.00 WIB
        assert escalate_late_tasks() == 0
    with at("2026-11-28T03:00:00+00:00"):  # Saturday
        assert escalate_late_tasks() == 0


def test_a_finished_task_escalates_nowhere(late: Assignment, at: At) -> None:
    late.state = AssignmentState.CANCELLED
    db.session.commit()
    with later(at, 3):
        assert escalate_late_tasks() == 0


def test_an_old_one_calls_nobody(late: Assignment, at: At) -> None:
    with later(at, 21):
        assert escalate_late_tasks() == 0


def test_absent_people_are_left_out_while_somebody_is_there(world: World, late: Assignment, at: At) -> None:
    away(world.editor, world)
    away(world.lead, world)
    with later(at, 3):
        escalate_late_tasks()
    assert told(K.TASK_ESCALATED) == ids(world.other_editor, world.lead), (
        "the only lead hears of it all the same"
    )


def test_an_acting_head_hears_of_it(world: World, late: Assignment, at: At) -> None:
    away(world.lead, world)
    grant_role(
        world.approver, world.office, Role.LEAD, actor=None, position_title="Kepala Kantor", acting=Acting.PLH,
        valid_from=date(2026, 11, 20), valid_until=date(2026, 12, 4),
    )  # fmt: skip
    db.session.commit()
    with later(at, 3):
        escalate_late_tasks()
    assert world.approver.id in told(K.TASK_ESCALATED)
    assert world.lead.id not in told(K.TASK_ESCALATED)


# Publications


def planned(at_work: Desk, hours: float) -> Post:
    story = at_work.ready("facebook")
    post = db.session.scalars(select(Post).where(Post.story_id == story.id)).one()
    post.scheduled_at = datetime.fromisoformat(MONDAY) + timedelta(hours=hours)
    db.session.commit()
    return post


@pytest.fixture
def at_work(world: World, in_request: None) -> Desk:
    return Desk(world)


def test_what_is_not_approved_is_told_at_the_hours_and_at_a_quarter(at_work: Desk, at: At) -> None:
    world = at_work.world
    with at(MONDAY):
        planned(at_work, 30)
        assert remind_of_unready() == 0
    with later(at, 7 / 24):
        assert remind_of_unready() == 2
        assert remind_of_unready() == 0
    with later(at, 25 / 24):
        assert remind_of_unready() == 2
        assert remind_of_unready() == 0
    assert told(K.POST_UNREADY) == ids(world.editor, world.other_editor)
    words = {
        n.params["reason"]
        for n in db.session.scalars(select(Notification).where(Notification.kind == K.POST_UNREADY))
    }
    assert all(w.endswith("belum diajukan") for w in words)


def test_whom_it_waits_for_hears_of_it_too_and_a_decision_calls_it_off(at_work: Desk, at: At) -> None:
    with at(MONDAY):
        post = planned(at_work, 10)
        package = at_work.submit(post.story)
        db.session.commit()
        remind_of_unready()
        assert at_work.world.approver.id in told(K.POST_UNREADY)
        assert at_work.world.lead.id not in told(K.POST_UNREADY)
        at_work.approve(package)
        db.session.commit()
        assert remind_of_unready() == 0
        rows = db.session.scalars(
            select(Notification)
            .where(Notification.kind == K.POST_UNREADY)
            .execution_options(populate_existing=True)
        )
        assert all(n.settled_at is not None for n in rows)


def test_without_text_or_picture_it_says_so(world: World, in_request: None, at: At) -> None:
    with at(MONDAY):
        post = make.post(world, make.story(world), "instagram", "")
        post.scheduled_at = datetime.fromisoformat(MONDAY) + timedelta(hours=3)
        db.session.commit()
        assert remind_of_unready() == 2
    (words,) = {
        n.params["reason"]
        for n in db.session.scalars(select(Notification).where(Notification.kind == K.POST_UNREADY))
    }
    assert words.endswith("teks atau gambarnya belum lengkap")


def test_a_new_time_is_news_again(at_work: Desk, at: At) -> None:
    with at(MONDAY):
        post = planned(at_work, 3)
        assert remind_of_unready() == 2
        post.scheduled_at += timedelta(hours=1)  # type: ignore[operator]
        db.session.commit()
        assert remind_of_unready() == 2


def test_the_office_sets_the_hours_and_may_switch_it_off(at_work: Desk, at: At) -> None:
    world = at_work.world
    admin = world.as_(world.admin)
    with at(MONDAY):
        planned(at_work, 30)
        settings = approvals.set_patience(
            world.office.id, actor=admin, content=PatienceContent(unready_hours=48)
        )
        assert remind_of_unready() == 2
        approvals.set_patience(
            world.office.id,
            actor=admin,
            content=PatienceContent(unready_hours=0),
            row_version=settings.row_version,
        )
        planned(at_work, 2)
        assert remind_of_unready() == 0
        with pytest.raises(SettingsRefused):
            approvals.set_patience(world.office.id, actor=admin, content=PatienceContent(unready_hours=169))


def test_the_form_shows_and_keeps_the_hours(world: World, browser_of) -> None:
    browser = browser_of(world.admin)
    fields = browser.get("/pengaturan/persetujuan/pengingat").form("/pengaturan/persetujuan/pengingat")
    assert fields["unready_hours"] == "24"
    browser.post("/pengaturan/persetujuan/pengingat", {**fields, "unready_hours": "12"})
    fields = browser.get("/pengaturan/persetujuan/pengingat").form("/pengaturan/persetujuan/pengingat")
    assert fields["unready_hours"] == "12"
