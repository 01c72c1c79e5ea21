"""Reports that go out by themselves: once a turn, to whom they may, and never silently not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.accounts.models import RoleGrant, User
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound
from humasflow.notifications.models import MailMessage, Notification
from humasflow.outbox.models import Job
from humasflow.outbox.runner import run_due
from humasflow.reports.enums import ReportFormat, ReportScope
from humasflow.reports.models import ReportRun
from humasflow.reports.scheduling import queries, services
from humasflow.reports.scheduling.enums import DeliveryState, Rhythm
from humasflow.reports.scheduling.models import ReportDelivery, ReportSchedule
from humasflow.reports.scheduling.services import ScheduleContent
from humasflow.reports.scheduling.services.saving import Unfit
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.reports.proofs import mail_settings

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def content(world: World, **changed: Any) -> ScheduleContent:
    values: dict[str, Any] = {
        "title": "Triwulan untuk pimpinan", "scope": ReportScope.OFFICE, "subject_id": None,
        "formats": (ReportFormat.XLSX,), "rhythm": Rhythm.QUARTERLY, "day": 5, "hour": 7,
        "user_ids": (world.lead.id,), "addresses": (), "confirms": False,
    } | changed  # fmt: skip
    return ScheduleContent(**values)


def scheduled(
    world: World, at: Any, by: User | None = None, when: str = "2026-03-20T02:00Z", **changed: Any
) -> int:
    """A schedule made on that day; its id. Commits."""
    with at(when):
        made = services.create_schedule(
            world.office.id, actor=world.as_(by or world.lead), content=content(world, **changed)
        )
        db.session.commit()
        return made.id


def work() -> None:
    """A tick of the worker: the timetable's entry, then what is due, until nothing is."""
    services.enqueue_due()
    db.session.commit()
    while run_due():
        pass
    db.session.expire_all()


def finish(at: Any, when: str) -> None:
    """Let the worker order the report, make it, and look again."""
    begun = datetime.fromisoformat(when).astimezone(UTC)
    for seconds in (0, 15, 30):
        with at((begun + timedelta(seconds=seconds)).isoformat()):
            work()


def deliveries() -> list[ReportDelivery]:
    return list(db.session.scalars(select(ReportDelivery).order_by(ReportDelivery.id)))


def mails() -> list[MailMessage]:
    return list(db.session.scalars(select(MailMessage).order_by(MailMessage.id)))


def test_a_quarter_goes_out_once_with_its_sums_and_a_link(world: World, at: Any) -> None:
    mail_settings(world)
    live_post(world, at="2026-03-31T16:30Z", title="Judul yang tidak boleh ikut")
    schedule_id = scheduled(world, at, user_ids=(world.lead.id, world.admin.id))
    schedule = db.session.get_one(ReportSchedule, schedule_id)
    assert schedule.next_due == datetime(2026, 4, 5, 0, tzinfo=UTC)  # 07.00 WIB on the fifth day
    with at("2026-04-04T23:59Z"):
        work()
        assert deliveries() == []
    finish(at, "2026-04-05T00:00:30Z")
    finish(at, "2026-04-05T00:10Z")
    (delivery,) = deliveries()
    assert (delivery.state, delivery.period, delivery.mails) == (DeliveryState.SENT, "2026-TW1", 2), (
        delivery.note
    )
    assert (delivery.starts_on, delivery.ends_on) == (date(2026, 1, 1), date(2026, 3, 31))
    run = db.session.get_one(ReportRun, delivery.run_id)
    assert (run.start_on, run.end_on, run.requested_by) == (
        date(2026, 1, 1),
        date(2026, 3, 31),
        world.lead.id,
    )
    sent = mails()
    assert {mail.to_address for mail in sent} == {world.lead.email, world.admin.email}
    for mail in sent:
        assert "Triwulan I 2026" in mail.subject
        assert f"/laporan/{run.id}" in mail.text
        assert "Judul yang tidak boleh ikut" not in mail.text + mail.html
        assert "Terlambat" not in mail.text
    assert db.session.get_one(ReportSchedule, schedule_id).next_due == datetime(2026, 7, 5, 0, tzinfo=UTC)


