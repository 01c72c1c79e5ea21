"""Saved views of the calendar."""

from humasflow.core.db import db
from humasflow.stories.enums import ViewPlace
from humasflow.stories.queries.desk_views import list_views
from humasflow.stories.services.desk_views import save_view
from tests.calendar.standing import NOW, At, Open
from tests.factories.world import World
from tests.publishing.desk import NewsDesk


def test_a_view_is_kept_without_its_day_and_opens_the_calendar(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        page = editor.get(f"/kalender/?tampilan=pekan&hari=2026-01-05&kanal={world.web.id}")
        form = editor.get(page.link("Simpan tampilan")).form("/kalender/tampilan")
        editor.post("/kalender/tampilan", form | {"name": "Web pekan ini", "is_default": "y"})
        (view,) = list_views(world.editor.id, world.office.id, ViewPlace.CALENDAR)
        assert (view.query, view.is_default) == (f"tampilan=pekan&kanal={world.web.id}", True)
        assert not list_views(world.editor.id, world.office.id), "the desk has views of its own"
        assert editor.get("/kalender/", status=302).location.endswith(view.query)
        assert "Web pekan ini" in editor.get(f"/kalender/?{view.query}").main
        assert editor.get("/naskah/").status == 200, "the desk opens as it did"
        editor.post(f"/kalender/tampilan/{view.id}/awal", {"mau": "0"})
        editor.get("/kalender/")


def test_views_of_the_desk_and_of_the_calendar_do_not_mix(
    world: World, browser_of: Open, in_request: None
) -> None:
    actor = world.as_(world.editor)
    kept = {
        place: save_view(
            actor=actor,
            office_id=world.office.id,
            name="Sama",
            query=query,
            is_shared=True,
            is_default=True,
            place=place,
        )
        for place, query in ((ViewPlace.DESK, "pemegang=saya"), (ViewPlace.CALENDAR, "tampilan=daftar"))
    }
    db.session.commit()
    editor = browser_of(world.editor)
    assert "pemegang=saya" in editor.get("/naskah/", status=302).location
    assert "tampilan=daftar" in editor.get("/kalender/", status=302).location
    editor.post(f"/kalender/tampilan/{kept[ViewPlace.DESK].id}/hapus", status=404)
    editor.post(f"/naskah/tampilan/{kept[ViewPlace.CALENDAR].id}/hapus", status=404)
    gone = editor.follow(editor.post(f"/kalender/tampilan/{kept[ViewPlace.CALENDAR].id}/hapus"))
    assert "Sama” dihapus" in gone.main
    editor.post(f"/kalender/tampilan/{kept[ViewPlace.CALENDAR].id}/pulihkan")
    assert "tampilan=daftar" in editor.get("/kalender/", status=302).location
