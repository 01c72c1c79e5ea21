"""From an event to a story and back, through the real services: covered, postponed, cancelled, restored. What hangs on
it follows, everybody concerned hears it, and what is live is never touched.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.calendar.covering import Ask, cover
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.enums import NoticeKind as K
from humasflow.planning.agenda.enums import EventNeed, EventState, Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_occurrence
from humasflow.planning.agenda.services import (
    EventContent,
    WouldDrop,
    cancel_event,
    change_event,
    create_event,
    move_event,
    postpone_event,
    restore_event,
)  # fmt: skip
from humasflow.stories.queries.assignments import list_open_of_story
from humasflow.stories.queries.coverage import get_covered, list_covering
from humasflow.stories.queries.covering_stories import coverage_of
from humasflow.stories.services import covering, make_confidential
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import role, task
from tests.stories.test_covering import NOW, actions, heard, utc

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]
WEDNESDAY = "2026-11-04T02:00Z"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def made(world: World, **values: object) -> AgendaEvent:
    start = utc(WEDNESDAY)
    content = EventContent(
        "Rapat koordinasi", start, start + 2 * HOUR, place="Aula", needs=(EventNeed.PHOTO, EventNeed.NEWS)
    )
    return create_event(
        actor=world.as_(world.editor), office_id=world.office.id,
        content=replace(content, **values),  # type: ignore[arg-type]
    )  # fmt: skip


def test_an_event_is_covered_postponed_cancelled_and_restored(world: World, at: At) -> None:
    with at(NOW):
        editor, boss = world.as_(world.editor), world.as_(world.other_editor)
        found = made(world)
        story = cover(
            found, None, actor=editor, content_type_id=world.news.id, due_at=utc("2026-11-04T08:00Z"),
            asks=[Ask(role(world).id, world.contributor.id)],
        )  # fmt: skip
        news = NewsDesk(world)
        published, (web, facebook) = news.going_out("web", "facebook", at=utc("2026-11-04T09:00Z"))
        covering.cover_event(published, found, None, actor=editor)
        news.schedule(web, clock.now())
        news.work()
        live = web.scheduled_at
        (due,) = list_open_of_story(story.id)
        postpone_event(
            found, actor=boss, occurrence=None, extent=Extent.ALL, reason="Menteri berhalangan",
            starts_at=utc(WEDNESDAY) + DAY,
        )  # fmt: skip
        assert due.due_at == utc("2026-11-05T08:00Z")
        assert (web.scheduled_at, facebook.scheduled_at) == (live, utc("2026-11-05T09:00Z"))
        assert heard(world.contributor) == [K.AGENDA_MOVED]
        assert K.AGENDA_MOVED in heard(world.editor)
        assert A.STORY_EVENT_MOVED in actions(story)
        assert audit.list_timeline(("agenda_event", found.id))[0].detail["reason"] == "Menteri berhalangan"
        assert get_covered(story).starts_at == utc(WEDNESDAY) + DAY  # type: ignore[union-attr]

        cancel_event(found, actor=boss, occurrence=None, extent=Extent.ALL, reason="Anggaran dialihkan")
        assert heard(world.contributor)[-1] is K.AGENDA_CANCELLED
        assert (web.scheduled_at, facebook.scheduled_at) == (live, None), "what is live stays, the rest waits"
        assert due.state.value == "offered" and A.STORY_EVENT_CANCELLED in actions(story)
        assert get_covered(story).reason == "Anggaran dialihkan"  # type: ignore[union-attr]

        restore_event(found, actor=boss, occurrence=None, extent=Extent.ALL)
        assert heard(world.contributor)[-1] is K.AGENDA_RESTORED
        assert not get_covered(story).is_off and facebook.scheduled_at is None  # type: ignore[union-attr]
        assert A.STORY_EVENT_RESTORED in actions(story)


def test_each_occurrence_of_a_monthly_series_moves_as_far_as_its_own_day(world: World, at: At) -> None:
    """The second Tuesday becomes the second Thursday: two days later in most months, five days earlier
    in September 2027. Each task follows what its own story covers.
    """
    with at(NOW):
        editor = world.as_(world.editor)
        tuesday = utc("2026-11-10T02:00Z")
        found = made(world, starts_at=tuesday, ends_at=tuesday + HOUR, rule="FREQ=MONTHLY;BYDAY=2TU")
        months = [tuesday, utc("2026-12-08T02:00Z"), utc("2027-01-12T02:00Z"), utc("2027-09-14T02:00Z")]
        tasks = []
        for month in months:
            story = cover(found, month, actor=editor, content_type_id=world.news.id)
            tasks.append(task(world, story, due=month + 3 * HOUR))
        cancel_event(found, actor=editor, occurrence=months[1], extent=Extent.ONE, reason="Libur")
        move_event(found, actor=editor, occurrence=tuesday, extent=Extent.ALL, starts_at=tuesday + 2 * DAY)
        thursdays = [utc(f"{day}T02:00Z") for day in ("2026-11-12", "2026-12-10", "2027-01-14", "2027-09-09")]
        assert [t.story.occurrence for t in tasks] == thursdays
        assert [t.due_at for t in tasks] == [day + 3 * HOUR for day in thursdays]
        assert get_occurrence(found, thursdays[1]).state is EventState.CANCELLED
        known = get_covered(tasks[1].story)
        assert known is not None and known.is_off and known.reason == "Libur"


def test_what_was_put_elsewhere_by_itself_stays_there_with_its_tasks(world: World, at: At) -> None:
    with at(NOW):
        editor, first = world.as_(world.editor), utc(WEDNESDAY)
        found = made(world, rule="FREQ=WEEKLY;COUNT=4")
        stories = [
            cover(found, first + n * WEEK, actor=editor, content_type_id=world.news.id) for n in (1, 2)
        ]
        one, two = (task(world, s, due=first + n * WEEK) for s, n in zip(stories, (1, 2), strict=True))
        move_event(
            found, actor=editor, occurrence=first + WEEK, extent=Extent.ONE, starts_at=first + WEEK + DAY
        )
        assert one.due_at == first + WEEK + DAY
        move_event(found, actor=editor, occurrence=first, extent=Extent.ALL, starts_at=first + HOUR)
        assert (one.due_at, two.due_at) == (first + WEEK + DAY, first + 2 * WEEK + HOUR)
        assert one.story.occurrence == first + WEEK + HOUR, "its name went along all the same"


def test_another_rule_says_first_which_coverage_it_would_lose_and_then_tells_it(world: World, at: At) -> None:
    with at(NOW):
        editor, first = world.as_(world.editor), utc(WEDNESDAY)
        found = made(world, rule="FREQ=WEEKLY;COUNT=4")
        kept = cover(found, first, actor=editor, content_type_id=world.news.id)
        lost = cover(found, first + WEEK, actor=editor, content_type_id=world.news.id)
        task(world, lost)
        shown = get_occurrence(found, first)
        asked = EventContent(
            shown.title, shown.starts_at, shown.ends_at, False, shown.place, "", "", "FREQ=WEEKLY;INTERVAL=2",
            shown.needs,
        )  # fmt: skip
        with pytest.raises(WouldDrop, match=r"11 Nov 2026 09.00 WIB \(sedang diliput\)"):
            change_event(found, actor=editor, occurrence=first, extent=Extent.ALL, content=asked)
        assert not heard(world.contributor) and lost.occurrence == first + WEEK
        change_event(found, actor=editor, occurrence=first, extent=Extent.ALL, content=asked, drop=True)
        assert heard(world.contributor) == [K.AGENDA_CANCELLED]
        known = get_covered(lost)
        assert known is not None and known.is_gone
        assert list(list_covering(found, None)) == [kept]
        single = replace(asked, rule="")
        change_event(found, actor=editor, occurrence=first, extent=Extent.ALL, content=single)
        assert (kept.occurrence, list(list_covering(found, None))) == (None, [kept])


def test_the_agenda_knows_who_covers_it_and_keeps_secrets(
    world: World, at: At, statements: QueryCount
) -> None:
    with at(NOW):
        editor = world.as_(world.editor)
        found = made(world)
        story = cover(
            found, None, actor=editor, content_type_id=world.news.id,
            asks=[Ask(role(world).id, world.contributor.id)],
        )  # fmt: skip
        key = (found.id, None)
        (said,) = coverage_of(editor, [key])[key]
        assert (said.title, said.url, list(said.people)) == (
            "Rapat koordinasi", f"/naskah/{story.id}", ["Kontributor Satu (Fotografer)"],
        )  # fmt: skip
        statements.reset()
        coverage_of(editor, [key])
        before = len(statements)
        for n in range(3):
            cover(made(world, title=f"Agenda {n}"), None, actor=editor, content_type_id=world.news.id)
        keys = [(e.id, None) for e in db.session.query(AgendaEvent)]
        statements.reset()
        assert len(coverage_of(editor, keys)) == 4
        assert len(statements) == before
        make_confidential(story, actor=editor, reader_ids=[])
        assert key not in coverage_of(world.as_(world.other_editor), [key])
