"""Pindahkan ke…: moving without a script, and the way back."""

from datetime import date, time
from typing import Any

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.localtime import from_local
from humasflow.posts.models import Post
from humasflow.posts.services import schedule_post
from humasflow.publishing import services as publishing
from tests.calendar.movement import (
    CHRISTMAS,
    NOW,
    PAGE,
    UNDO,
    At,
    Open,
    at_office,
    campaign,
    event,
    key,
    page_of,
    scheduled,
)
from tests.factories.world import World
from tests.publishing.desk import NewsDesk, hours
from tests.stories.tasks import task
from tests.support.page import Browser, Page


def send(browser: Browser, page: Page, status: int = 303, **typed: str) -> Page:
    """Fill in the form of a page and send it to where it goes."""
    (form,) = page.soup.select(f'main form[action^="{PAGE}"]')
    return browser.post(str(form["action"]), page.form(PAGE) | typed, status=status)


def answer_on(page: Page) -> str:
    """What the button that says yes sends."""
    button = page.soup.select_one("button[name=tetap]")
    assert button is not None
    return str(button["value"])


@pytest.fixture
def post(desk: NewsDesk, at: At) -> Any:
    with at(NOW):
        found = scheduled(desk, 20)
        db.session.commit()
        yield found


# Without a script


def test_the_twin_moves_many_and_offers_the_way_back(post: Post, world: World, browser_of: Open) -> None:
    dated, found, span = task(world, due=at_office(10, time(16))), event(world), campaign(world, 2, 20)
    db.session.commit()
    editor = browser_of(world.editor)
    items = [key(t) for t in (post, dated, found, span)]
    page = editor.get(PAGE, query_string={"item": items})
    assert page.h1 == "Pindahkan ke…"
    assert "Bulan Lelang" in page.main
    assert "Rapat koordinasi" in page.main
    for stands in (
        "20 Nov 2026 09.00 WIB",
        "10 Nov 2026 16.00 WIB",
        "4 Nov 2026 09.00 WIB",
        "2 Nov 2026 – 20 Nov 2026",
    ):
        assert stands in page.main
    form = page.form(PAGE)
    sent = {**form, "day": "", "shift": "-1"}
    moved = editor.post(page_of(*items), sent)
    done = editor.follow(moved)
    assert done.h1 == "Dipindahkan"
    assert "4 dipindahkan." in done.main
    db.session.expire_all()
    assert (post.scheduled_at, dated.due_at, found.starts_at, span.starts_on) == (
        at_office(19),
        at_office(9, time(16)),
        at_office(3),
        date(2026, 11, 1),
    )
    twice = editor.post(page_of(*items), sent)
    assert twice.location == moved.location, "pressed twice it is done once, and can still be taken back"
    db.session.expire_all()
    assert post.scheduled_at == at_office(19)
    back = editor.post(UNDO, done.form("urungkan"))
    assert back.location == "/kalender/?tampilan=bulan&hari=2026-11-20"
    assert "4 kembali ke tempat semula." in editor.follow(back).text
    db.session.expire_all()
    assert (post.scheduled_at, span.starts_on) == (at_office(20), date(2026, 11, 2))


def test_the_twin_asks_refuses_and_says_who_was_faster(post: Post, world: World, browser_of: Open) -> None:
    editor = browser_of(world.editor)
    page = editor.get(PAGE, query_string={"item": key(post), "hari": "2026-12-25", "jam": "10:30"})
    form = page.form(PAGE)
    here = page_of(post)
    assert (form["day"], form["time"]) == ("2026-12-25", "10:30")
    asked = editor.post(here, form, status=409)
    assert "Hari Raya Natal" in asked.main
    meant = {"tetap": answer_on(asked)}
    new_year = editor.post(here, {**asked.form(PAGE), "day": "2027-01-01", **meant}, status=409)
    assert "Tahun Baru" in new_year.main, "who said yes to Christmas did not say yes to New Year"
    assert "sudah lewat" in editor.post(here, {**asked.form(PAGE), "day": "2026-10-01"}, status=422).main
    assert "Pilih tanggalnya" in editor.post(here, {**form, "day": "", "form_token": "b"}, status=422).main
    assert (
        "tidak ada di kalender"
        in editor.post(here, {**form, "day": "31-02-2026", "form_token": "c"}, status=422).main
    )
    assert "bilangan hari" in editor.post(here, {**form, "shift": "x", "form_token": "d"}, status=422).main
    done = editor.follow(editor.post(here, {**asked.form(PAGE), **meant}))
    assert "25 Des 2026 10.30 WIB" in done.main
    other = browser_of(world.other_editor)
    words = other.get(PAGE, query_string={"item": key(post)}).form(PAGE)
    late = other.post(here, {**words, "day": "2026-11-30"}, status=409)
    assert "Redaktur Satu lebih dahulu mengubah" in late.main
    db.session.expire_all()
    assert post.scheduled_at == at_office(25, time(10, 30), 12)
    editor.post(here, {**form, "release": "1", "form_token": "f"})
    db.session.expire_all()
    assert post.scheduled_at is None


