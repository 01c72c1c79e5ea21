"""The pages: an event covered, the texts to paste, and a story that says its event is off."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.planning.agenda.enums import Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.services import cancel_event
from humasflow.stories.models import Assignment, Story
from tests.factories.world import World
from tests.stories.tasks import role, task
from tests.stories.test_covering import NOW, covered, event
from tests.support.forms import form_with
from tests.support.page import Browser

At = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).sign_in(world.editor)


def path(found: AgendaEvent) -> str:
    return f"/kalender/liput/{found.id}"


def test_an_editor_covers_an_event_on_one_page(
    world: World, editor: Browser, in_request: None, at: At
) -> None:
    with at(NOW):
        found = event(world)
        busy = covered(world, event(world, title="Lelang"), title="Lelang rutin")
        task(world, busy, to=world.contributor)
        db.session.commit()
        page = editor.get(path(found))
        assert "meliput “Lelang” 09.00–11.00" in page.main and "Aula" in page.main
        data = form_with(page, "title")
        assert (data["title"], data["due_day"], data["due_time"]) == (
            "Rapat koordinasi",
            "2026-11-04",
            "16:00",
        )
        photo, news = role(world).id, role(world, "peliput").id
        data |= {
            "content_type_id": world.news.id, "peran": [photo, news, ""], "orang": ["", world.other_contributor.id, ""],
        }  # fmt: skip
        editor.post(path(found), data)
        story = db.session.scalars(select(Story).where(Story.event_id == found.id)).one()
        made = db.session.scalars(select(Assignment).where(Assignment.story_id == story.id)).one()
        assert (made.role_id, made.person_id) == (news, world.other_contributor.id)
        shown = editor.get(f"/naskah/{story.id}").main
        assert "Meliput agenda Rapat koordinasi, 4 Nov 2026 09.00 WIB" in shown
        assert story.title in editor.get(path(found)).main, "who comes next sees that it is covered"
        again = form_with(editor.get(path(found)), "title") | {"content_type_id": world.news.id}
        again.pop("lagi", None)
        assert "sudah diliput" in editor.post(path(found), again, status=422).main
        editor.post(path(found), again | {"lagi": "1"})


def test_a_person_without_a_role_loses_nothing_that_was_typed(
    world: World, editor: Browser, in_request: None, at: At
) -> None:
    with at(NOW):
        found = event(world)
        db.session.commit()
        data = form_with(editor.get(path(found)), "title") | {
            "title": "Judul saya", "content_type_id": world.news.id, "peran": [""], "orang": [world.contributor.id],
        }  # fmt: skip
        page = editor.post(path(found), data, status=422)
        assert "Pilih peran bagi setiap orang" in page.main and "Judul saya" in page.html
        assert not db.session.scalars(select(Story)).all()


def test_what_no_occurrence_is_and_other_offices_events_are_not_found(
    app: Flask, world: World, other_world: World, editor: Browser, in_request: None, at: At
) -> None:
    with at(NOW):
        mine, theirs = event(world, rule="FREQ=WEEKLY"), event(other_world)
        db.session.commit()
        for wrong in (
            "2026-11-05T02:00:00Z",
            "kemarin",
            "0001-01-01T00:00:00%2B14:00",
            "00010101T000000Z",
            "99991231T233000Z",
        ):
            editor.get(f"{path(mine)}?saat={wrong}", status=404)
        editor.get(f"{path(mine)}?saat=2026-11-11T02:00:00Z")
        assert editor.client.get(path(theirs)).status_code in (403, 404)
        Browser(app).sign_in(world.contributor).get(path(mine), status=403)


def test_a_story_says_that_its_event_is_off(world: World, editor: Browser, in_request: None, at: At) -> None:
    with at(NOW):
        found = event(world)
        story = covered(world, found)
        cancel_event(
            found,
            actor=world.as_(world.other_editor),
            occurrence=None,
            extent=Extent.ALL,
            reason="Narasumber sakit",
        )
        db.session.commit()
        shown = editor.get(f"/naskah/{story.id}").main
        assert "Agenda yang diliput dibatalkan" in shown and "Alasan: Narasumber sakit" in shown
        assert "membatalkan agenda yang diliput naskah ini" in shown


def test_the_texts_stand_ready_to_copy(world: World, editor: Browser, in_request: None, at: At) -> None:
    with at(NOW):
        event(world, starts="2026-11-02T02:00Z", title="Rapat <b>pagi</b>")
        db.session.commit()
        page = editor.get("/kalender/teks")
        assert "09.00–11.00 WIB Rapat &lt;b&gt;pagi&lt;/b&gt;" in page.html
        assert 'data-copy="#teks-agenda"' in page.html and 'data-copy="#teks-pekan"' in page.html
        assert "Tidak ada agenda." in editor.get("/kalender/teks?hari=2026-11-03").main
        assert "*Agenda hari ini*" in editor.get("/kalender/teks?hari=9999-99-99").main


def test_what_takes_several_days_is_due_on_the_last(
    world: World, editor: Browser, in_request: None, at: At
) -> None:
    with at(NOW):
        whole = event(world, starts="2026-11-03T17:00Z", hours=72, all_day=True)  # 4–6 November
        timed = event(world, starts="2026-11-04T02:00Z", hours=50)
        db.session.commit()
        for found in (whole, timed):
            data = form_with(editor.get(path(found)), "title")
            assert (data["due_day"], data["due_time"]) == ("2026-11-06", "16:00")
