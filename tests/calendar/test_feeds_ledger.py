"""What a subscription told is never forgotten: every change its readers see raises SEQUENCE, every loss is said."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import event as listening
from sqlalchemy import select

from humasflow.calendar.enums import FeedKind
from humasflow.calendar.feeds import services
from humasflow.calendar.feeds.entries import current_entries
from humasflow.calendar.models import CalendarFeed, FeedEntry
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment, Story, StoryReader
from tests.calendar.test_feeds import agenda, feed_of, only, read, scheduled, soon
from tests.factories import desk
from tests.factories.world import World
from tests.stories.tasks import task

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def freeze() -> Iterator[Callable[[datetime], None]]:
    """Let the product's clock stand at an instant."""
    with ExitStack() as stack:
        yield lambda at: stack.enter_context(clock.moved_to(at))


def test_another_name_of_the_account_raises_sequence(app: Flask, world: World) -> None:
    scheduled(world)
    path = feed_of(world)
    first = only(read(app, path))
    db.session.get_one(ChannelAccount, world.facebook.id).name = "Fanpage baru"
    db.session.commit()
    renamed = only(read(app, path))
    assert "Fanpage baru" in renamed["summary"]
    assert (renamed["uid"], renamed["sequence"]) == (first["uid"], first["sequence"] + 1)
    assert only(read(app, path))["sequence"] == renamed["sequence"], "told once"


def test_who_never_heard_of_it_hears_of_no_loss(app: Flask, world: World) -> None:
    post, told = scheduled(world), feed_of(world)
    read(app, told)
    posts.schedule_post(db.session.get_one(Post, post.id), actor=world.as_(world.editor), due_at=None)
    db.session.commit()
    lost = only(read(app, told))
    assert lost["status"] == "CANCELLED" and lost["summary"].startswith("Batal: ")
    assert read(app, feed_of(world)) == []


def done(made: Assignment) -> None:
    made.state = AssignmentState.DONE


def withdrawn(made: Assignment) -> None:
    made.state = AssignmentState.CANCELLED


def undated(made: Assignment) -> None:
    made.due_at = None


@pytest.mark.parametrize(
    ("change", "says"), [(done, "Selesai: "), (withdrawn, "Batal: "), (undated, "Batal: ")]
)
def test_a_task_that_is_over_is_taken_back_by_name(
    app: Flask, world: World, change: Callable[[Assignment], None], says: str
) -> None:
    made = task(world, desk.story(world, title="Liputan lelang"))
    made.due_at = soon(1)
    db.session.commit()
    path = feed_of(world, FeedKind.PERSON, who="contributor")
    first = only(read(app, path))
    change(db.session.get_one(Assignment, made.id))
    db.session.commit()
    lost = only(read(app, path))
    assert (lost["uid"], lost["sequence"], lost["status"]) == (
        first["uid"],
        first["sequence"] + 1,
        "CANCELLED",
    )
    assert lost["summary"].startswith(says) and "Liputan lelang" in lost["summary"]
    assert lost["dtstart"].dt == first["dtstart"].dt


def test_a_task_that_went_to_somebody_else_leaves_only_its_absence(app: Flask, world: World) -> None:
    made = task(world, desk.story(world, title="Liputan lelang"))
    made.due_at = soon(1)
    db.session.commit()
    path = feed_of(world, FeedKind.PERSON, who="contributor")
    read(app, path)
    db.session.get_one(Assignment, made.id).person_id = world.other_contributor.id
    db.session.commit()
    assert only(read(app, path))["summary"] == "Dibatalkan"


def test_an_agenda_event_that_was_removed_is_cancelled_with_all_its_dates(app: Flask, world: World) -> None:
    made, path = agenda(world), feed_of(world)
    before = max(e["sequence"] for e in read(app, path))
    made = db.session.get_one(AgendaEvent, made.id)
    made.removed_at = clock.now()
    db.session.commit()
    after = read(app, path)
    assert {e["status"] for e in after} == {"CANCELLED"} and len(after) == 2
    assert {e["sequence"] for e in after} == {before + 1}
    db.session.get_one(AgendaEvent, made.id).removed_at = None
    db.session.commit()
    assert {e["sequence"] for e in read(app, path)} == {before + 2}


