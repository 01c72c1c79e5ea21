"""Calendar files at their worst: nothing is lost without a word, and nothing brings the reader down."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from dateutil import rrule
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.ics import IcsRefused, ReadCalendar, ReadEvent, parse
from humasflow.planning.agenda.ics_writing import calendar_of, components_of
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.series import Series
from tests.planning.test_agenda_ics import ZONE, file, wrapped

START = "DTSTART:20261123T010000Z"  # a Monday


@pytest.fixture(autouse=True)
def _language(app: Flask, in_request: None) -> None: ...


def event(uid: str, *lines: str) -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Rapat", *lines, "END:VEVENT"]


def zone_of(name: str, *lines: str) -> list[str]:
    return ["BEGIN:VTIMEZONE", f"TZID:{name}", *lines, "END:VTIMEZONE"]


def part(kind: str, start: str, before: str, to: str, *more: str) -> list[str]:
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{start}",
        f"TZOFFSETFROM:{before}",
        f"TZOFFSETTO:{to}",
        *more,
        f"END:{kind}",
    ]


TOKYO = "(UTC+09:00) Osaka\\, Sapporo\\, Tokyo"
STEADY = zone_of("Jam Timur", *part("STANDARD", "19700101T000000", "+0900", "+0900"))
EXCHANGE = zone_of(
    "Jam Musim",
    *part("STANDARD", "16010101T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
    *part("DAYLIGHT", "16010101T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
)


def first(read: ReadCalendar) -> ReadEvent:
    return read.events[0]


def starts(one: ReadEvent, count: int = 4) -> list[datetime]:
    return Series(one.starts_at, one.ends_at, one.zone, one.all_day, one.rule).take(count)


def test_extra_dates_are_of_the_file_and_come_once() -> None:
    lines = ("RDATE:20261201T010000Z,20261201T010000Z,20261123T010000Z", "RDATE:20261201T010000Z")
    read = parse(wrapped(START, "SUMMARY:x", *lines), ZONE)
    assert len(read.events) == 2
    assert {e.uid for e in read.events} <= read.uids and all(read.has(e.uid) for e in read.events)
    read = parse(wrapped(START, "RRULE:FREQ=WEEKLY", "RDATE:20261130T010000Z", "SUMMARY:x"), ZONE)
    assert len(read.events) == 1, "the rule has that date already"


def test_of_one_date_the_latest_edition_counts() -> None:
    def change(sequence: int, title: str) -> list[str]:
        when = ("RECURRENCE-ID:20261130T010000Z", "DTSTART:20261130T020000Z")
        return ["BEGIN:VEVENT", "UID:a", *when, f"SEQUENCE:{sequence}", f"SUMMARY:{title}", "END:VEVENT"]

    changes = [*change(5, "Lima"), *change(9, "Sembilan"), *change(2, "Dua")]
    orphans = parse(file(*changes), ZONE)
    assert [(e.title, e.uid) for e in orphans.events] == [("Sembilan", "a/20261130T010000Z")]
    series = parse(file(*event("a", START, "RRULE:FREQ=WEEKLY"), *changes), ZONE)
    assert [e.title for e in first(series).exceptions] == ["Sembilan"]


PROPERTIES = (
    "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "SEQUENCE", "UID", "SUMMARY", "CLASS",
    "ORGANIZER", "STATUS", "X-HUMASFLOW-NEEDS", "COMMENT", "X-LOST-DATES",
)  # fmt: skip
VALUES = (
    "x", "", "00010101T000000", "99991231T235959", "20261123T010000", "20261123", "20260230", "-P1D", "P99999999W",
    "FREQ=DAILY", "FREQ=DAILY;UNTIL=00010101", "FREQ=DAILY;COUNT=0", "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2", "\\",
    "20261123T010000Z/PT1H", "20261123T010000Z/x", ":", "1,2,3", "\u202e<b>", "99999999999999999999",
)  # fmt: skip
PARAMETERS = (
    "", ";TZID=Asia", ";TZID=America/Argentina", f";TZID={'x' * 300}", ";TZID=../../etc/passwd", ";TZID=Jam Timur",
    ";TZID=Jam Musim", ';TZID="a","Asia"', ";TZID=", ";tzid=Asia", ";VALUE=DATE", ";VALUE=PERIOD", ";VALUE=x", ";X=\"",
    ";TZID=Asia/Jakarta",
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(st.sampled_from(PROPERTIES), st.sampled_from(PARAMETERS), st.sampled_from(VALUES)),
        max_size=4,
    ),
    changes=st.booleans(),
)
def test_no_value_brings_the_reader_down(lines: list[tuple[str, str, str]], changes: bool) -> None:
    odd = [f"{name}{parameters}:{value}" for name, parameters, value in lines]
    usual = () if any(name == "DTSTART" for name, _p, _v in lines) else (START,)
    others = event("a", START, "RRULE:FREQ=WEEKLY") if changes else []
    data = file(
        *STEADY, *EXCHANGE, *others, *event("a" if changes else "b", *usual, *odd), *event("c", START)
    )
    try:
        read = parse(data, ZONE)
    except IcsRefused:
        return
    assert "c" in {e.uid for e in read.events}, "what is good beside it is taken"
    assert len({e.uid for e in read.events}) == len(read.events)
    for one in read.events:
        assert len(one.uid) <= 255 and one.ends_at > one.starts_at and 1 <= len(one.title) <= 200
        assert len({e.occurrence for e in one.exceptions}) == len(one.exceptions)
        assert starts(one, 1) == [one.starts_at], "what is taken is seen"


@pytest.mark.parametrize("zone", ["Asia", "../Asia", "y" * 300, "\x07"])
def test_a_zone_is_never_looked_for_on_the_disk(zone: str) -> None:
    read = parse(wrapped(f"DTSTART;TZID={zone}:20261123T090000", "SUMMARY:x"), ZONE)
    assert first(read).starts_at == datetime(2026, 11, 23, 1, tzinfo=UTC) and first(read).zone == ZONE


def test_what_exchange_writes_of_summer_time() -> None:
    def at(day: str) -> datetime:
        zoned = f"DTSTART;TZID=Jam Musim:{day}T120000"
        return first(parse(file(*EXCHANGE, *event("a", zoned)), ZONE)).starts_at

    assert at("20260701") == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert at("20261201") == datetime(2026, 12, 1, 11, tzinfo=UTC)
    assert (at("20261024").hour, at("20261025").hour) == (10, 11)


def test_the_end_of_a_summer_time_is_its_day() -> None:
    rule = "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3;UNTIL=20260101T000000Z"
    zone = zone_of(
        "Z", *part("STANDARD", "20001029T020000", "+0800", "+0700"), *part("DAYLIGHT", "20010311T020000", "+0700", "+0800", rule),
    )  # fmt: skip
    ended = first(parse(file(*zone, *event("a", "DTSTART;TZID=Z:20260701T120000")), ZONE))
    assert ended.starts_at == datetime(2026, 7, 1, 4, tzinfo=UTC), "the last that began was in 2025"


def test_a_quoted_zone_with_commas() -> None:
    zone = zone_of(TOKYO, *part("STANDARD", "19700101T000000", "+0900", "+0900"))
    start = 'DTSTART;TZID="(UTC+09:00) Osaka, Sapporo, Tokyo":20261123T090000'
    read = parse(file(*zone, *event("a", start)), ZONE)
    assert first(read).starts_at == datetime(2026, 11, 23, tzinfo=UTC) and not read.notes


def test_what_repeats_in_a_zone_of_the_file_stays_on_its_day() -> None:
    lines = ("DTSTART;TZID=Jam Timur:20261123T010000", "RRULE:FREQ=WEEKLY;BYDAY=MO")
    one = first(parse(file(*STEADY, *event("a", *lines)), "Asia/Jakarta"))
    assert one.zone == "Asia/Jayapura" and starts(one, 2) == [
        datetime(2026, 11, 22, 16, tzinfo=UTC), datetime(2026, 11, 29, 16, tzinfo=UTC)
    ]  # fmt: skip
    changing = parse(
        file(*EXCHANGE, *event("a", lines[0].replace("Timur", "Musim"), lines[1])), "Asia/Jakarta"
    )
    assert first(changing).rule == "" and "hanya dikenal berkas ini" in changing.notes[0]


def test_a_first_date_that_the_rule_does_not_name_takes_place_too() -> None:
    read = parse(wrapped("DTSTART:20261124T010000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3", "SUMMARY:x"), ZONE)
    series, lone = read.events
    assert [at.day for at in starts(series)] == [30, 7] and lone.starts_at.day == 24 and read.notes


def test_a_rule_that_ended_before_it_began_gives_its_first_date() -> None:
    read = parse(wrapped(START, "RRULE:FREQ=DAILY;UNTIL=20261101T000000Z", "SUMMARY:x"), ZONE)
    assert first(read).rule == "" and starts(first(read)) == [first(read).starts_at] and read.notes


def test_a_line_may_be_folded_in_the_middle_of_a_letter() -> None:
    data = wrapped(START, "SUMMARY:Café").replace("é".encode(), b"\xc3\r\n \xa9")
    assert first(parse(data, ZONE)).title == "Café"
    mixed = file(*event("a", START, "LOCATION:Café")).replace(b"SUMMARY:Rapat", b"SUMMARY:R\xe9pat")
    one = first(parse(mixed, ZONE))
    assert (one.title, one.place) == ("Répat", "Café"), "one line of another coding spoils no other"


def test_one_bad_date_costs_itself_only() -> None:
    lines = (
        "RRULE:FREQ=DAILY",
        "EXDATE:20261124T010000Z,20260230T010000Z,kemarin",
        "EXDATE;VALUE=DATE:20261126",
    )
    read = parse(wrapped(START, *lines, "SUMMARY:Apel"), ZONE)
    assert [at.occurrence.day for at in first(read).exceptions] == [24, 26]
    assert "Apel" in read.notes[0] and "tidak dapat dibaca" in read.notes[0]
    change = event("a", "RECURRENCE-ID:kemarin", "DTSTART:20261125T010000Z")
    good = event("a", "RECURRENCE-ID:20261125T010000Z", "DTSTART:20261125T050000Z")
    read = parse(file(*event("a", START, "RRULE:FREQ=DAILY"), *change, *good), ZONE)
    assert [e.occurrence.day for e in first(read).exceptions] == [25] and len(read.skipped) == 1
    assert read.has("a/20261201T010000Z"), "what was not understood is not gone"


def test_too_many_dates_are_told() -> None:
    days = [datetime(2026, 11, 24, 1, tzinfo=UTC) + timedelta(days=n) for n in range(1_100)]
    line = "EXDATE:" + ",".join(f"{d:%Y%m%dT%H%M%SZ}" for d in days)
    read = parse(wrapped(START, "RRULE:FREQ=DAILY", line, "SUMMARY:Apel"), ZONE)
    assert len(first(read).exceptions) == 1_000 and "terlalu banyak" in read.notes[0]


@pytest.mark.parametrize("rule", ["RRULE:FREQ=HOURLY", "RDATE:20261130T010000Z"])
def test_changed_dates_are_kept_without_a_rule(rule: str) -> None:
    change = event("a", "RECURRENCE-ID:20261130T010000Z", "DTSTART:20261130T050000Z", "LOCATION:Aula")
    read = parse(file(*event("a", START, rule), *change), ZONE)
    moved = next(e for e in read.events if e.uid == "a/20261130T010000Z")
    assert (moved.starts_at.hour, moved.place) == (5, "Aula") and len(read.events) == 2 and read.notes


def test_every_text_that_is_shortened_says_so() -> None:
    read = parse(wrapped(START, "SUMMARY:" + "r" * 201, "DESCRIPTION:" + "k" * 20_001), ZONE)
    assert (len(first(read).title), len(first(read).description)) == (200, 20_000)
    assert "namanya, keterangannya" in read.notes[0]
    whole = parse(wrapped(START, "SUMMARY:" + "r" * 200, "DESCRIPTION:" + "k, \\n" * 4_000 + "k"), ZONE)
    assert not whole.notes and first(whole).description.count("\n") == 4_000


def test_markup_is_taken_out_of_what_others_write_only() -> None:
    ours = wrapped(START, "SUMMARY:<b>Rapat</b> &amp\\; x\u202e").replace(
        b"PRODID:x", b"PRODID:-//humasflow//ID"
    )
    assert first(parse(ours, ZONE)).title == "<b>Rapat</b> &amp; x"
    other = parse(file(*event("<a@x>", START), *event("<b@x>", START)), ZONE)
    assert [e.uid for e in other.events] == ["<a@x>", "<b@x>"]


def made(**changes: object) -> AgendaEvent:
    given = {
        "uid": "1", "sequence": 0, "title": "Apel", "description": "", "place": "", "organizer": "", "zone": ZONE,
        "all_day": False, "rule": "FREQ=WEEKLY;UNTIL=20261221", "needs": [], "state": EventState.CONFIRMED,
        "starts_at": datetime(2026, 11, 23, 1, tzinfo=UTC), "ends_at": datetime(2026, 11, 23, 2, tzinfo=UTC),
        "reason": "", "is_private": False, "updated_at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    return AgendaEvent(**(given | changes))


def written(one: AgendaEvent) -> tuple[bytes, icalendar.Event]:
    data = calendar_of("x", components_of(one), refresh=timedelta(hours=1))
    return data, icalendar.Calendar.from_ical(data).events[0]


def test_the_end_of_a_rule_is_of_the_kind_its_beginning_is() -> None:
    data, shown = written(made())
    until = shown["rrule"]["UNTIL"][0]
    assert until == datetime(2026, 12, 21, 15, 59, 59, tzinfo=UTC)
    days = rrule.rrulestr(shown["rrule"].to_ical().decode(), dtstart=shown["dtstart"].dt)
    assert [d.day for d in days] == [23, 30, 7, 14, 21]
    assert first(parse(data, ZONE)).rule == "FREQ=WEEKLY;UNTIL=20261221"
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)
    whole = made(
        all_day=True,
        starts_at=midnight,
        ends_at=midnight + timedelta(days=1),
        rule="FREQ=DAILY;UNTIL=20261124T160000Z",
    )
    assert b"UNTIL=20261125\r\n" in written(whole)[0].replace(b";UNTIL=20261125;", b"")


def test_what_waits_for_a_new_time_says_so_in_its_name() -> None:
    data, shown = written(made(rule="", state=EventState.POSTPONED, title="Apel; besar\\"))
    assert shown["summary"] == "Ditunda: Apel; besar\\"
    assert first(parse(data, ZONE)).title == "Apel; besar\\"


@pytest.mark.parametrize(("said", "kept"), [("PUBLIC", False), ("PRIVATE", True), ("CONFIDENTIAL", True)])
def test_what_its_calendar_keeps_from_others(said: str, kept: bool) -> None:
    assert first(parse(wrapped(START, f"CLASS:{said}", "SUMMARY:x"), ZONE)).is_private is kept
    assert (b"CLASS:PRIVATE" in written(made(is_private=kept))[0]) is kept
