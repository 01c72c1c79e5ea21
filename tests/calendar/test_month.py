"""The month on the office's clock."""

import gzip
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from humasflow.calendar import queries
from humasflow.calendar.enums import CalendarView
from humasflow.calendar.items import Item, Plan
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.spans import span_of
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.posts.models import Post
from humasflow.publishing import services as publishing
from humasflow.publishing.enums import PostState
from tests.factories import desk as factory
from tests.factories.world import World
from tests.publishing.desk import NewsDesk, hours
from tests.support.page import Browser

At = Callable[[str], AbstractContextManager[None]]
Open = Callable[[Any], Browser]
NOW = "2026-10-14T01:00:00Z"  # Wednesday, 08.00 WIB, 10.00 WIT


def month(world: World, query: str = "tampilan=bulan", today: date = date(2026, 10, 14)) -> Plan:
    narrowing = Narrowing.from_query(query, today)
    actor = world.as_(world.editor)
    choices = queries.list_choices(world.office, actor.id, narrowing.span)
    return queries.get_plan(actor, world.office, narrowing, choices)


def items_on(shown: Plan, day: date) -> list[Item]:
    return shown.days[day].items


@pytest.mark.db
@pytest.mark.parametrize(
    ("zone", "day", "shown"),
    [("Asia/Jakarta", 15, "23:30"), ("Asia/Makassar", 16, "00:30"), ("Asia/Jayapura", 16, "01:30")],
)
def test_a_post_stands_on_the_offices_own_day(
    desk: NewsDesk, world: World, at: At, zone: str, day: int, shown: str
) -> None:
    world.office.timezone = zone
    with at(NOW):
        desk.going_out("web", at=datetime(2026, 10, 15, 16, 30, tzinfo=UTC))
        (item,) = items_on(month(world), date(2026, 10, day))
        assert (item.clock, item.post_state, item.movable) == (shown, PostState.SCHEDULED, True)