def test_a_cancelled_event_stays_to_be_seen(app: Flask, world: World) -> None:
    from humasflow.planning.agenda.enums import Extent
    from humasflow.planning.agenda.services import cancel_event

    made, path = agenda(world), feed_of(world)
    before = read(app, path)[0]["sequence"]
    cancel_event(
        db.session.get_one(AgendaEvent, made.id), actor=world.as_(world.editor), occurrence=None, extent=Extent.ALL,
        reason="Aula dipakai",
    )  # fmt: skip
    db.session.commit()
    series = next(e for e in read(app, path) if "rrule" in e)
    assert (
        series["status"] == "CANCELLED"
        and series["sequence"] > before
        and series["comment"] == "Aula dipakai"
    )


def test_what_is_long_over_is_not_cancelled(app: Flask, world: World, freeze: Any) -> None:
    scheduled(world)
    path = feed_of(world)
    read(app, path)
    freeze(clock.now() + timedelta(days=120))
    assert read(app, path) == []
    freeze(clock.now() + timedelta(days=1))
    assert db.session.scalars(select(FeedEntry.cancelled_at)).all() == [None]


def test_a_loss_is_told_for_two_months(app: Flask, world: World, freeze: Any) -> None:
    post, path = scheduled(world), feed_of(world)
    read(app, path)
    posts.remove_post(db.session.get_one(Post, post.id), actor=world.as_(world.editor))
    db.session.commit()
    assert only(read(app, path))["status"] == "CANCELLED"
    freeze(clock.now() + timedelta(days=61))
    assert read(app, path) == []


def test_no_title_under_embargo_leaves_the_office(app: Flask, world: World, freeze: Any) -> None:
    post = scheduled(world, title="Angka inflasi", days=3)
    db.session.get_one(Story, post.story_id).embargo_until = soon(2)
    db.session.commit()
    shared, own = feed_of(world), feed_of(world, FeedKind.PERSON)
    assert "inflasi" not in only(read(app, shared))["summary"]
    assert world.facebook.name in only(read(app, shared))["summary"]
    assert "inflasi" in only(read(app, own))["summary"]
    freeze(soon(2) + timedelta(minutes=1))
    told = only(read(app, shared))
    assert "inflasi" in told["summary"] and told["sequence"] == 1


def test_a_story_that_becomes_confidential_takes_its_name_along(app: Flask, world: World) -> None:
    post = scheduled(world, title="Rencana mutasi")
    path = feed_of(world)
    read(app, path)
    story = db.session.get_one(Story, post.story_id)
    story.is_confidential = True
    db.session.add(StoryReader(story_id=story.id, user_id=world.editor.id, added_at=clock.now()))
    db.session.commit()
    data = app.test_client().get(path).data
    assert b"STATUS:CANCELLED" in data and b"mutasi" not in data


def test_who_covers_one_date_of_a_series_has_that_date(app: Flask, world: World) -> None:
    made = agenda(world)
    other = made.starts_at + timedelta(days=21)
    db.session.add(
        AgendaException(
            event_id=made.id, occurrence=other, starts_at=other + timedelta(hours=1),
            ends_at=other + timedelta(hours=2), place="Aula dua",
        )
    )  # fmt: skip
    story = desk.story(world, title="Liputan rapat")
    story.event_id, story.occurrence = made.id, other
    task(world, story)
    db.session.commit()
    mine = only(read(app, feed_of(world, FeedKind.PERSON, who="contributor")))
    assert (mine["summary"], mine["location"]) == ("Rapat mingguan", "Aula dua")
    assert "rrule" not in mine and mine["dtstart"].dt == other + timedelta(hours=1)
    path = feed_of(world, FeedKind.PERSON, who="contributor")
    read(app, path)
    db.session.get_one(Story, story.id).occurrence = other + timedelta(hours=5)
    db.session.commit()
    lost = only(read(app, path))
    assert (lost["status"], lost["summary"]) == ("CANCELLED", "Batal: Rapat mingguan")


def test_reading_again_writes_nothing(app: Flask, world: World, freeze: Any) -> None:
    now = clock.now()
    freeze(now)
    scheduled(world)
    agenda(world)
    path, client = feed_of(world), app.test_client()
    client.get(path)
    written: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"} or "FOR UPDATE" in statement:
            written.append(statement)

    listening.listen(db.engine, "before_cursor_execute", note)
    try:
        freeze(now + timedelta(minutes=50))
        assert client.get(path).status_code == 200
        assert written == []
        freeze(now + timedelta(minutes=70))
        assert client.get(path).status_code == 200
        assert [w.split()[1] for w in written if w.startswith("UPDATE")] == ["calendar_feed"]
    finally:
        listening.remove(db.engine, "before_cursor_execute", note)


