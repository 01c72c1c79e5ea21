"""Repetition: against dateutil as the reference, its errors, what a huge rule costs, its words."""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.planning.agenda.recurrence import BadRule, Frequency, Rule, Weekday, days_of, parse_rule
from humasflow.planning.agenda.rule_words import describe
from humasflow.planning.agenda.series import Series
from humasflow.planning.agenda.shifting import shifted

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "America/New_York", "Australia/Lord_Howe", "UTC"]


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Rules that come true now and then: dateutil looks for the others until the year 9999."""
    freq = draw(st.sampled_from(list(Frequency)))
    by_day: list[Weekday] = []
    by_month_day: list[int] = []
    kind = draw(st.sampled_from(["plain", "days", "nth", "dates"]))
    long = freq in (Frequency.MONTHLY, Frequency.YEARLY)
    if kind == "days" or (kind == "nth" and not long):
        by_day = [Weekday(d) for d in draw(st.sets(st.integers(0, 6), min_size=1, max_size=4))]
    elif kind == "nth":
        pairs = st.tuples(st.integers(0, 6), st.sampled_from([1, 2, 3, 4, -1, -2]))
        by_day = [Weekday(d, n) for d, n in draw(st.sets(pairs, min_size=1, max_size=3))]
    elif kind == "dates" and freq is not Frequency.WEEKLY:
        by_month_day = sorted(
            draw(st.sets(st.sampled_from([1, 13, 15, 28, -1, -2, 31]), min_size=1, max_size=3))
        )
    months = draw(st.sets(st.integers(1, 12), max_size=2)) if long else set()
    interval = draw(st.integers(1, 4))
    if freq is Frequency.MONTHLY and months:
        interval = 1
    positions = (
        draw(st.sets(st.sampled_from([1, 2, -1]), max_size=2)) if (by_day or by_month_day) and long else set()
    )
    return Rule(
        freq, interval, by_day=tuple(sorted(by_day)), by_month_day=tuple(by_month_day),
        by_month=tuple(sorted(months)), by_set_pos=tuple(sorted(positions)),
        week_start=draw(st.sampled_from([0, 6, 3])),
    )  # fmt: skip


def reference(rule: Rule, start: datetime, first: datetime, last: datetime) -> list[datetime]:
    """What dateutil gives, on the wall clock."""
    given_ = rrulestr(str(rule), dtstart=start)
    return [at for at in takewhile(lambda at: at <= last, given_) if at >= first]


@settings(max_examples=150, deadline=None)
@given(rules(), st.dates(date(2019, 1, 1), date(2027, 12, 31)), st.integers(0, 900), st.integers(0, 500))
def test_the_days_of_a_rule_are_dateutils(rule: Rule, start: date, offset: int, length: int) -> None:
    first = start + timedelta(days=offset)
    last = first + timedelta(days=length)
    midnight = datetime.min.time()
    expected = reference(
        rule,
        *(datetime.combine(d, midnight) for d in (start, first, last)),
    )
    assert list(days_of(rule, start, first, last)) == [at.date() for at in expected]
    assert parse_rule(str(rule)) == rule


@settings(max_examples=80, deadline=None)
@given(
    rules(),
    st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31)),
    st.sampled_from(ZONES),
    st.integers(1, 20),
)
def test_instants_stand_on_the_wall_clock_of_the_zone_and_a_count_is_kept(
    rule: Rule, start: datetime, zone: str, count: int
) -> None:
    start = start.replace(second=0, microsecond=0)
    counted = Rule(**{**vars(rule), "count": count})
    tz = ZoneInfo(zone)
    at = start.replace(tzinfo=tz).astimezone(UTC)
    if at.astimezone(tz).replace(tzinfo=None) != start:
        return  # summer time skips it
    series = Series(at, at + timedelta(hours=2), zone, False, str(counted))
    expected = [one.replace(tzinfo=tz).astimezone(UTC) for one in rrulestr(str(counted), dtstart=start)]
    assert series.between(at, datetime(2101, 1, 1, tzinfo=UTC)) == expected
    assert series.until_at() == (series.end_of(expected[-1]) if expected else series.ends_at)
    assert all(series.has(one) for one in expected)
    if len(expected) > 1:
        assert series.before(expected[-1]) == len(expected) - 1
        assert series.last_before(expected[-1]) == expected[-2]
        late = expected[len(expected) // 2]
        assert series.between(late, datetime(2101, 1, 1, tzinfo=UTC), until=series.until_at()) == [
            one for one in expected if series.end_of(one) > late
        ]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]), st.integers(1, 3), st.sets(st.integers(0, 6), max_size=4),
    st.sampled_from([0, 6]), st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(-9, 9),
)  # fmt: skip
def test_moving_all_of_a_weekly_rule_moves_each_of_its_days_as_far(
    freq: Frequency, interval: int, days: set[int], week_start: int, start: date, by: int
) -> None:
    rule = Rule(freq, interval, by_day=tuple(sorted(Weekday(d) for d in days)), week_start=week_start)
    first = next(days_of(rule, start, start, date(2030, 1, 1)))
    moved = shifted(rule, first, first + timedelta(days=by))
    begin = first + timedelta(days=by)
    before = list(islice(days_of(rule, first, first, date(2100, 1, 1)), 20))
    after = list(islice(days_of(moved, begin, begin, date(2100, 1, 1)), 20))
    assert after == [day + timedelta(days=by) for day in before]


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=2TU", date(2026, 11, 10), date(2026, 11, 12), "FREQ=MONTHLY;BYDAY=2TH"),
        ("FREQ=MONTHLY;BYDAY=-1FR", date(2026, 11, 27), date(2026, 11, 30), "FREQ=MONTHLY;BYDAY=-1MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", date(2026, 11, 15), date(2026, 11, 17), "FREQ=MONTHLY;BYMONTHDAY=17"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", date(2026, 11, 30), date(2026, 11, 29), "FREQ=MONTHLY;BYMONTHDAY=-2"),
        (
            "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30", date(2026, 11, 30), date(2026, 12, 1),
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1",
        ),
    ],
)  # fmt: skip
def test_moving_all_of_a_monthly_rule(text: str, before: date, after: date, expected: str) -> None:
    assert str(shifted(parse_rule(text), before, after)) == expected


def test_what_no_rule_can_say_is_refused(in_request: None) -> None:
    with pytest.raises(BadRule, match="menyebut beberapa hari"):
        shifted(parse_rule("FREQ=MONTHLY;BYMONTHDAY=1,15"), date(2026, 11, 1), date(2026, 11, 2))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "ukuran lain"), ("FREQ=HOURLY", "ukuran lain"), ("FREQ=SECONDLY;COUNT=1000000", "ukuran lain"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0"), ("FREQ=DAILY;INTERVAL=-1", "INTERVAL=-1"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0"), ("FREQ=DAILY;COUNT=99999999999", "COUNT"),
        ("FREQ=DAILY;COUNT=1,2", "COUNT=1,2"), ("FREQ=DAILY;COUNT=2;UNTIL=20261201", "Pilih salah satu"),
        ("FREQ=DAILY;UNTIL=20261301", "UNTIL=20261301"), ("FREQ=DAILY;UNTIL=19000101", "sebelum tahun 1990"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY=XX"), ("FREQ=WEEKLY;BYDAY=2MO", "Senin kedua"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "tidak dapat memakai tanggal"), ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32"),
        ("FREQ=YEARLY;BYWEEKNO=2", "BYWEEKNO"), ("FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY"), ("RRULE", "RRULE"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"), ("FREQ=DAILY;WKST=1", "WKST=1"), ("FREQ=DAILY;" + "A" * 600, "panjang"),
        ("FREQ=DAILY;COUNT=٣", "COUNT"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_understood_says_why(in_request: None, text: str, sentence: str) -> None:
    with pytest.raises(BadRule, match=sentence):
        parse_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;COUNT=1000000", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=1000000", "FREQ=DAILY",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=1000000", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;UNTIL=99991231", "FREQ=YEARLY;INTERVAL=1000",
    ],
)  # fmt: skip
def test_a_rule_of_a_million_costs_what_the_span_costs(text: str) -> None:
    start = datetime(1990, 1, 1, 2, tzinfo=UTC)
    series = Series(start, start + timedelta(hours=1), "Asia/Jakarta", False, text)
    began = time.process_time()
    until = series.until_at()
    assert time.process_time() - began < 1.0  # once, when it is saved
    began = time.process_time()
    found = series.between(
        datetime(2099, 1, 1, tzinfo=UTC), datetime(2099, 2, 1, tzinfo=UTC), until=until, limit=2000
    )
    assert time.process_time() - began < 0.05
    assert len(found) <= 31
    assert len(series.between(start, datetime(2101, 1, 1, tzinfo=UTC), until=until, limit=100)) <= 100
    assert until is None or until.year <= 2101


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""), ("FREQ=WEEKLY;UNTIL=20261212", "Setiap Senin, sampai 12 Des 2026"),
        ("FREQ=MONTHLY", "Setiap bulan pada tanggal 2"), ("FREQ=YEARLY", "Setiap 2 November"), ("FREQ=DAILY", "Setiap hari"), ("FREQ=DAILY;INTERVAL=3;COUNT=4", "Setiap 3 hari, 4 kali"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "Setiap Senin, Rabu dan Jumat"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Setiap bulan pada Selasa kedua"),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231", "Setiap bulan pada Jumat terakhir, sampai 31 Des 2026"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Setiap bulan pada hari terakhir"),
        ("FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=28", "Setiap 28 Oktober"),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T170000Z", "Setiap 2 pekan pada Senin, sampai 1 Jan 2027"),
    ],
)  # fmt: skip
def test_a_rule_in_words(in_request: None, text: str, words: str) -> None:
    assert describe(text, datetime(2026, 11, 2, 2, tzinfo=UTC), "Asia/Jakarta") == words
