"""What the forms of an event say before and after: what is affected, what was left out, what it goes on from."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.planning.agenda.enums import Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_occurrence
from humasflow.planning.agenda.services import cancel_event, change_event, move_event
from humasflow.stories.services import covering
from tests.factories import desk
from tests.factories.world import World
from tests.planning.agenda.test_pages import FILLED, MONDAY, NEW, WEEK, made, starts
from tests.planning.agenda.test_services import content_of
from tests.support.forms import send
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ends_time": "", "ends_on": "2099-11-04"}, "Isi juga jam selesainya"),
        ({"starts_time": "", "ends_time": "10:30"}, "Isi juga jam mulainya"),
    ],
)
def test_half_an_hour_is_asked_about(
    world: World, browser_of: BrowserOf, typed: dict[str, str], sentence: str
) -> None:
    page = send(browser_of(world.editor), NEW, "title", {**FILLED, **typed}, status=422)
    assert sentence in page.main and db.session.query(AgendaEvent).count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"ends_time": "", "ends_on": "2099-11-02"}, {"starts_time": "", "ends_time": "", "ends_on": "2099-11-04"},
        {"all_day": "y", "starts_time": "", "ends_time": "10:30"},
    ],
)  # fmt: skip
def test_what_is_clear_is_taken(world: World, browser_of: BrowserOf, typed: dict[str, str]) -> None:
    made(browser_of(world.editor), **typed)


@pytest.mark.parametrize("saat", ["00010101T000000Z", "99991231T233000Z"])
@pytest.mark.parametrize(
    "path", ["/agenda/{}", "/agenda/{}/sunting", "/agenda/{}/batal", "/kalender/liput/{}"]
)
def test_no_moment_is_too_far_away_to_be_not_found(
    world: World, browser_of: BrowserOf, path: str, saat: str
) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="weekly")
    editor.get(f"{path.format(event.id)}?saat={saat}", status=404)


def test_put_off_beyond_the_last_year_is_said_beside_the_day(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, ends_on="2099-11-04")
    page = send(
        editor,
        f"/agenda/{event.id}/tunda",
        "reason",
        {"reason": "Banjir", "starts_on": "2100-12-30"},
        status=422,
    )
    assert "antara 1990 dan 2100" in page.main


def test_a_new_time_is_said_as_one(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor)
    sent = send(editor, f"/agenda/{event.id}/tunda", "reason", {"reason": "Banjir"})
    assert "Agenda ditunda." in editor.follow(sent).html
    sent = send(editor, f"/agenda/{event.id}/tunda", "reason", {"reason": "Surut", "starts_on": "2099-11-09"})
    page = editor.follow(sent)
    assert "Waktu barunya tersimpan." in page.html and "Agenda ditunda." not in page.html


def test_what_is_cancelled_says_so_beside_the_day_and_keeps_what_was_typed(
    world: World, browser_of: BrowserOf
) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor)
    with editor.app.test_request_context():
        cancel_event(event, actor=world.as_(world.editor), occurrence=None, extent=Extent.ALL, reason="Hujan")
        db.session.commit()
    page = send(
        editor,
        f"/agenda/{event.id}/sunting",
        "title",
        {"starts_on": "2099-11-05", "place": "Balai"},
        status=422,
    )
    assert "Pulihkan dahulu" in page.main and page.soup.find("input", id="place")["value"] == "Balai"


def test_all_that_would_be_affected_is_named(world: World, browser_of: BrowserOf, in_request: None) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="weekly", count="4")
    for n, title in enumerate(("Naskah satu", "Naskah dua", "Naskah tiga")):
        covering.cover_event(
            desk.story(world, title=title), event, MONDAY + n * WEEK, actor=world.as_(world.editor)
        )
    db.session.commit()
    for what in ("batal", "tunda", "hapus"):
        page = editor.get(f"/agenda/{event.id}/{what}?saat=20991109T020000Z").main
        own, others = page.split("Bila berlaku untuk yang lain juga:")
        assert "Naskah dua" in own and "Naskah satu" not in own and "Naskah dua" not in others
        assert (
            others.index("Senin, 2 November 2099") < others.index("Naskah satu") < others.index("Naskah tiga")
        )
    assert "Jadwal tayang yang belum keluar dilepas" in editor.get(f"/agenda/{event.id}/hapus").main
    last = editor.get(f"/agenda/{event.id}/batal?saat=20991123T020000Z").main
    assert "Naskah tiga" in last, "also from one that nothing is made about"


def test_the_second_part_says_what_it_goes_on_from(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="weekly")
    moved = move_event(
        event, actor=world.as_(world.editor), occurrence=MONDAY + WEEK, extent=Extent.FUTURE,
        starts_at=MONDAY + WEEK * 8 / 7,
    )  # fmt: skip
    db.session.commit()
    page = editor.get(f"/agenda/{moved.event_id}")
    assert "Lanjutan dari" in page.main and f'href="/agenda/{event.id}"' in page.html
    assert "bagian ini saja" in editor.get(f"/agenda/{moved.event_id}/batal").main
    assert "Lanjutan dari" not in editor.get(f"/agenda/{event.id}").main


def test_a_day_unticked_leaves_the_day_that_was_opened(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="weekly", weekdays=["0", "2"], count="6")
    url = f"/agenda/{event.id}/sunting?saat=20991104T020000Z"
    send(editor, url, "title", {"weekdays": ["2"], "extent": "all"})
    assert {at.weekday() for at in starts(world)} == {2}
    assert editor.get(url).soup.select_one("#repeat option[selected]")["value"] == "weekly"


def test_words_for_the_first_part_end_the_day_before(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    editor = browser_of(world.editor)
    event, _page = made(editor, repeat="daily")
    at = MONDAY + WEEK
    assert get_occurrence(event, at).occurrence == at
    asked = replace(content_of(event, at), title="Lain")
    change_event(event, actor=world.as_(world.editor), occurrence=at, extent=Extent.FUTURE, content=asked)
    db.session.commit()
    assert "sampai 8 Nov 2099" in editor.get(f"/agenda/{event.id}").main