def test_a_worker_away_for_two_days_sends_once_late_and_says_so(world: World, at: Any) -> None:
    mail_settings(world)
    schedule_id = scheduled(world, at, when="2026-03-20T02:00Z", rhythm=Rhythm.DAILY, day=1)
    finish(at, "2026-03-23T09:00Z")
    found = deliveries()
    assert [(one.period, one.state) for one in found] == [
        ("2026-03-20", DeliveryState.SKIPPED),
        ("2026-03-21", DeliveryState.SKIPPED),
        ("2026-03-22", DeliveryState.SENT),
    ]
    assert "Terlewat" in found[0].note
    assert "Terlambat" in found[2].note
    (mail,) = mails()
    assert "Terlambat dikirim: seharusnya 23 Mar 2026 07.00 WIB" in mail.text
    assert db.session.get_one(ReportSchedule, schedule_id).next_due == datetime(2026, 3, 24, 0, tzinfo=UTC)


def test_two_workers_notice_a_turn_once(world: World, at: Any) -> None:
    mail_settings(world)
    schedule_id = scheduled(world, at)
    with at("2026-04-05T00:01Z"):
        assert services.enqueue_due() == 1
        # Another one that had read the row before looks again: the turn is there.
        db.session.get_one(ReportSchedule, schedule_id).next_due = datetime(2026, 4, 5, tzinfo=UTC)
        db.session.flush()
        assert services.enqueue_due() == 0
        db.session.commit()
    assert len(deliveries()) == 1
    assert len(db.session.scalars(select(Job).where(Job.kind == services.DELIVER_JOB)).all()) == 1


def test_the_job_again_after_the_mails_writes_none(world: World, at: Any) -> None:
    mail_settings(world)
    scheduled(world, at)
    finish(at, "2026-04-05T00:01Z")
    assert len(mails()) == 1
    with at("2026-04-05T01:00Z"):
        assert services.deliver(str(deliveries()[0].id)) is None
        db.session.commit()
    assert len(mails()) == 1


def test_who_left_gets_nothing(world: World, at: Any) -> None:
    mail_settings(world)
    scheduled(world, at, user_ids=(world.lead.id, world.editor.id, world.admin.id))
    world.editor.is_active = False
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == world.admin.id)):
        grant.valid_until = date(2026, 4, 1)
    db.session.commit()
    finish(at, "2026-04-05T00:01Z")
    (delivery,) = deliveries()
    assert [mail.to_address for mail in mails()] == [world.lead.email]
    assert "2 penerima dilewati" in delivery.note


def test_a_schedule_whose_owner_left_stops_and_says_so(world: World, at: Any) -> None:
    mail_settings(world)
    schedule_id = scheduled(world, at, user_ids=(world.admin.id,))
    world.lead.is_active = False
    db.session.commit()
    finish(at, "2026-04-05T00:01Z")
    (delivery,) = deliveries()
    schedule = db.session.get_one(ReportSchedule, schedule_id)
    assert delivery.state is DeliveryState.FAILED
    assert not schedule.is_active
    assert "tidak lagi boleh membuat laporan" in schedule.stopped
    assert mails() == []
    told = db.session.scalars(
        select(Notification.user_id).where(Notification.subject_type == "report_schedule")
    )
    assert world.admin.id in set(told)
    with at("2026-04-06T00:00Z"):  # saved by somebody else, it goes on in that name
        services.save_schedule(
            schedule,
            actor=world.as_(world.admin),
            content=content(world, user_ids=(world.admin.id,)),
            row_version=None,
        )
        assert (schedule.is_active, schedule.stopped, schedule.owner_id) == (True, "", world.admin.id)
        assert schedule.next_due == datetime(2026, 7, 5, tzinfo=UTC)


