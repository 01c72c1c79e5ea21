"""Agenda from elsewhere: files and calendars that are followed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.outbox import lease, runner
from humasflow.outbox.models import Job
from humasflow.planning.agenda import subscribing, telling
from humasflow.planning.agenda.enums import EventState, Extent, FeedState
from humasflow.planning.agenda.events import AgendaCancelled, AgendaMoved, AgendaRekeyed, AgendaRestored
from humasflow.planning.agenda.ics import parse
from humasflow.planning.agenda.importing import take
from humasflow.planning.agenda.models import AgendaEvent, AgendaFeed
from humasflow.planning.agenda.services import cancel_event, remove_event
from tests.core.test_outbound import answer, at, serve
from tests.factories.world import World
from tests.support.forms import send

__all__ = ["serve"]
pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def calendar(*events: tuple[str, str, str]) -> bytes:
    """Events by UID, start and title."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    for uid, start, title in events:
        lines += ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{start}", f"SUMMARY:{title}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


TWO = calendar(("a", "20990101T010000Z", "Rapat"), ("b", "20990102T010000Z", "Lelang"))


def titles(world: World) -> list[str]:
    return sorted(
        db.session.scalars(
            select(AgendaEvent.title).where(
                AgendaEvent.office_id == world.office.id, AgendaEvent.removed_at.is_(None)
            )
        )
    )


def taken(world: World, data: bytes) -> Any:
    made = take(
        parse(data, "Asia/Jakarta"), office_id=world.office.id, feed_id=None, actor=world.as_(world.editor)
    )
    db.session.commit()
    return made


def test_the_same_file_twice_makes_no_doubles(app: Flask, world: World) -> None:
    first, second = taken(world, TWO), taken(world, TWO)
    assert (first.added, second.added, second.unchanged) == (2, 0, 2)
    assert titles(world) == ["Lelang", "Rapat"]
    third = taken(world, TWO.replace(b"SUMMARY:Rapat", b"SUMMARY:Rapat kerja"))
    assert (third.changed, titles(world)) == (1, ["Lelang", "Rapat kerja"])


def test_two_offices_keep_the_same_event_apart(app: Flask, world: World, other_world: World) -> None:
    taken(world, TWO)
    assert taken(other_world, TWO).added == 2


@pytest.fixture
def follow(world: World) -> Callable[..., AgendaFeed]:
    def start(server: Any) -> AgendaFeed:
        made = subscribing.add_feed(
            world.office.id, actor=world.as_(world.editor), name="Kanwil", address=at(server, "/rahasia.ics")
        )
        db.session.commit()
        return made

    return start


def run() -> None:
    runner.run_due()
    db.session.rollback()


def test_a_followed_calendar_comes_changes_and_goes(serve: Any, world: World, follow: Any) -> None:
    said = {"body": TWO}
    server = serve(lambda connection, head: connection.sendall(answer(said["body"], headers='ETag: "x"\r\n')))
    feed_id = follow(server).id
    run()
    assert titles(world) == ["Lelang", "Rapat"]
    feed = db.session.get_one(AgendaFeed, feed_id)
    assert (feed.state, feed.etag, feed.failures) == (FeedState.FINE, '"x"', 0)
    said["body"] = calendar(("a", "20990105T010000Z", "Rapat besar"))
    subscribing.read_soon(feed)
    db.session.commit()
    run()
    assert titles(world) == ["Lelang", "Rapat besar"]
    lost = db.session.scalars(select(AgendaEvent).where(AgendaEvent.uid == "b")).one()
    assert (lost.state, lost.reason) == (EventState.CANCELLED, "Tidak ada lagi di kalender asalnya.")
    said["body"] = TWO
    subscribing.read_soon(db.session.get_one(AgendaFeed, feed_id))
    db.session.commit()
    run()
    back = db.session.scalars(select(AgendaEvent).where(AgendaEvent.uid == "b")).one()
    assert (back.state, back.reason) == (EventState.CONFIRMED, "")
    assert 'if-none-match: "x"' in server.asked[1].lower()
    subscribing.remove_feed(db.session.get_one(AgendaFeed, feed_id), actor=world.as_(world.editor))
    db.session.commit()
    assert titles(world) == []


