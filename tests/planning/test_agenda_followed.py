"""Calendars that are followed, when something goes wrong or comes twice."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.outbox import runner
from humasflow.outbox.models import Job
from humasflow.planning.agenda import bringing, importing, subscribing
from humasflow.planning.agenda.enums import EventState, FeedState, ImportState
from humasflow.planning.agenda.ics import parse
from humasflow.planning.agenda.importing import take
from humasflow.planning.agenda.models import AgendaEvent, AgendaFeed, AgendaImport
from tests.core.test_outbound import answer, at, serve
from tests.factories.world import World
from tests.planning.test_agenda_feeds import TWO, calendar, read_again, run, taken, titles
from tests.planning.test_agenda_importing import bring, brought

__all__ = ["serve"]
pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def says(serve: Any, world: World) -> tuple[dict[str, bytes], Callable[[], int]]:
    """What the other side says, and following it; gives the feed's id after the first look."""
    said = {"body": TWO}
    server = serve(lambda connection, head: connection.sendall(answer(said["body"])))

    def follow() -> int:
        made = subscribing.add_feed(
            world.office.id, actor=world.as_(world.editor), name="Kanwil", address=at(server)
        )
        db.session.commit()
        ident = made.id
        run()
        return ident

    return said, follow


def event_of(uid: str) -> AgendaEvent:
    return db.session.scalars(select(AgendaEvent).where(AgendaEvent.uid == uid)).one()


def test_extra_dates_stay_while_the_calendar_has_them(says: Any) -> None:
    said, follow = says
    line = b"DTSTART:20990101T010000Z\r\nRDATE:20990105T010000Z,20990106T010000Z,20990106T010000Z"
    said["body"] = TWO.replace(b"DTSTART:20990101T010000Z", line)
    feed_id = follow()
    assert db.session.get_one(AgendaFeed, feed_id).state is FeedState.FINE
    for _n in range(2):
        assert {e.state for e in db.session.scalars(select(AgendaEvent))} == {EventState.CONFIRMED}
        assert db.session.scalar(select(func.count(AgendaEvent.id))) == 4
        read_again(feed_id)
    said["body"] = TWO.replace(b"DTSTART:20990101T010000Z", line.replace(b",20990106T010000Z", b",kemarin"))
    read_again(feed_id)
    assert event_of("a/20990106T010000Z").state is EventState.CONFIRMED, "something of it was unreadable"
    said["body"] = TWO.replace(b"DTSTART:20990101T010000Z", line.replace(b",20990106T010000Z", b""))
    read_again(feed_id)
    assert event_of("a/20990106T010000Z").state is EventState.CANCELLED
    assert event_of("a/20990105T010000Z").state is EventState.CONFIRMED


def test_what_could_not_be_taken_stands_at_the_feed(says: Any, world: World, browser_of: Any) -> None:
    said, follow = says
    said["body"] = calendar(("a", "kemarin", "Rapat <i>aneh</i>"), ("b", "20990101T010000Z", "x" * 300))
    feed = db.session.get_one(AgendaFeed, follow())
    assert (feed.told["skipped_count"], feed.told["total"]) == (1, 1)
    page = browser_of(world.editor).get("/agenda/langganan").text
    assert "1 agenda tidak diambil" in page and "Rapat aneh" in page and "terlalu panjang" in page
    said["body"] = TWO
    assert read_again(feed.id).told["skipped"] == []


def broken(*_args: Any, **_more: Any) -> Any:
    raise RuntimeError("something nobody thought of")