@pytest.mark.db
def test_what_went_out_stands_where_it_went_out(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        _story, (post,) = desk.going_out("web")
        with clock.moved_to(clock.now() + hours(3)):
            desk.work()
        publishing.record_past_publication(
            actor=None, office=world.office, account=world.facebook, content_type=world.social,
            title="Dari daftar lama", url="https://facebook.com/kantoruji/posts/1",
            published_at=datetime(2026, 10, 2, 17, 30, tzinfo=UTC),
        )  # fmt: skip
        db.session.commit()
        shown = month(world)
        (live,) = items_on(shown, date(2026, 10, 14))
        assert (live.id, live.clock, live.post_state, live.movable) == (
            post.id,
            "11:00",
            PostState.PUBLISHED,
            False,
        )
        (past,) = items_on(shown, date(2026, 10, 3))
        assert (past.title, past.clock) == ("Dari daftar lama", "00:30")
        assert shown.tray == []
        assert shown.count(PostState.PUBLISHED) == 2


@pytest.mark.db
def test_the_tray_holds_what_has_no_time_and_nothing_else(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        story = desk.ready("web", "facebook")
        desk.going_out("web", at=clock.now() + hours(30))
        cancelled = factory.story(world)
        factory.post(world, cancelled, "web")
        from humasflow.stories.enums import StoryMove
        from humasflow.stories.services import move_story

        move_story(cancelled, StoryMove.CANCEL, actor=desk.editor, reason="Batal")
        db.session.commit()
        shown = month(world)
        assert {i.title for i in shown.tray} == {story.title}
        assert len(shown.tray) == 2
        assert all(i.movable and i.post_state is PostState.DRAFT for i in shown.tray)


@pytest.mark.db
def test_a_channel_can_be_picked_out(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        desk.going_out("web", "facebook", at=clock.now() + hours(30))
        only = month(world, f"kanal={world.web.id}")
        (item,) = items_on(only, date(2026, 10, 15))
        assert item.where == "Situs berita"


# In the browser


def test_a_month_reads_like_a_calendar(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        _story, (post,) = desk.going_out("web", at=datetime(2026, 10, 30, 2, tzinfo=UTC), approved=False)
        page = browser_of(world.editor).get("/kalender/?bulan=2026-10")
        assert page.h1 == "Oktober 2026"
        assert "Hari Oeang" in page.main
        assert "09.00 Sosialisasi pemanfaatan aset bagi 30 satuan kerja , Situs berita, Draf" in page.main
        assert page.soup.select_one(".day.today .day__n").get_text().endswith(" 14")  # type: ignore[union-attr]
        entry = page.soup.select_one(f'.ev[data-id="{post.id}"]')
        assert entry is not None
        assert entry["href"] == f"/kalender/pindahkan?item=publikasi:{post.id}"
        assert len(page.soup.select(".cal .day")) == 35
        assert page.link("Sebelumnya").endswith("tampilan=bulan&hari=2026-09-01")
        assert page.link("Berikutnya").endswith("tampilan=bulan&hari=2026-11-01")


@pytest.mark.parametrize("bulan", ["", "2026-13", "0000-01", "9999-01", "x", "2026-1' OR 1=1"])
def test_a_month_that_cannot_be_is_the_present_one(
    world: World, at: At, browser_of: Open, bulan: str
) -> None:
    with at(NOW):
        page = browser_of(world.contributor).get("/kalender/", query_string={"bulan": bulan, "kanal": "x"})
        assert page.h1 == "Oktober 2026"


def test_who_only_reads_gets_no_handles(desk: NewsDesk, world: World, browser_of: Open) -> None:
    desk.going_out("web", at=clock.now() + hours(1))
    page = browser_of(world.contributor).get("/kalender/")
    assert page.soup.select(".ev")
    assert not page.soup.select(
        ".ev[href], .ev:not([data-fixed]), [data-move], [data-day], [name=pilih], .day__add"
    )
    lead = browser_of(world.lead).get("/kalender/")
    assert lead.soup.select(".ev[href]")
    assert not lead.soup.select(
        "[data-move], [data-day], .ev[data-kind=publikasi]:not([data-fixed]), [name=pilih]"
    )


def test_what_moves_can_be_picked_and_each_day_to_come_takes_something_new(
    desk: NewsDesk, world: World, at: At, browser_of: Open
) -> None:
    with at(NOW):
        _story, (post,) = desk.going_out("web", at=datetime(2026, 10, 16, 2, tzinfo=UTC))
        editor = browser_of(world.editor)
        page = editor.get(f"/kalender/?tampilan=bulan&kanal={world.web.id}")
        (box,) = page.soup.select("#calendar input[name=pilih]")
        assert box["value"] == f"publikasi:{post.id}:{post.row_version}"
        assert box["aria-label"] == "Pilih: Sosialisasi pemanfaatan aset bagi 30 satuan kerja"
        following = box.find_next_sibling()
        assert following is not None
        assert following["data-id"] == str(post.id), "the box stands right before what it picks"
        adds = {
            a.find_parent(class_="day")["data-day"]: str(a["href"]) for a in page.soup.select("a.day__add")
        }
        assert min(adds) == "2026-10-14", "days that are over take nothing new"
        assert f"kanal={world.web.id}" in adds["2026-10-16"]
        assert "2026-10-16" in editor.get(adds["2026-10-16"]).html
        assert page.soup.select_one("[data-pick]") is not None


STANDING = {"editor": 10, "approver": 10, "contributor": 8, "lead": 10, "admin": 10}


@pytest.mark.db
@pytest.mark.parametrize("role", STANDING)
def test_a_month_costs_the_same_whatever_stands_on_it(
    desk: NewsDesk, world: World, at: At, browser_of: Open, statements: Any, role: str
) -> None:
    """None, and a thousand publications and events: as many statements, at most ten."""
    with at(NOW):
        reader = browser_of(getattr(world, role))

        def ask() -> int:
            reader.get("/kalender/?bulan=2026-10")
            statements.reset()
            reader.get("/kalender/?bulan=2026-10")
            return len(statements)

        nothing = ask()
        _story, (post,) = desk.going_out("web", at=clock.now() + hours(30), approved=False)
        few = ask()
        fill(post, 960)
        for n in range(40):
            db.session.add(AgendaEvent(
                office_id=world.office.id, uid=f"{n}@uji", title="Apel pagi", zone="Asia/Jakarta",
                starts_at=clock.now() + hours(n), ends_at=clock.now() + hours(n + 1),
                rule="FREQ=DAILY" if n % 4 == 0 else "", created_at=clock.now(), updated_at=clock.now(),
            ))  # fmt: skip
        db.session.commit()
        assert (nothing, few, ask()) == (nothing,) * 3
        assert nothing <= STANDING[role]


@pytest.mark.db
@pytest.mark.parametrize("view", [view.value for view in CalendarView])
def test_every_view_costs_the_same_whatever_stands_on_it(
    desk: NewsDesk, world: World, at: At, browser_of: Open, statements: Any, view: str
) -> None:
    with at(NOW):
        reader = browser_of(world.editor)

        def ask() -> int:
            address = f"/kalender/?tampilan={view}"
            reader.get(address)
            statements.reset()
            reader.get(address)
            return len(statements)

        _story, (post,) = desk.going_out("web", at=clock.now() + hours(30), approved=False)
        few = ask()
        fill(post, 300)
        assert ask() == few


@pytest.mark.parametrize("view", ["bulan", "pekan", "hari", "kanal", "seksi", "daftar"])
def test_a_thousand_items_fit_a_small_page_and_none_is_lost(
    desk: NewsDesk, world: World, at: At, browser_of: Open, view: str
) -> None:
    with at(NOW):
        _story, (post,) = desk.going_out("web", at=clock.now() + hours(30), approved=False)
        fill(post, 999)
        page = browser_of(world.editor).get(f"/kalender/?tampilan={view}")
        shown = len(page.soup.select("#calendar .ev"))
        left = sum(int(m.get_text().split()[0].strip("+")) for m in page.soup.select("#calendar .ev__more"))
        start, end = span_of(CalendarView(view), date(2026, 10, 14)).instants(world.office.zone_name)
        falling = select(func.count()).where(Post.scheduled_at >= start, Post.scheduled_at < end)
        assert shown + left == db.session.scalar(falling), "what is not drawn is counted"
        assert shown + left >= (1000 if view in ("bulan", "daftar") else 30)
        assert len(gzip.compress(page.html.encode())) < 100_000


def fill(post: Post, count: int) -> None:
    """That many more like this one, all over October."""
    template = {c.name: getattr(post, c.name) for c in Post.__table__.columns if c.name != "id"}
    start = datetime(2026, 9, 30, 18, tzinfo=UTC)
    minutes = 30 * 24 * 60 / count
    rows = [template | {"scheduled_at": start + timedelta(minutes=int(n * minutes))} for n in range(count)]
    db.session.execute(insert(Post), rows)
    db.session.commit()