def test_the_twin_of_a_repeating_event_asks_which(
    world: World, at: At, browser_of: Open, in_request: None
) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=4")
        db.session.commit()
        editor = browser_of(world.editor)
        item = key(found, at_office(11))
        page = editor.get(PAGE, query_string={"item": item})
        assert [r["value"] for r in page.soup.select("input[name=extent]")] == ["one", "future", "all"]
        form = page.form(PAGE)
        assert (form["extent"], form["day"], form["time"]) == ("one", "2026-11-11", "09:00")
        editor.post(page_of(item), {**form, "day": "2026-11-12", "extent": "all"})
        db.session.expire_all()
        assert found.starts_at == at_office(5)


def test_the_twin_knows_nothing_of_what_is_not_there(
    post: Post, world: World, other_world: World, browser_of: Open
) -> None:
    editor = browser_of(world.editor)
    editor.get(PAGE, query_string={"item": "publikasi:999999:1"}, status=404)
    browser_of(other_world.editor).get(PAGE, query_string={"item": key(post)}, status=404)
    browser_of(world.contributor).get(PAGE, query_string={"item": key(post)}, status=403)
    assert editor.get(PAGE, status=303).location == "/kalender/"
    assert editor.get(PAGE, query_string={"item": "apa"}, status=303).location == "/kalender/"
    page = editor.get(
        PAGE, query_string={"item": [key(post), "publikasi:999999:1"], "hari": "besok", "jam": "x"}
    )
    assert "1 tidak ada (lagi)" in page.main
    assert post.story.title in page.main


# One publication


