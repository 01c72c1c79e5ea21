"""A calendar file is looked at before it is taken; a large or hostile one keeps no page waiting."""

import io
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event as listening
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import runner
from humasflow.outbox.models import Job
from humasflow.planning.agenda import bringing
from humasflow.planning.agenda.enums import EventNeed, ImportState
from humasflow.planning.agenda.ics import ReadCalendar, parse
from humasflow.planning.agenda.ics_writing import calendar_of, components_of
from humasflow.planning.agenda.importing import BATCH, take
from humasflow.planning.agenda.models import AgendaEvent, AgendaImport
from tests.factories.world import World
from tests.planning.test_agenda_feeds import TWO, calendar, titles
from tests.planning.test_agenda_ics import events
from tests.support.forms import form_with
from tests.support.page import Browser, Page

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
_keys = iter(range(10_000))


def bring(browser: Browser, data: bytes, *, status: int = 303) -> Page:
    form = form_with(browser.get("/agenda/impor"), "file") | {"form_token": f"unggah-{next(_keys)}"}
    return browser.post(
        "/agenda/impor", form | {"file": (io.BytesIO(data), "agenda.ics")}, status=status,
        content_type="multipart/form-data",
    )  # fmt: skip


def brought() -> AgendaImport:
    db.session.rollback()
    return db.session.scalars(select(AgendaImport).order_by(AgendaImport.id.desc())).first()  # type: ignore[return-value]


def page_of(browser: Browser) -> Page:
    return browser.get(f"/agenda/impor/{brought().id}")


def say_yes(browser: Browser) -> Page:
    found = brought()
    browser.post(f"/agenda/impor/{found.id}/ambil", {"row_version": str(found.row_version)}, status=303)
    return page_of(browser)


def test_nothing_changes_before_a_person_has_looked(app: Flask, world: World, browser_of: Any) -> None:
    browser = browser_of(world.editor)
    data = calendar(("a", "20990101T010000Z", "<b>Rapat</b>"), ("b", "99991231T010000Z", "Jauh sekali"))
    bring(browser, data)
    page = page_of(browser)
    assert titles(world) == []
    assert "Rapat" in page.text and "Jauh sekali" in page.text and "2100" in page.text and "Baru" in page.text
    assert "<b>Rapat</b>" not in page.soup.decode()
    shown = say_yes(browser)
    assert titles(world) == ["Rapat"] and "1 agenda tersimpan" in shown.text
    assert brought().state is ImportState.TAKEN and brought().data == b""
    say_yes(browser)
    assert db.session.scalar(select(func.count(AgendaEvent.id))) == 1
    assert [
        a.detail["added"] for a in db.session.scalars(select(AuditEntry)) if "imported" in a.action.value
    ] == [1]


def test_the_page_says_what_would_change_and_what_stays(app: Flask, world: World, browser_of: Any) -> None:
    browser = browser_of(world.editor)
    bring(browser, TWO)
    say_yes(browser)
    bring(browser, TWO.replace(b"SUMMARY:Rapat", b"LOCATION:Aula\r\nSUMMARY:Rapat"))
    page = page_of(browser)
    assert "Berubah: tempat" in page.text
    assert [s.text for s in page.soup.select(".stat b")] == ["0", "1", "1", "0"]
    browser.post(f"/agenda/impor/{brought().id}/batal", status=303)
    assert db.session.scalars(select(AgendaEvent.place).where(AgendaEvent.uid == "a")).one() == ""
    bring(browser, TWO)
    assert "Tidak ada yang perlu diimpor" in page_of(browser).text


@pytest.mark.parametrize("data", [b"halo", b"PK\x03\x04" * 100, b"<html>masuk dulu</html>", b""])
def test_what_is_no_calendar_is_told_beside_the_form(
    app: Flask, world: World, browser_of: Any, data: bytes
) -> None:
    page = bring(browser_of(world.editor), data, status=422)
    assert "bukan berkas kalender" in page.text
    assert db.session.scalar(select(func.count(AgendaImport.id))) == 0


