"""Moving deadlines, agenda and campaigns: what moves along and what is against it."""

from datetime import date, time

import pytest
from sqlalchemy import select

from humasflow.audit.enums import AuditAction as A
from humasflow.calendar import moving
from humasflow.calendar.moving import Where
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.notifications.enums import NoticeKind
from humasflow.planning.agenda.enums import EventState, Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_occurrence, list_upcoming_of
from humasflow.planning.agenda.services import postpone_event
from humasflow.planning.campaigns.services import switch_campaign
from humasflow.stories.services.confidentiality import name_reader
from humasflow.stories.services.tasks import finish_task
from tests.calendar.movement import (
    NOW,
    WIB,
    At,
    actions,
    asked,
    at_office,
    campaign,
    event,
    move,
    reasons,
    ref_of,
    undo,
)
from tests.factories import desk as factory
from tests.factories.world import World
from tests.publishing.desk import NewsDesk, hours
from tests.stories.tasks import task, told

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


# Deadlines


def test_a_deadline_moves_with_all_who_hand_over_then(world: World, at: At) -> None:
    with at(NOW):
        story = factory.story(world)
        one = task(world, story, due=at_office(10, time(16)))
        two = task(world, story, to=world.other_contributor, due=at_office(10, time(16)))
        later = task(world, story, code="penulis", due=at_office(12, time(16)))
        done = task(world, story, to=world.other_editor, due=at_office(10, time(16)))
        finish_task(done, actor=world.as_(world.editor))
        outcome = move(world, one, day=date(2026, 11, 12))
        assert [t.due_at for t in (one, two, later, done)] == [at_office(12, time(16))] * 3 + [
            at_office(10, time(16))
        ]
        assert outcome.message.endswith("Berlaku untuk Kontributor Satu, Kontributor Dua.")
        assert A.ASSIGNMENT_CHANGED in actions(("assignment", two.id))
        assert NoticeKind.TASK_DUE_CHANGED in told(world.other_contributor)
        undo(world, outcome)
        # The third was due then by itself: it stays.
        assert [t.due_at for t in (one, two, later)] == [at_office(10, time(16))] * 2 + [
            at_office(12, time(16))
        ]


def test_deadlines_refuse_what_they_should(world: World, other_world: World, at: At) -> None:
    with at(NOW):
        dated = task(world, due=at_office(10))
        assert "sudah lewat" in reasons(move(world, dated, day=date(2026, 10, 1)))
        assert "harus punya hari" in reasons(move(world, dated))
        assert "belum mencakup pengaturan tugas" in reasons(
            move(world, dated, who=world.contributor, shift=1)
        )
        stranger = other_world.as_(other_world.editor)
        assert "tidak ada" in reasons(moving.move_items([ref_of(dated)], Where(shift=1), actor=stranger))
        finish_task(dated, actor=world.as_(world.editor))
        assert "ditandai selesai" in reasons(move(world, dated, shift=1))


def test_a_deadline_of_a_confidential_story_is_there_for_its_readers_only(world: World, at: At) -> None:
    with at(NOW):
        dated = task(world, due=at_office(10))
        dated.story.is_confidential = True
        name_reader(dated.story, world.editor.id, actor=world.as_(world.editor))
        db.session.flush()
        assert "tidak ada (lagi)" in reasons(move(world, dated, who=world.other_editor, shift=1))
        assert dated.due_at == at_office(10)
        assert move(world, dated, shift=1).moved


# Agenda