def test_an_address_outside_waits_for_an_admin_and_gets_no_link(world: World, at: Any) -> None:
    mail_settings(world)
    schedule_id = scheduled(world, at, addresses=("humas@kanwil.example",))
    finish(at, "2026-04-05T00:01Z")
    assert [mail.to_address for mail in mails()] == [world.lead.email]
    schedule = db.session.get_one(ReportSchedule, schedule_id)
    (outside,) = [one for one in schedule.recipients if one.address]
    with pytest.raises(NotAllowed):
        services.confirm_address(outside, schedule, actor=world.as_(world.lead))
    services.confirm_address(outside, schedule, actor=world.as_(world.admin))
    db.session.commit()
    finish(at, "2026-07-05T00:01Z")
    (mail,) = [one for one in mails() if one.to_address == "humas@kanwil.example"]
    assert "/laporan/" not in mail.text + mail.html
    assert "hubungi kantor" in mail.text
    assert mail.user_id is None


def test_only_an_admins_own_word_lets_addresses_through_at_once(world: World, at: Any) -> None:
    for by, confirmed in ((world.lead, False), (world.admin, True)):
        schedule_id = scheduled(world, at, by, addresses=("a@luar.example",), confirms=True)
        schedule = db.session.get_one(ReportSchedule, schedule_id)
        (outside,) = [one for one in schedule.recipients if one.address]
        assert (outside.confirmed_at is not None) is confirmed
        assert outside.confirmed_by == (by.id if confirmed else None)


def test_no_mail_settings_is_a_failure_that_is_told(world: World, at: Any) -> None:
    scheduled(world, at)
    finish(at, "2026-04-05T00:01Z")
    (delivery,) = deliveries()
    assert delivery.state is DeliveryState.FAILED
    assert "belum diatur" in delivery.note
    told = db.session.scalars(
        select(Notification).where(Notification.subject_type == "report_schedule")
    ).all()
    assert [one.user_id for one in told] == [world.lead.id]


def test_paused_removed_and_resumed(world: World, at: Any) -> None:
    mail_settings(world)
    schedule_id = scheduled(world, at, rhythm=Rhythm.DAILY, day=1)
    schedule = db.session.get_one(ReportSchedule, schedule_id)
    services.pause_schedule(schedule, actor=world.as_(world.lead))
    services.pause_schedule(schedule, actor=world.as_(world.lead))
    db.session.commit()
    finish(at, "2026-03-25T09:00Z")
    assert deliveries() == []
    with at("2026-03-25T09:10Z"):
        services.resume_schedule(schedule, actor=world.as_(world.editor))
        assert schedule.owner_id == world.editor.id
        assert schedule.next_due == datetime(2026, 3, 26, tzinfo=UTC)
        services.remove_schedule(schedule, actor=world.as_(world.editor))
        db.session.commit()
    finish(at, "2026-03-27T09:00Z")
    assert deliveries() == []
    with pytest.raises(NotFound):
        queries.get_schedule(world.office.id, schedule_id)
    done = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_type == "report_schedule").order_by(AuditEntry.id)
    ).all()
    assert [action.value for action in done] == [
        "reports.schedule.created", "reports.schedule.paused", "reports.schedule.resumed", "reports.schedule.removed",
    ]  # fmt: skip


def test_paused_between_its_turn_and_the_job_sends_nothing(world: World, at: Any) -> None:
    mail_settings(world)
    schedule_id = scheduled(world, at)
    with at("2026-04-05T00:01Z"):
        services.enqueue_due()
        schedule = db.session.get_one(ReportSchedule, schedule_id)
        services.pause_schedule(schedule, actor=world.as_(world.lead))
        db.session.commit()
    finish(at, "2026-04-05T00:02Z")
    (delivery,) = deliveries()
    assert delivery.state is DeliveryState.SKIPPED
    assert mails() == []


