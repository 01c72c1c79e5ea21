"""Filters and search of the calendar: each keeps its own, in every view, in the tray, together."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from humasflow.calendar.queries import TRAY_SIZE
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning.campaigns.models import Campaign
from humasflow.posts.models import Post
from humasflow.stories.models import Story
from tests.calendar.standing import NOW, PLANNED, At, Open, both, titles
from tests.factories.world import World
from tests.publishing.desk import NewsDesk

FILTERS: dict[str, tuple[Callable[[World, Story], object], set[str]]] = {
    # What the address says, and which kinds answer it; the others are out of the picture.
    "kanal": (lambda world, story: world.web.id, {"publikasi", "tenggat"}),
    "pilar": (lambda world, story: story.pillar_id, {"publikasi", "tenggat"}),
    "kampanye": (lambda world, story: story.campaign_id, {"publikasi", "tenggat", "agenda"}),
    "seksi": (lambda world, story: story.section_id, {"publikasi", "tenggat", "agenda"}),
    # Whose story it is; the tasks are others'.
    "orang": (lambda world, story: world.editor.id, {"publikasi"}),
    "keadaan": (lambda world, story: "scheduled", {"publikasi"}),
    "cari": (lambda world, story: "SEPEDA", {"publikasi", "tenggat", "agenda"}),
}


@pytest.mark.parametrize("view", ["bulan", "pekan", "hari", "daftar", "kanal", "seksi"])
def test_each_filter_keeps_its_own_and_nothing_else(
    desk: NewsDesk, world: World, at: At, browser_of: Open, view: str
) -> None:
    with at(NOW):
        mine, theirs = both(desk, world)
        editor = browser_of(world.editor)
        address = f"/kalender/?tampilan={view}&hari=2026-10-16"
        everything = editor.get(address)
        for kind in ("publikasi", "tenggat", "agenda"):
            assert len(titles(everything, kind)) == 2, "without a filter everything stands there"
        for key, (value, answering) in FILTERS.items():
            page = editor.get(f"{address}&{key}={value(world, mine)}")
            for kind in ("publikasi", "tenggat", "agenda"):
                found = titles(page, kind)
                assert len(found) == (kind in answering), (key, kind, found)
                assert not [t for t in found if theirs.title in t], (key, kind)
            assert f"{key}=" in page.link("Berikutnya"), "the way on keeps it"


def test_a_person_sees_what_they_own_and_what_they_hand_over(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        mine, theirs = both(desk, world)
        page = browser_of(world.editor).get(f"/kalender/?tampilan=bulan&orang={world.contributor.id}")
        assert [mine.title in t for t in titles(page)] == [True, True], "the task and the story it belongs to"
        page = browser_of(world.editor).get(f"/kalender/?tampilan=bulan&orang={world.other_contributor.id}")
        assert {theirs.title in t for t in titles(page)} == {True}


def test_filters_hold_together(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        mine, _theirs = both(desk, world)
        editor = browser_of(world.editor)

        def count(query: str) -> int:
            return len(titles(editor.get(f"/kalender/?tampilan=bulan&{query}")))

        assert count(f"kanal={world.web.id}&kanal={world.facebook.id}") == 4, "of one sort: either will do"
        assert count(f"kampanye={mine.campaign_id}&kanal={world.web.id}") == 2
        assert count(f"kampanye={mine.campaign_id}&kanal={world.facebook.id}") == 0, (
            "of two sorts: both have to hold"
        )
        assert count("jenis=agenda&jenis=tenggat") == 4
        assert count("orang=99999") == 0
        page = editor.get(
            f"/kalender/?tampilan=bulan&kampanye={mine.campaign_id}&keadaan=scheduled&cari=motor"
        )
        chips = [c.contents[0] for c in page.soup.select(".cal-chips a")]
        assert chips[:3] == ["Kampanye: Bulan Lelang", "Terjadwal", "Berisi “motor”"]
        assert page.soup.select_one("#cari")["value"] == "motor"  # type: ignore[index]
        cleared = editor.get(page.link("Bersihkan"))
        assert not cleared.soup.select(".cal-chips")


def test_the_tray_is_filtered_and_searched_too(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        story = desk.ready("web", "facebook")
        db.session.get_one(Story, story.id).title = "50% lelang_umkm"
        db.session.commit()
        editor = browser_of(world.editor)

        def waiting(query: str) -> int:
            return len(editor.get(f"/kalender/?tampilan=bulan&{query}").soup.select(".tray .ev"))

        assert waiting("") == 2
        assert waiting(f"kanal={world.web.id}") == 1
        assert waiting("cari=50%25") == 2, "signs of a pattern are letters like any other"
        assert waiting("cari=5_%25") == 0
        assert waiting("cari=penilaian") == 0


def test_whoever_may_have_a_task_can_be_asked_for(world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        page = browser_of(world.editor).get("/kalender/?tampilan=bulan")
        offered = {str(o["value"]) for o in page.soup.select("#orang option")}
        for person in (world.contributor, world.editor, world.approver, world.lead):
            assert str(person.id) in offered


def test_pressing_apply_drops_nothing_that_is_no_longer_offered(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    """A filter on what was switched off, has ended, has left, or is not known at all stays until it is taken off."""
    with at(NOW):
        mine, _theirs = both(desk, world)
        gone = world.other_contributor
        world.web.is_active = world.section.is_active = world.pillar.is_active = False
        ended = db.session.get_one(Campaign, mine.campaign_id or 0)
        ended.starts_on, ended.ends_on = date(2026, 3, 1), date(2026, 3, 31)
        gone.is_active = False
        gone_id, unknown = gone.id, 987654
        chosen = [
            ("kanal", world.web.id), ("kanal", unknown), ("pilar", world.pillar.id), ("kampanye", ended.id),
            ("seksi", world.section.id), ("orang", gone_id),
        ]  # fmt: skip
        gone_name = gone.name
        db.session.commit()
        editor = browser_of(world.editor)
        page = editor.get("/kalender/", query_string=[("tampilan", "bulan"), *chosen])
        chips = " | ".join(c.get_text(" ", strip=True) for c in page.soup.select(".cal-chips a"))
        for name in (
            "Situs berita",
            "Kampanye: Bulan Lelang",
            f"Orang: {gone_name}",
            "yang tidak lagi tersedia",
        ):
            assert name in chips
        form = page.soup.select_one(".cal-filters__form")
        assert form is not None
        sent = [(str(i["name"]), str(i["value"])) for i in form.select("input[checked]")]
        sent += [("orang", str(o["value"])) for o in form.select("#orang option[selected]")]
        assert sorted(sent) == sorted((key, str(value)) for key, value in chosen)
        unasked = editor.get("/kalender/?tampilan=bulan").soup
        assert not unasked.select(
            f"#kanal-{world.web.id}, #kampanye-{ended.id}, #orang option[value='{gone_id}']"
        )


def test_a_person_of_another_office_is_not_told_by_name(
    world: World, other_world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        other_world.editor.name = "Orang kantor lain"
        db.session.commit()
        page = browser_of(world.editor).get(f"/kalender/?tampilan=bulan&orang={other_world.editor.id}")
        assert "Orang kantor lain" not in page.html
        assert "yang tidak lagi tersedia" in page.main


def test_the_filter_form_names_no_day_that_is_today(world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        today = editor.get("/kalender/?tampilan=bulan").soup.select_one("#hari")
        other = editor.get("/kalender/?tampilan=bulan&hari=2026-10-20").soup.select_one("#hari")
        assert today is not None and other is not None
        assert (today["value"], other["value"]) == ("", "2026-10-20"), "a kept address would stand still"


@pytest.mark.db
def test_the_tray_is_cut_after_it_is_filtered_and_says_so(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        desk.submit(desk.ready("facebook"))
        desk.approved("facebook")
        _story, (post,) = desk.going_out("web", at=PLANNED, approved=False)
        row = {c.name: getattr(post, c.name) for c in Post.__table__.columns if c.name != "id"}
        newer = clock.now() + timedelta(minutes=1)
        db.session.execute(
            insert(Post), [row | {"scheduled_at": None, "created_at": newer} for _n in range(TRAY_SIZE + 2)]
        )
        db.session.commit()
        editor = browser_of(world.editor)

        def tray(query: str) -> tuple[int, str]:
            soup = editor.get(f"/kalender/?tampilan=bulan&{query}").soup
            head = soup.select_one(".dock .panel__head")
            assert head is not None
            return len(soup.select(".tray .ev")), " ".join(head.get_text(" ").split())

        shown, said = tray("")
        assert shown == TRAY_SIZE
        assert f"Belum dijadwalkan {TRAY_SIZE} +" in said
        assert "disaring atau dicari" in said
        assert tray("keadaan=in_review")[0] == 1, "older than sixty others, and still found"
        assert tray("keadaan=ready")[0] == 1
        assert tray("keadaan=ready&keadaan=in_review")[0] == 2
        assert tray("keadaan=draft")[0] == TRAY_SIZE
        nothing, said = tray("keadaan=published")
        assert nothing == 0
        assert "Tidak ada yang sesuai saringan." in said
        assert "+" not in tray(f"kanal={world.facebook.id}")[1]
