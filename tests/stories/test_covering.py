"""What hangs on the agenda follows it: due times, times of posts, and who is told."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, Refused
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.planning.agenda.enums import EventNeed, Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_occurrence
from humasflow.planning.agenda.services import (
    EventContent,
    cancel_event,
    create_event,
    move_event,
    postpone_event,
    restore_event,
)
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState
from humasflow.stories.models import Story
from humasflow.stories.queries.coverage import get_covered, list_covering
from humasflow.stories.services import covering
from humasflow.stories.services.tasks import finish_task
from tests.factories import desk
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import task, told

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]
NOW = "2026-11-02T01:00Z"  # Monday 08.00 WIB
NEEDS = ("photo", "news")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def event(world: World, *, starts: str = "2026-11-04T02:00Z", hours: float = 2, **values: Any) -> AgendaEvent:
    """An event of the agenda; its ``state`` and ``zone`` (of an event from elsewhere) as if it always had them."""
    start, later = utc(starts), {name: values.pop(name) for name in ("state", "zone") if name in values}
    told: dict[str, Any] = {"title": "Rapat koordinasi", "place": "Aula", "needs": list(NEEDS)} | values
    told["needs"] = [EventNeed(need) for need in told["needs"]]
    made = create_event(
        actor=world.as_(world.editor), office_id=world.office.id,
        content=EventContent(starts_at=start, ends_at=start + timedelta(hours=hours), **told),
    )  # fmt: skip
    for name, value in later.items():
        setattr(made, name, value)
    db.session.flush()
    return made


def covered(world: World, found: AgendaEvent, occurrence: datetime | None = None, **words: Any) -> Story:
    story = desk.story(world, **words)
    covering.cover_event(story, found, occurrence, actor=world.as_(world.editor))
    return story


def heard(user: Any) -> list[K]:
    kinds = db.session.scalars(
        select(Notification.kind)
        .where(Notification.user_id == user.id, Notification.subject_type == "story")
        .order_by(Notification.id)
    )
    return [k for k in kinds if k in (K.POSTS_MOVED, K.POSTS_UNDATED) or k.value.startswith("agenda")]


def actions(story: Story) -> list[A]:
    return [e.action for e in audit.list_timeline(("story", story.id))]


def moved(found: AgendaEvent, by: timedelta, world: World, *, occurrence: datetime | None = None) -> None:
    """Another editor moves all of it, or one occurrence."""
    extent = Extent.ALL if occurrence is None else Extent.ONE
    stands = get_occurrence(found, occurrence).starts_at
    move_event(
        found, actor=world.as_(world.other_editor), occurrence=occurrence, extent=extent, starts_at=stands + by,
        reason="Ruangan dipakai",
    )  # fmt: skip


def test_due_times_of_open_tasks_move_as_far_as_the_event(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        story, other = covered(world, found), desk.story(world)
        dated = task(world, story, due=utc("2026-11-04T06:00Z"))
        undated = task(world, story, code="penulis")
        done = task(world, story, to=world.other_contributor, due=utc("2026-11-04T05:00Z"))
        finish_task(done, actor=world.as_(world.editor), note="")
        elsewhere = task(world, other, due=utc("2026-11-04T06:00Z"))
        moved(found, DAY + HOUR, world)
        assert dated.due_at == utc("2026-11-05T07:00Z")
        assert (undated.due_at, done.due_at) == (None, utc("2026-11-04T05:00Z"))
        assert elsewhere.due_at == utc("2026-11-04T06:00Z")
        assert told(world.contributor, K.TASK_DUE_CHANGED) == [K.TASK_DUE_CHANGED]
        assert heard(world.contributor) == heard(world.editor) == [K.AGENDA_MOVED]
        entry = next(e for e in audit.list_timeline(("story", story.id)) if e.action is A.STORY_EVENT_MOVED)
        assert entry.detail["reason"] == "Ruangan dipakai" and entry.actor_id == world.other_editor.id
        assert entry.detail["label"] == ("Rapat koordinasi: 4 Nov 2026 09.00 WIB → 5 Nov 2026 10.00 WIB")
        assert A.STORY_EVENT_MOVED not in actions(other)


def test_nobody_is_late_because_an_event_moved_to_an_earlier_day(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        near = task(world, covered(world, found), due=utc("2026-11-02T06:00Z"))
        far = task(world, covered(world, found), due=utc("2026-11-06T06:00Z"))
        moved(found, -DAY, world)
        assert near.due_at == utc("2026-11-02T06:00Z"), "a day earlier it would be over already"
        assert far.due_at == utc("2026-11-05T06:00Z")


def test_one_occurrence_moves_only_what_covers_it(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=6")
        second, third = found.starts_at + 7 * DAY, found.starts_at + 14 * DAY
        a = task(world, covered(world, found, second), due=second)
        b = task(world, covered(world, found, third), due=third)
        moved(found, HOUR, world, occurrence=second)
        assert (a.due_at, b.due_at) == (second + HOUR, third)
        assert a.story.occurrence == second, "the instant its rule gives does not change"


def test_moving_a_whole_series_takes_what_covers_any_of_it_along(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=6")
        second = found.starts_at + 7 * DAY
        a = task(world, covered(world, found, second), due=second)
        moved(found, HOUR, world)
        assert a.due_at == a.story.occurrence == second + HOUR
        known = get_covered(a.story)
        assert known is not None and known.starts_at == second + HOUR


def test_a_series_in_another_zone_moves_on_its_own_wall_clock(world: World, at: At) -> None:
    """Between the first occurrence and the later one Berlin leaves summer time: 10.00 there is another instant."""
    with at("2026-10-01T00:00Z"):
        found = event(world, starts="2026-10-19T08:00Z", rule="FREQ=WEEKLY;COUNT=4", zone="Europe/Berlin")
        later = utc("2026-11-02T09:00Z")
        story = covered(world, found, later)
        due = task(world, story, due=later)
        to = utc("2026-10-26T09:00Z")
        move_event(
            found, actor=world.as_(world.other_editor), occurrence=None, extent=Extent.ALL, starts_at=to
        )
        assert found.starts_at == to
        assert due.due_at == utc("2026-11-09T09:00Z"), (
            "as much later as what it is about, not as the first one"
        )
        assert story.occurrence == utc("2026-11-09T09:00Z"), "10.00 in Berlin still"


def test_from_a_split_on_the_later_ones_go_along(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY")
        first, since = found.starts_at, found.starts_at + 14 * DAY
        early, late = covered(world, found, first), covered(world, found, since + 7 * DAY)
        due = task(world, late, due=since + 7 * DAY)
        rest = move_event(
            found,
            actor=world.as_(world.other_editor),
            occurrence=since,
            extent=Extent.FUTURE,
            starts_at=since + HOUR,
        ).event_id
        assert rest != found.id and (early.event_id, early.occurrence) == (found.id, first)
        assert (late.event_id, late.occurrence) == (rest, since + 7 * DAY + HOUR)
        assert due.due_at == since + 7 * DAY + HOUR


def test_what_is_cancelled_is_told_to_whoever_would_have_gone(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        story = covered(world, found)
        mine = task(world, story)
        boss = world.as_(world.other_editor)
        cancel_event(found, actor=boss, occurrence=None, extent=Extent.ALL, reason="Narasumber sakit")
        assert heard(world.contributor) == heard(world.editor) == [K.AGENDA_CANCELLED]
        assert mine.state.value == "offered", "the editor says what becomes of it"
        assert A.STORY_EVENT_CANCELLED in actions(story)
        known = get_covered(story)
        assert known is not None and known.is_off and known.reason == "Narasumber sakit"
        restore_event(found, actor=boss, occurrence=None, extent=Extent.ALL)
        assert heard(world.contributor) == [K.AGENDA_CANCELLED, K.AGENDA_RESTORED]
        assert A.STORY_EVENT_RESTORED in actions(story)
        known = get_covered(story)
        assert known is not None and not known.is_off


def test_postponed_says_so_and_one_occurrence_only(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY")
        second = found.starts_at + 7 * DAY
        one, two = covered(world, found, found.starts_at), covered(world, found, second)
        postpone_event(
            found, actor=world.as_(world.other_editor), occurrence=second, extent=Extent.ONE, reason="Hujan"
        )
        first, other = get_covered(one), get_covered(two)
        assert first is not None and other is not None
        assert (first.is_off, other.is_off, other.reason) == (False, True, "Hujan")
        assert A.STORY_EVENT_POSTPONED in actions(two) and A.STORY_EVENT_POSTPONED not in actions(one)


def test_what_is_over_hears_nothing(world: World, at: At) -> None:
    from humasflow.stories.enums import StoryState

    with at(NOW):
        found = event(world)
        story = covered(world, found)
        desk.bring_to(story, StoryState.CANCELLED)
        cancel_event(
            found, actor=world.as_(world.other_editor), occurrence=None, extent=Extent.ALL, reason="Batal"
        )
        assert not heard(world.editor) and A.STORY_EVENT_CANCELLED not in actions(story)
        assert not list_covering(found, None) and list_covering(found, None, with_ended=True) == [story]


def test_only_the_own_offices_agenda_is_covered(world: World, other_world: World, at: At) -> None:
    with at(NOW):
        theirs = event(other_world)
        with pytest.raises(NotFound):
            covering.cover_event(desk.story(world), theirs, None, actor=world.as_(world.editor))
        with pytest.raises(Refused):
            covering.cover_event(desk.story(world), event(world), None, actor=world.as_(world.contributor))


# Posts


@pytest.fixture
def news(world: World, in_request: None) -> NewsDesk:
    return NewsDesk(world)


def test_scheduled_posts_move_as_far_and_live_ones_stay(news: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        story, (web, facebook) = news.going_out("web", "facebook", at=utc("2026-11-04T05:00Z"))
        covering.cover_event(story, found, None, actor=news.editor)
        news.schedule(web, clock.now())
        news.work()
        assert news.state(web) == "published"
        live = web.scheduled_at
        moved(found, DAY, world)
        assert web.scheduled_at == live
        assert facebook.scheduled_at == utc("2026-11-05T05:00Z")
        assert facebook.id in {int(j.ref) for j in news.jobs() if j.due_at == facebook.scheduled_at}
        entry = audit.list_timeline(("post", facebook.id))[0]
        assert entry.action is A.POST_SCHEDULED and entry.detail["reason"] == "Ruangan dipakai"
        assert heard(world.editor) == [K.POSTS_MOVED, K.AGENDA_MOVED]


def test_a_post_that_would_be_past_or_under_embargo_waits_for_a_person(
    news: NewsDesk, world: World, at: At
) -> None:
    with at(NOW):
        found = event(world)
        story, (facebook,) = news.going_out("facebook", at=utc("2026-11-02T05:00Z"))
        covering.cover_event(story, found, None, actor=news.editor)
        moved(found, -DAY, world)
        assert facebook.scheduled_at is None and news.state(facebook) == "ready"
        assert heard(world.editor) == [K.POSTS_UNDATED, K.AGENDA_MOVED]
        assert audit.list_timeline(("post", facebook.id))[0].action is A.POST_UNSCHEDULED


@pytest.mark.parametrize("postponed", [False, True])
def test_nothing_goes_out_about_what_does_not_take_place(
    news: NewsDesk, world: World, at: At, postponed: bool
) -> None:
    with at(NOW):
        found = event(world)
        story, (web, facebook) = news.going_out("web", "facebook", at=utc("2026-11-04T05:00Z"))
        covering.cover_event(story, found, None, actor=news.editor)
        news.schedule(facebook, clock.now())
        news.work()
        asked = publishing.get_current_delivery(facebook)
        assert asked is not None and asked.state is DeliveryState.MANUAL_DUE
        (postpone_event if postponed else cancel_event)(
            found,
            actor=world.as_(world.other_editor),
            occurrence=None,
            extent=Extent.ALL,
            reason="Dibatalkan panitia",
        )
        assert (web.scheduled_at, facebook.scheduled_at) == (None, None)
        assert asked.state is DeliveryState.QUEUED, "the request to upload it is taken back"
    with at("2026-11-05T00:00Z"):
        news.work()
        assert news.state(web) == "ready"
    assert K.POSTS_UNDATED in heard(world.editor)