@pytest.mark.parametrize("where", ["parse", "take"])
def test_a_failure_nobody_foresaw_stands_at_the_feed(
    says: Any, world: World, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    _said, follow = says
    feed_id = follow()
    monkeypatch.setattr(subscribing, where, broken)
    failed = read_again(feed_id)
    assert failed.state is FeedState.FAILED and "gangguan" in failed.error and failed.failures == 1
    assert titles(world) == ["Lelang", "Rapat"]


def large() -> bytes:
    return calendar(*((f"u{n}", "20990101T010000Z", "Rapat " + "x" * 150) for n in range(700)))


def confirmed(browser: Any) -> None:
    found = brought()
    browser.post(f"/agenda/impor/{found.id}/ambil", {"row_version": str(found.row_version)}, status=303)


def test_whoever_waits_for_a_file_learns_that_it_failed(
    app: Flask, world: World, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(world.editor)
    with monkeypatch.context() as patch:
        patch.setattr(bringing, "parse", broken)
        bring(browser, large())
        run()
    assert brought().state is ImportState.REFUSED
    page = browser.get(f"/agenda/impor/{brought().id}")
    assert "gangguan" in page.text and not page.soup.select("[data-pending]")
    bring(browser, large())
    run()
    confirmed(browser)
    add, added = importing._add, []

    def stops_in_the_middle(*args: Any, **more: Any) -> None:
        added.append(args)
        if len(added) == 150:
            raise RuntimeError("nobody thought of this")
        add(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_add", stops_in_the_middle)
        run()
    page = browser.get(f"/agenda/impor/{brought().id}")
    assert brought().state is ImportState.REFUSED and "tidak menjadi ganda" in page.text
    assert len(titles(world)) == importing.BATCH
    again = taken(world, large())
    assert (again.added, again.unchanged) == (600, 100)


def test_who_may_no_longer_import_is_told(app: Flask, world: World, browser_of: Any) -> None:
    browser = browser_of(world.editor)
    bring(browser, large())
    run()
    confirmed(browser)
    for grant in list(world.editor.grants):
        grant.valid_until = grant.valid_from
    db.session.commit()
    run()
    found = db.session.scalars(select(AgendaImport)).one()
    assert found.state is ImportState.REFUSED and "tugas Anda" in found.problem and titles(world) == []


def test_asked_for_twice_is_read_once(app: Flask, world: World) -> None:
    feed = subscribing.add_feed(
        world.office.id, actor=world.as_(world.editor), name="Satu", address="https://contoh.example/a.ics"
    )
    first = db.session.scalar(select(func.count(Job.id))) or 0
    subscribing.read_soon(feed)
    subscribing.read_soon(feed)
    assert db.session.scalar(select(func.count(Job.id))) == first + 1


def test_those_that_are_due_together_are_not_read_together(app: Flask, world: World) -> None:
    for n in range(3):
        subscribing.add_feed(
            world.office.id,
            actor=world.as_(world.editor),
            name=f"Ke-{n}",
            address="https://contoh.example/a.ics",
        )
    before = set(db.session.scalars(select(Job.id)))
    assert subscribing.read_due() == 3
    due = db.session.scalars(select(Job.due_at).where(Job.id.not_in(before))).all()
    assert len({d.replace(microsecond=0) for d in due}) == 3


def test_a_large_calendar_leaves_in_parts(says: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    said, follow = says
    monkeypatch.setattr(subscribing, "AT_ONCE", 50)
    many = calendar(*((f"u{n}", "20990101T010000Z", f"Rapat {n}") for n in range(120)))
    said["body"] = many
    feed_id = follow()
    subscribing.remove_feed(db.session.get_one(AgendaFeed, feed_id), actor=world.as_(world.editor))
    db.session.commit()
    assert db.session.get_one(AgendaFeed, feed_id).address == ""
    assert len(titles(world)) == 120
    again = taken(world, many)
    assert again.unchanged == 120, "what is on its way out is taken by whoever brings it again"
    runner.run_due()
    assert len(titles(world)) == 120


def test_what_leaves_leaves(says: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    said, follow = says
    monkeypatch.setattr(subscribing, "AT_ONCE", 50)
    said["body"] = calendar(*((f"u{n}", "20990101T010000Z", f"Rapat {n}") for n in range(120)))
    feed_id = follow()
    said["body"] = calendar(("u0", "20990101T010000Z", "Rapat 0"))
    read_again(feed_id)
    states = db.session.scalars(select(AgendaEvent.state)).all()
    assert states.count(EventState.CANCELLED) == 119
    subscribing.remove_feed(db.session.get_one(AgendaFeed, feed_id), actor=world.as_(world.editor))
    db.session.commit()
    run()
    assert titles(world) == [] and set(db.session.scalars(select(AgendaEvent.feed_id))) == {None}


def test_what_had_vanished_comes_back_with_a_new_subscription(says: Any, world: World) -> None:
    said, follow = says
    feed_id = follow()
    said["body"] = calendar(("a", "20990101T010000Z", "Rapat"))
    read_again(feed_id)
    subscribing.remove_feed(db.session.get_one(AgendaFeed, feed_id), actor=world.as_(world.editor))
    db.session.commit()
    said["body"] = TWO
    follow()
    assert event_of("b").state is EventState.CONFIRMED and titles(world) == ["Lelang", "Rapat"]


def test_what_a_file_brought_is_kept_by_the_calendar_that_has_it(says: Any, world: World) -> None:
    said, follow = says
    taken(world, TWO)
    feed_id = follow()
    assert {e.feed_id for e in db.session.scalars(select(AgendaEvent))} == {feed_id}
    said["body"] = calendar(("a", "20990101T010000Z", "Rapat"))
    read_again(feed_id)
    assert event_of("b").state is EventState.CANCELLED


def test_what_a_calendar_keeps_to_itself_is_kept_so(app: Flask, world: World) -> None:
    private = parse(TWO.replace(b"SUMMARY:Rapat", b"CLASS:PRIVATE\r\nSUMMARY:Rapat"), "Asia/Jakarta")
    take(private, office_id=world.office.id, feed_id=None, actor=world.as_(world.editor))
    assert (event_of("a").is_private, event_of("b").is_private) == (True, False)
    again = taken(world, TWO)
    assert again.changed == 1 and event_of("a").is_private is False
