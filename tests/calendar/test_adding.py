"""Quick add: a title and Enter, an idea from the pool, the times that are chosen, and what is refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from humasflow.calendar.adding.services import Place, add_from_pitch, add_story
from humasflow.calendar.adding.times import DayOver, suggest_due, suggest_time
from humasflow.channels.models import PostingSlot
from humasflow.channels.queries import list_accounts
from humasflow.core.db import db
from humasflow.core.errors import NotFound, Refused
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import PitchContent, send_pitch
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.planning.queries import list_content_types
from humasflow.posts.models import Post
from humasflow.stories.models import Assignment, Story
from tests.calendar.standing import campaign
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import role
from tests.support.page import Browser

At = Callable[[str], AbstractContextManager[None]]
Open = Callable[[Any], Browser]
NOW = "2026-10-14T01:00:00Z"  # Wednesday, 08.00 WIB
FRIDAY = date(2026, 10, 16)
JSON = {"Accept": "application/json"}


def stories() -> list[Story]:
    return list(db.session.scalars(select(Story).order_by(Story.id)))


def posts() -> list[Post]:
    return list(db.session.scalars(select(Post).order_by(Post.id)))


def pitch(world: World, title: str = "Gotong royong") -> Pitch:
    made = send_pitch(
        actor=world.as_(world.contributor),
        office_id=world.office.id,
        content=PitchContent(title, what="Ramai."),
    )
    db.session.commit()
    return made


def slot(world: World, weekday: int, clock_time: time) -> None:
    db.session.add(PostingSlot(account_id=world.web.id, weekday=weekday, clock=clock_time))
    db.session.commit()


def ask(editor: Browser, data: dict[str, Any]) -> TestResponse:
    """As the calendar's script does."""
    token = editor.get("/kalender/tambah").form("tambah")["csrf_token"]
    return editor.client.post("/kalender/tambah", data=data | {"csrf_token": token}, headers=JSON)


