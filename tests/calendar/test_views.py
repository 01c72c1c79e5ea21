"""Every view of the calendar: what stands where, overflow, what stands beside it, phones and paper."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from humasflow.calendar.enums import CalendarView
from humasflow.calendar.items import CampaignSpan
from humasflow.calendar.views.layouts import bars_of
from humasflow.core.db import db
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.models import AgendaFeed
from humasflow.planning.days.enums import DayKind
from humasflow.planning.days.models import DaySettings, SpecialDay
from humasflow.posts.models import Post
from humasflow.stories.models import Story, StoryReader
from tests.calendar.standing import NOW, PLANNED, At, Open, campaign, event, titles
from tests.factories import desk as factory
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import task

NOON = datetime(2026, 10, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize("view", list(CalendarView))
def test_every_view_has_its_own_heading_and_ways_on(
    desk: NewsDesk, world: World, at: At, browser_of: Open, view: CalendarView
) -> None:
    with at(NOW):
        page = browser_of(world.editor).get(f"/kalender/?tampilan={view.value}&kanal={world.web.id}")
        current = page.soup.select_one('.cal-tabs [aria-current="page"]')
        assert current is not None
        assert current.get_text(strip=True) == view.label
        for name in ("Sebelumnya", "Berikutnya", "Hari ini"):
            assert f"kanal={world.web.id}" in page.link(name), "the way keeps the filters"
        keys = {e["data-key"] for e in page.soup.select("[data-key]")}
        assert {"c", "d", "w", "m", "j", "k", "t"} <= keys
        assert page.soup.select("[data-search]")


@pytest.mark.parametrize("view", ["bulan", "pekan", "hari", "daftar", "kanal", "seksi"])
def test_every_kind_stands_in_every_view(
    desk: NewsDesk, world: World, at: At, browser_of: Open, view: str
) -> None:
    with at(NOW):
        desk.going_out("web", at=PLANNED)
        campaign(world)
        event(world, starts_at=PLANNED, ends_at=PLANNED + timedelta(hours=2))
        task(world, factory.story(world, title="Naskah bertenggat"), due=PLANNED)
        db.session.commit()
        page = browser_of(world.editor).get(f"/kalender/?tampilan={view}&hari=2026-10-16")
        (post,) = page.soup.select('#calendar .ev[data-kind="publikasi"]')
        assert (post["data-t"], post.has_attr("data-fixed")) == ("14:30", False)
        assert "Terjadwal" in post.get_text()
        (deadline,) = page.soup.select('#calendar .ev[data-kind="tenggat"]')
        assert "Naskah bertenggat" in deadline.get_text()
        assert "Tenggat" in deadline.get_text()
        assert world.contributor.name in deadline.get_text()
        (agenda,) = page.soup.select('#calendar .ev[data-kind="agenda"]')
        assert agenda["data-occurrence"].startswith("2026-10-16T07:30")
        said = agenda.get_text()
        assert "Aula" in said and "Agenda" in said and "Pasti" in said, "what it is, and its state, in words"
        assert str(agenda["href"]).endswith("?saat=20261016T073000Z")
        assert browser_of(world.editor).get(str(agenda["href"])).status == 200
        first = page.soup.select_one("#calendar a.camp")
        assert first is not None
        assert " ".join(first.get_text(" ").split()).startswith("Kampanye: Bulan Lelang")


def test_an_event_of_a_calendar_that_somebody_else_keeps_stays_where_it_is(
    world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        feed = AgendaFeed(
            office_id=world.office.id, name="Kantor pusat", address="x", host="pusat.test", created_at=NOON
        )
        db.session.add(feed)
        db.session.flush()
        event(world, title="Dari pusat", feed_id=feed.id)
        event(world, uid="dua@uji", title="Milik kantor")
        page = browser_of(world.editor).get("/kalender/?tampilan=bulan")
        (theirs,) = [e for e in page.soup.select("#calendar .ev") if "Dari pusat" in e.get_text()]
        (ours,) = [e for e in page.soup.select("#calendar .ev") if "Milik kantor" in e.get_text()]
        assert (theirs.has_attr("data-fixed"), ours.has_attr("data-fixed")) == (True, False)
        assert len(page.soup.select("#calendar input[name=pilih]")) == 1


def test_what_waits_for_a_new_time_is_seen_with_its_word(world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        event(world, state=EventState.POSTPONED)
        event(world, uid="dua@uji", state=EventState.CANCELLED)
        editor = browser_of(world.editor)
        for view in ("bulan", "pekan", "hari", "daftar", "kanal", "seksi"):
            late, off = titles(editor.get(f"/kalender/?tampilan={view}&hari=2026-10-15"), "agenda")
            assert "Ditunda" in late
            assert "Dibatalkan" in off
            words = editor.get(f"/kalender/?tampilan={view}&hari=2026-10-15").soup.select(
                ".ev__word, .ev__state"
            )
            assert [" ".join(w.get_text().split()) for w in words] == ["Ditunda", "Dibatalkan"], (
                "not only aloud"
            )


def test_the_list_leads_from_an_event_to_its_coverage(world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        event(world)
        event(world, uid="dua@uji", state=EventState.CANCELLED)
        editor = browser_of(world.editor)
        page = editor.get("/kalender/?tampilan=daftar")
        (link,) = [a for a in page.soup.select(".agenda-list a") if a.get_text().startswith("Liput")]
        assert "Serah terima aset" in editor.get(str(link["href"])).main
        assert "Liput" not in browser_of(world.contributor).get("/kalender/?tampilan=daftar").main


def test_who_hands_over_at_the_same_time_is_one_deadline(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        story = factory.story(world)
        task(world, story, due=PLANNED)
        task(world, story, due=PLANNED, to=world.editor, code="penulis")
        db.session.commit()
        (one,) = titles(browser_of(world.editor).get("/kalender/?tampilan=bulan"), "tenggat")
        assert world.contributor.name in one
        assert world.editor.name in one


def test_a_week_has_hours_and_drops_with_a_time(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        desk.going_out("web", at=PLANNED)
        event(
            world,
            starts_at=datetime(2026, 10, 13, 22, tzinfo=UTC),
            ends_at=datetime(2026, 10, 13, 23, tzinfo=UTC),
        )
        page = browser_of(world.editor).get("/kalender/?tampilan=pekan")
        assert page.h1 == "Pekan ke-42, 12–18 Oktober 2026"
        cell = page.soup.select_one('[data-day="2026-10-16"][data-time="14:00"]')
        assert cell is not None
        assert cell.select('.ev[data-kind="publikasi"]')
        early = page.soup.select_one('[data-day="2026-10-14"][data-time="05:00"]')
        assert early is not None, "what is before office hours opens the hours that it needs"
        assert early.select(".ev")


def test_more_than_fits_is_counted_and_the_day_shows_all(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        _story, (post,) = desk.going_out("web", at=PLANNED, approved=False)
        row = {c.name: getattr(post, c.name) for c in Post.__table__.columns if c.name != "id"}
        db.session.execute(
            insert(Post), [row | {"scheduled_at": PLANNED + timedelta(minutes=n)} for n in range(1, 12)]
        )
        db.session.commit()
        editor = browser_of(world.editor)
        page = editor.get("/kalender/?tampilan=bulan")
        cell = page.soup.select_one('.day[data-day="2026-10-16"]')
        assert cell is not None
        assert len(cell.select(".ev")) == 5
        more = cell.select_one(".ev__more")
        assert more is not None
        assert more.get_text().startswith("+7 lagi")
        assert len(titles(editor.get(str(more["href"])), "publikasi")) == 12


# What stands beside the items


def test_campaigns_beyond_three_are_counted_in_month_and_week(world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        names = [f"Kampanye {n}" for n in range(1, 6)]
        for name in names:
            campaign(world, name)
        editor = browser_of(world.editor)
        for view in ("bulan", "pekan"):
            page = editor.get(f"/kalender/?tampilan={view}")
            more = [m for m in page.soup.select("#calendar .ev__more") if "kampanye" in m.get_text()]
            running = 9 if view == "bulan" else 7
            assert [m.contents[0] for m in more] == ["+2 kampanye"] * running
            assert [c.get_text() for c in page.soup.select(".camp--begins")][:3] == [
                f"Kampanye: {n}" for n in names[:3]
            ]
            everything = editor.get(str(more[0]["href"]))
            assert len(everything.soup.select("#calendar .camp")) == 5
        lanes = editor.get("/kalender/?tampilan=kanal")
        assert len(lanes.soup.select("#calendar .camp--begins")) == 5


def test_a_campaign_keeps_its_height_along_the_week() -> None:
    week = [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]
    spans = [
        CampaignSpan(1, "Pendek", week[0], week[1]), CampaignSpan(2, "Panjang", week[1], week[6]),
        CampaignSpan(3, "Sesudah", week[3], week[4]), CampaignSpan(4, "Lewat", week[0], week[0] - timedelta(days=1)),
    ]  # fmt: skip
    rows = [[b and b.campaign.id for b in bars.drawn] for bars in bars_of(spans, week, 2).values()]
    assert rows == [[1], [1, 2], [None, 2], [3, 2], [3, 2], [None, 2], [None, 2]]
    (begin,) = [
        b
        for bars in bars_of(spans, week).values()
        for b in bars.drawn
        if b and b.begins and b.campaign.id == 2
    ]
    assert begin.days == 6


def test_what_is_not_settled_says_so_and_each_day_says_its_kind(
    world: World, at: At, browser_of: Open
) -> None:
    with at("2027-03-01T01:00:00Z"):
        db.session.merge(DaySettings(office_id=world.office.id, shows_pawukon=True))
        db.session.add(SpecialDay(
            office_id=world.office.id, name="HUT Kantor", kind=DayKind.OFFICE, month=3, day=17, is_active=True
        ))  # fmt: skip
        db.session.commit()
        for view in ("bulan", "daftar"):
            page = browser_of(world.editor).get(f"/kalender/?tampilan={view}")
            notes = {" ".join(n.get_text(" ").split()) for n in page.soup.select("#calendar .day__note")}
            assert any(n.startswith("Hari libur: ") and n.endswith("(perkiraan)") for n in notes)
            assert "Hari kantor: HUT Kantor" in notes
            assert any(n.startswith("Hari nasional: ") for n in notes)
            assert ("Hari Pawukon: Tumpek Uye" in notes) is (view == "bulan"), (
                "3 April, in the last row of the month"
            )
        key = browser_of(world.editor).get("/kalender/?tampilan=bulan").soup.select_one(".cal-key")
        assert key is not None
        words = " ".join(key.get_text(" ").split())
        for kind in DayKind:
            assert kind.label in words
        for word in ("Terjadwal", "Tayang", "Draf", "Tenggat", "Agenda", "Kampanye"):
            assert word in words, "colours and icons are explained in words"


def test_one_menu_leads_to_all_that_is_done_with_the_calendar(world: World, browser_of: Open) -> None:
    def menu(role: str) -> dict[str, str]:
        page = browser_of(getattr(world, role)).get("/kalender/?tampilan=pekan&kanal=" + str(world.web.id))
        (found,) = page.soup.select(".cal-menu .menu__list")
        return {a.get_text(strip=True): str(a["href"]) for a in found.select("a")}

    editor = menu("editor")
    assert f"tampilan=pekan&kanal={world.web.id}" in editor["Bagikan tampilan ini"]
    for name, role in (
        ("Bagikan tampilan ini", "editor"), ("Langganan kalender", "contributor"), ("Teks WhatsApp", "contributor"),
        ("Rapat redaksi", "editor"), ("Jadwal harian untuk dinding", "contributor"), ("Slot tayang", "admin"),
        ("Hari libur dan hari penting", "admin"), ("Tampilan tersimpan", "contributor"),
    ):  # fmt: skip
        browser_of(getattr(world, role)).get(menu(role)[name])
    assert "Bagikan tampilan ini" not in menu("contributor")
    assert "Hari libur dan hari penting" not in editor


def test_a_lane_adds_to_its_own_channel(world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        page = editor.get("/kalender/?tampilan=kanal")
        lane = next(s for s in page.soup.select(".lane") if "Instagram Kantor" in s.h2.get_text())  # type: ignore[union-attr]
        add = lane.select_one('[data-day="2026-10-16"] .day__add')
        assert add is not None
        form = editor.get(str(add["href"])).form("/kalender/tambah")
        assert form["account_id"] == str(world.instagram.id)


def test_what_is_no_longer_in_use_keeps_the_lane_of_its_own(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        story, _posts = desk.going_out("facebook", at=PLANNED)
        db.session.get_one(Story, story.id).section_id = world.other_section.id
        world.facebook.is_active = False
        world.x.is_active = False
        world.other_section.is_active = False
        db.session.commit()
        editor = browser_of(world.editor)
        for view, own in (
            ("kanal", "Facebook Kantor (nonaktif)"),
            ("seksi", f"{world.other_section.name} (nonaktif)"),
        ):
            page = editor.get(f"/kalender/?tampilan={view}&hari=2026-10-16")
            lanes = {s.h2.span.get_text(): len(s.select(".ev")) for s in page.soup.select(".lane") if s.h2}  # type: ignore[union-attr]
            assert lanes[own] == 1
            assert sum(lanes.values()) == 1, "nothing stands in two lanes or in a wrong one"
            assert len([name for name in lanes if "nonaktif" in name]) == 1, (
                "what is empty and unused has none"
            )


# On a phone


PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


def test_a_phone_begins_with_the_list_and_may_ask_for_anything_else(
    world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        phone = {"User-Agent": PHONE}
        assert editor.get("/kalender/", headers=phone).h1 == "Daftar Oktober 2026"
        assert editor.get("/kalender/?hari=2026-11-02", headers=phone).h1 == "Daftar November 2026"
        assert editor.get("/kalender/", headers={"Sec-CH-UA-Mobile": "?1"}).h1 == "Daftar Oktober 2026"
        assert editor.get("/kalender/?tampilan=bulan", headers=phone).h1 == "Oktober 2026"
        assert editor.get("/kalender/", headers={"Sec-CH-UA-Mobile": "?0"}).h1 == "Oktober 2026"


def test_without_scripts_the_list_is_a_form_that_moves_several(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        desk.going_out("web", "facebook", at=PLANNED)
        event(world, rule="FREQ=WEEKLY")
        editor = browser_of(world.editor)
        page = editor.get("/kalender/?tampilan=daftar")
        form = page.soup.select_one("form.picks")
        assert form is not None
        values = [str(b["value"]) for b in form.select("input[name=pilih]")]
        assert len(values) == 5  # two publications, three weeks of the event
        moving = editor.get(str(form["action"]), query_string=[("pilih", v) for v in values])
        assert "Sosialisasi pemanfaatan aset" in moving.main
        assert "Serah terima aset" in moving.main


def test_a_confidential_story_stays_out(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        story, _posts = desk.going_out("web", at=PLANNED)
        task(world, story, due=PLANNED)
        waiting = desk.ready("facebook")
        for ident in (story.id, waiting.id):
            secret = db.session.get_one(Story, ident)
            secret.is_confidential, secret.title = True, "Rencana rahasia"
            db.session.add(StoryReader(story_id=ident, user_id=world.editor.id, added_at=NOON))
        db.session.commit()
        named, other = browser_of(world.editor), browser_of(world.approver)
        for view in ("bulan", "pekan", "hari", "daftar", "kanal", "seksi"):
            for more in ("", "&cari=rahasia"):
                address = f"/kalender/?tampilan={view}&hari=2026-10-16{more}"
                timed = 3 if view != "daftar" else 2  # the list has no tray
                assert len(titles(named.get(address))) == timed, "whoever is named sees it"
                assert "Rencana rahasia" not in other.get(address).html
        quarter = "/kalender/?tampilan=triwulan&hari=2026-10-16"
        assert "Rencana rahasia" not in other.get(quarter).html
        cells = {
            who: [c.get_text() for c in one.get(quarter).soup.select(".heat__cell b")]
            for who, one in (("named", named), ("other", other))
        }
        assert cells["named"] != cells["other"], "not even counted for whoever may not know of it"


def test_the_wall_gets_one_day_on_one_sheet(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        desk.going_out("web", at=PLANNED)
        event(world, starts_at=PLANNED - timedelta(hours=4), ends_at=PLANNED)
        page = browser_of(world.editor).get("/kalender/harian?hari=2026-10-16")
        assert page.h1 == "Jadwal harian"
        assert "Jumat, 16 Oktober 2026" in page.main
        rows = [" ".join(r.get_text(" ").split()) for r in page.soup.select("tbody tr")]
        assert [r.split()[0] for r in rows] == ["10.30–14.30", "14.30"]
        assert "Situs berita" in rows[1]


def test_the_wall_tells_nobody_what_is_not_public(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        for title in ("Boleh diketahui", "Rencana rahasia", "Masih diembargo"):
            story, _posts = desk.going_out("web", at=PLANNED)
            task(world, story, due=PLANNED)
            one = db.session.get_one(Story, story.id)
            one.title = title
            db.session.add(StoryReader(story_id=story.id, user_id=world.editor.id, added_at=NOON))
            one.is_confidential = "rahasia" in title
            one.embargo_until = PLANNED + timedelta(days=3) if "embargo" in title else None
        db.session.commit()
        editor = browser_of(world.editor)
        on_screen = editor.get("/kalender/?tampilan=hari&hari=2026-10-16").main
        sheet = editor.get("/kalender/harian?hari=2026-10-16").main
        assert sheet.count("Boleh diketahui") == 2
        for title in ("Rencana rahasia", "Masih diembargo"):
            assert title in on_screen, "its reader sees it on the screen"
            assert title not in sheet


def test_paper_says_what_it_is_narrowed_to(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        asked = f"hari=2026-10-16&kanal={world.web.id}&keadaan=scheduled"
        for address in (*(f"?tampilan={view.value}&" for view in CalendarView), "harian?"):
            page = editor.get(f"/kalender/{address}{asked}")
            (said,) = page.soup.select(".head .print-only")
            assert said.get_text() == "Disaring: Kanal: Situs berita; Terjadwal."
            plain = editor.get(f"/kalender/{address}hari=2026-10-16")
            assert not plain.soup.select(".print-only")