def test_the_page_of_one_publication(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        _story, (post,) = desk.going_out("web", at=clock.now() + hours(30), approved=False)
        editor = browser_of(world.editor)
        path = f"{PAGE}?item=publikasi:{post.id}"
        page = editor.get(path)
        assert "tidak akan tayang sebelum disetujui" in page.main
        assert f"/publikasi/{post.id}" in str(page.soup.main)
        done = editor.follow(send(editor, page, day="2026-11-03", time="13.30"))
        db.session.expire_all()
        assert post.scheduled_at == from_local(date(2026, 11, 3), time(13, 30), "Asia/Jakarta")
        assert "dipindahkan ke 3 Nov 2026 13.30 WIB" in done.main
        assert done.link("Kembali ke kalender") == "/kalender/?tampilan=bulan&hari=2026-11-03"
        assert "sudah lewat" in send(editor, editor.get(path), 422, day="2026-10-01").main
        assert "tidak ada di kalender" in send(editor, editor.get(path), 422, day="31-02-2026").main
        asked = send(editor, editor.get(path), 409, day="2026-12-25")
        assert "Hari Raya Natal" in asked.main
        send(editor, asked, tetap=answer_on(asked))
        send(editor, editor.get(path), release="1")
        db.session.expire_all()
        assert post.scheduled_at is None
        page = editor.get(path)
        assert (page.h1, page.form(PAGE)["time"]) == ("Jadwalkan", "09:00")


def test_who_was_faster_is_told_and_then_it_can_be_moved_on(
    post: Post, world: World, browser_of: Open
) -> None:
    editor, other = browser_of(world.editor), browser_of(world.other_editor)
    seen = other.get(page_of(post))
    send(editor, editor.get(page_of(post)), day="2026-11-09")
    late = send(other, seen, 409, day="2026-11-03")
    assert "Redaktur Satu lebih dahulu mengubah" in late.main
    send(other, late, day="2026-11-03")
    db.session.expire_all()
    assert post.scheduled_at == at_office(3)


def test_saying_yes_to_a_warning_overwrites_nobody(
    post: Post, desk: NewsDesk, world: World, browser_of: Open
) -> None:
    """What somebody moved meanwhile is said beside the warning, and only what was said counts as seen."""
    editor, other = browser_of(world.editor), browser_of(world.other_editor)
    beside = scheduled(desk, 21, account="facebook")
    db.session.commit()
    both = editor.get(page_of(post, beside))
    send(other, other.get(page_of(post)), day="2026-11-09")
    asked = send(editor, both, 409, day=CHRISTMAS.isoformat())
    assert "Hari Raya Natal" in asked.main
    assert "Redaktur Dua lebih dahulu mengubah Situs berita" in asked.main
    # A second time somebody is faster, with the other one, between the question and its answer.
    send(other, other.get(page_of(beside)), day="2026-11-10")
    late = send(editor, asked, 409, tetap=answer_on(asked))
    assert "Redaktur Dua lebih dahulu mengubah Facebook" in late.main
    db.session.expire_all()
    assert (post.scheduled_at, beside.scheduled_at) == (at_office(9), at_office(10))


def test_a_form_with_a_mistake_does_not_see_for_the_person(
    post: Post, world: World, browser_of: Open
) -> None:
    editor, other = browser_of(world.editor), browser_of(world.other_editor)
    seen = editor.get(page_of(post))
    send(other, other.get(page_of(post)), day="2026-11-09")
    again = send(editor, seen, 422, day="31-02-2026")
    assert "lebih dahulu" in send(editor, again, 409, day="2026-11-03").main


def test_days_and_an_hour_go_together(post: Post, world: World, browser_of: Open) -> None:
    found = event(world)
    db.session.commit()
    editor = browser_of(world.editor)
    send(editor, editor.get(page_of(post, found)), shift="2", day="", time="14:30")
    db.session.expire_all()
    assert (post.scheduled_at, found.starts_at) == (at_office(22, time(14, 30)), at_office(6, time(14, 30)))


def test_the_page_of_what_was_moved(post: Post, world: World, browser_of: Open) -> None:
    editor = browser_of(world.editor)
    moved = send(editor, editor.get(page_of(post)), day="2026-11-09")
    done = editor.follow(moved)
    assert "9 Nov 2026 09.00 WIB" in done.main
    editor.post(UNDO, done.form("urungkan"))
    db.session.expire_all()
    assert post.scheduled_at == at_office(20)
    assert "urungkan" not in str(editor.follow(moved).soup.main), "there is nothing left to take back"
    assert browser_of(world.other_editor).get(moved.location, status=303).location == "/kalender/"
    assert editor.get(f"{PAGE}?urungkan=x", status=303).location == "/kalender/"


def test_a_large_move_shows_its_result_at_once(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    """Its way back is too long for an address."""
    with at(NOW):
        posts = [scheduled(desk, 1 + n, time(9, 7 * n)) for n in range(8)]
        some = [*posts, *(event(world, 1 + n, time(8, 5 * n)) for n in range(10))]
        db.session.commit()
        editor = browser_of(world.editor)
        page = editor.get(page_of(*some))
        done = send(editor, page, 200, shift="1", day="")
        came_from = {"Referer": f"http://localhost{page_of(*some)}"}
        twice = editor.post(page_of(*some), page.form(PAGE) | {"shift": "1", "day": ""}, headers=came_from)
        assert twice.location == page_of(*some), "done once, and back on the page with all that was picked"
        editor.post(UNDO, done.form("urungkan"))
        db.session.expire_all()
        assert [p.scheduled_at for p in posts] == [at_office(1 + n, time(9, 7 * n)) for n in range(8)]


def test_an_undo_without_a_script_leaves_nothing_half_done(
    post: Post, world: World, browser_of: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = browser_of(world.editor)
    done = editor.follow(send(editor, editor.get(page_of(post)), day="2026-11-09"))

    def stopped(one: Post, **words: Any) -> None:
        schedule_post(one, **words)
        raise UserError("Tertahan")

    monkeypatch.setattr("humasflow.posts.services.schedule_post", stopped)
    assert "Tertahan" in editor.follow(editor.post(UNDO, done.form("urungkan"))).text
    db.session.expire_all()
    assert post.scheduled_at == at_office(9)


def test_a_click_on_a_day_or_a_gap_proposes_it(post: Post, world: World, browser_of: Open) -> None:
    editor = browser_of(world.editor)
    path = f"/kalender/pindahkan?item=publikasi:{post.id}"
    for query, day, clock_time in (
        ("", "2026-11-20", "09:00"), ("&hari=2026-11-05&jam=18:30", "2026-11-05", "18:30"),
        ("&hari=2026-11-05", "2026-11-05", "09:00"), ("&hari=2020-01-01", "2026-10-14", "09:00"),
        ("&hari=x&jam=y", "2026-11-20", "09:00"), ("&hari=9999-12-31&jam=24:00", "2026-11-20", "09:00"),
    ):  # fmt: skip
        form = editor.get(path + query).form(PAGE)
        assert (form["day"], form["time"]) == (day, clock_time), query


def test_that_page_asks_for_the_same_permissions(
    desk: NewsDesk, post: Post, world: World, other_world: World, browser_of: Open
) -> None:
    browser_of(world.lead).get(f"/kalender/pindahkan?item=publikasi:{post.id}", status=403)
    browser_of(other_world.editor).get(f"/kalender/pindahkan?item=publikasi:{post.id}", status=404)
    publishing.publish_now(post, actor=desk.editor)
    db.session.commit()
    desk.work()
    page = browser_of(world.editor).get(f"/kalender/pindahkan?item=publikasi:{post.id}")
    assert "sudah tayang" in page.main
    assert not page.soup.select("main form[method=post] input[name=day]")
