"""From an event to a story with its tasks in one step; who is free is said beside the choice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.services.absences import record_absence
from humasflow.calendar.covering import services as covering
from humasflow.calendar.covering.people import list_people
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, UserError
from humasflow.planning.agenda.enums import EventState
from humasflow.stories import queries as stories
from humasflow.stories import services as story_services
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.coverage import covered_of
from tests.conftest import QueryCount
from tests.factories import desk as factory
from tests.factories.world import World
from tests.stories.tasks import role, task
from tests.stories.test_covering import NOW, covered, event, utc

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_event_turns_into_a_story_and_its_tasks_at_once(world: World, at: At) -> None:
    with at(NOW):
        # 23.30 WIB on the 4th is another day in UTC.
        found = event(world, starts="2026-11-04T16:30Z", section_id=world.section.id)
        asks = [
            covering.Ask(role(world).id, world.contributor.id),
            covering.Ask(role(world, "peliput").id, world.other_contributor.id),
        ]
        story = covering.cover(
            found, None, actor=world.as_(world.editor), content_type_id=world.news.id, asks=asks,
            due_at=utc("2026-11-05T02:00Z"), brief="Foto pembukaan",
        )  # fmt: skip
        version = stories.get_current_version(story)
        assert (story.title, story.event_id, story.occurrence) == ("Rapat koordinasi", found.id, None)
        assert (version.agenda, version.event_date, version.place) == (
            "Rapat koordinasi",
            date(2026, 11, 4),
            "Aula",
        )
        assert story.section_id == world.section.id
        made = db.session.scalars(select(Assignment).order_by(Assignment.id)).all()
        assert [(a.person_id, a.role.code, a.due_at, a.brief) for a in made] == [
            (world.contributor.id, "fotografer", utc("2026-11-05T02:00Z"), "Foto pembukaan"),
            (world.other_contributor.id, "peliput", utc("2026-11-05T02:00Z"), "Foto pembukaan"),
        ]


def test_when_one_person_cannot_be_asked_nothing_is_begun(world: World, other_world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        asks = [
            covering.Ask(role(world).id, world.contributor.id),
            covering.Ask(role(world).id, other_world.contributor.id),
        ]
        with pytest.raises(UserError, match="tidak \\(lagi\\) bertugas"):
            covering.cover(
                found, None, actor=world.as_(world.editor), content_type_id=world.news.id, asks=asks
            )
        assert (count(Story), count(Assignment)) == (0, 0)


def test_a_second_story_about_the_same_is_begun_on_purpose_only(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY")
        editor, first = world.as_(world.editor), found.starts_at
        begun = covering.cover(found, first, actor=editor, content_type_id=world.news.id)
        with pytest.raises(covering.CoveredAlready) as caught:
            covering.cover(found, first, actor=editor, content_type_id=world.news.id)
        assert caught.value.story_id == begun.id
        covering.cover(found, first, actor=editor, content_type_id=world.news.id, again=True)
        covering.cover(found, first + timedelta(days=7), actor=editor, content_type_id=world.news.id)
        assert count(Story) == 3


def test_what_does_not_take_place_is_not_covered_and_a_contributor_covers_nothing(
    world: World, at: At
) -> None:
    with at(NOW):
        found = event(world, state=EventState.CANCELLED)
        with pytest.raises(covering.OffEvent):
            covering.cover(found, None, actor=world.as_(world.editor), content_type_id=world.news.id)
        with pytest.raises(NotAllowed):
            covering.cover(
                event(world, title="Lain"),
                None,
                actor=world.as_(world.contributor),
                content_type_id=world.news.id,
            )


def test_roles_follow_from_what_the_event_needs(world: World) -> None:
    wanted = covering.roles_for(world.office.id, ["caption", "news", "photo"])
    assert [(n.value, r.code if r else None) for n, r in wanted] == [
        ("photo", "fotografer"), ("news", "peliput"), ("caption", "admin_medsos"),
    ]  # fmt: skip
    role(world).is_active = False
    db.session.flush()
    assert covering.roles_for(world.office.id, ["photo"])[0][1] is None


def people(world: World, found: object, occurrence: object = None) -> dict[str, str]:
    key = (found.id, occurrence)  # type: ignore[attr-defined]
    listed = list_people(world.as_(world.editor), world.office, covered_of([key])[key])  # type: ignore[list-item,index]
    return {p.person.name: p.text for p in listed}


def test_the_picker_says_who_is_away_and_who_does_something_else_then(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)  # 4 Nov 09.00–11.00 WIB
        other = covered(world, event(world, title="Lelang", starts="2026-11-04T03:30Z"))
        task(world, other, to=world.contributor)
        after = covered(world, event(world, title="Sesudahnya", starts="2026-11-04T04:00Z"))
        task(world, after, to=world.lead)
        task(world, factory.story(world), to=world.other_contributor, due=utc("2026-11-04T03:00Z"))
        record_absence(
            actor=world.as_(world.approver), office=world.office, user_id=world.approver.id,
            kind=AbsenceKind.LEAVE, starts_on=date(2026, 11, 3), ends_on=date(2026, 11, 4), note="",
        )  # fmt: skip
        said = people(world, found)
        assert said["Kontributor Satu"] == "Kontributor Satu, meliput “Lelang” 10.30–12.30"
        title = "Sosialisasi pemanfaatan aset bagi 30 satuan kerja"
        assert said["Kontributor Dua"] == f"Kontributor Dua, tenggat “{title}” 10.00"
        assert said["Penyetuju Kantor"] == "Penyetuju Kantor, Cuti 3–4 Nov"
        assert said["Ketua Tim"] == "Ketua Tim, 1 tugas", "one begins when the other ends"
        assert list(said)[-1] == "Penyetuju Kantor" and set(list(said)[-3:-1]) == {
            "Kontributor Satu", "Kontributor Dua",
        }  # fmt: skip


def test_a_cancelled_event_and_the_one_itself_are_no_clash(world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        task(world, covered(world, found), to=world.contributor)
        off = event(world, title="Batal", state=EventState.CANCELLED)
        task(world, covered(world, off), to=world.other_contributor)
        said = people(world, found)
        assert (said["Kontributor Satu"], said["Kontributor Dua"]) == (
            "Kontributor Satu, 1 tugas", "Kontributor Dua, 1 tugas",
        )  # fmt: skip


def test_the_title_of_a_confidential_story_is_not_told_to_who_may_not_read_it(world: World, at: At) -> None:
    with at(NOW):
        found, secret = (
            event(world),
            covered(world, event(world, title="Rahasia", hours=1), title="Rahasia besar"),
        )
        task(world, secret, to=world.contributor)
        hidden = factory.story(world, title="Rahasia lain")
        task(world, hidden, to=world.other_contributor, due=utc("2026-11-04T03:00Z"))
        for story in (secret, hidden):
            story_services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
        key = (found.id, None)
        listed = list_people(world.as_(world.other_editor), world.office, covered_of([key])[key])
        said = {p.person.name: p.text for p in listed}
        assert said["Kontributor Satu"] == "Kontributor Satu, meliput agenda lain 09.00–10.00"
        assert said["Kontributor Dua"] == "Kontributor Dua, tenggat tugas lain 10.00"


def test_the_picker_asks_as_much_for_many_clashes(world: World, at: At, statements: QueryCount) -> None:
    with at(NOW):
        found, actor, office = event(world), world.as_(world.editor), world.office
        key = (found.id, None)
        here = covered_of([key])[key]

        def asked() -> int:
            statements.reset()
            list_people(actor, office, here)
            return len(statements)

        task(world, covered(world, event(world, title="A")))
        one = asked()
        for title in ("B", "C"):
            task(world, covered(world, event(world, title=title)), to=world.other_contributor)
        assert asked() == one <= 9


def test_an_absence_late_in_a_long_event_far_ahead_is_known(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, starts="2026-12-20T02:00Z", hours=24 * 20)  # until 9 January
        record_absence(
            actor=world.as_(world.approver), office=world.office, user_id=world.approver.id,
            kind=AbsenceKind.LEAVE, starts_on=date(2027, 1, 8), ends_on=date(2027, 1, 9), note="",
        )  # fmt: skip
        assert people(world, found)["Penyetuju Kantor"] == "Penyetuju Kantor, Cuti 8–9 Jan"
