"""Subscriptions: a real calendar program reads them, and nobody reads what is not theirs."""

import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.audit.models import AuditEntry
from humasflow.calendar.enums import FeedKind
from humasflow.calendar.feeds import services
from humasflow.calendar.models import CalendarFeed
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.stories.models import Story, StoryReader
from tests.factories import desk
from tests.factories.world import World
from tests.stories.tasks import task
from tests.support.forms import send
from tests.support.served import serve_on_loopback

pytestmark = pytest.mark.usefixtures("in_request")


def feed_of(world: World, kind: FeedKind = FeedKind.OFFICE, who: str = "editor", **more: Any) -> str:
    """The path of a new feed. Commits."""
    made = services.create_feed(world.office.id, actor=world.as_(getattr(world, who)), kind=kind, **more)
    db.session.commit()
    return f"/kalender/ics/{services.secret_of(made)}.ics"


def read(app: Flask, path: str) -> list[icalendar.Event]:
    answer = app.test_client().get(path)
    assert answer.status_code == 200, answer.status_code
    assert answer.content_type == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.data).events)


def scheduled(world: World, account: str = "facebook", days: int = 2, **changes: Any) -> Post:
    made = desk.post(world, desk.story(world, **changes), account=account)
    posts.schedule_post(made, actor=world.as_(world.editor), due_at=soon(days))
    db.session.commit()
    return made


def soon(days: int) -> datetime:
    return clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)


def only(events: list[icalendar.Event]) -> icalendar.Event:
    assert len(events) == 1, events
    return events[0]


@pytest.mark.db
def test_a_change_raises_sequence_and_keeps_the_uid(app: Flask, world: World) -> None:
    post, path, editor = scheduled(world), feed_of(world), world.as_(world.editor)
    first = only(read(app, path))
    assert (first["sequence"], first["status"]) == (0, "TENTATIVE")
    assert world.facebook.name in first["summary"] and post.story.title in first["summary"]

    post = db.session.get_one(Post, post.id)
    posts.schedule_post(post, actor=editor, due_at=soon(3))
    db.session.commit()
    moved = only(read(app, path))
    assert moved["uid"] == first["uid"] and moved["sequence"] == 1
    assert moved["dtstart"].dt == soon(3) and moved["dtstart"].params["TZID"] == world.office.timezone

    posts.schedule_post(db.session.get_one(Post, post.id), actor=editor, due_at=None)
    db.session.commit()
    lost = only(read(app, path))
    assert (lost["uid"], lost["sequence"], lost["status"]) == (first["uid"], 2, "CANCELLED")

    posts.schedule_post(db.session.get_one(Post, post.id), actor=editor, due_at=soon(4))
    db.session.commit()
    again = only(read(app, path))
    assert (again["uid"], again["sequence"], again["status"]) == (first["uid"], 3, "TENTATIVE")


@pytest.mark.db
def test_a_removed_post_says_cancelled(app: Flask, world: World) -> None:
    post, path = scheduled(world), feed_of(world)
    read(app, path)
    posts.remove_post(db.session.get_one(Post, post.id), actor=world.as_(world.editor))
    db.session.commit()
    assert only(read(app, path))["status"] == "CANCELLED"


@pytest.mark.db
def test_another_title_raises_sequence(app: Flask, world: World) -> None:
    from humasflow.stories import services as stories

    post, path = scheduled(world), feed_of(world)
    read(app, path)
    story = db.session.get_one(Story, post.story_id)
    stories.save_version(story, actor=world.as_(world.editor), content=desk.text(title="Judul yang baru"))
    db.session.commit()
    changed = only(read(app, path))
    assert "Judul yang baru" in changed["summary"] and changed["sequence"] == 1


@pytest.mark.db
def test_confidential_stories_are_in_no_shared_feed(app: Flask, world: World) -> None:
    post = scheduled(world, title="Rencana rahasia")
    story = db.session.get_one(Story, post.story_id)
    story.is_confidential = True
    db.session.add(StoryReader(story_id=story.id, user_id=world.editor.id, added_at=clock.now()))
    db.session.commit()
    for path in (feed_of(world), feed_of(world, FeedKind.CHANNEL, account_id=world.facebook.id)):
        assert read(app, path) == []
    named = feed_of(world, FeedKind.PERSON)
    assert "Rencana rahasia" in only(read(app, named))["summary"]
    db.session.delete(db.session.get_one(StoryReader, (story.id, world.editor.id)))
    db.session.commit()
    gone = only(read(app, named))
    assert (gone["status"], gone["summary"]) == ("CANCELLED", "Dibatalkan")
    assert b"rahasia" not in app.test_client().get(named).data
    assert read(app, feed_of(world, FeedKind.PERSON)) == []