def test_an_event_moves_and_comes_back(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        outcome = move(world, found, day=date(2026, 11, 6))
        assert (found.starts_at, found.ends_at) == (at_office(6), at_office(6) + hours(2))
        assert outcome.message == "“Rapat koordinasi” dipindahkan ke 6 Nov 2026 09.00 WIB."
        undo(world, outcome)
        assert found.starts_at == at_office(4)
        assert actions(("agenda_event", found.id)) == [A.AGENDA_CREATED, A.AGENDA_MOVED, A.AGENDA_MOVED]
        move(world, found, day=date(2026, 11, 6), clock=time(13, 30))
        assert found.starts_at == at_office(6, time(13, 30))


def test_a_day_that_is_over_can_be_meant_for_agenda(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        assert "sudah lewat" in asked(world, found, day=date(2026, 10, 1))[0]
        outcome = move(world, found, day=date(2026, 10, 1))
        assert outcome.moved
        assert outcome.undo is not None


def test_a_whole_day_stays_a_whole_day(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, clock_time=time(), ends_at=at_office(5, time()), all_day=True)
        outcome = move(world, found, day=date(2026, 11, 9), clock=time(14))
        assert (found.starts_at, found.ends_at) == (at_office(9, time()), at_office(10, time()))
        assert outcome.message == "“Rapat koordinasi” dipindahkan ke 9 Nov 2026."


@pytest.mark.parametrize(
    ("extent", "days"),
    [(Extent.ONE, [4, 12, 18, 25]), (Extent.FUTURE, [4, 12, 19, 26]), (Extent.ALL, [5, 12, 19, 26])],
)
def test_of_a_repeating_event_one_the_later_ones_or_all(
    world: World, at: At, extent: Extent, days: list[int]
) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=4")
        second = at_office(11)
        outcome = move(world, ref_of(found, second), day=date(2026, 11, 12), extent=extent)
        assert outcome.failed == []
        assert starts(world) == days
        undo(world, outcome)
        assert starts(world) == [4, 11, 18, 25]


def starts(world: World) -> list[int]:
    events = db.session.scalars(select(AgendaEvent).where(AgendaEvent.office_id == world.office.id)).all()
    found = [o.starts_at for e in events for o in list_upcoming_of(e, clock.now(), 10)]
    found += [e.starts_at for e in events if not e.rule]
    return sorted(to_local(s, WIB).day for s in found)


def test_a_series_chosen_twice_moves_one_at_a_time(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=4")
        refs = [ref_of(found, at_office(4)), ref_of(found, at_office(11))]
        assert "lebih dari sekali" in reasons(move(world, *refs, shift=1, extent=Extent.ALL))
        outcome = move(world, *refs, shift=1)
        assert (len(outcome.moved), starts(world)) == (2, [5, 12, 18, 25])
        undo(world, outcome)
        assert starts(world) == [4, 11, 18, 25]


def test_agenda_refuses_what_it_should(world: World, other_world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        assert "tugas redaktur" in reasons(move(world, found, who=world.contributor, shift=1))
        stranger = other_world.as_(other_world.editor)
        assert "tidak ada" in reasons(moving.move_items([ref_of(found)], Where(shift=1), actor=stranger))
        nowhere = ref_of(event(world, rule="FREQ=WEEKLY;COUNT=4"), at_office(5))
        assert "tidak ada" in reasons(move(world, nowhere, shift=1))
        assert "Periksa tahunnya" in reasons(move(world, found, shift=3660 * 8))


def test_what_was_postponed_has_its_time_and_no_undo(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        postpone_event(
            found, actor=world.as_(world.editor), occurrence=None, extent=Extent.ALL, reason="Ruangan"
        )
        outcome = move(world, found, shift=2)
        assert (get_occurrence(found, None).state, outcome.undo) == (EventState.CONFIRMED, None)


# Campaigns


def test_a_campaign_moves_at_both_ends(world: World, at: At) -> None:
    with at(NOW):
        found = campaign(world, 2, 20)
        outcome = move(world, found, shift=7)
        assert (found.starts_on, found.ends_on) == (date(2026, 11, 9), date(2026, 11, 27))
        assert outcome.message == "Kampanye “Bulan Lelang” sekarang 9 Nov 2026 – 27 Nov 2026."
        undo(world, outcome)
        assert (found.starts_on, found.ends_on) == (date(2026, 11, 2), date(2026, 11, 20))
        assert actions(("campaign", found.id)) == [A.CAMPAIGN_CREATED, A.CAMPAIGN_MOVED, A.CAMPAIGN_MOVED]
        move(world, found, day=date(2026, 12, 31))
        assert (found.starts_on, found.ends_on) == (date(2026, 12, 31), date(2027, 1, 18))


def test_campaigns_refuse_what_they_should(world: World, other_world: World, at: At) -> None:
    with at(NOW):
        found = campaign(world)
        assert "disusun oleh redaktur" in reasons(move(world, found, who=world.contributor, shift=1))
        stranger = other_world.as_(other_world.editor)
        assert "tidak ada" in reasons(moving.move_items([ref_of(found)], Where(shift=1), actor=stranger))
        assert "Periksa tahunnya" in reasons(move(world, found, day=date(2100, 12, 20)))
        assert "berakhir" in asked(world, found, day=date(2026, 9, 1))[0]
        switch_campaign(found, actor=world.as_(world.editor), is_active=False)
        assert "dinonaktifkan" in reasons(move(world, found, shift=1))
