"""The calendar file that goes with a task's mail."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications import queries
from humasflow.notifications.models import MailMessage
from humasflow.notifications.services.sending import build_message
from humasflow.outbox import runner
from humasflow.planning.agenda.services import EventContent, create_event
from humasflow.stories.services.assignments import change_assignment, reassign
from humasflow.stories.services.confidentiality import make_confidential
from humasflow.stories.services.covering import cover_event
from humasflow.stories.services.tasks import cancel_task
from tests.factories import desk
from tests.factories.world import World
from tests.notifications.server import Box
from tests.stories.tasks import in_days, task

pytestmark = pytest.mark.db


def invitation(message: EmailMessage) -> tuple[str, Any]:
    """The method and the event of the one calendar part."""
    parts = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    raw = parts[0].get_payload(decode=True)
    assert isinstance(raw, bytes)
    calendar = Calendar.from_ical(raw)
    assert str(calendar["METHOD"]) == parts[0].get_param("method")
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def last(box: Box, to: str) -> EmailMessage:
    db.session.commit()
    runner.run_due()
    return [m for m in box.messages if m["To"] == to][-1]


def test_from_offer_to_cancellation_one_entry_in_a_calendar(world: World, box: Box) -> None:
    due, later = in_days(3), in_days(4)
    given = task(world, due=due)
    who = world.contributor.email
    method, offered = invitation(last(box, who))
    assert method == "REQUEST"
    assert offered["DTEND"].dt == due
    assert offered["DTSTART"].dt == due - timedelta(minutes=30)
    assert str(offered["URL"]) == f"http://localhost/tugas/{given.id}"
    assert str(offered["ORGANIZER"]) == "mailto:humas@kantor-uji.example"
    assert str(offered["ATTENDEE"]) == f"mailto:{who}"
    change_assignment(given, actor=world.as_(world.editor), due_at=later, brief="")
    method, moved = invitation(last(box, who))
    assert (method, moved["DTEND"].dt) == ("REQUEST", later)
    cancel_task(given, actor=world.as_(world.editor), reason="Tidak jadi")
    method, cancelled = invitation(last(box, who))
    assert (method, str(cancelled["STATUS"])) == ("CANCEL", "CANCELLED")
    assert len({str(e["UID"]) for e in (offered, moved, cancelled)}) == 1
    assert offered["SEQUENCE"] < moved["SEQUENCE"] < cancelled["SEQUENCE"]


def test_who_is_replaced_loses_the_entry_and_the_next_one_gets_their_own(world: World, box: Box) -> None:
    given = task(world, due=in_days(3))
    reassign(
        given,
        actor=world.as_(world.editor),
        person_id=world.other_contributor.id,
        due_at=in_days(3),
        reason="Sakit",
    )
    method, gone = invitation(last(box, world.contributor.email))
    assert method == "CANCEL"
    method, new = invitation(last(box, world.other_contributor.email))
    assert method == "REQUEST"
    assert str(new["UID"]) != str(gone["UID"])


def test_a_deadline_that_falls_away_leaves_the_calendar(world: World, box: Box) -> None:
    given = task(world, due=in_days(3))
    change_assignment(given, actor=world.as_(world.editor), due_at=None, brief="")
    assert invitation(last(box, world.contributor.email))[0] == "CANCEL"


def test_a_task_without_a_time_brings_no_calendar(world: World, box: Box) -> None:
    task(world)
    message = last(box, world.contributor.email)
    assert [p for p in message.walk() if p.get_content_type() == "text/calendar"] == []


def test_covering_stands_at_the_events_own_time(world: World, box: Box) -> None:
    start: datetime = in_days(5)
    event = create_event(
        actor=world.as_(world.editor), office_id=world.office.id,
        content=EventContent("Lelang akbar", start, start + timedelta(hours=2)),
    )  # fmt: skip
    story = desk.story(world)
    cover_event(story, event, None, actor=world.as_(world.editor))
    task(world, story, due=in_days(6))
    _method, entry = invitation(last(box, world.contributor.email))
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (start, start + timedelta(hours=2))
    assert str(entry["TRANSP"]) == "OPAQUE"


def test_a_confidential_story_is_not_named(world: World, box: Box) -> None:
    story = desk.story(world, title="Mutasi pejabat rahasia", place="Ruang rahasia")
    make_confidential(story, actor=world.as_(world.editor), reader_ids=[world.contributor.id])
    task(world, story, due=in_days(3))
    message = last(box, world.contributor.email)
    _method, entry = invitation(message)
    assert "naskah rahasia" in str(entry["SUMMARY"])
    assert "Mutasi" not in message.as_string()
    assert "Mutasi" not in entry.to_ical().decode()
    assert "Ruang" not in entry.to_ical().decode()


def test_the_same_mail_is_the_same_bytes_tomorrow(world: World, box: Box, at: Any) -> None:
    task(world, due=in_days(3))
    db.session.commit()
    mail = db.session.query(MailMessage).filter(MailMessage.calendar != "").one()
    settings = queries.get_mail_settings(world.office.id)
    assert settings is not None
    today = build_message(mail, settings, mail.text, mail.html)
    with at((clock.now() + timedelta(days=1)).isoformat()):
        assert build_message(mail, settings, mail.text, mail.html) == today


def test_mails_about_one_story_are_one_conversation_for_every_program(world: World, box: Box) -> None:
    story = desk.story(world, title="Lelang UMKM laku semua")
    given = task(world, story, due=in_days(3))
    first = last(box, world.contributor.email)
    cancel_task(given, actor=world.as_(world.editor), reason="Tidak jadi")
    second = last(box, world.contributor.email)
    for header in ("References", "In-Reply-To", "Thread-Index"):
        assert first[header] == second[header] is not None
    assert first["Thread-Topic"] is not None
    assert first["Message-ID"] not in str(first["References"]), (
        "a root that none of them is: none has to come first"
    )
