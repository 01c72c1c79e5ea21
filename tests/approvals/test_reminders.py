"""What waits is called to mind in working time, passed on when it waits too long, and never told twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from humasflow.approvals import queries, services
from humasflow.approvals.enums import AgeBand, EscalateTo, PackageState, ReminderKind, StepScope
from humasflow.approvals.jobs import remind_due
from humasflow.approvals.models import Package, Reminder
from humasflow.approvals.services import PatienceContent
from humasflow.approvals.services.settings import SettingsRefused
from humasflow.approvals.worktime import WorkingTime, is_working_day
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, Refused, TooMany
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import MailMessage, Notification
from humasflow.registry import timetable
from humasflow.worker import run_entry
from tests.approvals.desk import Desk, step, together
from tests.guards.things import mail_of
from tests.support.page import Browser

pytestmark = pytest.mark.db

At = Callable[[str], AbstractContextManager[None]]
JAKARTA = WorkingTime("Asia/Jakarta")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# Working time. Monday 2 March 2026 is a plain working day; WIB is UTC+7; a day is 07.30 to 16.00.


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-02T09:00+07:00", "2026-03-02T11:30+07:00", 2.5),
        ("2026-03-02T05:00+07:00", "2026-03-02T08:30+07:00", 1),  # before work begins
        ("2026-03-02T15:00+07:00", "2026-03-03T08:30+07:00", 2),  # over night
        ("2026-03-06T15:00+07:00", "2026-03-09T08:30+07:00", 2),  # over a weekend
        ("2026-03-02T11:30+07:00", "2026-03-02T09:00+07:00", 0),  # the wrong way round
        ("2026-03-07T09:00+07:00", "2026-03-08T20:00+07:00", 0),  # Saturday and Sunday
        ("2025-12-24T15:00+07:00", "2025-12-29T08:30+07:00", 2),  # Christmas and the joint leave after it
        ("2026-08-14T15:00+07:00", "2026-08-18T08:30+07:00", 2),  # Independence Day on a Monday
    ],
)
def test_working_time_leaves_nights_weekends_and_holidays_out(start: str, end: str, hours: float) -> None:
    assert JAKARTA.between(utc(start), utc(end)) == timedelta(hours=hours)


def test_a_working_day_is_that_of_the_offices_zone() -> None:
    """08.00 in Jayapura is 06.00 in Jakarta."""
    moment = utc("2026-03-02T08:00+09:00")
    assert WorkingTime("Asia/Jayapura").covers(moment)
    assert not JAKARTA.covers(moment)


def test_joint_leave_is_no_working_day() -> None:
    assert not is_working_day(date(2025, 12, 26))
    assert not is_working_day(date(2026, 1, 1))
    assert is_working_day(date(2026, 3, 2))


INSTANTS = st.datetimes(datetime(2025, 6, 1), datetime(2026, 6, 1), timezones=st.just(UTC))


@given(INSTANTS, INSTANTS, INSTANTS)
def test_working_time_adds_up_and_never_exceeds_the_time_that_passed(
    a: datetime, b: datetime, c: datetime
) -> None:
    first, second, third = sorted((a, b, c))
    whole = JAKARTA.between(first, third)
    assert JAKARTA.between(first, second) + JAKARTA.between(second, third) == whole
    assert timedelta() <= whole <= third - first
    assert JAKARTA.between(third, first) == timedelta()


# Reminders


def patient(desk: Desk, remind: int = 4, escalate: int = 0, to: EscalateTo = EscalateTo.LEAD) -> None:
    services.set_patience(
        desk.world.office.id, actor=desk.as_(desk.world.admin),
        content=PatienceContent(remind, escalate, to, time(8, 0), time(16, 0)),
    )  # fmt: skip


def notices(kind: NoticeKind) -> list[int]:
    return sorted(n.user_id for n in db.session.query(Notification).filter_by(kind=kind))


def reminders(package: Package) -> list[tuple[ReminderKind, int]]:
    rows = db.session.query(Reminder).filter_by(package_id=package.id).order_by(Reminder.id)
    return [(r.kind, r.number) for r in rows]


@pytest.fixture
def package(desk: Desk, at: At) -> Package:
    """Submitted on Monday at 10.00 WIB."""
    with at("2026-03-02T10:00+07:00"):
        return desk.submit(desk.ready("web"))


def test_who_is_asked_is_reminded_in_working_time(desk: Desk, at: At, package: Package) -> None:
    patient(desk, remind=4)
    with at("2026-03-02T13:59+07:00"):
        assert remind_due() == 0
    with at("2026-03-02T14:01+07:00"):
        assert remind_due() == 1
        assert remind_due() == 0, "the same reminder is never sent twice"
    assert notices(NoticeKind.REVIEW_REMINDER) == [desk.world.approver.id]
    with at("2026-03-03T10:01+07:00"):
        assert remind_due() == 1
    assert reminders(package) == [(ReminderKind.AUTOMATIC, 1), (ReminderKind.AUTOMATIC, 2)]
    assert len(notices(NoticeKind.REVIEW_REMINDER)) == 2


def test_a_worker_that_was_away_makes_up_for_nothing(desk: Desk, at: At, package: Package) -> None:
    patient(desk, remind=4)
    with at("2026-03-04T11:00+07:00"):  # 17 working hours later: four reminders are due
        assert remind_due() == 1
    assert reminders(package) == [(ReminderKind.AUTOMATIC, 3)]
    with at("2026-03-06T15:00+07:00"):
        assert remind_due() == 0, "three are enough"


def test_nobody_is_written_to_outside_working_time(desk: Desk, at: At, package: Package) -> None:
    patient(desk, remind=4)
    for moment in ("2026-03-02T20:00+07:00", "2026-03-07T10:00+07:00", "2026-03-19T10:00+07:00"):
        with at(moment):
            assert remind_due() == 0, moment


def test_without_figures_nobody_is_reminded(desk: Desk, at: At, package: Package) -> None:
    with at("2026-03-30T10:00+07:00"):
        assert remind_due() == 0


def test_the_worker_reminds_by_itself_and_a_restart_repeats_nothing(
    desk: Desk, at: At, package: Package, app: Flask
) -> None:
    patient(desk, remind=4)
    db.session.commit()
    assert "approvals.remind" in {name for name, _seconds, _function in timetable()}
    with at("2026-03-02T14:30+07:00"):
        for _ in range(3):
            run_entry(app, "approvals.remind")
    assert db.session.query(Reminder).count() == 1


def test_each_step_and_each_package_is_reminded_by_itself(desk: Desk, at: At) -> None:
    second = desk.second_approver()
    desk.chain(together("Bersama", desk.group("Tim", desk.world.approver), desk.group("Dua", second)),
               step("Kantor", StepScope.OFFICE))  # fmt: skip
    third = desk.person("Penyetuju Tiga")
    with at("2026-03-02T10:00+07:00"):
        package = desk.submit(desk.ready("web"))
    patient(desk, remind=4)
    with at("2026-03-02T11:00+07:00"):
        desk.approve(package)
    with at("2026-03-02T15:00+07:00"):
        remind_due()
    assert notices(NoticeKind.REVIEW_REMINDER) == [second.id], "who answered already is left alone"
    with at("2026-03-02T15:10+07:00"):
        desk.approve(package, by=desk.as_(second))
        assert remind_due() == 0, "a new step begins to wait anew"
    with at("2026-03-03T12:00+07:00"):
        remind_due()
    assert notices(NoticeKind.REVIEW_REMINDER) == sorted([second.id, third.id])


def test_reminders_are_mailed_where_the_office_has_mail(desk: Desk, at: At, package: Package) -> None:
    mail_of(desk.world)
    before = db.session.query(MailMessage).count()
    patient(desk, remind=4)
    with at("2026-03-02T14:01+07:00"):
        remind_due()
    mail = db.session.query(MailMessage).order_by(MailMessage.id.desc()).first()
    assert db.session.query(MailMessage).count() == before + 1
    assert mail is not None
    assert mail.to_address == desk.world.approver.email
    assert "Masih menunggu Anda" in mail.subject


def test_what_is_decided_stops_asking(desk: Desk, at: At, package: Package) -> None:
    patient(desk, remind=4)
    with at("2026-03-02T14:01+07:00"):
        remind_due()
    desk.approve(package)
    unread = db.session.query(Notification).filter_by(user_id=desk.world.approver.id, read_at=None)
    assert unread.count() == 0
    with at("2026-03-03T14:01+07:00"):
        assert remind_due() == 0


# Escalation


def test_what_waits_too_long_reaches_the_lead_once(desk: Desk, at: At, package: Package) -> None:
    patient(desk, remind=4, escalate=8)
    with at("2026-03-03T10:01+07:00"):
        remind_due()
        remind_due()
    assert notices(NoticeKind.REVIEW_ESCALATED) == [desk.world.lead.id]
    notice = db.session.query(Notification).filter_by(kind=NoticeKind.REVIEW_ESCALATED).one()
    assert "Penyetuju Kantor" in notice.params["reason"], "whom it waits for"
    assert queries.list_pending(desk.as_(desk.world.lead))[0].escalated


def test_the_next_step_hears_of_it(desk: Desk, at: At) -> None:
    second = desk.second_approver()
    desk.chain(step("Kantor", StepScope.OFFICE), step("Pimpinan", StepScope.PERSON, second.id))
    with at("2026-03-02T10:00+07:00"):
        desk.submit(desk.ready("web"))
    patient(desk, remind=0, escalate=8, to=EscalateTo.NEXT_STEP)
    with at("2026-03-03T10:01+07:00"):
        remind_due()
    assert notices(NoticeKind.REVIEW_ESCALATED) == [second.id]


def test_the_offices_own_approvers_and_acting_heads_may_decide_in_place(desk: Desk, at: At) -> None:
    desk.chain(step("Kepala seksi", StepScope.SECTION))
    with at("2026-03-02T10:00+07:00"):
        package = desk.submit(desk.ready("web", section_id=desk.world.section.id))
    patient(desk, escalate=8, to=EscalateTo.OFFICE)
    assert [u.name for u in queries.list_deciders(package)] == ["Penyetuju Seksi"]
    with at("2026-03-03T10:01+07:00"):
        remind_due()
        assert notices(NoticeKind.REVIEW_ESCALATED) == sorted(
            [desk.world.approver.id, desk.world.section_approver.id]
        )
        assert queries.count_waiting_for(desk.approver) == 1
        desk.approve(package)
    assert package.state is PackageState.APPROVED
    assert package.decisions[0].decided_as == "Kepala Seksi Hukum dan Informasi, Penyetuju Kantor"


def test_with_nobody_to_hear_it_the_admin_does_who_can_appoint_an_acting_head(
    desk: Desk, at: At, package: Package
) -> None:
    desk.world.lead.is_active = False
    patient(desk, escalate=8)
    with at("2026-03-03T10:01+07:00"):
        remind_due()
    assert notices(NoticeKind.REVIEW_ESCALATED) == [desk.world.admin.id]


# By hand


def test_the_submitter_reminds_and_not_too_often(desk: Desk, at: At, package: Package) -> None:
    with at("2026-03-02T12:00+07:00"), pytest.raises(TooMany, match="sesudah 2 Mar 2026 14.00 WIB") as soon:
        services.remind(package, actor=desk.editor)
    assert soon.value.retry_after > 0
    with at("2026-03-02T14:01+07:00"):
        services.remind(package, actor=desk.editor)
        with pytest.raises(TooMany):
            services.remind(package, actor=desk.other_editor)
    assert notices(NoticeKind.REVIEW_REMINDER) == [desk.world.approver.id]
    with at("2026-03-02T18:02+07:00"):
        services.remind(package, actor=desk.other_editor)
    assert reminders(package) == [(ReminderKind.BY_HAND, 1), (ReminderKind.BY_HAND, 2)]
    with at("2026-03-03T18:00+07:00"), pytest.raises(Refused):
        services.remind(package, actor=desk.as_(desk.world.lead))
    desk.approve(package)
    with pytest.raises(Refused, match="sudah disetujui"):
        services.remind(package, actor=desk.editor)


def test_the_page_says_how_often_and_offers_the_button(
    desk: Desk, at: At, package: Package, browser_of: Callable[[Any], Browser]
) -> None:
    db.session.commit()
    ident = package.id
    with at("2026-03-03T10:00+07:00"):
        browser = browser_of(desk.world.editor)
        page = browser.get(f"/persetujuan/{ident}")
        browser.post(f"/persetujuan/{ident}/ingatkan", page.form("ingatkan"))
        page = browser.get(f"/persetujuan/{ident}")
        assert "Diingatkan satu kali, 3 Mar 2026 10.00 WIB" in page.main
        assert "Mengingatkan lagi dapat dilakukan sesudah" in page.main
        assert not page.soup.select("form[action$=ingatkan]")
        browser.post(f"/persetujuan/{ident}/ingatkan", page.form("tarik"), status=429)
    with at("2026-03-03T15:00+07:00"):
        services.remind(db.session.get_one(Package, ident), actor=desk.editor)
        db.session.commit()
        assert "Diingatkan 2 kali, terakhir 3 Mar 2026 15.00 WIB" in browser.get(f"/persetujuan/{ident}").main


def test_age_has_a_colour_an_icon_and_words(
    desk: Desk, at: At, package: Package, browser_of: Callable[[Any], Browser]
) -> None:
    patient(desk, remind=4, escalate=8)
    db.session.commit()
    browser = browser_of(desk.world.approver)
    for moment, band, words in (
        ("2026-03-02T11:30+07:00", AgeBand.FRESH, "menunggu 1 jam kerja"),
        ("2026-03-02T15:05+07:00", AgeBand.DUE, "menunggu 5 jam kerja"),
        ("2026-03-03T15:05+07:00", AgeBand.OVERDUE, "menunggu 1 hari kerja"),
    ):
        with at(moment):
            assert queries.list_waiting_for(desk.approver)[0].band is band
            page = browser.get("/persetujuan/")
            assert words in page.main
            assert words in browser.get(f"/persetujuan/{package.id}").main


# Settings


def test_figures_hold_together(desk: Desk) -> None:
    admin, office = desk.as_(desk.world.admin), desk.world.office.id
    for content in (
        PatienceContent(-1), PatienceContent(remind_hours=999), PatienceContent(8, 8),
        PatienceContent(day_starts=time(16), day_ends=time(8)),
    ):  # fmt: skip
        with pytest.raises(SettingsRefused):
            services.set_patience(office, actor=admin, content=content)
    with pytest.raises(NotAllowed):
        services.set_patience(office, actor=desk.editor, content=PatienceContent())
    stale = services.set_patience(office, actor=admin, content=PatienceContent(4)).row_version
    services.set_patience(office, actor=admin, content=PatienceContent(8), row_version=stale)
    with pytest.raises(Conflict):
        services.set_patience(office, actor=admin, content=PatienceContent(2), row_version=stale)


def test_the_admin_sets_the_figures(desk: Desk, browser_of: Callable[[Any], Browser]) -> None:
    browser = browser_of(desk.world.admin)
    url = "/pengaturan/persetujuan/pengingat"
    page = browser.get(url)
    page = browser.post(
        url, {**page.form("pengingat"), "remind_hours": "8", "escalate_hours": "4"}, status=422
    )
    assert "lebih besar" in page.main
    browser.post(
        url, {**page.form("pengingat"), "remind_hours": "8", "escalate_hours": "16", "day_starts": "08.00"}
    )
    page = browser.get("/pengaturan/persetujuan")
    assert "diingatkan setiap 8 jam kerja" in page.main
    assert "Sesudah 16 jam kerja diteruskan kepada: Ketua tim atau pimpinan" in page.main
    settings = queries.get_settings(desk.world.office.id)
    assert settings is not None
    assert settings.day_starts == time(8, 0)
    assert clock.now() > utc("2020-01-01T00:00+00:00")