@pytest.mark.db
def test_a_channel_has_its_own_posts_only(app: Flask, world: World) -> None:
    scheduled(world, "facebook", title="Di Facebook")
    scheduled(world, "instagram", title="Di Instagram")
    path = feed_of(world, FeedKind.CHANNEL, account_id=world.instagram.id)
    assert "Di Instagram" in only(read(app, path))["summary"]


@pytest.mark.db
def test_a_person_has_their_deadlines(app: Flask, world: World) -> None:
    story = desk.story(world, title="Liputan lelang")
    made = task(world, story)
    made.due_at = soon(1)
    db.session.commit()
    path = feed_of(world, FeedKind.PERSON, who="contributor")
    mine = only(read(app, path))
    assert "Liputan lelang" in mine["summary"] and mine["dtstart"].dt == soon(1)
    assert read(app, feed_of(world, FeedKind.PERSON, who="other_contributor")) == []


def agenda(world: World) -> AgendaEvent:
    start = soon(1)
    made = AgendaEvent(
        office_id=world.office.id, uid="rapat@contoh", sequence=3, title="Rapat mingguan", starts_at=start,
        ends_at=start + timedelta(hours=2), zone=world.office.zone_name, rule="FREQ=WEEKLY;COUNT=8",
        created_at=clock.now(), updated_at=clock.now(), state=EventState.CONFIRMED,
    )  # fmt: skip
    made.exceptions = [
        AgendaException(occurrence=start + timedelta(days=7), is_dropped=True),
        AgendaException(occurrence=start + timedelta(days=14), state=EventState.CANCELLED, reason="Libur"),
    ]
    db.session.add(made)
    db.session.commit()
    return made


@pytest.mark.db
def test_the_agenda_repeats_with_its_exceptions_and_its_zone(app: Flask, world: World) -> None:
    event, path = agenda(world), feed_of(world)
    data = app.test_client().get(path).data
    assert f"BEGIN:VTIMEZONE\r\nTZID:{world.office.timezone}".encode() in data
    series, other = icalendar.Calendar.from_ical(data).events
    assert series["rrule"].to_ical() == b"FREQ=WEEKLY;COUNT=8" and series["sequence"] == 3
    assert series["exdate"].dts[0].dt == event.starts_at + timedelta(days=7)
    assert other["recurrence-id"].dt == event.starts_at + timedelta(days=14)
    assert other["status"] == "CANCELLED"


@pytest.mark.db
def test_the_same_plan_is_not_sent_twice(app: Flask, world: World) -> None:
    post, path = scheduled(world), feed_of(world)
    client = app.test_client()
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    posts.schedule_post(db.session.get_one(Post, post.id), actor=world.as_(world.editor), due_at=soon(5))
    db.session.commit()
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.db
def test_revoked_unknown_and_disowned_addresses_are_gone(app: Flask, world: World, browser_of: Any) -> None:
    path = feed_of(world)
    feed = db.session.scalars(select(CalendarFeed)).one()
    assert feed.token_hash not in path and services.secret_of(feed) not in feed.secret
    browser = browser_of(world.editor)
    browser.post(f"/kalender/langganan/{feed.id}/cabut")
    client = app.test_client()
    assert client.get(path).status_code == 404
    assert client.get("/kalender/ics/tidak-ada.ics").status_code == 404
    disowned = feed_of(world, who="other_editor")
    for grant in list(world.other_editor.grants):
        grant.valid_until = grant.valid_from
    db.session.commit()
    assert client.get(disowned).status_code == 404


@pytest.mark.db
def test_who_guesses_or_reads_without_end_is_slowed(app: Flask, world: World) -> None:
    path, client = feed_of(world), app.test_client()
    statuses = [client.get(path).status_code for _n in range(61)]
    assert statuses[:60] == [200] * 60 and statuses[60] == 429
    for _n in range(30):
        assert client.get("/kalender/ics/salah.ics").status_code == 404
    assert client.get("/kalender/ics/salah.ics").status_code == 429
    assert client.get(feed_of(world)).status_code == 200, "others behind the same address read on"