def test_a_large_file_is_left_to_the_worker(
    app: Flask, world: World, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(world.editor)
    seen: list[int] = []

    def watched(data: bytes, zone: str) -> ReadCalendar:
        seen.append(len(data))
        return parse(data, zone)

    monkeypatch.setattr(bringing, "parse", watched)
    data = calendar(*((f"u{n}", "20990101T010000Z", "Rapat " + "x" * 150) for n in range(700)))
    assert len(data) > bringing.SMALL
    bring(browser, data)
    assert seen == [], "nothing is read while the person waits"
    waiting = page_of(browser)
    assert waiting.soup.select("[data-pending]") and "refresh.js" in waiting.soup.decode()
    runner.run_due()
    part = browser.client.get(f"/agenda/impor/{brought().id}?bagian=1").text
    assert "Impor 700 agenda" in part and "data-pending" not in part and "<h1" not in part
    say_yes(browser)
    assert titles(world) == []
    commits: list[Session] = []

    def note(session: Session) -> None:
        commits.append(session)

    listening.listen(Session, "after_commit", note)
    try:
        runner.run_due()
    finally:
        listening.remove(Session, "after_commit", note)
    assert len(titles(world)) == 700 and len(commits) >= 700 // BATCH
    assert "700 agenda tersimpan" in page_of(browser).text


def test_half_taken_goes_on_where_it_was(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read = parse(calendar(*((f"u{n}", "20990101T010000Z", f"Rapat {n}") for n in range(250))), "Asia/Jakarta")
    left = iter([None, None])

    def commit() -> None:
        next(left)
        db.session.commit()

    with pytest.raises(StopIteration):
        take(read, office_id=world.office.id, feed_id=None, actor=world.as_(world.editor), after_batch=commit)
    db.session.rollback()
    assert len(titles(world)) == 200
    again = take(read, office_id=world.office.id, feed_id=None, actor=world.as_(world.editor))
    assert (again.added, again.unchanged) == (50, 200)


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files that ask for far more work than they are long."""
    head, tail = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", b"END:VCALENDAR\r\n"
    start = b"DTSTART:20261122T010000Z\r\n"

    def event(n: int, *lines: bytes) -> bytes:
        return (
            b"BEGIN:VEVENT\r\nUID:%d\r\n" % n
            + start
            + b"".join(x + b"\r\n" for x in lines)
            + b"END:VEVENT\r\n"
        )

    yield "lines", head + b"\r\n" * 4_900_000
    yield "letters", head + b"A\n" * 4_900_000
    yield "depth", head + b"BEGIN:X\r\n" * 900_000
    dates = b"EXDATE:" + b",".join([b"20261122T010000Z"] * 1_100)
    yield "dates", head + event(1, b"RRULE:FREQ=DAILY", *[dates] * 500) + tail
    yield "zone of seconds", (
        head + b"BEGIN:VTIMEZONE\r\nTZID:Q\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
        b"TZOFFSETFROM:+0700\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        b"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Q:20261122T010000\r\nEND:VEVENT\r\n" + tail
    )  # fmt: skip
    yield "brackets", head + b"".join(event(n, b"DESCRIPTION:" + b"<" * 19_000) for n in range(490)) + tail
    yield "markup", head + b"".join(event(n, b"DESCRIPTION:" + b"<b>" * 6_600) for n in range(490)) + tail
    parameters = b"SUMMARY;" + b";".join([b"X=1"] * 4_000) + b":x"
    yield "parameters", head + b"".join(event(n, parameters) for n in range(490)) + tail
    days = b"RRULE:FREQ=DAILY;BYDAY=" + b",".join([b"MO"] * 6_000)
    yield "rule", head + b"".join(event(n, days) for n in range(490)) + tail
    never = b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    yield "never", head + b"".join(event(n, never) for n in range(4_000)) + tail
    counted = b"RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=1900"
    yield "counted", head + b"".join(event(n, counted) for n in range(4_000)) + tail


@pytest.mark.parametrize("kind", [kind for kind, _data in hostile()])
def test_hostile_files_cost_a_bounded_amount_of_work(app: Flask, world: World, kind: str) -> None:
    from humasflow.planning.agenda import ics_lines
    from humasflow.planning.agenda.ics import IcsRefused
    from humasflow.planning.agenda.ics_rules import MAX_COUNTED, MAX_HARD_RULES

    data = dict(hostile())[kind]
    assert len(data) <= ics_lines.MAX_BYTES
    began = time.process_time()
    with suppress(IcsRefused):
        kept = ics_lines.cut(data)
        read = parse(data, "Asia/Jakarta")
        assert kept.lines <= ics_lines.MAX_LINES and kept.kept <= ics_lines.MAX_KEPT
        assert kept.dates <= ics_lines.MAX_EXCEPTIONS and kept.frames <= ics_lines.MAX_FRAMES
        walked = [e.rule for e in read.events if "BYMONTHDAY" in e.rule or "COUNT" in e.rule]
        assert len(walked) <= MAX_HARD_RULES + MAX_COUNTED // 1_900
    assert time.process_time() - began < 10


def test_the_request_itself_reads_only_small_files(app: Flask, world: World, browser_of: Any) -> None:
    """The worst that a request can be given is read in a moment."""
    browser = browser_of(world.editor)
    for kind, data in hostile():
        small = data[: bringing.SMALL]
        began = time.process_time()
        data_form = {"form_token": f"kecil-{kind}", "file": (io.BytesIO(small), "agenda.ics")}
        answer = browser.client.post("/agenda/impor", data=data_form, content_type="multipart/form-data")
        assert answer.status_code in (303, 422)
        assert time.process_time() - began < 2, kind


def test_only_who_brought_it_sees_it(app: Flask, world: World, other_world: World, browser_of: Any) -> None:
    bring(browser_of(world.editor), TWO)
    ident = brought().id
    for other in (browser_of(world.other_editor), browser_of(other_world.editor)):
        other.get(f"/agenda/impor/{ident}", status=404)
        other.post(f"/agenda/impor/{ident}/ambil", {"row_version": "1"}, status=404)
        other.post(f"/agenda/impor/{ident}/batal", status=404)
    browser_of(world.contributor).get(f"/agenda/impor/{ident}", status=403)


def test_what_nobody_takes_is_forgotten(app: Flask, world: World, browser_of: Any) -> None:
    browser = browser_of(world.editor)
    bring(browser, TWO)
    bring(browser, TWO)
    assert db.session.scalar(select(func.count(AgendaImport.id))) == 1, "the next one takes its place"
    assert bringing.forget_imports() == 0
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert bringing.forget_imports() == 1


def test_the_job_may_come_twice_or_too_late(app: Flask, world: World) -> None:
    made = AgendaImport(
        office_id=world.office.id, created_by=world.editor.id, created_at=clock.now(), data=zlib.compress(TWO),
        state=ImportState.CONFIRMED,
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    ref = str(made.id)
    bringing.take_file(ref)
    db.session.commit()
    bringing.take_file(ref)
    bringing.look_at_file(ref)
    bringing.take_file("999999")
    assert titles(world) == ["Lelang", "Rapat"]
    assert db.session.scalar(select(func.count(Job.id))) == 0


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(event=events())
def test_what_we_export_another_office_imports_whole(
    app: Flask, world: World, other_world: World, event: AgendaEvent
) -> None:
    event.needs = [n.value for n in EventNeed if n.value in event.needs]
    for one in event.exceptions:
        one.needs = [n.value for n in EventNeed if n.value in one.needs] if one.needs is not None else None
    data = calendar_of("Uji", components_of(event), refresh=timedelta(hours=1))
    read = parse(data, event.zone)
    assert not read.skipped and not read.notes
    taken = take(
        read, office_id=other_world.office.id, feed_id=None, actor=other_world.as_(other_world.editor)
    )
    assert not taken.skipped
    db.session.flush()
    db.session.expire_all()
    got = db.session.scalars(
        select(AgendaEvent).where(
            AgendaEvent.office_id == other_world.office.id, AgendaEvent.uid == event.uid
        )
    ).one()
    written = calendar_of("Uji", components_of(got, sequence=event.sequence, changed_at=event.updated_at),
                          refresh=timedelta(hours=1))  # fmt: skip
    assert written == data
    again = take(
        read, office_id=other_world.office.id, feed_id=None, actor=other_world.as_(other_world.editor)
    )
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    db.session.rollback()