@pytest.mark.parametrize(
    "words", [b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n", answer(b"<html>masuk</html>")]
)
def test_a_failure_is_seen_and_loses_nothing(
    serve: Any, world: World, follow: Any, browser_of: Any, words: bytes
) -> None:
    said = {"words": answer(TWO)}
    feed_id = follow(serve(lambda connection, head: connection.sendall(said["words"]))).id
    run()
    said["words"] = words
    subscribing.read_soon(db.session.get_one(AgendaFeed, feed_id))
    db.session.commit()
    run()
    feed = db.session.get_one(AgendaFeed, feed_id)
    assert feed.state is FeedState.FAILED and feed.failures == 1
    assert titles(world) == ["Lelang", "Rapat"]
    error = feed.error
    page = browser_of(world.editor).get("/agenda/langganan")
    assert error in page.text and "rahasia.ics" not in page.text


def test_an_address_inside_our_network_is_refused_by_the_job(app: Flask, world: World) -> None:
    feed = subscribing.add_feed(
        world.office.id, actor=world.as_(world.editor), name="Dalam", address="webcal://169.254.169.254/a.ics"
    )
    db.session.commit()
    assert "169.254" not in feed.address
    feed_id = feed.id
    run()
    failed = db.session.get_one(AgendaFeed, feed_id)
    assert failed.state is FeedState.FAILED and "jaringan dalam" in failed.error


def test_each_calendar_is_asked_for_once_a_turn(app: Flask, world: World) -> None:
    feed = subscribing.add_feed(
        world.office.id, actor=world.as_(world.editor), name="Satu", address="https://contoh.example/a.ics"
    )
    before = db.session.scalar(select(func.count(Job.id)))
    subscribing.read_due()
    subscribing.read_due()
    assert db.session.scalar(select(func.count(Job.id))) == before + 1
    assert feed.state is FeedState.WAITING


def test_a_cancelled_event_says_so(app: Flask, world: World) -> None:
    taken(world, TWO)
    taken(world, TWO.replace(b"SUMMARY:Rapat", b"STATUS:CANCELLED\r\nSUMMARY:Rapat"))
    found = db.session.scalars(select(AgendaEvent).where(AgendaEvent.uid == "a")).one()
    assert found.state is EventState.CANCELLED


def test_the_page_follows_and_stops(app: Flask, world: World, browser_of: Any) -> None:
    browser = browser_of(world.editor)
    send(browser, "/agenda/langganan", "name", {"name": "Kanwil", "address": "bukan alamat"}, status=422)
    send(browser, "/agenda/langganan", "name", {"name": "Kanwil", "address": "https://contoh.example/a.ics"})
    feed = db.session.scalars(select(AgendaFeed)).one()
    browser.post(f"/agenda/langganan/{feed.id}/baca")
    browser.post(f"/agenda/langganan/{feed.id}/hentikan")
    browser.post(f"/agenda/langganan/{feed.id}/baca", status=404)
    browser_of(world.contributor).get("/agenda/langganan", status=403)


def test_another_office_has_nothing_to_do_with_it(
    app: Flask, world: World, other_world: World, browser_of: Any
) -> None:
    feed = subscribing.add_feed(
        world.office.id, actor=world.as_(world.editor), name="Satu", address="https://contoh.example/a.ics"
    )
    db.session.commit()
    browser_of(other_world.editor).post(f"/agenda/langganan/{feed.id}/hentikan", status=404)


def read_again(feed_id: int) -> AgendaFeed:
    subscribing.read_soon(db.session.get_one(AgendaFeed, feed_id))
    db.session.commit()
    run()
    return db.session.get_one(AgendaFeed, feed_id)


def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the agenda tells other rooms."""
    told: list[Any] = []
    for module in (telling, subscribing):
        monkeypatch.setattr(module, "emit", told.append)
    return told


def test_a_calendar_that_is_suddenly_empty_is_believed_at_the_second_look(
    serve: Any, world: World, follow: Any
) -> None:
    said = {"body": TWO}
    feed_id = follow(serve(lambda connection, head: connection.sendall(answer(said["body"])))).id
    run()
    said["body"] = calendar()
    doubted = read_again(feed_id)
    assert doubted.state is FeedState.FAILED and "kosong" in doubted.error
    assert {e.state for e in db.session.scalars(select(AgendaEvent))} == {EventState.CONFIRMED}
    assert read_again(feed_id).state is FeedState.FINE
    assert {e.state for e in db.session.scalars(select(AgendaEvent))} == {EventState.CANCELLED}


def test_what_a_cut_off_or_unreadable_part_does_not_say_is_not_gone(
    serve: Any, world: World, follow: Any
) -> None:
    said = {"body": TWO}
    feed_id = follow(serve(lambda connection, head: connection.sendall(answer(said["body"])))).id
    run()
    said["body"] = TWO[: TWO.index(b"UID:b")]
    assert read_again(feed_id).etag == ""
    assert {e.state for e in db.session.scalars(select(AgendaEvent))} == {EventState.CONFIRMED}
    said["body"] = TWO.replace(b"DTSTART:20990102T010000Z", b"DTSTART:kemarin")
    read_again(feed_id)
    assert {e.state for e in db.session.scalars(select(AgendaEvent))} == {EventState.CONFIRMED}


def test_it_rests_after_many_failures_until_a_person_starts_it(
    serve: Any, world: World, follow: Any, browser_of: Any
) -> None:
    feed_id = follow(serve(lambda connection, head: connection.sendall(answer(b"<html>")))).id
    run()
    for _n in range(subscribing.MOST_FAILURES - 1):
        assert db.session.get_one(AgendaFeed, feed_id).state is FeedState.FAILED
        read_again(feed_id)
    assert db.session.get_one(AgendaFeed, feed_id).state is FeedState.PAUSED
    db.session.get_one(AgendaFeed, feed_id).read_at = None
    assert subscribing.read_due() == 0
    db.session.commit()
    assert "berturut-turut" in browser_of(world.editor).get("/agenda/langganan").text
    assert "Kalender luar belum dapat dibaca: Kanwil" in browser_of(world.editor).get("/agenda/").text
    browser_of(world.editor).post(f"/agenda/langganan/{feed_id}/baca")
    assert db.session.get_one(AgendaFeed, feed_id).failures == 0


def weekly(*more: str, start: str = "20990105T010000Z", rule: str = "FREQ=WEEKLY;COUNT=6") -> bytes:
    lines = [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:w", f"DTSTART:{start}", f"RRULE:{rule}", "SUMMARY:Apel", "END:VEVENT",
        *more, "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def once(day: str, *lines: str) -> list[str]:
    return ["BEGIN:VEVENT", "UID:w", f"RECURRENCE-ID:{day}T010000Z", *lines, "END:VEVENT"]


def test_single_dates_are_told_apart(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(world, weekly())
    told = heard(monkeypatch)
    second, third = datetime(2099, 1, 12, 1, tzinfo=UTC), datetime(2099, 1, 19, 1, tzinfo=UTC)
    taken(
        world,
        weekly(
            *once("20990112", "DTSTART:20990113T030000Z", "SUMMARY:Apel"),
            *once("20990119", "STATUS:CANCELLED", "COMMENT:Libur"),
        ),
    )
    moved, cancelled = told
    assert (moved.occurrence, moved.before, moved.after) == (
        second,
        second,
        datetime(2099, 1, 13, 3, tzinfo=UTC),
    )
    assert (cancelled.occurrence, cancelled.reason, cancelled.is_postponed) == (third, "Libur", False)
    told.clear()
    taken(world, weekly())
    back, restored = sorted(told, key=lambda t: t.occurrence)
    assert isinstance(back, AgendaMoved) and (back.before, back.after) == (moved.after, second)
    assert isinstance(restored, AgendaRestored) and restored.occurrence == third


def test_a_series_that_moves_takes_its_dates_along(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(world, weekly())
    told = heard(monkeypatch)
    taken(world, weekly(start="20990106T020000Z"))
    renamed, moved = told
    assert isinstance(renamed, AgendaRekeyed) and isinstance(moved, AgendaMoved)
    assert renamed.pairs.of(datetime(2099, 1, 12, 1, tzinfo=UTC)) == datetime(2099, 1, 13, 2, tzinfo=UTC)
    assert moved.shift_at(datetime(2099, 1, 13, 2, tzinfo=UTC)) == timedelta(hours=25)


def test_dates_that_a_shorter_series_has_no_longer_fall_through(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(world, weekly())
    told: list[Any] = []
    gone = datetime(2099, 2, 2, 1, tzinfo=UTC)

    def answer_for_stories(event: Any) -> None:
        told.append(event)
        if isinstance(event, AgendaRekeyed) and event.pairs.of(gone) is None:
            event.lost.append(gone)

    monkeypatch.setattr(telling, "emit", answer_for_stories)
    taken(world, weekly(rule="FREQ=WEEKLY;COUNT=3"))
    assert [(t.occurrence, t.event_id) for t in told if isinstance(t, AgendaCancelled)] == [
        (gone, told[0].event_id)
    ]


def test_the_same_file_does_not_undo_what_people_did_here(app: Flask, world: World) -> None:
    taken(world, TWO)
    event = db.session.scalars(select(AgendaEvent).where(AgendaEvent.uid == "a")).one()
    cancel_event(
        event, actor=world.as_(world.editor), occurrence=None, extent=Extent.ALL, reason="Pimpinan dinas luar"
    )
    other = db.session.scalars(select(AgendaEvent).where(AgendaEvent.uid == "b")).one()
    remove_event(other, actor=world.as_(world.editor), occurrence=None, extent=Extent.ALL)
    db.session.commit()
    again = taken(world, TWO)
    assert (again.added, again.changed, [s.why for s in again.skipped]) == (
        0, 0, ["Sudah dihapus dari agenda kantor."]
    )  # fmt: skip
    assert (
        db.session.scalars(select(AgendaEvent).where(AgendaEvent.uid == "a")).one().state
        is EventState.CANCELLED
    )
    newer = taken(world, TWO.replace(b"SUMMARY:Rapat", b"SUMMARY:Rapat kerja"))
    assert newer.changed == 1


def test_what_follows_one_calendar_is_not_taken_from_another(serve: Any, world: World, follow: Any) -> None:
    feed_id = follow(serve(lambda connection, head: connection.sendall(answer(TWO)))).id
    run()
    assert [s.why for s in taken(world, TWO.replace(b"Rapat", b"Lain")).skipped] == [
        "Sudah ada di agenda dari sumber lain."
    ] * 2
    subscribing.remove_feed(db.session.get_one(AgendaFeed, feed_id), actor=world.as_(world.editor))
    db.session.commit()
    assert titles(world) == []
    follow(serve(lambda connection, head: connection.sendall(answer(TWO))))
    run()
    assert titles(world) == ["Lelang", "Rapat"]


def test_every_change_from_outside_stands_in_the_record(serve: Any, world: World, follow: Any) -> None:
    said = {"body": TWO}
    feed_id = follow(serve(lambda connection, head: connection.sendall(answer(said["body"])))).id
    run()
    said["body"] = calendar(("a", "20990105T010000Z", "Rapat besar"))
    read_again(feed_id)
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "agenda_event")).all()
    assert [(a.action.value, a.actor_id, a.detail["label"]) for a in found] == [
        ("planning.agenda.changed", None, "Rapat besar"), ("planning.agenda.cancelled", None, "Lelang"),
    ]  # fmt: skip


def test_who_stops_following_while_it_is_read_gets_nothing_more(
    serve: Any, world: World, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = calendar(*((f"u{n}", "20990101T010000Z", f"Rapat {n}") for n in range(150)))
    feed_id = follow(serve(lambda connection, head: connection.sendall(answer(many)))).id
    keep = lease.keep
    kept: list[int] = []

    def stop_before_the_second_batch() -> None:
        kept.append(1)
        if len(kept) == 3:
            db.session.rollback()
            subscribing.remove_feed(db.session.get_one(AgendaFeed, feed_id), actor=world.as_(world.editor))
            db.session.commit()
        keep()

    monkeypatch.setattr(lease, "keep", stop_before_the_second_batch)
    run()
    assert titles(world) == []