@pytest.mark.db
def test_nobody_revokes_or_sees_another_persons_feed(app: Flask, world: World, browser_of: Any) -> None:
    path = feed_of(world)
    feed = db.session.scalars(select(CalendarFeed)).one()
    other = browser_of(world.other_editor)
    assert path not in other.get("/kalender/langganan").text
    assert other.post(f"/kalender/langganan/{feed.id}/cabut", status=404)
    assert app.test_client().get(path).status_code == 200


def test_the_page_makes_a_feed_and_says_how_often_google_looks(
    app: Flask, world: World, browser_of: Any
) -> None:
    browser = browser_of(world.editor)
    page = browser.get("/kalender/langganan")
    assert "Google Kalender membaca ulang tiap 8 sampai 24 jam" in page.text
    send(browser, "/kalender/langganan", "what", {"what": f"channel:{world.facebook.id}"})
    feed = db.session.scalars(select(CalendarFeed)).one()
    assert feed.account_id == world.facebook.id
    shown = browser.get("/kalender/langganan").text
    assert f"http://localhost/kalender/ics/{services.secret_of(feed)}.ics" in shown
    assert browser.get("/kalender/langganan").soup.select("a[href^='webcal://']")
    said = [a.action.value for a in db.session.scalars(select(AuditEntry))]
    assert "calendar.feed.created" in said
    assert send(browser, "/kalender/langganan", "what", {"what": "channel:999999"}, status=422)


@pytest.mark.db
def test_the_statements_do_not_grow_with_the_plan(app: Flask, world: World, statements: Any) -> None:
    path, client = feed_of(world), app.test_client()
    scheduled(world)
    client.get(path)
    statements.reset()
    client.get(path)
    few = len(statements)
    for n in range(3):
        scheduled(world, days=3 + n, title=f"Lagi {n}")
    statements.reset()
    assert len(read(app, path)) == 4
    noting = len(statements)
    statements.reset()
    assert len(read(app, path)) == 4
    assert len(statements) == few
    for n in range(5):
        scheduled(world, days=9 + n, title=f"Lagi {n}")
    statements.reset()
    assert len(read(app, path)) == 9
    assert len(statements) == noting


def test_a_real_calendar_program_takes_it_all(app: Flask, world: World, tmp_path: Path) -> None:
    """vdirsyncer subscribes over the wire, and gets changes and cancellations at its next visit."""
    post = scheduled(world, title="Lelang & sewa, “aset”")
    agenda(world)
    path = feed_of(world)
    server = serve_on_loopback(app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kept = tmp_path / "kalender"
    kept.mkdir()
    config = tmp_path / "config"
    config.write_text(
        f'[general]\nstatus_path = "{tmp_path / "status"}"\n'
        '[pair humas]\na = "jauh"\nb = "dekat"\ncollections = null\nconflict_resolution = "a wins"\n'
        f'[storage jauh]\ntype = "http"\nurl = "http://127.0.0.1:{server.port}{path}"\n'
        f'[storage dekat]\ntype = "filesystem"\npath = "{kept}"\nfileext = ".ics"\n'
    )
    program = str(Path(sys.executable).parent / "vdirsyncer")

    def sync() -> list[str]:
        db.session.rollback()  # nothing of the test itself holds the database
        for step in ("discover", "sync"):
            done = subprocess.run(
                [program, "-c", str(config), step], capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
        # vdirsyncer names what it has from the web by its contents, so that the parser above vouches for the UIDs.
        return [item.read_text().replace("\n ", "") for item in sorted(kept.glob("*.ics"))]

    try:
        first = sync()
        assert len(first) == 2
        series = next(text for text in first if "Rapat mingguan" in text)
        assert "RECURRENCE-ID" in series and "RRULE:FREQ=WEEKLY;COUNT=8" in series and "EXDATE" in series
        assert "BEGIN:VTIMEZONE" in series
        told = next(text for text in first if text != series)
        assert "Lelang & sewa\\, “aset”" in told and "STATUS:TENTATIVE" in told
        assert sync() == first
        posts.schedule_post(db.session.get_one(Post, post.id), actor=world.as_(world.editor), due_at=None)
        db.session.commit()
        second = sync()
        assert len(second) == 2 and series in second
        changed = next(text for text in second if text != series)
        assert "STATUS:CANCELLED" in changed and "SEQUENCE:1" in changed
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
