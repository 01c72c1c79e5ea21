"""The month on the office's clock."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from humasflow.calendar import queries
from humasflow.calendar.days import commemorations, list_days
from humasflow.calendar.services import PastDay, move_post
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, Refused, UserError
from humasflow.core.localtime import from_local
from humasflow.posts.models import Post
from humasflow.posts.queries import list_posts_of
from humasflow.publishing import services as publishing
from humasflow.publishing.enums import PostState
from tests.factories import desk as factory
from tests.factories.world import World
from tests.publishing.desk import NewsDesk, hours
from tests.support.page import Browser

At = Callable[[str], AbstractContextManager[None]]
Open = Callable[[Any], Browser]
NOW = "2026-10-14T01:00:00Z"  # Wednesday, 08.00 WIB, 10.00 WIT


def month(world: World, **given: Any) -> queries.Month:
    values = {"first": date(2026, 10, 1), "today": date(2026, 10, 14), **given}
    return queries.get_month(world.as_(world.editor), world.office.id, world.office.timezone or "", **values)


def items_on(shown: queries.Month, day: date) -> list[queries.Item]:
    return list(next(d for d in shown.days if d.date == day).items)


@pytest.mark.parametrize(
    ("first", "start", "end"),
    [
        (date(2026, 10, 1), date(2026, 9, 28), date(2026, 11, 2)),
        (date(2026, 2, 1), date(2026, 1, 26), date(2026, 3, 2)),
        (date(2027, 2, 1), date(2027, 2, 1), date(2027, 3, 1)),  # four weeks exactly
        (date(2026, 12, 1), date(2026, 11, 30), date(2027, 1, 4)),
    ],
)
def test_the_grid_begins_on_monday_and_covers_the_month(first: date, start: date, end: date) -> None:
    assert queries.grid_of(first) == (start, end)
    assert start.weekday() == 0
    assert (end - start).days % 7 == 0


def test_national_days_are_the_bundled_ones_and_the_public_holidays() -> None:
    assert sum(len(names) for names in commemorations().values()) == 38
    days = list_days(date(2026, 8, 1), date(2026, 9, 1))
    (independence,) = (d for d in days[date(2026, 8, 17)] if d.is_holiday)
    assert independence.name == "Hari Kemerdekaan Republik Indonesia"
    estimated = list_days(date(2027, 3, 1), date(2027, 4, 1))
    assert any("(perkiraan)" in d.name for d in estimated[date(2027, 3, 10)])
    assert any(not d.is_holiday for d in list_days(date(2026, 10, 1), date(2026, 11, 1))[date(2026, 10, 30)])


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
        assert (item.clock, item.state, item.movable) == (shown, PostState.SCHEDULED, True)


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
        assert (live.id, live.clock, live.state, live.movable) == (
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
        assert all(i.movable and i.state is PostState.DRAFT for i in shown.tray)


@pytest.mark.db
def test_a_channel_can_be_picked_out(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        desk.going_out("web", "facebook", at=clock.now() + hours(30))
        only = month(world, account_id=world.web.id)
        (item,) = items_on(only, date(2026, 10, 15))
        assert item.account_name == "Situs berita"


# Moving


@pytest.mark.db
def test_a_move_keeps_the_clock_time_and_the_tray_starts_at_nine(
    desk: NewsDesk, world: World, at: At
) -> None:
    with at(NOW):
        world.office.timezone = "Asia/Jayapura"
        _story, (post,) = desk.going_out(
            "web", at=from_local(date(2026, 10, 20), time(23, 45), "Asia/Jayapura")
        )
        moved = move_post(post, world.office, actor=desk.editor, day=date(2026, 10, 22))
        assert post.scheduled_at == from_local(date(2026, 10, 22), time(23, 45), "Asia/Jayapura")
        assert moved.before == from_local(date(2026, 10, 20), time(23, 45), "Asia/Jayapura")
        move_post(post, world.office, actor=desk.editor, day=None)
        assert post.scheduled_at is None
        move_post(post, world.office, actor=desk.editor, day=date(2026, 10, 23))
        assert post.scheduled_at == from_local(date(2026, 10, 23), time(9), "Asia/Jayapura")
        assert len(desk.jobs()) == 1


@pytest.mark.db
def test_a_day_or_an_hour_that_is_over_is_refused_kindly(desk: NewsDesk, world: World, at: At) -> None:
    with at("2026-10-14T05:00:00Z"):  # noon in Jakarta
        _story, (post,) = desk.going_out("web", at=clock.now() + hours(30))
        with pytest.raises(PastDay, match="Selasa, 13 Oktober 2026 sudah lewat"):
            move_post(post, world.office, actor=desk.editor, day=date(2026, 10, 13))
        with pytest.raises(PastDay, match="Pukul 09.00 hari ini sudah lewat"):
            move_post(post, world.office, actor=desk.editor, day=date(2026, 10, 14), clock_time=time(9))
        with pytest.raises(UserError, match="tiga tahun"):
            move_post(post, world.office, actor=desk.editor, day=date(2036, 10, 14))


@pytest.mark.db
def test_a_live_post_and_a_stale_page_move_nothing(desk: NewsDesk, world: World) -> None:
    _story, (post,) = desk.going_out("web")
    tomorrow = (clock.now() + timedelta(days=2)).date()
    with pytest.raises(Conflict):
        move_post(post, world.office, actor=desk.editor, day=tomorrow, row_version=post.row_version - 1)
    desk.work()
    with pytest.raises(Refused, match="sudah tayang"):
        move_post(post, world.office, actor=desk.editor, day=tomorrow)


# In the browser


def in_days(n: int) -> date:
    return (clock.now() + timedelta(days=n)).date()


def drop(browser: Browser, post: Post, day: str, **more: str) -> Any:
    browser._forget()
    return browser.client.post(
        f"/kalender/pindah/{post.id}", data={"day": day, **more}, headers={"Accept": "application/json"}
    )


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
        assert entry["href"] == f"/kalender/jadwal/{post.id}"
        assert len(page.soup.select(".cal .day")) == 35
        assert page.link("Bulan sebelumnya").endswith("bulan=2026-09")
        assert page.link("Bulan berikutnya").endswith("bulan=2026-11")


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
    assert not page.soup.select(".ev[href], .ev[data-id], [data-move]")
    lead = browser_of(world.lead).get("/kalender/")
    assert lead.soup.select(".ev[href]")
    assert not lead.soup.select("[data-move], .ev[data-id]")


def test_dropping_and_undoing(desk: NewsDesk, world: World, browser_of: Open) -> None:
    _story, (post,) = desk.going_out("web", at=clock.now() + timedelta(days=3))
    before = post.scheduled_at
    editor = browser_of(world.editor)
    version = str(post.row_version)
    told = drop(editor, post, in_days(9).isoformat(), row_version=version)
    assert told.status_code == 200, told.text
    db.session.expire_all()
    assert post.scheduled_at != before
    undo = told.json["undo"]
    back = drop(editor, post, undo["day"], time=undo["time"], row_version=str(told.json["row_version"]))
    assert back.status_code == 200
    db.session.expire_all()
    assert post.scheduled_at is not None
    assert before is not None
    assert post.scheduled_at == before.replace(second=0, microsecond=0)


def test_an_undo_to_the_tray_takes_the_time_away_again(
    desk: NewsDesk, world: World, browser_of: Open
) -> None:
    story = desk.ready("web")
    (post,) = list_posts_of(story.id)
    db.session.commit()
    editor = browser_of(world.editor)
    told = drop(editor, post, in_days(5).isoformat(), row_version=str(post.row_version))
    assert "Belum disetujui: tidak akan tayang sebelum disetujui." in told.json["message"]
    assert (told.json["time"], told.json["undo"]) == ("09.00", {"day": "", "time": ""})
    assert drop(editor, post, "", row_version=str(told.json["row_version"])).json["clock"] == ""
    db.session.expire_all()
    assert post.scheduled_at is None


def test_a_drop_that_is_refused_says_why(
    desk: NewsDesk, world: World, other_world: World, browser_of: Open
) -> None:
    _story, (post,) = desk.going_out("web", at=clock.now() + timedelta(days=3))
    editor = browser_of(world.editor)
    stale = drop(editor, post, in_days(9).isoformat(), row_version="1")
    assert (stale.status_code, "Orang lain" in stale.json["error"]) == (409, True)
    past = drop(editor, post, "2020-01-01")
    assert (past.status_code, "sudah lewat" in past.json["error"]) == (422, True)
    assert drop(editor, post, "2026-02-31").status_code == 422
    assert drop(editor, post, in_days(9).isoformat(), time="99:99").status_code == 422
    assert drop(browser_of(world.contributor), post, in_days(9).isoformat()).status_code == 403
    assert drop(browser_of(other_world.editor), post, in_days(9).isoformat()).status_code == 404
    assert drop(Browser(editor.app), post, in_days(9).isoformat()).status_code in (302, 303, 401)
    publishing.publish_now(post, actor=desk.editor)
    db.session.commit()
    desk.work()
    live = drop(editor, post, in_days(9).isoformat())
    assert (live.status_code, "sudah tayang" in live.json["error"]) == (409, True)


def test_a_drop_without_a_token_is_refused(desk: NewsDesk, world: World, browser_of: Open) -> None:
    _story, (post,) = desk.going_out("web", at=clock.now() + timedelta(days=3))
    editor = browser_of(world.editor)
    editor.app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    assert drop(editor, post, in_days(9).isoformat()).status_code == 400
    token = editor.get("/kalender/").soup.select_one("[data-csrf]")["data-csrf"]  # type: ignore[index]
    assert drop(editor, post, in_days(9).isoformat(), csrf_token=str(token)).status_code == 200


def test_the_twin_without_dragging(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        _story, (post,) = desk.going_out("web", at=clock.now() + hours(30), approved=False)
        editor = browser_of(world.editor)
        path = f"/kalender/jadwal/{post.id}"
        page = editor.get(path)
        assert "tidak akan tayang sebelum disetujui" in page.main
        form = page.form("/jadwal/")
        done = editor.post(path, form | {"day": "2026-11-03", "time": "13.30"})
        assert done.location == "/kalender/?bulan=2026-11"
        db.session.expire_all()
        assert post.scheduled_at == from_local(date(2026, 11, 3), time(13, 30), "Asia/Jakarta")
        assert "Publikasi" in editor.follow(done).text
        page = editor.post(path, editor.get(path).form("/jadwal/") | {"day": "2026-10-01"}, status=422)
        assert "sudah lewat" in page.main
        assert (
            "tidak ada di kalender"
            in editor.post(path, form | {"day": "31-02-2026", "form_token": "b"}, status=422).main
        )
        editor.post(path, editor.get(path).form("/jadwal/") | {"release": "1"})
        db.session.expire_all()
        assert post.scheduled_at is None
        editor.post(path, form | {"day": "2026-11-03", "row_version": "1", "form_token": "c"}, status=409)


def test_the_twin_asks_for_the_same_permissions(
    desk: NewsDesk, world: World, other_world: World, browser_of: Open
) -> None:
    _story, (post,) = desk.going_out("web", at=clock.now() + hours(30))
    browser_of(world.lead).get(f"/kalender/jadwal/{post.id}", status=403)
    browser_of(other_world.editor).get(f"/kalender/jadwal/{post.id}", status=404)
    publishing.publish_now(post, actor=desk.editor)
    db.session.commit()
    desk.work()
    page = browser_of(world.editor).get(f"/kalender/jadwal/{post.id}")
    assert "sudah tayang" in page.main
    assert not page.soup.select("main form[method=post] input[name=day]")


def test_a_month_of_440_posts_costs_what_an_empty_one_does(
    desk: NewsDesk, world: World, at: At, browser_of: Open, statements: Any
) -> None:
    with at(NOW):
        editor = browser_of(world.editor)
        _story, (post,) = desk.going_out("web", at=clock.now() + hours(30), approved=False)
        editor.get("/kalender/?bulan=2026-10")
        statements.reset()
        editor.get("/kalender/?bulan=2026-10")
        few = len(statements)
        template = {c.name: getattr(post, c.name) for c in Post.__table__.columns if c.name != "id"}
        start = datetime(2026, 10, 1, 1, tzinfo=UTC)
        db.session.execute(
            insert(Post), [template | {"scheduled_at": start + timedelta(hours=n * 1.6)} for n in range(440)]
        )
        db.session.commit()
        statements.reset()
        page = editor.get("/kalender/?bulan=2026-10")
        assert len(statements) == few <= 12
        assert len(page.soup.select(".day .ev")) == 441
        assert len(page.html) < 250_000
