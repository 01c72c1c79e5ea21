"""Briefs: who gets one, when, what stands in it, and never twice."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import Absence, User
from humasflow.core.db import db
from humasflow.notifications.briefs import services
from humasflow.notifications.briefs.content import MOST, Brief, Line, section
from humasflow.notifications.briefs.daily import build_day
from humasflow.notifications.briefs.shared import Shared
from humasflow.notifications.briefs.weekly import build_week
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import MailMessage, Notification
from humasflow.notifications.routing.enums import NoticeChannel as C
from humasflow.notifications.routing.enums import NoticeMode as M
from humasflow.notifications.routing.enums import NoticeTopic as T
from humasflow.notifications.routing.models import NoticeHabit, NoticePreference
from humasflow.outbox import runner
from humasflow.outbox.models import Job
from humasflow.stories.models import Story, StoryReader
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.world import World
from tests.notifications.server import Box
from tests.stories.tasks import task

pytestmark = [pytest.mark.db, pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")]

At = Callable[[str], AbstractContextManager[None]]
SUNDAY = "2026-11-22T05:00:00+00:00"
MONDAY = "2026-11-23T00:16:00+00:00"  # 07.16 WIB
EARLY = "2026-11-23T00:10:00+00:00"  # 07.10 WIB
LATER = "2026-11-23T09:00:00+00:00"  # 16.00 WIB
TUESDAY = "2026-11-24T00:16:00+00:00"
INDEPENDENCE_DAY = "2026-08-17T00:16:00+00:00"  # a Monday
SATURDAY = "2026-11-28T00:16:00+00:00"
NEXT_DAY = datetime(2026, 11, 24, 8, tzinfo=UTC)


def a_task(world: World, due: str = "2026-11-23T08:00:00+00:00", **changes: object) -> Story:
    story = desk.story(world, **changes)
    task(world, story, to=world.contributor, due=datetime.fromisoformat(due))
    db.session.commit()
    return story


def tick() -> None:
    services.enqueue_due()
    db.session.commit()
    runner.run_due()


def mails(user: User, kind: K = K.BRIEF_DAY) -> Sequence[MailMessage]:
    words = "Kabar pagi" if kind is K.BRIEF_DAY else "Kabar mingguan"
    return db.session.scalars(
        select(MailMessage)
        .where(MailMessage.user_id == user.id, MailMessage.subject.startswith(words))
        .order_by(MailMessage.id)
    ).all()


def habit(user: User, *, at: str = "07:15", day: bool = True, week: bool = True, quiet: str = "") -> None:
    db.session.add(
        NoticeHabit(
            user_id=user.id, quiet_from="21:00" if quiet else "", quiet_until=quiet, quiet_days=False,
            digest_at="07:30", brief_at=at, brief_day=day, brief_week=week,
        )
    )  # fmt: skip
    db.session.commit()


def keys(brief: Brief) -> list[str]:
    return [s.key for s in brief.sections]


def built(world: World, user: User) -> Brief:
    return build_day(world.as_(user), Shared(world.office))


def test_a_task_of_today_is_mailed_once_at_the_usual_hour(world: World, box: Box, at: At) -> None:
    with at(SUNDAY):
        story = a_task(world)
    with at(EARLY):
        tick()
        assert mails(world.contributor) == []
    with at(MONDAY):
        tick()
        tick()
    with at(LATER):
        tick()
    (mail,) = mails(world.contributor)
    assert mail.subject == "Kabar pagi Senin, 23 November 2026"
    assert story.title in mail.text and "hari ini pukul 15.00" in mail.text
    assert mail.unsubscribe
    assert db.session.scalar(select(func.count()).where(Notification.key == f"brief_day:{world.office.id}:2026-11-23",
        Notification.user_id == world.contributor.id)) == 1  # fmt: skip


def test_who_has_nothing_gets_nothing(world: World, box: Box, at: At) -> None:
    with at(MONDAY):
        tick()
    assert mails(world.other_contributor) == []


def test_a_stopped_worker_makes_up_for_it_the_same_day_only(world: World, box: Box, at: At) -> None:
    with at(SUNDAY):
        a_task(world)
    with at(MONDAY):
        services.enqueue_due()
        db.session.commit()
    with at(TUESDAY):
        runner.run_due()
        assert mails(world.contributor) == [], "yesterday's job, today"
        tick()
    (mail,) = mails(world.contributor)
    assert "lewat tenggat" in mail.text


@pytest.mark.parametrize(("late", "number"), [("2026-11-23T04:10:00+00:00", 1), (LATER, 0)])
def test_within_some_hours_and_never_in_the_evening(
    world: World, box: Box, at: At, late: str, number: int
) -> None:
    with at(SUNDAY):
        a_task(world)
    with at(late):
        tick()
    assert len(mails(world.contributor)) == number


@pytest.mark.parametrize("day", [SATURDAY, INDEPENDENCE_DAY])
def test_nothing_on_weekends_and_holidays(world: World, box: Box, at: At, day: str) -> None:
    with at(day):
        a_task(world, due=day.replace("T00", "T08"))
        tick()
    assert mails(world.contributor) == []


def test_after_a_holiday_on_monday_the_week_begins_on_tuesday(world: World, box: Box, at: At) -> None:
    with at(INDEPENDENCE_DAY):
        tick()
    assert mails(world.lead, K.BRIEF_WEEK) == []
    with at("2026-08-18T00:16:00+00:00"):
        tick()
    (mail,) = mails(world.lead, K.BRIEF_WEEK)
    assert mail.subject == "Kabar mingguan, pekan 17–23 Agustus 2026"
    assert "Rencana pekan ini" in mail.text


def test_only_who_answers_for_the_period_gets_the_week_and_only_on_its_first_day(
    world: World, box: Box, at: At
) -> None:
    with at(MONDAY):
        tick()
    assert len(mails(world.lead, K.BRIEF_WEEK)) == 1
    assert mails(world.editor, K.BRIEF_WEEK) == mails(world.admin, K.BRIEF_WEEK) == []
    with at(TUESDAY):
        tick()
    assert len(mails(world.lead, K.BRIEF_WEEK)) == 1


def test_absent_people_get_none_and_those_on_duty_elsewhere_do(world: World, box: Box, at: At) -> None:
    with at(SUNDAY):
        a_task(world)
        task(world, to=world.other_contributor, due=datetime.fromisoformat(LATER))
        for user, kind in (
            (world.contributor, AbsenceKind.LEAVE), (world.other_contributor, AbsenceKind.DUTY),
        ):  # fmt: skip
            db.session.add(
                Absence(
                    user_id=user.id, office_id=world.office.id, kind=kind, starts_on=date(2026, 11, 23),
                    ends_on=date(2026, 11, 24), created_at=NEXT_DAY, written_by=world.admin.id,
                )
            )  # fmt: skip
        db.session.commit()
    with at(MONDAY):
        tick()
    assert mails(world.contributor) == []
    assert len(mails(world.other_contributor)) == 1


def test_each_switches_each_off_and_sets_the_hour(world: World, box: Box, at: At) -> None:
    habit(world.contributor, at="14:30")
    habit(world.lead, week=False)
    habit(world.editor, day=False)
    with at(SUNDAY):
        a_task(world)
    with at(MONDAY):
        tick()
    assert mails(world.contributor) == [] == mails(world.lead, K.BRIEF_WEEK) == mails(world.editor)
    with at(LATER):
        tick()
    assert len(mails(world.contributor)) == 1


def test_a_wish_about_the_topic_holds_and_no_row_stands_in_the_inbox(world: World, box: Box, at: At) -> None:
    with at(SUNDAY):
        a_task(world)
        db.session.add(
            NoticePreference(user_id=world.contributor.id, topic=T.SUMMARIES, channel=C.MAIL, mode=M.OFF)
        )
        db.session.commit()
    with at(MONDAY):
        tick()
    assert mails(world.contributor) == []
    (silent,) = {
        n.is_silent for n in db.session.scalars(select(Notification).where(Notification.kind == K.BRIEF_DAY))
    }
    assert silent


def test_each_office_by_its_own_clock(world: World, other_world: World, box: Box, at: At) -> None:
    other_world.office.timezone = "Asia/Jayapura"
    db.session.commit()
    with at("2026-11-22T22:20:00+00:00"):  # 05.20 WIB, 07.20 WIT
        services.enqueue_due()
        db.session.commit()
        refs = db.session.scalars(select(Job.ref).where(Job.kind == services.SEND)).all()
    assert refs == [f"{other_world.office.id}.2026-11-23.07:15"]


def test_quiet_hours_hold_it_back_and_it_is_written_anew_then(world: World, box: Box, at: At) -> None:
    habit(world.contributor, quiet="08:00")
    with at(SUNDAY):
        story = a_task(world)
    with at(MONDAY):
        tick()
        assert mails(world.contributor) == []
        story.title = "Judul yang baru"
        db.session.commit()
    with at("2026-11-23T01:01:00+00:00"):
        runner.run_due()
    (mail,) = mails(world.contributor)
    assert "Judul yang baru" in mail.text


def test_a_confidential_title_stays_on_the_page(world: World, box: Box, at: At, browser_of) -> None:
    with at(SUNDAY):
        story = a_task(world)
        story.is_confidential = True
        db.session.add(StoryReader(story_id=story.id, user_id=world.contributor.id, added_at=NEXT_DAY))
        db.session.commit()
        title = story.title
    with at(MONDAY):
        tick()
        page = browser_of(world.contributor).get("/hari-ini").text
    (mail,) = mails(world.contributor)
    assert title not in mail.text and title not in mail.html and "naskah rahasia" in mail.text
    assert title in page
    assert title not in page.partition("Bagikan sebagai teks")[2]


def test_what_stands_in_it_depends_on_what_one_may_do(world: World, at: At) -> None:
    with at(SUNDAY):
        a_task(world)
    with at(MONDAY):
        assert keys(built(world, world.contributor)) == ["tasks"]
        assert "gaps" in keys(built(world, world.editor))
        assert "gaps" not in keys(built(world, world.lead))
        assert built(world, world.approver).is_empty


def test_a_late_task_says_so_and_one_of_tomorrow_is_not_told(world: World, at: At) -> None:
    with at(SUNDAY):
        a_task(world, due="2026-11-22T23:00:00+00:00")
        a_task(world, due="2026-11-23T17:00:00+00:00")  # midnight WIB
    with at(MONDAY):
        (part,) = built(world, world.contributor).sections
        assert part.count == 1 and "lewat tenggat" in part.lines[0].note


@pytest.mark.parametrize("build", [build_day, build_week])
def test_a_fixed_number_of_statements(
    world: World, at: At, statements: QueryCount, build: Callable[..., Brief]
) -> None:
    who = world.editor if build is build_day else world.lead

    def count() -> int:
        person, shared = world.as_(who), Shared(world.office)
        statements.reset()
        build(person, shared)
        return len(statements.statements)

    with at(SUNDAY):
        for number in range(2):
            story = a_task(world, due="2026-11-22T06:00:00+00:00")
            made = desk.post(world, story)
            made.scheduled_at = datetime(2026, 11, 23, 3 + number, tzinfo=UTC)
        db.session.commit()
    with at(MONDAY):
        count()
        few = count()
    with at(SUNDAY):
        for number in range(6):
            story = a_task(world, due="2026-11-22T06:00:00+00:00")
            made = desk.post(world, story)
            made.scheduled_at = datetime(2026, 11, 23, 3 + number, tzinfo=UTC)
        db.session.commit()
    with at(MONDAY):
        assert count() == few


def test_of_a_shared_part_there_is_one_question_for_everybody(
    world: World, at: At, statements: QueryCount
) -> None:
    with at(MONDAY):
        shared = Shared(world.office)
        people = [world.as_(world.editor), world.as_(world.other_editor)]
        build_day(people[0], shared)
        statements.reset()
        build_day(people[1], shared)
        again = len(statements.statements)
        statements.reset()
        build_day(people[1], Shared(world.office))
        assert again < len(statements.statements)


def test_one_broken_brief_keeps_nobody_else_from_theirs(
    world: World, box: Box, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(SUNDAY):
        a_task(world)
    real = services.build

    def breaking(kind: K, user: User, shared: Shared) -> Brief | None:
        if user.id == world.editor.id:
            raise ValueError("broken")
        return real(kind, user, shared)

    monkeypatch.setattr(services, "build", breaking)
    with at(MONDAY):
        tick()
        job = db.session.scalars(
            select(Job).where(Job.kind == services.SEND, Job.office_id == world.office.id)
        ).one()
        assert job.error is not None and "broken" in job.error
    assert len(mails(world.contributor)) == 1


def test_many_things_are_counted_and_few_are_named() -> None:
    part = section("a", "Bagian", [Line(str(n)) for n in range(MOST + 3)])
    assert part is not None
    assert (len(part.lines), part.count, part.more) == (MOST, MOST + 3, 3)
    secret = section("a", "Bagian", [Line("x", is_secret=True)])
    assert secret is not None
    assert Brief(date(2026, 11, 23), [secret]).shared().is_empty
    assert section("a", "Bagian", []) is None


def test_the_pages(world: World, at: At, browser_of) -> None:
    with at(MONDAY):
        assert "Hari kosong" in browser_of(world.editor).get("/hari-ini").text
        assert (
            "Tidak ada yang menunggu Anda hari ini"
            in browser_of(world.other_contributor).get("/hari-ini").text
        )
        week = browser_of(world.lead).get("/minggu-ini")
        assert "Rencana pekan ini" in week.text
        assert "Rencana" in week.soup.select_one("a[href^='https://wa.me/?text=']")["href"]
        browser_of(world.editor).get("/minggu-ini", status=403)
    with at(SATURDAY):
        assert "kantor libur" in browser_of(world.editor).get("/hari-ini").text


def test_the_hours_are_kept(world: World, browser_of) -> None:
    browser = browser_of(world.contributor)
    fields = browser.get("/akun/pemberitahuan").form("/akun/pemberitahuan")
    assert (fields["brief_at"], fields["brief_day"], fields["brief_week"]) == ("07:15", "y", "y")
    browser.post("/akun/pemberitahuan", {**fields, "brief_at": "06.45", "brief_day": ""})
    row = db.session.get_one(NoticeHabit, world.contributor.id)
    assert (row.brief_at, row.brief_day, row.brief_week) == ("06:45", False, True)
