"""People are asked to do something for a story: offered, opened, accepted, declined, passed on, done."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow import registry, worker
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.services.people import set_active
from humasflow.audit import queries as audit
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from humasflow.core.localtime import to_local
from humasflow.notifications.enums import NoticeKind as K
from humasflow.stories import queries as stories
from humasflow.stories import services as story_services
from humasflow.stories.enums import AssignmentMove, AssignmentState, StoryMove, StoryState
from humasflow.stories.models import Assignment
from humasflow.stories.queries import assignments as queries
from humasflow.stories.queries import workload
from humasflow.stories.services import assignments, bulk, tasks
from humasflow.stories.services.assignments import DuePassed
from humasflow.stories.services.confidentiality import make_confidential
from humasflow.stories.services.moving import ReasonNeeded
from humasflow.stories.services.reminding import remind_of_due
from humasflow.stories.workflow import ASSIGNMENT
from tests.factories import desk
from tests.factories.world import World
from tests.stories.tasks import in_days, role, task, told
from tests.support.forms import form_with
from tests.support.page import Browser

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]
S, M = AssignmentState, AssignmentMove

# ditawarkan → diterima → selesai ↔ ; ditolak(alasan) ; dialihkan ; dibatalkan(alasan)
DIAGRAM = {
    "offered": {
        "accept": "accepted", "decline": "declined", "finish": "done", "replace": "replaced", "cancel": "cancelled",
    },
    "accepted": {"decline": "declined", "finish": "done", "replace": "replaced", "cancel": "cancelled"},
    "done": {"reopen": "accepted", "reoffer": "offered"},
    "declined": {"cancel": "cancelled"},
    "replaced": {},
    "cancelled": {},
}  # fmt: skip


@given(moves=st.lists(st.sampled_from(list(M)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_task_goes_only_where_the_diagram_leads(moves: list[M]) -> None:
    state = "offered"
    for move in moves:
        target = DIAGRAM[state].get(move.value)
        assert ASSIGNMENT.allows(S(state), move) is (target is not None)
        if target is not None:
            state = ASSIGNMENT.target(S(state), move).value
            assert state == target


def due(task: Assignment, at: datetime | None, *, by: Principal) -> bool:
    """Another due time, the same brief."""
    return assignments.change_assignment(task, actor=by, due_at=at, brief=task.brief)


def needing(world: World) -> set[int]:
    """The stories on which somebody has to take over."""
    rows = workload.list_needing_somebody(world.as_(world.editor), world.office.id)
    return {row.story_id for row in rows}


steps = st.lists(
    st.sampled_from(["open", "accept", "decline", "finish", "undo", "replace", "cancel", "due"]), max_size=10
)


@given(steps=steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_tried_one_task_of_a_trail_is_current(world: World, steps: list[str]) -> None:
    """A refusal changes nothing; the trail stays a chain; facts never disappear."""
    people = [world.contributor, world.other_contributor, world.lead, world.other_editor]
    with db.session.begin_nested() as savepoint:
        story = desk.story(world)
        current = task(world, story)
        facts: set[str] = set()
        for step in steps:
            person, editor = world.as_(current.person), world.as_(world.editor)
            try:
                if step == "open":
                    tasks.record_opened(current, actor=person)
                elif step == "accept":
                    tasks.accept_task(current, actor=person)
                elif step == "decline":
                    tasks.decline_task(current, actor=person, reason="Sedang dinas")
                elif step == "finish":
                    tasks.finish_task(current, actor=person)
                elif step == "undo":
                    tasks.reopen_task(current, actor=editor)
                elif step == "due":
                    due(current, in_days(3), by=editor)
                elif step == "cancel":
                    tasks.cancel_task(current, actor=editor, reason="Tidak jadi")
                else:
                    following = people[(people.index(current.person) + 1) % len(people)]
                    current = assignments.reassign(current, actor=editor, person_id=following.id)
                    facts = set()
            except Refused:
                continue
            now = {n for n in ("opened_at", "accepted_at", "declined_at") if getattr(current, n)}
            assert facts <= now, f"{step} forgot {facts - now}"
            facts = now
        lines = queries.list_lines(story.id)
        assert len(lines) == 1
        assert lines[0].now.id == current.id
        assert all(a.state in (S.REPLACED, S.DECLINED) for a in lines[0].earlier)
        savepoint.rollback()


def test_several_people_and_several_roles_with_their_own_due_time(world: World) -> None:
    story = desk.story(world)
    first = task(world, story, due=in_days(3), brief="Foto serah terima")
    second = task(world, story, to=world.other_contributor, code="peliput", due=in_days(1))
    third = task(world, story, to=world.other_contributor, code="videografer")
    lines = queries.list_lines(story.id)
    assert [line.now.id for line in lines] == [second.id, first.id, third.id]
    assert [(a.person.name, a.role.label) for a in queries.list_open_of_story(story.id)] == [
        ("Kontributor Dua", "Peliput"), ("Kontributor Satu", "Fotografer"), ("Kontributor Dua", "Videografer"),
    ]  # fmt: skip
    assert first.brief == "Foto serah terima"
    assert story.owner_id == world.editor.id, "who holds the story is another question"
    with pytest.raises(UserError, match="sudah bertugas sebagai Fotografer"):
        task(world, story)


def test_opened_and_accepted_are_separate_facts(world: World) -> None:
    found = task(world)
    person = world.as_(world.contributor)
    assert (found.opened_at, found.accepted_at, found.state) == (None, None, S.OFFERED)
    assert tasks.record_opened(found, actor=person) is True
    opened = found.opened_at
    assert opened is not None
    assert (found.accepted_at, found.state) == (None, S.OFFERED)
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        assert tasks.record_opened(found, actor=person) is False
        tasks.accept_task(found, actor=person)
    assert found.opened_at == opened
    assert found.accepted_at is not None
    assert found.accepted_at > opened
    actions = [e.action.value for e in audit.list_timeline(("story", found.story_id))]
    assert actions[:3] == [
        "stories.assignment.accepted", "stories.assignment.opened", "stories.assignment.offered",
    ]  # fmt: skip


def test_only_the_person_opens_accepts_and_declines(world: World) -> None:
    found = task(world)
    for user in (world.editor, world.other_contributor, world.admin):
        with pytest.raises(NotFound):
            tasks.record_opened(found, actor=world.as_(user))
        with pytest.raises(Refused, match="Hanya Kontributor Satu"):
            tasks.accept_task(found, actor=world.as_(user))
        with pytest.raises(Refused):
            tasks.decline_task(found, actor=world.as_(user), reason="Alasan")
    assert (found.opened_at, found.state) == (None, S.OFFERED)


def test_declining_needs_a_reason_and_is_seen_by_the_editor(world: World) -> None:
    story = desk.story(world)
    found = task(world, story, due=in_days(2))
    person = world.as_(world.contributor)
    with pytest.raises(ReasonNeeded):
        tasks.decline_task(found, actor=person, reason="  ")
    assert needing(world) == set()
    tasks.decline_task(found, actor=person, reason="Mendampingi lelang di Binjai")
    assert (found.state, found.decline_reason) == (S.DECLINED, "Mendampingi lelang di Binjai")
    assert needing(world) == {story.id}
    assert queries.list_open_of_story(story.id) == []
    assert told(world.editor) == [K.TASK_DECLINED]
    rows = workload.list_needing_somebody(world.as_(world.other_editor), world.office.id)
    assert [(r.id, r.decline_reason) for r in rows] == [(found.id, "Mendampingi lelang di Binjai")]
    assert queries.list_lines(story.id)[0].needs_somebody


def test_what_was_accepted_can_still_be_given_back(world: World) -> None:
    found = task(world)
    person = world.as_(world.contributor)
    tasks.accept_task(found, actor=person)
    tasks.decline_task(found, actor=person, reason="Ditugaskan ke luar kota")
    assert found.state is S.DECLINED
    assert found.accepted_at is not None


def test_a_replacement_keeps_the_trail_and_ends_the_need(world: World) -> None:
    story = desk.story(world)
    first = task(world, story, brief="Potret suasana", due=in_days(4))
    tasks.decline_task(first, actor=world.as_(world.contributor), reason="Sakit")
    editor = world.as_(world.editor)
    second = assignments.reassign(
        first, actor=editor, person_id=world.other_contributor.id, due_at=first.due_at
    )
    assert (first.state, first.decline_reason) == (S.DECLINED, "Sakit")
    assert (second.replaces_id, second.role_id, second.brief) == (first.id, first.role_id, "Potret suasana")
    assert needing(world) == set()
    assert told(world.editor, unread=True) == [], "what was asked of the editor is answered"
    third = assignments.reassign(
        second, actor=editor, person_id=world.lead.id, reason="Lebih dekat ke lokasi"
    )
    assert (second.state, second.end_reason) == (S.REPLACED, "Lebih dekat ke lokasi")
    line = queries.list_lines(story.id)[0]
    assert [a.id for a in (line.now, *line.earlier)] == [third.id, second.id, first.id]
    assert told(world.other_contributor) == [K.TASK_OFFERED, K.TASK_REPLACED]
    with pytest.raises(Refused, match="sudah dialihkan kepada Ketua Tim"):
        tasks.accept_task(second, actor=world.as_(world.other_contributor))
    with pytest.raises(Refused, match="sudah digantikan"):
        assignments.reassign(first, actor=editor, person_id=world.lead.id)


def test_a_declined_task_that_needs_nobody_is_cancelled(world: World) -> None:
    story = desk.story(world)
    found = task(world, story)
    tasks.decline_task(found, actor=world.as_(world.contributor), reason="Sakit")
    with pytest.raises(ReasonNeeded):
        tasks.cancel_task(found, actor=world.as_(world.editor), reason="")
    tasks.cancel_task(found, actor=world.as_(world.editor), reason="Foto lama cukup")
    assert needing(world) == set()
    assert (found.decline_reason, found.end_reason) == ("Sakit", "Foto lama cukup")


def test_who_left_the_office_needs_a_replacement(world: World, at: At) -> None:
    story, other = desk.story(world), desk.story(world)
    task(world, story)
    task(world, other, to=world.other_contributor)
    assert needing(world) == set()
    set_active(world.contributor, actor=world.as_(world.admin), office=world.office, active=False)
    grant = world.other_contributor.grants[0]
    today = to_local(clock.now(), world.office).date()
    grant.valid_until = today
    db.session.flush()
    assert needing(world) == {story.id}
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert needing(world) == {story.id, other.id}


def test_done_by_the_person_or_the_editor_and_undone(world: World) -> None:
    found = task(world)
    tasks.finish_task(found, actor=world.as_(world.contributor), note="12 foto di pustaka")
    assert (found.state, found.done_by, found.done_note) == (
        S.DONE,
        world.contributor.id,
        "12 foto di pustaka",
    )
    assert found.accepted_at is not None, "who hands it over has taken it"
    assert told(world.editor) == [K.TASK_DONE]
    tasks.reopen_task(found, actor=world.as_(world.editor))
    assert (found.state, found.done_at, found.done_by) == (S.ACCEPTED, None, None)
    other = task(world, to=world.other_contributor)
    tasks.finish_task(other, actor=world.as_(world.other_editor))
    assert (other.done_by, other.accepted_at) == (world.other_editor.id, None), "nobody accepts for another"
    tasks.reopen_task(other, actor=world.as_(world.other_editor))
    assert other.state is S.OFFERED
    with pytest.raises(Refused):
        tasks.finish_task(other, actor=world.as_(world.contributor))


def test_a_due_time_is_utc_and_not_a_publish_time(world: World, at: At) -> None:
    with at("2026-11-20T02:00Z"):
        found = task(world, due=in_days(1))
        assert found.due_at is not None
        assert found.due_at.isoformat() == "2026-11-21T02:00:00+00:00"
        assert db.session.get_one(type(found), found.id).due_at == found.due_at
        with pytest.raises(DuePassed):
            task(world, due=in_days(-1))
        with pytest.raises(DuePassed, match="tiga tahun"):
            task(world, due=in_days(5000))


def test_another_due_time_is_told_and_a_stale_form_is_refused(world: World) -> None:
    found = task(world, due=in_days(5))
    editor, version = world.as_(world.editor), found.row_version
    assert assignments.change_assignment(
        found, actor=editor, due_at=in_days(6), brief="Juga video", row_version=version
    )
    assert told(world.contributor) == [K.TASK_OFFERED, K.TASK_DUE_CHANGED]
    assert found.brief == "Juga video"
    with pytest.raises(Conflict):
        assignments.change_assignment(found, actor=editor, due_at=None, brief="", row_version=version)
    assert not assignments.change_assignment(found, actor=editor, due_at=found.due_at, brief="Juga video")
    with pytest.raises(Refused):
        due(found, None, by=world.as_(world.contributor))


def test_a_late_task_may_keep_its_time_when_only_the_brief_changes(world: World) -> None:
    found = task(world, due=in_days(1))
    with clock.moved_to(in_days(2)):
        assert assignments.change_assignment(
            found, actor=world.as_(world.editor), due_at=found.due_at, brief="Cukup lima foto"
        )


def test_one_due_time_for_all_open_tasks_of_a_story(world: World) -> None:
    story = desk.story(world)
    with pytest.raises(Refused, match="Belum ada tugas yang berjalan"):
        bulk.set_due(story, actor=world.as_(world.editor), due_at=in_days(1))
    task(world, story), task(world, story, to=world.other_contributor)
    wanted = in_days(2)
    assert bulk.set_due(story, actor=world.as_(world.editor), due_at=wanted) == 2
    assert {a.due_at for a in queries.list_open_of_story(story.id)} == {wanted}


def test_assigning_needs_an_editor_a_role_in_use_and_a_person_of_the_office(
    world: World, other_world: World
) -> None:
    story = desk.story(world)
    for user in (world.contributor, world.approver, world.lead):
        with pytest.raises(Refused):
            task(world, story, by=user)
    with pytest.raises(UserError, match="tidak .* bertugas di kantor ini"):
        task(world, story, to=other_world.contributor)
    with pytest.raises(NotFound):
        assignments.assign(
            story, actor=world.as_(world.editor), person_id=world.contributor.id,
            role_id=role(other_world).id,
        )  # fmt: skip
    role(world).is_active = False
    with pytest.raises(UserError, match="tidak dipakai lagi"):
        task(world, story)
    with pytest.raises(Refused):
        task(world, desk.story(world, state=StoryState.CANCELLED), code="peliput")


def test_an_own_task_is_accepted_at_once_and_tells_nobody(world: World) -> None:
    found = task(world, to=world.editor)
    assert found.state is S.ACCEPTED
    assert found.opened_at == found.accepted_at != None  # noqa: E711
    assert told(world.editor) == []


def test_an_assigned_person_reads_that_story_and_no_other(world: World) -> None:
    story, other = desk.story(world), desk.story(world)
    person = world.as_(world.contributor)
    with pytest.raises(NotFound):
        stories.get_story(person, story.id)
    found = task(world, story)
    assert stories.get_story(person, story.id).id == story.id
    with pytest.raises(NotFound):
        stories.get_story(person, other.id)
    with pytest.raises(NotFound):
        queries.get_assignment(world.as_(world.other_contributor), found.id)
    tasks.decline_task(found, actor=person, reason="Sedang cuti")
    with pytest.raises(NotFound):
        stories.get_story(person, story.id)
    assert queries.get_assignment(person, found.id).id == found.id, "the own answer stays visible"


def test_who_gets_work_on_a_confidential_story_is_named(world: World) -> None:
    story = desk.story(world)
    make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
    found = task(world, story)
    assert stories.get_story(world.as_(world.contributor), story.id).id == story.id
    with pytest.raises(NotFound):
        queries.get_assignment(world.as_(world.other_editor), found.id)
    tasks.decline_task(found, actor=world.as_(world.contributor), reason="Berhalangan")
    assert not workload.list_needing_somebody(world.as_(world.other_editor), world.office.id)
    assert len(workload.list_needing_somebody(world.as_(world.editor), world.office.id)) == 1


@pytest.mark.parametrize("move", [StoryMove.CANCEL, StoryMove.WITHDRAW, StoryMove.ARCHIVE])
def test_nobody_works_in_vain_on_a_story_that_is_over(world: World, move: StoryMove) -> None:
    start = StoryState.DRAFT if move is StoryMove.CANCEL else StoryState.PUBLISHED
    story = desk.story(world, state=start)
    found = task(world, story)
    story_services.move_story(story, move, actor=None, reason="Acara batal")
    assert found.state is S.CANCELLED
    assert told(world.contributor)[-1] is K.TASK_CANCELLED


def test_who_ends_a_story_is_named_and_not_told_of_it(world: World) -> None:
    story = desk.story(world)
    own, other = task(world, story, to=world.editor), task(world, story)
    story_services.move_story(story, StoryMove.CANCEL, actor=world.as_(world.editor), reason="Acara batal")
    assert own.state is other.state is S.CANCELLED
    assert told(world.editor) == []
    assert told(world.contributor) == [K.TASK_OFFERED, K.TASK_CANCELLED]
    ended = [
        e
        for e in audit.list_timeline(("story", story.id))
        if e.action.value == "stories.assignment.cancelled"
    ]
    assert {e.actor_id for e in ended} == {world.editor.id}


def test_a_story_on_hold_keeps_its_tasks_and_presses_nobody(world: World) -> None:
    story = desk.story(world)
    found = task(world, story, due=in_days(2))
    story_services.move_story(story, StoryMove.HOLD, actor=None)
    assert found.state is S.OFFERED
    with clock.moved_to(in_days(3)):
        assert remind_of_due() == 0


def test_reminders_a_day_ahead_and_when_late_are_told_once(world: World, at: At) -> None:
    with at("2026-11-20T02:00Z"):
        found = task(world, due=in_days(3))
        soon = task(world, to=world.other_contributor, due=in_days(0.5))
        assert remind_of_due() == 0
    with at("2026-11-22T03:00Z"):
        remind_of_due()
        remind_of_due()
        assert told(world.contributor, K.TASK_DUE_SOON) == [K.TASK_DUE_SOON]
        assert told(world.other_contributor) == [K.TASK_OFFERED, K.TASK_OVERDUE], (
            "told of a near time at once"
        )
        tasks.finish_task(soon, actor=world.as_(world.other_contributor))
    with at("2026-11-23T03:00Z"):
        remind_of_due()
        assert told(world.contributor, K.TASK_OVERDUE) == [K.TASK_OVERDUE]
        assert told(world.editor, K.TASK_LATE) == [K.TASK_LATE, K.TASK_LATE]
        assert [r.id for r in workload.list_overdue(world.as_(world.editor), world.office.id)] == [found.id]
        due(found, in_days(5), by=world.as_(world.editor))
        assert told(world.contributor, K.TASK_OVERDUE, unread=True) == []
    with at("2026-11-27T04:00Z"):
        remind_of_due()
        assert told(world.contributor, K.TASK_DUE_SOON) == [K.TASK_DUE_SOON, K.TASK_DUE_SOON]


def test_managing_the_tasks_of_others_is_for_editors(world: World) -> None:
    found = task(world)
    for act in (
        lambda a: tasks.cancel_task(found, actor=a, reason="Alasan"),
        lambda a: assignments.reassign(found, actor=a, person_id=world.lead.id),
        lambda a: due(found, None, by=a),
    ):
        for user in (world.contributor, world.approver, world.lead):
            with pytest.raises((Refused, NotAllowed)):
                act(world.as_(user))
    assert found.state is S.OFFERED


def at_once(app: Flask, *sent: tuple[User, str, str, dict[str, Any]]) -> list[int]:
    """Forms (who, page, a field of the form, what is typed) sent at the same moment over connections of their own.

    The statuses, in the order given. A page without a field is posted to as it is.
    """
    ready = []
    for user, url, part, typed in sent:
        browser = Browser(app).sign_in(user)
        data = form_with(browser.get(url), part) | typed if part else typed
        ready.append((browser, url, data))
    db.session.rollback()
    start, statuses = threading.Barrier(len(ready)), dict.fromkeys(range(len(ready)), 0)

    def send(n: int) -> None:
        browser, url, data = ready[n]
        start.wait()
        statuses[n] = browser.client.post(url, data=data).status_code

    threads = [threading.Thread(target=send, args=(n,)) for n in range(len(ready))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    db.session.expire_all()
    return [statuses[n] for n in range(len(ready))]


@pytest.mark.parametrize("second", ["ganti", "batalkan"])
def test_accepting_while_it_is_passed_on_or_cancelled(app: Flask, world: World, second: str) -> None:
    """Whoever is later is told, nothing fails, and one task is left."""
    found = task(world)
    db.session.commit()
    other = (
        (world.editor, f"/tugas/{found.id}/ganti", "due_day", {"orang": str(world.lead.id)})
        if second == "ganti"
        else (world.editor, f"/naskah/tugas/{found.id}/batalkan", "reason", {"reason": "Tidak jadi"})
    )
    accepted, ended = at_once(app, (world.contributor, f"/naskah/tugas/{found.id}/terima", "", {}), other)
    assert ended == 303
    assert accepted in (303, 409)
    fresh = db.session.get_one(Assignment, found.id)
    assert fresh.state is (S.REPLACED if second == "ganti" else S.CANCELLED)
    assert (fresh.accepted_at is not None) == (accepted == 303)
    assert len(queries.list_lines(fresh.story_id)) == 1


def test_two_editors_cannot_both_replace_the_same_person(app: Flask, world: World) -> None:
    found = task(world)
    db.session.commit()
    url = f"/tugas/{found.id}/ganti"
    statuses = at_once(
        app,
        (world.editor, url, "due_day", {"orang": str(world.lead.id)}),
        (world.other_editor, url, "due_day", {"orang": str(world.other_contributor.id)}),
    )
    assert sorted(statuses) == [303, 409]
    assert len(queries.list_open_of_story(found.story_id)) == 1


def test_the_workers_timetable_reminds_without_anybody_signed_in(app: Flask, world: World) -> None:
    """In a transaction of its own, outside of any request."""
    found = task(world, due=in_days(2))
    db.session.commit()
    assert "stories.remind_of_due" in [name for name, _seconds, _run in registry.timetable()]
    with clock.moved_to(in_days(1.5)):
        worker.run_entry(app, "stories.remind_of_due")
        worker.run_entry(app, "stories.remind_of_due")
    db.session.rollback()
    assert told(world.contributor, K.TASK_DUE_SOON) == [K.TASK_DUE_SOON]
    assert db.session.get_one(Assignment, found.id).soon_told == found.due_at
