"""A change of a whole series: whom it concerns that something is made about one of its occurrences."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.core import clock
from humasflow.notifications.enums import NoticeKind as K
from humasflow.planning.agenda.enums import EventState, Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_occurrence
from humasflow.planning.agenda.services import (
    EventContent,
    cancel_event,
    change_event,
    move_event,
    postpone_event,
    remove_event,
    restore_event,
)
from humasflow.stories.queries.coverage import get_covered
from humasflow.stories.services import covering
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import task
from tests.stories.test_covering import NOW, actions, covered, event, heard, utc

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
LATER = "2026-11-06T00:00Z"  # the first is over


def change(world: World, found: AgendaEvent, **values: Any) -> AgendaEvent:
    shown = get_occurrence(found, None)
    content = EventContent(
        shown.title,
        shown.starts_at,
        shown.ends_at,
        shown.all_day,
        shown.place,
        rule=found.rule,
        needs=shown.needs,
    )
    return change_event(
        found, actor=world.as_(world.other_editor), occurrence=None, extent=Extent.ALL,
        content=replace(content, **values), drop=True,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["cancel", "postpone", "move", "remove", "rule"])
def test_what_is_over_stays_as_it_was_when_all_are_changed(world: World, at: At, how: str) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=6")
        first = found.starts_at
        news = NewsDesk(world)
        over, (post,) = news.going_out("facebook", at=utc("2026-11-10T05:00Z"))
        covering.cover_event(over, found, first, actor=news.editor)
        due = task(world, over, due=utc("2026-11-09T05:00Z"), to=world.other_contributor)
        ahead = covered(world, found, first + WEEK)
        task(world, ahead, due=first + WEEK)
    with at(LATER):
        boss, key = world.as_(world.other_editor), first + WEEK
        if how == "cancel":
            cancel_event(found, actor=boss, occurrence=key, extent=Extent.ALL, reason="Libur")
        elif how == "postpone":
            postpone_event(found, actor=boss, occurrence=key, extent=Extent.ALL, reason="Libur")
        elif how == "move":
            move_event(found, actor=boss, occurrence=key, extent=Extent.ALL, starts_at=key + 20 * DAY)
        elif how == "remove":
            remove_event(found, actor=boss, occurrence=key, extent=Extent.ALL)
        else:
            change(world, found, rule="FREQ=WEEKLY;BYDAY=TU")
        assert post.scheduled_at == utc("2026-11-10T05:00Z") and due.due_at == utc("2026-11-09T05:00Z")
        assert not heard(world.other_contributor)
        assert not {A.STORY_EVENT_CANCELLED, A.STORY_EVENT_POSTPONED, A.STORY_EVENT_MOVED} & set(
            actions(over)
        )
        kind = {"postpone": K.AGENDA_POSTPONED, "move": K.AGENDA_MOVED}.get(how, K.AGENDA_CANCELLED)
        assert heard(world.contributor) == [kind]


@pytest.mark.parametrize("how", ["restore", "move", "cancel"])
def test_what_is_off_by_itself_does_not_hear_that_it_is_on(world: World, at: At, how: str) -> None:
    with at(NOW):
        found, boss = event(world, rule="FREQ=WEEKLY;COUNT=6"), world.as_(world.other_editor)
        first = found.starts_at
        off, on = covered(world, found, first + WEEK), covered(world, found, first)
        task(world, off, due=first + WEEK)
        task(world, on, to=world.other_contributor)
        cancel_event(found, actor=boss, occurrence=first + WEEK, extent=Extent.ONE, reason="Libur")
        if how != "move":
            cancel_event(found, actor=boss, occurrence=first, extent=Extent.ALL, reason="Anggaran")
        if how == "restore":
            restore_event(found, actor=boss, occurrence=first, extent=Extent.ALL)
        if how == "move":
            move_event(found, actor=boss, occurrence=first, extent=Extent.ALL, starts_at=first + DAY)
        assert heard(world.contributor) == [K.AGENDA_CANCELLED]
        assert len(heard(world.other_contributor)) == (2 if how == "restore" else 1)
        known = get_covered(off)
        assert known is not None and (known.state, known.reason) == (EventState.CANCELLED, "Libur")


def test_what_waits_for_a_time_hears_that_all_are_removed(world: World, at: At) -> None:
    with at(NOW):
        found, boss = event(world, rule="FREQ=WEEKLY"), world.as_(world.other_editor)
        task(world, covered(world, found, found.starts_at + WEEK))
        postpone_event(
            found, actor=boss, occurrence=found.starts_at + WEEK, extent=Extent.ONE, reason="Menunggu"
        )
        remove_event(found, actor=boss, occurrence=found.starts_at, extent=Extent.ALL)
        assert heard(world.contributor) == [K.AGENDA_POSTPONED, K.AGENDA_CANCELLED]


def test_one_event_that_is_over_may_still_turn_out_to_be_later(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        due = task(world, covered(world, found), due=utc("2026-11-06T05:00Z"))
    with at("2026-11-05T00:00Z"):
        to = found.starts_at + WEEK
        move_event(
            found, actor=world.as_(world.other_editor), occurrence=None, extent=Extent.ALL, starts_at=to
        )
        assert due.due_at == utc("2026-11-13T05:00Z") and heard(world.contributor) == [K.AGENDA_MOVED]


def test_a_single_one_made_weekly_on_another_day_keeps_its_coverage(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        story = covered(world, found)
        due, to = task(world, story, due=found.starts_at + 4 * HOUR), found.starts_at + DAY
        change(world, found, starts_at=to, ends_at=to + HOUR, rule="FREQ=WEEKLY")
        assert (story.occurrence, due.due_at) == (to, to + 4 * HOUR)
        known = get_covered(story)
        assert known is not None and not known.is_off and known.starts_at == to
        change(world, found, rule="")
        assert (found.rule, story.occurrence) == ("", None)


def test_plans_are_made_for_the_day_whether_or_not_the_hour_is_known(world: World, at: At) -> None:
    with at(NOW):
        found, news = event(world), NewsDesk(world)
        story, (post,) = news.going_out("facebook", at=utc("2026-11-04T09:00Z"))
        covering.cover_event(story, found, None, actor=news.editor)
        due = task(world, story, due=utc("2026-11-04T08:00Z"))
        midnight = utc("2026-11-04T17:00Z")  # of the day after
        change(world, found, all_day=True, starts_at=midnight, ends_at=midnight + DAY)
        assert (due.due_at, post.scheduled_at) == (utc("2026-11-05T08:00Z"), utc("2026-11-05T09:00Z"))
        assert set(heard(world.contributor)) == {K.AGENDA_MOVED}
        at_ten = midnight + 10 * HOUR
        change(world, found, all_day=False, starts_at=at_ten, ends_at=at_ten + HOUR)
        assert (due.due_at, post.scheduled_at) == (utc("2026-11-05T08:00Z"), utc("2026-11-05T09:00Z"))


def test_a_rule_that_drops_something_says_who_changed_it(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY")
        story = covered(world, found, found.starts_at + WEEK)
        change(world, found, rule="FREQ=WEEKLY;INTERVAL=2")
        entry = next(
            e for e in audit.list_timeline(("story", story.id)) if e.action is A.STORY_EVENT_CANCELLED
        )
        assert entry.actor_id == world.other_editor.id
        assert not heard(world.other_editor), "who did it knows it"


@pytest.mark.parametrize("how", ["move", "cancel"])
def test_each_more_that_is_covered_costs_a_few_statements_more(
    world: World, at: At, statements: QueryCount, how: str
) -> None:
    with at(NOW):
        boss = world.as_(world.other_editor)

        def cost(covers: int) -> int:
            found = event(world, rule="FREQ=WEEKLY;COUNT=20")
            for n in range(covers):
                task(world, covered(world, found, found.starts_at + n * WEEK), due=clock.now() + 50 * DAY)
            statements.reset()
            if how == "move":
                to = found.starts_at + HOUR
                move_event(found, actor=boss, occurrence=None, extent=Extent.ALL, starts_at=to)
            else:
                cancel_event(found, actor=boss, occurrence=None, extent=Extent.ALL, reason="Libur")
            return len(statements)

        cost(1)
        few, many = cost(2), cost(10)
        assert (many - few) / 8 <= (19 if how == "move" else 7), "what is written of each, and nothing else"