def test_another_address_ends_the_first_and_keeps_what_was_told(
    app: Flask, world: World, browser_of: Any
) -> None:
    post, path = scheduled(world), feed_of(world)
    read(app, path)
    feed = db.session.scalars(select(CalendarFeed)).one()
    feed_id = feed.id
    browser_of(world.editor).post(f"/kalender/langganan/{feed_id}/ganti")
    assert app.test_client().get(path).status_code == 404
    posts.remove_post(db.session.get_one(Post, post.id), actor=world.as_(world.editor))
    db.session.commit()
    feed = db.session.get_one(CalendarFeed, feed_id)
    assert feed.read_at is None
    assert only(read(app, f"/kalender/ics/{services.secret_of(feed)}.ics"))["status"] == "CANCELLED"
    browser_of(world.other_editor).post(f"/kalender/langganan/{feed_id}/ganti", status=404)


def test_two_subscriptions_count_for_themselves(app: Flask, world: World) -> None:
    post, early = scheduled(world), feed_of(world)
    read(app, early)
    posts.schedule_post(db.session.get_one(Post, post.id), actor=world.as_(world.editor), due_at=soon(4))
    db.session.commit()
    late = feed_of(world, FeedKind.CHANNEL, account_id=world.facebook.id)
    first, second = only(read(app, early)), only(read(app, late))
    assert first["uid"] == second["uid"] and (first["sequence"], second["sequence"]) == (1, 0)


def test_the_file_is_valid_and_its_answer_private(app: Flask, world: World) -> None:
    scheduled(world)
    agenda(world)
    answer = app.test_client().get(feed_of(world))
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    parsed = icalendar.Calendar.from_ical(answer.data)
    assert parsed["method"] == "PUBLISH" and not parsed.errors
    assert all(not e.errors and e["dtstamp"] for e in parsed.events)
    assert len(answer.headers["ETag"]) > 20


def test_the_furthest_of_too_many_are_told_and_none_is_taken_back(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (2, 3, 4):
        scheduled(world, days=days, title=f"Hari {days}")
    path = feed_of(world)
    assert len(read(app, path)) == 3
    monkeypatch.setattr("humasflow.calendar.feeds.queries.MOST", 2)
    told = read(app, path)
    assert [e["status"] for e in told] == ["TENTATIVE", "TENTATIVE"]
    feed = db.session.scalars(select(CalendarFeed)).one()
    assert len(current_entries(feed, world.office)[0]) == 2


def test_a_running_series_is_not_cancelled_where_the_feed_is_cut(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = agenda(world)
    made.starts_at, made.ends_at = made.starts_at - timedelta(days=700), made.ends_at - timedelta(days=700)
    made.rule, made.until_at = "FREQ=WEEKLY", None
    for one in list(made.exceptions):
        db.session.delete(one)
    db.session.commit()
    path = feed_of(world)
    assert only(read(app, path))["status"] == "CONFIRMED"
    for n in range(2):
        db.session.add(
            AgendaEvent(
                office_id=world.office.id, uid=f"lain-{n}", title=f"Lain {n}", starts_at=soon(n + 1),
                ends_at=soon(n + 1) + timedelta(hours=1), until_at=soon(n + 1) + timedelta(hours=1),
                zone=world.office.zone_name, created_at=clock.now(), updated_at=clock.now(), needs=[],
            )
        )  # fmt: skip
    db.session.commit()
    monkeypatch.setattr("humasflow.calendar.feeds.queries.MOST", 2)
    assert [e["summary"] for e in read(app, path)] == ["Lain 0", "Lain 1"]


def test_what_waits_for_a_new_time_says_so_in_calendar_programs(app: Flask, world: World) -> None:
    from humasflow.planning.agenda.enums import Extent
    from humasflow.planning.agenda.services import postpone_event

    made, path = agenda(world), feed_of(world)
    postpone_event(
        db.session.get_one(AgendaEvent, made.id), actor=world.as_(world.editor), occurrence=None, extent=Extent.ALL,
        reason="Menunggu pimpinan",
    )  # fmt: skip
    db.session.commit()
    assert {e["summary"] for e in read(app, path) if e["status"] == "TENTATIVE"} == {
        "Ditunda: Rapat mingguan"
    }