def test_asked_for_now_goes_out_again_beside_the_turn(world: World, at: Any) -> None:
    mail_settings(world)
    schedule_id = scheduled(world, at)
    with at("2026-03-21T02:00Z"):
        services.ask_now(db.session.get_one(ReportSchedule, schedule_id), actor=world.as_(world.admin))
        db.session.commit()
    finish(at, "2026-03-21T02:01Z")
    (delivery,) = deliveries()
    assert (delivery.period, delivery.number, delivery.state) == ("2025-TW4", 2, DeliveryState.SENT)
    assert "Terlambat" not in mails()[0].text
    finish(at, "2026-04-05T00:01Z")
    assert [(one.period, one.number) for one in deliveries()] == [("2025-TW4", 2), ("2026-TW1", 1)]


def test_a_stale_form_does_not_overwrite(world: World, at: Any) -> None:
    schedule_id = scheduled(world, at)
    schedule = db.session.get_one(ReportSchedule, schedule_id)
    seen = schedule.row_version
    services.save_schedule(
        schedule,
        actor=world.as_(world.lead),
        content=content(world, user_ids=(world.admin.id,)),
        row_version=seen,
    )
    db.session.commit()
    assert schedule.row_version > seen
    with pytest.raises(Conflict):
        services.save_schedule(
            schedule, actor=world.as_(world.lead), content=content(world, title="Lain"), row_version=seen
        )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"formats": ()}, "formats"),
        ({"rhythm": Rhythm.WEEKLY, "day": 8}, "day"),
        ({"day": 0}, "day"),
        ({"user_ids": ()}, "user_ids"),
        ({"user_ids": (999_999,)}, "user_ids"),
        ({"addresses": tuple(f"a{n}@luar.example" for n in range(60))}, "user_ids"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(
    world: World, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unfit) as refused:
        services.create_schedule(
            world.office.id, actor=world.as_(world.lead), content=content(world, **changed)
        )
    assert refused.value.field == field


def test_contributors_and_strangers_schedule_nothing(world: World, other_world: World, at: Any) -> None:
    with pytest.raises(NotAllowed):
        services.create_schedule(world.office.id, actor=world.as_(world.contributor), content=content(world))
    with pytest.raises(NotFound):
        services.create_schedule(
            world.office.id, actor=other_world.as_(other_world.lead), content=content(world)
        )
    with pytest.raises(Unfit):  # nobody of another office receives it
        services.create_schedule(
            world.office.id,
            actor=world.as_(world.lead),
            content=content(world, user_ids=(other_world.lead.id,)),
        )
    schedule_id = scheduled(world, at)
    with pytest.raises(NotFound):
        queries.get_schedule(other_world.office.id, schedule_id)


def test_a_persons_report_stays_with_those_who_may_read_it(world: World, at: Any) -> None:
    personal = {"scope": ReportScope.PERSON, "subject_id": world.contributor.id}
    for more in ({"user_ids": (world.editor.id,)}, {"addresses": ("a@luar.example",)}):
        with pytest.raises(Unfit):
            services.create_schedule(
                world.office.id, actor=world.as_(world.lead), content=content(world, **personal, **more)
            )
    mail_settings(world)
    scheduled(world, at, **personal)
    finish(at, "2026-04-05T00:01Z")
    (mail,) = mails()
    assert "Laporannya sudah jadi." in mail.text


def test_a_section_that_is_gone_is_told(world: World, at: Any) -> None:
    mail_settings(world)
    scheduled(world, at, scope=ReportScope.SECTION, subject_id=world.section.id)
    db.session.execute(
        ReportSchedule.__table__.update().values(subject_id=999_999)  # type: ignore[attr-defined]
    )
    db.session.commit()
    finish(at, "2026-04-05T00:01Z")
    (delivery,) = deliveries()
    assert delivery.state is DeliveryState.FAILED
    assert delivery.note
