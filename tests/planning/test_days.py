"""Days of the year: computed, bundled, the office's own; and the page on which an admin sees to them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, UserError
from humasflow.planning.days import pawukon, services
from humasflow.planning.days.enums import DayKind
from humasflow.planning.days.models import DaySettings, SpecialDay
from humasflow.planning.days.queries import (
    DayMark,
    get_special_day,
    last_decreed_year,
    list_days,
)
from humasflow.planning.days.services import DayContent
from humasflow.planning.offering import DuplicateName
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.support.forms import form_with, send
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
ANY_DAY = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


# The Pawukon

WEEK_OF_FIVE = ("Umanis", "Paing", "Pon", "Wage", "Kliwon")


def day_of_five(day: date) -> str:
    """Reckoned by itself: 17 June 2026, Galungan, was Wednesday Kliwon."""
    return WEEK_OF_FIVE[(day - date(2026, 6, 17)).days % 5 - 1]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 2, 28), "Galungan"), (date(2024, 9, 25), "Galungan"), (date(2025, 4, 23), "Galungan"),
        (date(2025, 11, 19), "Galungan"), (date(2026, 6, 17), "Galungan"),
        (date(2024, 3, 9), "Kuningan"), (date(2024, 10, 5), "Kuningan"), (date(2025, 5, 3), "Kuningan"),
        (date(2025, 11, 29), "Kuningan"),
        (date(2025, 2, 8), "Saraswati"), (date(2025, 9, 6), "Saraswati"),
        (date(2025, 2, 12), "Pagerwesi"), (date(2025, 9, 10), "Pagerwesi"),
        (date(2025, 2, 22), "Tumpek Landep"),
    ],
)  # fmt: skip
def test_the_pawukon_meets_the_dates_of_printed_calendars(day: date, name: str) -> None:
    assert pawukon.holy_day_on(day) == name


@given(ANY_DAY)
def test_the_cycle_is_210_days_and_its_weeks_fit_together(day: date) -> None:
    place = pawukon.place_of(day)
    assert 0 <= place < 210
    assert place % 7 == (day.weekday() + 1) % 7, "the seven days are those of the ordinary week"
    if day.toordinal() + 210 <= date.max.toordinal():
        later = day + timedelta(days=210)
        assert (pawukon.place_of(later), pawukon.holy_day_on(later)) == (place, pawukon.holy_day_on(day))


@given(ANY_DAY)
def test_each_holy_day_has_the_day_of_five_that_makes_it_one(day: date) -> None:
    """Tumpek is Saturday Kliwon, always and only; the others by their own rule."""
    name = pawukon.holy_day_on(day) or ""
    is_tumpek = day.weekday() == 5 and day_of_five(day) == "Kliwon"
    assert is_tumpek == (name.startswith("Tumpek") or name == "Kuningan")
    rules = {"Galungan": "Kliwon", "Pagerwesi": "Kliwon", "Saraswati": "Umanis", "Buda Cemeng Kelawu": "Wage"}
    if name in rules:
        assert day_of_five(day) == rules[name]


def test_galungan_comes_ten_days_before_kuningan_and_saraswati_four_before_pagerwesi() -> None:
    at = {name: place for place, name in pawukon.HOLY_DAYS.items()}
    assert at["Kuningan"] - at["Galungan"] == 10
    assert (at["Pagerwesi"] - at["Saraswati"]) % 210 == 4
    assert sorted(at[n] for n in at if n.startswith("Tumpek") or n == "Kuningan") == list(range(13, 210, 35))


# What stands on a day


def names(marks: tuple[DayMark, ...]) -> list[str]:
    return [m.name for m in marks]


def on(world: World, day: date) -> tuple[DayMark, ...]:
    return list_days(world.office.id, day, day + timedelta(days=1)).get(day, ())


@pytest.mark.db
def test_holidays_and_joint_leave_close_offices_and_national_days_do_not(world: World) -> None:
    (independence,) = on(world, date(2026, 8, 17))
    assert (independence.kind, independence.is_closed) == (DayKind.HOLIDAY, True)
    (leave,) = on(world, date(2026, 12, 24))
    assert (leave.name, leave.kind) == ("Cuti Bersama Hari Raya Natal", DayKind.JOINT_LEAVE)
    assert leave.is_closed
    (oeang,) = on(world, date(2026, 10, 30))
    assert (oeang.name, oeang.kind, oeang.is_closed) == (
        "Hari Oeang Republik Indonesia", DayKind.NATIONAL, False,
    )  # fmt: skip


@pytest.mark.db
def test_a_date_that_may_still_change_carries_a_flag_and_not_a_word_in_its_name(world: World) -> None:
    (eid,) = on(world, date(2027, 3, 10))
    assert (eid.name, eid.is_estimate) == ("Hari Raya Idul Fitri", True)
    (known,) = on(world, date(2026, 3, 21))
    assert (known.name, known.is_estimate) == ("Hari Raya Idul Fitri", False)
    assert (eid.doubt, known.doubt) == ("(perkiraan)", "")
    assert not any("perkiraan" in m.name for m in closed_days(world, 2027))


def closed_days(world: World, year: int) -> list[DayMark]:
    days = list_days(world.office.id, date(year, 1, 1), date(year + 1, 1, 1))
    return [m for marks in days.values() for m in marks if m.is_closed]


@pytest.mark.db
def test_in_a_year_without_a_decree_only_the_sun_and_easter_are_sure(world: World) -> None:
    """Nyepi is reckoned like the Islamic days, whatever the package calls it; and nobody knows any joint leave yet."""
    year = last_decreed_year() + 1
    marks = closed_days(world, year)
    assert {m.name for m in marks if not m.is_estimate} == {
        "Tahun Baru Masehi", "Wafat Yesus Kristus", "Kebangkitan Yesus Kristus", "Hari Buruh Internasional",
        "Kenaikan Yesus Kristus", "Hari Lahir Pancasila", "Hari Kemerdekaan Republik Indonesia", "Hari Raya Natal",
    }  # fmt: skip
    assert {"Hari Suci Nyepi", "Hari Raya Idul Fitri", "Hari Raya Waisak"} <= {
        m.name for m in marks if m.is_estimate
    }
    assert all(m.kind is DayKind.HOLIDAY for m in marks)
    assert next(m for m in closed_days(world, 2026) if m.name == "Hari Suci Nyepi").is_estimate is False


@pytest.mark.db
def test_the_bundled_days_are_the_offices_to_change(world: World, in_request: None) -> None:
    rows = db.session.scalars(select(SpecialDay).where(SpecialDay.office_id == world.office.id)).all()
    assert len(rows) == 38
    assert (
        sum(not r.is_confirmed for r in rows)
        == sum(not sourced for _d, sourced, _s in services.bundled())
        > 0
    )
    services.seed_days(world.office.id)
    assert db.session.scalar(select(func.count()).where(SpecialDay.office_id == world.office.id)) == 38
    heroes = next(r for r in rows if r.name == "Hari Pahlawan")
    assert not on(world, date(2026, 11, 10))[0].is_confirmed
    admin = world.as_(world.admin)
    services.confirm_day(heroes, actor=admin)
    assert on(world, date(2026, 11, 10))[0].is_confirmed
    services.switch_day(heroes, actor=admin, is_active=False)
    assert on(world, date(2026, 11, 10)) == ()
    services.switch_day(heroes, actor=admin, is_active=True)
    moved = DayContent("Hari Pahlawan", 11, 11)
    services.change_day(heroes, actor=admin, content=moved, row_version=heroes.row_version)
    assert names(on(world, date(2026, 11, 11))) == ["Hari Pahlawan"]
    told = [e.detail["changed"] for e in reversed(audit.list_timeline(("special_day", heroes.id)))]
    assert told == [["is_confirmed"], ["is_active"], ["is_active"], ["day"]]
    batik = next(r for r in rows if r.name == "Hari Batik Nasional")
    renamed = DayContent("Hari Batik", 10, 2)
    services.change_day(batik, actor=admin, content=renamed, row_version=batik.row_version)
    assert batik.source == "Keppres 33/2009"
    moved = DayContent("Hari Batik", 10, 3)
    services.change_day(batik, actor=admin, content=moved, row_version=batik.row_version)
    assert batik.source == "", "the source is about another date"


@pytest.mark.db
def test_an_own_day_is_of_one_year_or_of_every_year(
    world: World, other_world: World, in_request: None
) -> None:
    admin = world.as_(world.admin)
    services.create_day(world.office.id, actor=admin, content=DayContent("  HUT   kantor ", 5, 4))
    services.create_day(world.office.id, actor=admin, content=DayContent("Kunjungan menteri", 5, 4, 2027))
    assert names(on(world, date(2026, 5, 4))) == ["HUT kantor"]
    assert names(on(world, date(2027, 5, 4))) == ["HUT kantor", "Kunjungan menteri"]
    assert on(other_world, date(2027, 5, 4)) == ()
    services.create_day(world.office.id, actor=admin, content=DayContent("Hari kabisat", 2, 29))
    leap = list_days(world.office.id, date(2027, 1, 1), date(2029, 1, 1))
    assert [d for d, marks in leap.items() if "Hari kabisat" in names(marks)] == [date(2028, 2, 29)]


@pytest.mark.db
def test_a_day_may_last_and_reach_over_the_end_of_the_year(world: World, in_request: None) -> None:
    admin = world.as_(world.admin)
    services.create_day(
        world.office.id, actor=admin, content=DayContent("Posko akhir tahun", 12, 30, None, 4)
    )
    services.create_day(world.office.id, actor=admin, content=DayContent("Pekan layanan", 12, 30, 2026, 5))

    def days_of(name: str, start: date, end: date) -> list[date]:
        return [d for d, marks in list_days(world.office.id, start, end).items() if name in names(marks)]

    last, first = date(2026, 12, 30), date(2027, 1, 3)
    span = [last + timedelta(days=n) for n in range(5)]
    assert days_of("Pekan layanan", date(2026, 12, 1), date(2027, 12, 31)) == span
    assert days_of("Pekan layanan", first, date(2027, 2, 1)) == [first], "from its middle"
    assert days_of("Posko akhir tahun", date(2027, 1, 1), date(2027, 2, 1)) == span[2:4]
    assert days_of("Posko akhir tahun", date(2030, 12, 1), date(2031, 2, 1)) == [
        date(2030, 12, 30), date(2030, 12, 31), date(2031, 1, 1), date(2031, 1, 2),
    ]  # fmt: skip
    for lasts in (0, -3, 61):
        with pytest.raises(services.ImpossibleEnd):
            services.create_day(world.office.id, actor=admin, content=DayContent("x", 1, 1, None, lasts))


@pytest.mark.db
@pytest.mark.parametrize(
    "content",
    [
        DayContent("x", 2, 30), DayContent("x", 2, 29, 2027), DayContent("x", 13, 1), DayContent("x", 0, 1),
        DayContent("x", 1, 1, 1900), DayContent("x", 1, 1, 9999), DayContent("  ", 1, 1), DayContent("x" * 121, 1, 1),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused_with_a_sentence(
    world: World, in_request: None, content: DayContent
) -> None:
    with pytest.raises(UserError) as refused:
        services.create_day(world.office.id, actor=world.as_(world.admin), content=content)
    assert refused.value.message


@pytest.mark.db
def test_twins_strangers_and_stale_saves_are_refused(
    world: World, other_world: World, in_request: None
) -> None:
    admin = world.as_(world.admin)
    made = services.create_day(world.office.id, actor=admin, content=DayContent("HUT kantor", 5, 4))
    with pytest.raises(DuplicateName):
        services.create_day(world.office.id, actor=admin, content=DayContent("hut KANTOR", 5, 4, 2027))
    with pytest.raises(NotAllowed):
        services.create_day(world.office.id, actor=world.as_(world.editor), content=DayContent("Lain", 5, 4))
    with pytest.raises(NotFound):
        services.switch_day(made, actor=other_world.as_(other_world.admin), is_active=False)
    with pytest.raises(NotFound):
        get_special_day(other_world.office.id, made.id)
    with pytest.raises(Conflict):
        services.change_day(
            made, actor=admin, content=DayContent("Baru", 5, 4), row_version=made.row_version - 1
        )


@pytest.mark.db
def test_pawukon_days_are_an_option(world: World, other_world: World, in_request: None) -> None:
    galungan = date(2026, 6, 17)
    assert "Galungan" not in names(on(world, galungan))
    services.show_pawukon(world.office.id, actor=world.as_(world.admin), shows=True)
    (mark,) = (m for m in on(world, galungan) if m.name == "Galungan")
    assert (mark.kind, mark.is_closed) == (DayKind.PAWUKON, False)
    assert "Galungan" not in names(on(other_world, galungan))
    services.show_pawukon(world.office.id, actor=world.as_(world.admin), shows=False)
    assert "Galungan" not in names(on(world, galungan))
    with pytest.raises(NotAllowed):
        services.show_pawukon(world.office.id, actor=world.as_(world.editor), shows=True)


@pytest.mark.db
def test_a_name_stands_once_on_a_day_and_what_closes_offices_comes_first(
    world: World, in_request: None
) -> None:
    admin = world.as_(world.admin)
    twin = DayContent("hari kemerdekaan republik indonesia", 8, 17)
    services.create_day(world.office.id, actor=admin, content=twin)
    services.create_day(world.office.id, actor=admin, content=DayContent("Upacara kantor", 8, 17))
    marks = on(world, date(2026, 8, 17))
    assert [(m.name, m.kind) for m in marks] == [
        ("Hari Kemerdekaan Republik Indonesia", DayKind.HOLIDAY), ("Upacara kantor", DayKind.OFFICE),
    ]  # fmt: skip


@pytest.mark.db
def test_a_decade_is_one_statement_and_the_edges_of_time_are_quiet(
    world: World, statements: QueryCount
) -> None:
    office_id = world.office.id
    db.session.rollback()
    statements.reset()
    list_days(office_id, date(2020, 1, 1), date(2030, 1, 1))
    assert len(statements) == 1
    assert list_days(office_id, date(9999, 12, 1), date.max)
    assert list_days(office_id, date(1, 1, 1), date(1, 2, 1))
    assert list_days(office_id, date(2026, 1, 1), date(2026, 1, 1)) == {}


# The page


def test_an_admin_adds_changes_and_switches_a_day(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    page = admin.follow(
        send(admin, "/pengaturan/hari", "on", {"name": "HUT kantor", "on": "2026-05-04", "yearly": "y"})
    )
    assert "HUT kantor" in page.main and "4 Mei, tiap tahun" in page.main
    row = db.session.scalars(select(SpecialDay).where(SpecialDay.name == "HUT kantor")).one()
    assert (row.month, row.day, row.year) == (5, 4, None)
    edit = f"/pengaturan/hari/{row.id}"
    sent = form_with(admin.get(edit), "on")
    sent.pop("yearly")
    admin.post(edit, sent | {"name": "HUT ke-20", "on": "2027-05-05"})
    db.session.refresh(row)
    assert (row.name, row.month, row.day, row.year) == ("HUT ke-20", 5, 5, 2027)
    conflict = admin.post(edit, sent | {"name": "Punya orang kedua", "form_token": "lain"}, status=409)
    assert "HUT ke-20" in conflict.main and 'value="Punya orang kedua"' in conflict.html
    admin.post(f"{edit}/nonaktifkan")
    assert "Tidak ditampilkan HUT ke-20" in admin.get("/pengaturan/hari").main
    admin.post(f"{edit}/aktifkan")
    db.session.refresh(row)
    assert row.is_active


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    world: World, browser_of: BrowserOf
) -> None:
    admin = browser_of(world.admin)
    for typed in ({"on": "2026-02-30"}, {"on": "1900-01-01"}, {"on": "9999-01-01"}, {"on": ""}):
        page = send(admin, "/pengaturan/hari", "on", {"name": "Yang saya ketik", **typed}, status=422)
        assert 'value="Yang saya ketik"' in page.html
    for until in ("2026-05-03", "2026-08-01", "x"):
        typed = {"name": "Yang saya ketik", "on": "2026-05-04", "until": until}
        page = send(admin, "/pengaturan/hari", "on", typed, status=422)
        assert page.soup.select_one("#until[aria-invalid=true]") is not None
    page = send(admin, "/pengaturan/hari", "on", {"name": "Hari Kartini", "on": "2026-04-21"}, status=422)
    assert "sudah ada pada tanggal itu" in page.main


def test_the_page_says_what_is_estimated_and_what_is_to_be_looked_up(
    world: World, browser_of: BrowserOf, at: Callable[[str], object]
) -> None:
    with at("2027-02-01T00:00:00Z"):  # type: ignore[attr-defined]
        admin = browser_of(world.admin)
        page = admin.get("/pengaturan/hari")
        assert "Hari Raya Idul Fitri (perkiraan)" in page.main
        assert "Perlu dipastikan" in page.main
        assert "Sumber: Keppres 33/2009" in page.main
        assert f"Cuti bersama {last_decreed_year() + 1} dan sesudahnya" in page.main
        row = db.session.scalars(
            select(SpecialDay).where(
                SpecialDay.name == "Hari Pahlawan", SpecialDay.office_id == world.office.id
            )
        ).one()
        admin.post(f"/pengaturan/hari/{row.id}/pastikan", form_with(page, "csrf_token"))
        db.session.refresh(row)
        assert row.is_confirmed


def test_a_week_of_the_office_is_typed_and_shown_with_both_ends(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    typed = {"name": "Pekan layanan", "on": "2026-12-30", "until": "2027-01-02"}
    page = admin.follow(send(admin, "/pengaturan/hari", "on", typed))
    assert "30 Desember 2026 – 2 Januari 2027" in page.main
    row = db.session.scalars(select(SpecialDay).where(SpecialDay.name == "Pekan layanan")).one()
    edit = admin.get(f"/pengaturan/hari/{row.id}")
    assert edit.soup.select_one("#until[value='2027-01-02']") is not None


def test_the_pawukon_is_switched_on_the_page(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    admin.post("/pengaturan/hari/pawukon", {"tampil": "ya"})
    assert db.session.get_one(DaySettings, world.office.id).shows_pawukon
    assert "Galungan" in admin.get("/pengaturan/hari").main
    admin.post("/pengaturan/hari/pawukon", {"tampil": "tidak"})
    db.session.expire_all()
    assert not db.session.get_one(DaySettings, world.office.id).shows_pawukon


def test_only_an_admin_sees_the_page_and_another_office_is_not_there(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    browser_of(world.editor).get("/pengaturan/hari", status=403)
    row = db.session.scalars(select(SpecialDay).where(SpecialDay.office_id == other_world.office.id)).first()
    assert row is not None
    browser_of(world.admin).get(f"/pengaturan/hari/{row.id}", status=404)
    browser_of(world.admin).post(f"/pengaturan/hari/{row.id}/nonaktifkan", status=404)
