"""The pages of the agenda, as an editor and as a contributor."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning.agenda.models import AgendaEvent, AgendaFeed
from humasflow.planning.agenda.queries import occurrences_between
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.support.forms import form_with, send
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]
MONDAY = datetime(2099, 11, 2, 2, tzinfo=UTC)
WEEK = timedelta(weeks=1)
NEW = "/agenda/baru"
FILLED = {
    "title": "Rapat <b>besar</b>",
    "starts_on": "2099-11-02",
    "starts_time": "09:00",
    "ends_time": "10:30",
}


def made(browser: Browser, **typed: Any) -> tuple[AgendaEvent, Page]:
    sent = send(browser, NEW, "title", {**FILLED, **typed})
    event = db.session.get_one(AgendaEvent, int(sent.location.rsplit("/", 1)[1]))
    return event, browser.follow(sent)


def starts(world: World) -> list[datetime]:
    db.session.expire_all()
    found = occurrences_between(world.office.id, MONDAY - WEEK, MONDAY + 5 * WEEK)
    return [one.starts_at for one in found if one.takes_place]


def test_an_editor_writes_an_event_and_everybody_sees_it(world: World, browser_of: BrowserOf) -> None:
    event, page = made(browser_of(world.editor), needs=["photo", "news"], place="Aula")
    assert page.h1 == "Rapat <b>besar</b>"
    assert "Senin, 2 November 2099, 09.00–10.30 WIB" in page.main
    assert "Foto, Berita" in page.main
    listed = browser_of(world.contributor).get("/agenda/")
    assert "Rapat <b>besar</b>" in listed.main
    read = browser_of(world.contributor).get(listed.link("Rapat"))
    assert "Batalkan" not in read.main
    browser_of(world.contributor).get(f"/agenda/{event.id}/sunting", status=403)
    browser_of(world.contributor).get(NEW, status=403)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": " "}, "Tulis nama agendanya."), ({"ends_time": "08:00"}, "lebih awal daripada mulainya"),
        ({"starts_on": "1900-01-01"}, "tidak ada di kalender"), ({"starts_on": "9999-01-01"}, "tidak ada di kalender"),
        ({"starts_on": "2150-01-01"}, "antara 1990 dan 2100"), ({"ends_on": "2098-01-01"}, "lebih awal"),
        ({"repeat": "hourly"}, "tidak tersedia"), ({"repeat": "daily", "interval": "0"}, "bilangan bulat"),
        ({"repeat": "daily", "count": "3", "until_on": "2099-12-01"}, "Pilih salah satu"), ({"needs": "x"}, "tersedia"),
        ({"repeat": "daily", "until_on": "2098-01-01"}, "tidak pernah jatuh"), ({"weekdays": "9"}, "tersedia"), ({"weekdays": "x"}, "tersedia"),
        ({"starts_time": "25:00"}, "tidak dikenal"), ({"section_id": "999999"}, "tidak tersedia"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_lost(
    world: World, browser_of: BrowserOf, typed: dict[str, Any], sentence: str
) -> None:
    page = send(browser_of(world.editor), NEW, "title", {**FILLED, "place": "Aula", **typed}, status=422)
    assert sentence in page.main
    assert page.soup.find("input", id="place")["value"] == "Aula"
    assert db.session.query(AgendaEvent).count() == 0


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"repeat": "weekly", "weekdays": ["0", "2"], "count": "6"}, "FREQ=WEEKLY;COUNT=6;BYDAY=MO,WE"),
        ({"repeat": "monthly_day", "interval": "2"}, "FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO"),
        ({"repeat": "monthly_date"}, "FREQ=MONTHLY"), ({"repeat": "yearly"}, "FREQ=YEARLY"),
        ({"repeat": "daily", "until_on": "2099-11-30"}, "FREQ=DAILY;UNTIL=20991130"),
    ],
)  # fmt: skip
def test_a_repetition_is_picked_and_kept_when_nothing_is_touched(
    world: World, browser_of: BrowserOf, typed: dict[str, Any], rule: str
) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, **typed)
    assert event.rule == rule
    url = f"/agenda/{event.id}/sunting"
    page = editor.get(url)
    boxes = [box["value"] for box in page.soup.select("input[name=weekdays][checked]")]
    send(editor, url, "title", {"title": "Nama lain", "extent": "all", "weekdays": boxes})
    db.session.expire_all()
    assert (event.rule, event.title) == (rule, "Nama lain")


def test_one_the_later_ones_and_all_through_the_form(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="weekly", count="4")
    second = "20991109T020000Z"
    url = f"/agenda/{event.id}/sunting?saat={second}"
    send(editor, url, "title", {"starts_time": "13:00", "ends_time": "14:00", "extent": "one"})
    by = timedelta(hours=4)
    assert starts(world) == [MONDAY, MONDAY + WEEK + by, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK]
    third = f"/agenda/{event.id}/sunting?saat=20991116T020000Z"
    send(editor, third, "title", {"starts_on": "2099-11-17", "extent": "future"})
    day = timedelta(days=1)
    assert starts(world) == [MONDAY, MONDAY + WEEK + by, MONDAY + 2 * WEEK + day, MONDAY + 3 * WEEK + day]
    page = send(editor, url, "title", {"description": "Lain", "extent": "one"}, status=422)
    assert "Pada satu kali saja" in page.main


def test_cancelled_restored_postponed_removed_through_the_forms(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="weekly", count="3")
    second = f"saat={'20991109T020000Z'}"
    page = send(
        editor, f"/agenda/{event.id}/batal?{second}", "reason", {"reason": "", "extent": "one"}, status=422
    )
    assert "Tuliskan alasannya" in page.main
    sent = send(editor, f"/agenda/{event.id}/batal?{second}", "reason", {"reason": "Hujan", "extent": "one"})
    assert "Dibatalkan Hujan" in editor.follow(sent).main
    assert starts(world) == [MONDAY, MONDAY + 2 * WEEK]
    send(editor, f"/agenda/{event.id}/pulihkan?{second}", "extent", {"extent": "one"})
    assert len(starts(world)) == 3
    send(
        editor, f"/agenda/{event.id}/tunda?{second}", "reason",
        {"reason": "Ruang", "extent": "one", "starts_on": "2099-11-10"},
    )  # fmt: skip
    assert starts(world)[1] == MONDAY + WEEK + timedelta(days=1)
    sent = send(editor, f"/agenda/{event.id}/hapus?{second}", "extent", {"extent": "future"})
    assert sent.location.endswith("/agenda/")
    assert starts(world) == [MONDAY]


def test_two_people_at_once(world: World, browser_of: BrowserOf) -> None:
    first, second = browser_of(world.editor), browser_of(world.other_editor)
    event, _page = made(first)
    url = f"/agenda/{event.id}/sunting"
    opened = form_with(first.get(url), "title")
    send(second, url, "title", {"title": "Nama kedua"})
    page = first.post(url, {**opened, "title": "Nama ketiga"}, status=409)
    assert "Nama kedua" in page.main
    first.post(url, form_with(page, "title"))
    db.session.expire_all()
    assert event.title == "Nama ketiga"


@pytest.mark.parametrize("saat", ["x", "19000101T000000Z", "99991231T000000Z", "20991103T020000Z", "٢"])
def test_a_moment_that_is_none_of_its_does_not_exist(world: World, browser_of: BrowserOf, saat: str) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="weekly")
    editor.get(f"/agenda/{event.id}?saat={saat}", status=404)


def test_another_office_has_no_such_page(world: World, other_world: World, browser_of: BrowserOf) -> None:
    event, _page = made(browser_of(world.editor))
    for path in ("", "/sunting", "/batal", "/hapus"):
        browser_of(other_world.editor).get(f"/agenda/{event.id}{path}", status=404)


def test_the_list_costs_the_same_with_more(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    editor = browser_of(world.editor)

    def cost() -> int:
        editor.get("/agenda/")
        statements.reset()
        editor.get("/agenda/")
        return len(statements)

    made(editor, repeat="daily")
    before = cost()
    for n in range(3):
        made(editor, title=f"Agenda {n}", repeat="weekly")
    assert cost() == before


def test_the_reason_that_was_typed_stays_when_somebody_was_quicker(
    world: World, browser_of: BrowserOf
) -> None:
    first, second = browser_of(world.editor), browser_of(world.other_editor)
    event, _page = made(first, repeat="weekly", count="3")
    url = f"/agenda/{event.id}/tunda?saat=20991109T020000Z"
    opened = form_with(first.get(url), "reason")
    send(second, f"/agenda/{event.id}/sunting", "title", {"title": "Nama kedua", "extent": "all"})
    page = first.post(
        url, {**opened, "reason": "Ruang dipakai", "starts_on": "2099-11-10", "extent": "one"}, status=409
    )
    assert "Nama kedua" in page.main and "Isian Anda masih ada" in page.main
    assert page.soup.find("input", id="reason")["value"] == "Ruang dipakai"
    first.post(url, form_with(page, "reason") | {"extent": "one"})
    assert starts(world)[1] == MONDAY + WEEK + timedelta(days=1)


def test_what_would_be_lost_is_said_before(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="weekly", count="4")
    second = "saat=20991109T020000Z"
    send(editor, f"/agenda/{event.id}/batal?{second}", "reason", {"reason": "Hujan", "extent": "one"})
    url = f"/agenda/{event.id}/sunting?saat=20991102T020000Z"
    page = send(editor, url, "title", {"interval": "2", "extent": "all"}, status=409)
    assert "Ada yang akan hilang" in page.main and "9 Nov 2099 09.00 WIB (dibatalkan: Hujan)" in page.main
    assert len(starts(world)) == 3, "nothing has changed"
    editor.post(url, form_with(page, "title") | {"extent": "all", "hilangkan": "1"})
    assert starts(world)[:3] == [MONDAY + n * 2 * WEEK for n in range(3)]


def test_the_office_adds_its_own_to_what_another_calendar_keeps(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor)
    feed = AgendaFeed(
        office_id=world.office.id, name="Pusat", address="x", host="x.example", created_at=clock.now()
    )
    db.session.add(feed)
    db.session.flush()
    event.feed_id = feed.id
    db.session.commit()
    page = editor.get(f"/agenda/{event.id}")
    assert "kalender lain" in page.main and "Batalkan" not in page.main
    url = f"/agenda/{event.id}/sunting"
    assert "kalender asal" in editor.get(url).main and editor.get(url).soup.find(id="title") is None
    send(editor, url, "section_id", {"needs": ["photo"], "section_id": str(world.section.id)})
    db.session.expire_all()
    assert (event.needs, event.section_id, event.title) == (["photo"], world.section.id, "Rapat <b>besar</b>")
    browser_of(world.contributor).get(url, status=403)


def test_the_list_is_narrowed_and_goes_on(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    made(editor, title="Lelang rutin", repeat="daily", count="60", needs=["photo"])
    made(editor, title="Rapat", place="Balai kota", section_id=str(world.section.id))
    at = "dari=2099-11-01"
    assert "Rapat" not in editor.get(f"/agenda/?{at}&cari=LELANG").main.split("Tampilkan")[1]
    assert "Lelang" not in editor.get(f"/agenda/?{at}&cari=balai").main.split("Tampilkan")[1]
    assert "Lelang" not in editor.get(f"/agenda/?{at}&seksi={world.section.id}").main.split("Tampilkan")[1]
    assert "Rapat" not in editor.get(f"/agenda/?{at}&kebutuhan=photo").main.split("Tampilkan")[1]
    assert "tidak ada agenda yang cocok" in editor.get(f"/agenda/?{at}&liputan=sudah").main.lower()
    page, rows = editor.get(f"/agenda/?{at}&kebutuhan=photo&liputan=belum"), 0
    while True:
        rows += len(page.soup.select(".agenda-row"))
        further = page.soup.select_one("a[rel=next]")
        if further is None:
            break
        page = editor.get(further["href"])
    assert rows == 60
    editor.get("/agenda/?seksi=x&kebutuhan=x&keadaan=x&liputan=x&dari=x&setelah=x")


@pytest.mark.parametrize(
    ("typed", "text", "wrong"),
    [
        ("repeat=weekly&until_on=2099-12-12", "Setiap Senin, sampai 12 Des 2099, 6 kali: 2 Nov 2099, 9 Nov 2099", ""),
        ("repeat=daily&count=2", "Setiap hari, 2 kali: 2 Nov 2099, 3 Nov 2099.", ""), ("repeat=", "", ""),
        ("repeat=daily&until_on=2098-01-01", "", "tidak pernah jatuh"), ("repeat=x", "", ""),
        ("repeat=daily&count=3&until_on=2099-12-01", "", "Pilih salah satu"),
        ("repeat=weekly&count=10000000", "Setiap Senin, 10000000 kali: 2 Nov 2099", ""),
        ("repeat=daily&ends_on=9999-12-31", "", ""),
    ],
)  # fmt: skip
def test_the_repetition_is_said_while_it_is_typed(
    world: World, browser_of: BrowserOf, typed: str, text: str, wrong: str
) -> None:
    answer = browser_of(world.editor).client.get(
        f"/agenda/pengulangan?starts_on=2099-11-02&starts_time=09:00&{typed}"
    )
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["text"].startswith(text) and wrong in told["wrong"]


def test_a_contributor_has_no_form_to_ask_about(world: World, browser_of: BrowserOf) -> None:
    browser_of(world.contributor).get("/agenda/pengulangan", status=403)