def test_a_title_and_enter_stand_on_the_day(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        form = editor.get("/kalender/tambah?hari=2026-10-16&kanal=" + str(world.web.id)).form("tambah")
        assert (form["day"], form["account_id"]) == ("2026-10-16", str(world.web.id))
        editor.post("/kalender/tambah", form | {"title": "Lelang kendaraan"})
        (made,) = posts()
        assert made.story.title == "Lelang kendaraan"
        assert made.scheduled_at == datetime(2026, 10, 16, 2, tzinfo=UTC)
        page = editor.get("/kalender/?hari=2026-10-16")
        shown = page.soup.select('[data-day="2026-10-16"] .ev[data-kind="publikasi"]')
        assert [e["data-id"] for e in shown] == [str(made.id)]


def test_two_enters_are_one_story(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        data = editor.get("/kalender/tambah?hari=2026-10-16").form("tambah") | {"title": "Sekali saja"}
        first = editor.client.post("/kalender/tambah", data=data, headers=JSON)
        second = editor.client.post("/kalender/tambah", data=data, headers=JSON)
        assert first.status_code == 200
        assert second.status_code == 303
        assert [s.title for s in stories()].count("Sekali saja") == 1


def test_a_script_is_told_what_stands_where(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        data = {"title": "Lewat skrip", "day": "2026-10-16", "time": "13:30", "account_id": world.web.id}
        told = ask(editor, data).get_json()
        (made,) = posts()
        assert told["items"] == [{"kind": "publikasi", "id": made.id, "day": "2026-10-16"}]
        assert told["url"] == f"/naskah/{made.story_id}"
        assert "16 Okt 2026 13.30 WIB" in told["message"]
        assert made.scheduled_at == datetime(2026, 10, 16, 6, 30, tzinfo=UTC)


def test_a_closed_day_is_said(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        data = {"title": "Natal", "day": "2026-12-25", "account_id": world.web.id}
        told = ask(browser_of(world.editor), data).get_json()
        assert "Hari itu libur" in told["message"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"title": "Kemarin", "day": "2026-10-13"}, "13 Oktober 2026 sudah lewat"),
        ({"title": "Subuh tadi", "day": "2026-10-14", "time": "05:00"}, "sudah lewat"),
        ({"title": "", "day": "2026-10-16"}, "Judul naskah perlu diisi"),
        ({"title": "x" * 201, "day": "2026-10-16"}, "Paling panjang 200 karakter"),
        ({"title": "Kosong", "day": ""}, "Pilih tanggalnya"),
        ({"title": "Aneh", "day": "2026-02-30"}, "tidak ada di kalender"),
        ({"title": "Jauh", "day": "2100-12-31"}, "lebih dari tiga tahun"),
        ({"title": "Asing", "day": "2026-10-16", "account_id": "999999"}, "tidak tersedia"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_begun(
    desk: NewsDesk, world: World, at: At, browser_of: Open, data: dict[str, str], said: str
) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        typed = {"account_id": str(world.web.id)} | data
        answer = ask(editor, typed)
        assert answer.status_code == 422
        assert said in answer.get_json()["error"]
        form = editor.get("/kalender/tambah").form("tambah")
        page = editor.post("/kalender/tambah", form | typed, status=422)
        assert said in page.main
        assert data["title"] in page.html, "what was typed is still there"
        assert not stories()


def test_without_a_channel_it_is_a_due_time(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        role(world, "penulis")
        db.session.commit()
        editor = browser_of(world.editor)
        form = editor.get("/kalender/tambah?hari=2026-10-16").form("tambah")
        editor.follow(editor.post("/kalender/tambah", form | {"title": "Belum tahu", "account_id": ""}))
        (task,) = db.session.scalars(select(Assignment))
        assert (task.person_id, task.due_at) == (world.editor.id, datetime(2026, 10, 16, 9, tzinfo=UTC))
        page = editor.get("/kalender/?hari=2026-10-16")
        assert page.soup.select(f'[data-day="2026-10-16"] .ev[data-kind="tenggat"][data-id="{task.id}"]')


def test_the_next_free_posting_time_of_that_day_is_taken(
    desk: NewsDesk, world: World, at: At, in_request: None
) -> None:
    with at(NOW):
        slot(world, 4, time(11))
        slot(world, 4, time(15))
        actor = world.as_(world.editor)
        place = Place(day=FRIDAY, account_id=world.web.id)
        first = add_story(world.office, "Satu", place, actor=actor)
        second = add_story(world.office, "Dua", place, actor=actor)
        third = add_story(world.office, "Tiga", place, actor=actor)
        assert [a.at.hour + 7 for a in (first, second)] == [11, 15]
        assert third.at == datetime(2026, 10, 16, 2, tzinfo=UTC), "all taken: at nine"


def test_the_least_distance_is_kept_where_no_posting_time_is_set(
    desk: NewsDesk, world: World, at: At, in_request: None
) -> None:
    with at(NOW):
        world.web.min_gap_minutes = 60
        actor = world.as_(world.editor)
        place = Place(day=FRIDAY, account_id=world.web.id)
        times = [add_story(world.office, f"Ke-{n}", place, actor=actor).at for n in range(3)]
        assert [t.hour + 7 for t in times] == [9, 10, 11]


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2026-10-14T01:00:00Z", "09.00"),
        ("2026-10-14T03:05:00Z", "10.30"),
        ("2026-10-14T16:10:00Z", "23.30"),
    ],
)
def test_today_it_is_the_next_half_hour(
    desk: NewsDesk, world: World, at: At, in_request: None, now: str, wanted: str
) -> None:
    with at(now):
        found = suggest_time(world.web, world.office, date(2026, 10, 14))
        assert found.astimezone(UTC).strftime("%H.%M") == f"{int(wanted[:2]) - 7:02d}.{wanted[3:]}"


def test_a_day_that_is_nearly_over_says_so(desk: NewsDesk, world: World, at: At, in_request: None) -> None:
    with at("2026-10-14T16:45:00Z"), pytest.raises(DayOver):
        suggest_due(world.office, date(2026, 10, 14))


def test_all_that_is_filed_stays_filed(desk: NewsDesk, world: World, at: At, in_request: None) -> None:
    with at(NOW):
        running: Campaign = campaign(world)
        place = Place(
            day=FRIDAY, account_id=world.web.id, content_type_id=world.news.id, campaign_id=running.id,
            section_id=world.section.id,
        )  # fmt: skip
        story = add_story(world.office, "Berkampanye", place, actor=world.as_(world.editor)).story
        assert (story.campaign_id, story.section_id) == (running.id, world.section.id)
        assert story.content_type_id == world.news.id
        with pytest.raises(NotFound):
            add_story(
                world.office, "Asing", Place(day=FRIDAY, section_id=999_999), actor=world.as_(world.editor)
            )


def test_an_idea_from_the_pool(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        idea = pitch(world)
        editor = browser_of(world.editor)
        page = editor.get(f"/kalender/tambah?hari=2026-10-16&kanal={world.web.id}")
        (button,) = page.soup.select('button[name="pitch_id"]')
        assert (button["form"], button["value"]) == ("tambah", f"{idea.id}:{idea.row_version}")
        editor.post("/kalender/tambah", page.form("tambah") | {"pitch_id": str(button["value"])})
        (made,) = posts()
        db.session.refresh(idea)
        assert (idea.state, idea.story_id) == (PitchState.ACCEPTED, made.story_id)
        assert made.story.title == "Gotong royong"
        assert made.story.section_id == idea.section_id
        assert made.scheduled_at is not None
        again = editor.get("/kalender/tambah?hari=2026-10-16")
        assert not again.soup.select('button[name="pitch_id"]')


def test_an_idea_that_was_decided_meanwhile_is_not_begun_twice(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        idea = pitch(world)
        editor = browser_of(world.editor)
        form = editor.get(f"/kalender/tambah?hari=2026-10-16&kanal={world.web.id}").form("tambah")
        add_from_pitch(idea, Place(day=FRIDAY, account_id=world.web.id), actor=world.as_(world.editor))
        db.session.commit()
        page = editor.post("/kalender/tambah", form | {"pitch_id": str(idea.id)}, status=409)
        assert "sudah menerima usulan ini" in page.main
        assert len(posts()) == 1


def test_an_idea_that_was_changed_meanwhile_is_read_again_first(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        idea = pitch(world)
        editor = browser_of(world.editor)
        page = editor.get(f"/kalender/tambah?hari=2026-10-16&kanal={world.web.id}")
        seen = str(page.soup.select('button[name="pitch_id"]')[0]["value"])
        idea.what = "Ternyata batal."
        db.session.commit()
        again = editor.post("/kalender/tambah", page.form("tambah") | {"pitch_id": seen}, status=409)
        assert not stories()
        now = str(again.soup.select('button[name="pitch_id"]')[0]["value"])
        assert now != seen
        editor.post("/kalender/tambah", again.form("tambah") | {"pitch_id": now})
        assert [s.title for s in stories()] == ["Gotong royong"]


def test_nothing_is_kept_of_what_failed_half_way(
    desk: NewsDesk, world: World, at: At, in_request: None
) -> None:
    with at(NOW):
        idea = pitch(world)
        world.web.is_active = False
        db.session.commit()
        with pytest.raises(Refused):
            add_from_pitch(idea, Place(day=FRIDAY, account_id=world.web.id), actor=world.as_(world.editor))
        db.session.expire_all()
        assert idea.state is PitchState.NEW
        assert not stories()


def test_the_pool_is_searched(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        pitch(world, "Gotong royong")
        pitch(world, "Lelang lukisan")
        editor = browser_of(world.editor)
        found = editor.get("/kalender/tambah?q=lukisan").soup.select(".add__pitches .list__title")
        assert [e.get_text() for e in found] == ["Lelang lukisan"]
        assert "Tidak ada usulan yang cocok" in editor.get("/kalender/tambah?q=zzz").main


@pytest.mark.parametrize("pressed", [{"find": "1"}, {}], ids=["the button", "Enter"])
def test_searching_the_pool_keeps_what_was_typed(
    desk: NewsDesk, world: World, at: At, browser_of: Open, pressed: dict[str, str]
) -> None:
    with at(NOW):
        running = campaign(world)
        pitch(world, "Gotong royong")
        pitch(world, "Lelang lukisan")
        editor = browser_of(world.editor)
        page = editor.get(f"/kalender/tambah?tampilan=pekan&hari=2026-10-16&kampanye={running.id}")
        first = page.soup.select_one("#tambah button")
        assert first is not None
        assert first.get("name") is None, "what Enter presses begins nothing by itself"
        typed = {
            "title": "Sudah diketik",
            "time": "13:15",
            "section_id": str(world.section.id),
            "day": "2026-10-19",
        }
        found = editor.post(
            "/kalender/tambah", page.form("tambah") | typed | {"q": "lukisan"} | pressed, status=200
        )
        shown = [e.get_text() for e in found.soup.select(".add__pitches .list__title")]
        assert shown == ["Lelang lukisan"]
        form = found.form("tambah")
        assert typed.items() <= form.items()
        assert form["campaign_id"] == str(running.id)
        assert not stories()
        # Enter once more: the list shows these words already, so it is the title that is meant.
        editor.post("/kalender/tambah", form | {"q": "lukisan"})
        assert [s.title for s in stories()] == ["Sudah diketik"]


def test_the_kept_calendar_fills_the_form_in(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        query = f"tampilan=seksi&hari=2026-10-16&seksi={world.section.id}"
        form = browser_of(world.editor).get(f"/kalender/tambah?{urlencode({'query': query})}").form("tambah")
        assert (form["day"], form["section_id"], form["query"]) == (
            "2026-10-16",
            str(world.section.id),
            query,
        )


def test_quick_add_is_filed_as_the_filters_say(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        running = campaign(world)
        editor = browser_of(world.editor)
        query = f"seksi={world.section.id}&pilar={world.pillar.id}&kampanye={running.id}"
        data = {"title": "Dari lajur", "day": "2026-10-16", "account_id": world.web.id, "query": query}
        assert ask(editor, data).status_code == 200
        (made,) = stories()
        filed = (made.section_id, made.pillar_id, made.campaign_id)
        assert filed == (world.section.id, world.pillar.id, running.id)
        # Two of a sort, or one that is no longer offered: nothing is guessed, and nothing is refused.
        world.section.is_active = False
        db.session.commit()
        assert ask(editor, data | {"title": "Tanpa seksi"}).status_code == 200
        assert stories()[-1].section_id is None


@pytest.mark.parametrize("accounts", [0, 1, 2])
def test_a_channel_is_chosen_only_where_there_is_no_other(
    desk: NewsDesk, world: World, at: At, browser_of: Open, accounts: int
) -> None:
    """The same on the page and in the little form on the calendar."""
    with at(NOW):
        for n, account in enumerate([world.web, world.instagram]):
            account.is_active = n < accounts
        for account in list_accounts(world.office.id)[accounts:]:
            account.is_active = False
        db.session.commit()
        editor = browser_of(world.editor)
        wanted = str(world.web.id) if accounts == 1 else ""
        assert editor.get("/kalender/tambah").form("tambah")["account_id"] == wanted
        chosen = editor.get("/kalender/").soup.select_one("#quick-account option[selected]")
        assert (str(chosen["value"]) if chosen else "") == wanted


def test_an_office_that_is_not_set_up_is_told_what_is_missing(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        data = {"title": "Terlalu dini", "day": "2026-10-16", "account_id": ""}
        for production_role in list_production_roles(world.office.id):
            production_role.is_active = False
        db.session.commit()
        assert "Pilih kanalnya" in ask(editor, data).get_json()["error"]
        for account in list_accounts(world.office.id):
            account.is_active = False
        db.session.commit()
        assert "belum punya kanal maupun peran produksi" in ask(editor, data).get_json()["error"]
        for kind in list_content_types(world.office.id):
            kind.is_active = False
        db.session.commit()
        assert "belum punya jenis konten" in ask(editor, data).get_json()["error"]
        page = editor.get("/kalender/tambah")
        assert (
            "belum punya jenis konten"
            in editor.post("/kalender/tambah", page.form("tambah") | data, status=422).main
        )
        assert not stories()


def test_only_who_writes_adds(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        for who in (world.contributor, world.approver, world.lead):
            browser_of(who).get("/kalender/tambah", status=403)
            browser_of(who).post(
                "/kalender/tambah", {"title": "Tidak boleh", "day": "2026-10-16"}, status=403
            )
        assert not stories()


def test_after_adding_the_same_calendar_is_shown(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        address = f"/kalender/tambah?tampilan=pekan&kanal={world.web.id}&hari=2026-10-16&jam=10:00"
        form = editor.get(address).form("tambah")
        assert form["time"] == "10:00"
        back = editor.post("/kalender/tambah", form | {"title": "Kembali ke pekan"}).location
        assert back == f"/kalender/?tampilan=pekan&hari=2026-10-16&kanal={world.web.id}"
