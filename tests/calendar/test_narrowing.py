"""What the calendar's address carries, and what each kind of item answers."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from humasflow.calendar.enums import CalendarView, ItemKind
from humasflow.calendar.narrowing import MOST, Narrowing
from humasflow.calendar.spans import FIRST_DAY, LAST_DAY
from humasflow.publishing.enums import PostState

TODAY = date(2026, 11, 22)
numbers = st.lists(st.integers(1, 2**40), max_size=4, unique=True).map(lambda n: tuple(sorted(n)))


def members(kind: type) -> st.SearchStrategy[tuple[object, ...]]:
    return st.sets(st.sampled_from(list(kind)), max_size=4).map(
        lambda chosen: tuple(m for m in kind if m in chosen)
    )


narrowings = st.builds(
    Narrowing, st.sampled_from(CalendarView), st.dates(FIRST_DAY, LAST_DAY), st.just(TODAY), numbers, numbers,
    numbers, numbers, st.none() | st.integers(1, 2**40), members(PostState), members(ItemKind),
    st.text(max_size=MOST).map(lambda text: " ".join(text.replace("\x00", "").split())),
)  # fmt: skip


def read(query: str) -> Narrowing:
    return Narrowing.from_query(query, TODAY)


@given(narrowings)
def test_the_address_carries_all_of_it(narrowing: Narrowing) -> None:
    assert read(narrowing.query()) == narrowing


@given(narrowings, st.randoms())
def test_two_equal_calendars_have_one_address(narrowing: Narrowing, random: object) -> None:
    pairs = parse_qsl(narrowing.query())
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert Narrowing.from_args(MultiDict(pairs), TODAY).query() == narrowing.query()


@given(narrowings)
def test_each_filter_can_be_taken_away(narrowing: Narrowing) -> None:
    for key, value in narrowing.pairs:
        if key not in ("tampilan", "hari"):
            assert (key, value) not in read(narrowing.without(key, value)).pairs


@given(
    st.dictionaries(st.sampled_from(["tampilan", "hari", "bulan", "kanal", "orang", "keadaan"]), st.text())
)
def test_nothing_in_an_address_is_an_error(args: dict[str, str]) -> None:
    narrowing = Narrowing.from_args(MultiDict(args), TODAY)
    assert FIRST_DAY <= narrowing.day <= LAST_DAY
    assert read(narrowing.query()) == narrowing


@pytest.mark.parametrize(
    "day", ["1900-01-01", "9999-12-31", "2026-02-30", "20261101", "x", "2026-11-1", "2026-W01-1"]
)
def test_a_day_that_cannot_be_is_today(day: str) -> None:
    assert read(f"hari={day}").day == TODAY


def test_older_addresses_are_understood() -> None:
    assert read("bulan=2026-02").day == date(2026, 2, 1)
    assert read("bulan=2026-02&hari=2026-03-04").day == date(2026, 3, 4)


def test_a_kept_view_opens_on_today() -> None:
    kept = read("tampilan=pekan&hari=2026-01-05&kanal=3").kept
    assert kept == "tampilan=pekan&kanal=3"


def test_many_values_are_cut() -> None:
    assert len(read("&".join(f"kanal={n}" for n in range(1, 500))).account_ids) == MOST


def test_what_cannot_answer_a_filter_is_out_of_the_picture() -> None:
    assert all(read("").shows(kind) for kind in ItemKind)
    by_channel = read("kanal=1")
    assert [k for k in ItemKind if by_channel.shows(k)] == [ItemKind.POST, ItemKind.DEADLINE, ItemKind.DAY]
    assert [k for k in ItemKind if read("keadaan=draft").shows(k)] == [ItemKind.POST, ItemKind.DAY]
    assert [k for k in ItemKind if read("jenis=agenda").shows(k)] == [ItemKind.EVENT]
    assert read("kampanye=1").shows(ItemKind.CAMPAIGN)
    assert not read("jenis=agenda&kanal=1").shows(ItemKind.EVENT)
