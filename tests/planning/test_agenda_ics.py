"""iCalendar files: what is written is read back whole, and what others write is taken with care."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow.planning.agenda.enums import EventNeed, EventState
from humasflow.planning.agenda.ics import IcsRefused, ReadEvent, ReadException, parse
from humasflow.planning.agenda.ics_writing import calendar_of, components_of
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.planning.agenda.series import Series

ZONE = "Asia/Makassar"


def wrapped(*lines: str, uid: str = "a@contoh") -> bytes:
    return file("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT")


def file(*lines: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *lines, "END:VCALENDAR", "")).encode()


@pytest.fixture(autouse=True)
def _language(app: Flask, in_request: None) -> None: ...


def test_an_event_with_everything() -> None:
    read = parse(
        wrapped(
            "DTSTART;TZID=Asia/Jakarta:20261122T090000",
            "DTEND;TZID=Asia/Jakarta:20261122T113000",
            "SUMMARY:Rapat\\, kerja",
            "LOCATION:Aula",
            "DESCRIPTION:Satu\\nDua",
            "ORGANIZER;CN=Seksi Lelang:mailto:a@b.example",
            "SEQUENCE:4",
            "STATUS:TENTATIVE",
            "RRULE:FREQ=WEEKLY;COUNT=10",
            "EXDATE;TZID=Asia/Jakarta:20261129T090000",
        ),
        ZONE,
    )
    [event] = read.events
    assert (event.title, event.place, event.description) == ("Rapat, kerja", "Aula", "Satu\nDua")
    assert (event.organizer, event.sequence, event.state) == ("Seksi Lelang", 4, EventState.TENTATIVE)
    assert event.starts_at == datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert event.ends_at - event.starts_at == timedelta(hours=2, minutes=30)
    assert (event.zone, event.rule) == ("Asia/Jakarta", "FREQ=WEEKLY;COUNT=10")
    assert event.exceptions == (ReadException(datetime(2026, 11, 29, 2, tzinfo=UTC), is_dropped=True),)
    assert not read.notes and not read.skipped


def test_a_rule_of_a_million_days_stays_a_rule() -> None:
    began = time.process_time()
    read = parse(wrapped("DTSTART:20261122T010000Z", "SUMMARY:x", "RRULE:FREQ=DAILY;COUNT=1000000"), ZONE)
    assert read.events[0].rule == "FREQ=DAILY;COUNT=1000000"
    assert time.process_time() - began < 1


def test_a_rule_of_seconds_gives_its_first_time_and_a_note() -> None:
    read = parse(
        wrapped("DTSTART:20261122T010000Z", "SUMMARY:Detik", "RRULE:FREQ=SECONDLY;COUNT=1000000"), ZONE
    )
    assert read.events[0].rule == ""
    assert "Detik" in read.notes[0]


def test_an_unknown_zone_is_the_office_and_says_so() -> None:
    read = parse(wrapped("DTSTART;TZID=Mars/Olympus:20261122T090000", "SUMMARY:x"), ZONE)
    assert read.events[0].starts_at == datetime(2026, 11, 22, 1, tzinfo=UTC)
    assert read.events[0].zone == ZONE
    assert "Mars/Olympus" in read.notes[0]


def test_a_zone_the_file_defines_itself_is_honoured() -> None:
    read = parse(
        file(
            "BEGIN:VTIMEZONE", "TZID:Jam Kantor Pusat", "BEGIN:STANDARD", "DTSTART:19700101T000000",
            "TZOFFSETFROM:+0700", "TZOFFSETTO:+0700", "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT", "UID:z",
            "DTSTART;TZID=Jam Kantor Pusat:20261122T090000", "SUMMARY:x", "END:VEVENT",
        ),
        ZONE,
    )  # fmt: skip
    assert read.events[0].starts_at == datetime(2026, 11, 22, 2, tzinfo=UTC)


def test_a_name_of_windows_is_known() -> None:
    read = parse(wrapped("DTSTART;TZID=SE Asia Standard Time:20261122T090000", "SUMMARY:x"), ZONE)
    assert read.events[0].starts_at == datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<b>Rapat</b> kerja", "Rapat kerja"),
        ("<script>alert(1)</script>Rapat", "Rapat"),
        ("<img src=x onerror=alert(1)>Rapat", "Rapat"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Rapat", "Rapat"),
        ("Aset &amp; lelang", "Aset & lelang"),
        ("3 < 4", "3 < 4"),
        ("Rapat\u202egnp.exe", "Rapatgnp.exe"),
    ],
)
def test_markup_in_titles_is_taken_out(written: str, shown: str) -> None:
    [event] = parse(wrapped("DTSTART:20261122T010000Z", f"SUMMARY:{written}"), ZONE).events
    assert event.title == shown


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART:20261122T090000Z", "DTEND:20261122T080000Z"), "sebelum mulainya"),
        (("DTSTART:19000101T090000Z",), "1990"),
        (("DTSTART:99991231T090000Z",), "2100"),
        (("DTSTART:99991231T235959Z", "DURATION:P10D"), ""),
        (("SUMMARY:tanpa waktu",), "waktu mulainya"),
        (("DTSTART:kemarin",), ""),
        (("DTSTART;VALUE=DATE:20260230",), ""),
    ],
)
def test_what_cannot_be_is_left_out_by_name_and_the_rest_is_taken(lines: tuple[str, ...], why: str) -> None:
    data = file(
        "BEGIN:VEVENT", "UID:1", "SUMMARY:Aneh", *lines, "END:VEVENT",
        "BEGIN:VEVENT", "UID:2", "SUMMARY:Wajar", "DTSTART:20261122T010000Z", "END:VEVENT",
    )  # fmt: skip
    read = parse(data, ZONE)
    assert [e.title for e in read.events] == ["Wajar"]
    assert why in read.skipped[0].why


@pytest.mark.parametrize(
    "data", [b"", b"halo", b"\xff\xfe\x00", b"PK\x03\x04" * 100, b"<html><body>masuk dulu</body></html>"]
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(IcsRefused, match="bukan berkas kalender"):
        parse(data, ZONE)


def test_too_large_and_too_many_are_refused_at_once() -> None:
    began = time.process_time()
    with pytest.raises(IcsRefused, match="10 MB"):
        parse(b"x" * 10_000_001, ZONE)
    many = file(*("BEGIN:VEVENT", "END:VEVENT") * 5_001)
    with pytest.raises(IcsRefused, match="5.000"):
        parse(many, ZONE)
    with pytest.raises(IcsRefused):
        parse(file(*("BEGIN:VEVENT",) * 400_000), ZONE)
    assert time.process_time() - began < 5


def test_ten_megabytes_of_attachments_cost_little() -> None:
    data = wrapped("DTSTART:20261122T010000Z", "SUMMARY:Rapat", "ATTACH:" + "A" * 9_900_000)
    began = time.process_time()
    assert parse(data, ZONE).events[0].title == "Rapat"
    assert time.process_time() - began < 2


def test_five_thousand_events_are_read_in_seconds() -> None:
    lines = []
    for n in range(5_000):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{n}",
            "DTSTART;TZID=Asia/Jakarta:20261122T090000",
            "SUMMARY:x",
            "END:VEVENT",
        ]
    began = time.process_time()
    assert len(parse(file(*lines), ZONE).events) == 5_000
    assert time.process_time() - began < 20


def test_a_file_that_was_cut_off_gives_what_it_has() -> None:
    data = wrapped("DTSTART:20261122T010000Z", "SUMMARY:Rapat").replace(b"END:VCALENDAR", b"")
    data += b"BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20261123T010000Z\r\nSUMM"
    read = parse(data, ZONE)
    assert [e.uid for e in read.events] == ["a@contoh", "2"]
    assert "terpotong" in read.notes[0]


def test_the_latest_version_of_an_event_counts() -> None:
    def version(n: int) -> list[str]:
        return [
            "BEGIN:VEVENT",
            "UID:1",
            f"SEQUENCE:{n}",
            f"SUMMARY:Ke-{n}",
            "DTSTART:20261122T010000Z",
            "END:VEVENT",
        ]

    assert [e.title for e in parse(file(*version(2), *version(7), *version(3)), ZONE).events] == ["Ke-7"]


def test_extra_dates_become_events() -> None:
    read = parse(
        wrapped("DTSTART:20261122T010000Z", "SUMMARY:x", "RDATE:20261201T010000Z,20261202T010000Z"), ZONE
    )
    assert [e.starts_at.day for e in read.events] == [22, 1, 2]
    assert len({e.uid for e in read.events}) == 3 and read.notes


texts = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf")), max_size=60),
    st.sampled_from(
        ["<b>Rapat</b> & <img src=x>", "a &amp; b", "3 < 4 > 2", "Ditunda: x", "C:\\n;,\"^'", "panjang " * 25]
    ),
).map(lambda s: " ".join(s.split())[:200])
stories = st.one_of(
    st.lists(texts, max_size=4).map("\n".join), st.just("Baris & <baris>, \\ ; lagi\n" * 800)
).map(lambda s: s.strip()[:20_000].strip())
hours = st.integers(0, 24 * 365 * 5).map(lambda h: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=h))


clocks = st.sampled_from(["", "T010000Z", "T235959Z"])
RULES = [
    "", "FREQ=WEEKLY;COUNT=9", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;COUNT=3000",
    "FREQ=WEEKLY;UNTIL=;BYDAY=MO,WE", "FREQ=MONTHLY;INTERVAL=2;UNTIL=", "FREQ=YEARLY;COUNT=5",
]  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> AgendaEvent:
    all_day = draw(st.booleans())
    zone = draw(st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin"]))
    start = draw(hours)
    length = timedelta(minutes=draw(st.integers(1, 3000)))
    if all_day:
        first = start.astimezone(ZoneInfo(zone)).date()
        start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        last = first + timedelta(days=draw(st.integers(1, 5)))
        length = datetime(last.year, last.month, last.day, tzinfo=ZoneInfo(zone)).astimezone(UTC) - start
    rule = draw(st.sampled_from(RULES))
    if rule:
        until = start.astimezone(ZoneInfo(zone)).date() + timedelta(days=draw(st.integers(40, 400)))
        rule = rule.replace(
            "UNTIL=", f"UNTIL={until:%Y%m%d}" if all_day else f"UNTIL={until:%Y%m%d}{draw(clocks)}"
        )
        series = Series(start, start + length, zone, all_day, rule)
        start = series.first() or start
        length = series.end_of(start) - start
    made = AgendaEvent(
        uid=draw(st.uuids()).hex, sequence=draw(st.integers(0, 99)), title=draw(texts) or "Rapat",
        description=draw(stories), place=draw(texts), organizer=draw(texts), starts_at=start, ends_at=start + length,
        zone=zone, all_day=all_day, rule=rule, state=draw(st.sampled_from(EventState)), reason=draw(texts),
        needs=sorted(draw(st.sets(st.sampled_from([n.value for n in EventNeed])))), is_private=draw(st.booleans()),
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    if rule:
        wall = start.astimezone(ZoneInfo(zone))
        for n in sorted(draw(st.sets(st.integers(1, 5), max_size=3))):
            at = (wall + timedelta(days=7 * n)).astimezone(UTC)
            exception = AgendaException(occurrence=at, is_dropped=draw(st.booleans()), reason="")
            if not exception.is_dropped:
                exception.title, exception.state = draw(texts) or None, draw(st.sampled_from(EventState))
                exception.place = draw(st.none() | texts)
                if not all_day and draw(st.booleans()):
                    exception.starts_at, exception.ends_at = at + timedelta(hours=3), at + timedelta(hours=5)
            made.exceptions.append(exception)
    return made


def told(value: str | None, otherwise: str) -> str:
    return otherwise if value is None else value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=events())
def test_what_is_written_is_read_back_whole(event: AgendaEvent) -> None:
    data = calendar_of("Uji", components_of(event), refresh=timedelta(hours=1))
    read = parse(data, event.zone if event.all_day else "Asia/Makassar")
    assert not read.skipped and not read.notes
    [got] = read.events
    for name in ("uid", "sequence", "title", "description", "place", "organizer", "starts_at", "ends_at", "all_day",
                 "rule", "state", "reason", "is_private"):  # fmt: skip
        assert getattr(got, name) == getattr(event, name), name
    assert got.zone == event.zone
    assert sorted(got.needs) == event.needs
    assert [e.occurrence for e in got.exceptions] == [e.occurrence for e in event.exceptions]
    for mine, theirs in zip(event.exceptions, got.exceptions, strict=True):
        assert mine.is_dropped == theirs.is_dropped
        if mine.is_dropped:
            continue
        assert told(theirs.title, got.title) == told(mine.title, event.title)
        assert told(theirs.place, got.place) == told(mine.place, event.place)
        assert (theirs.state or got.state) == (mine.state or event.state)
        assert (theirs.starts_at or theirs.occurrence) == (mine.starts_at or mine.occurrence)
        assert theirs.ends_at == mine.ends_at


def test_an_all_day_event_is_dates() -> None:
    event = AgendaEvent(
        uid="1", sequence=0, title="HUT", description="", place="", organizer="", zone=ZONE, all_day=True, rule="",
        starts_at=datetime(2026, 11, 1, 16, tzinfo=UTC), ends_at=datetime(2026, 11, 2, 16, tzinfo=UTC), needs=[],
        state=EventState.CONFIRMED, reason="", updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    [made] = icalendar.Calendar.from_ical(
        calendar_of("x", components_of(event), refresh=timedelta(hours=1))
    ).events
    assert (made["dtstart"].dt, made["dtend"].dt) == (date(2026, 11, 2), date(2026, 11, 3))
    assert isinstance(parse(calendar_of("x", [made], refresh=timedelta(hours=1)), ZONE).events[0], ReadEvent)
