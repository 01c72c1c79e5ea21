"""Reading assignments: of one story with their trail, and of one person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.stories.assignment_policy import can_see_assignment
from humasflow.stories.enums import OPEN, OPEN_ASSIGNMENT, AssignmentState, StoryState
from humasflow.stories.models import Assignment, Story, StoryHandover

_SUCCESSOR = aliased(Assignment, name="successor")


def is_open() -> ColumnElement[bool]:
    """A condition on Assignment: still to be done, on a story that is not over."""
    return Assignment.state.in_(sorted(OPEN_ASSIGNMENT))


def wants_somebody(office: Unit) -> ColumnElement[bool]:
    """A condition on an office's assignments joined with Story: a task was declined and nobody followed, or who has it
    no longer works there.
    """
    declined = and_(
        Assignment.state == AssignmentState.DECLINED,
        ~exists().where(_SUCCESSOR.replaces_id == Assignment.id),
    )
    has_left = Assignment.person_id.not_in(accounts.people_ids_of(office))
    return and_(Story.state.in_(sorted(OPEN)), or_(declined, and_(is_open(), has_left)))


# One story


@dataclass(frozen=True)
class Line:
    """A task as it stands, with those it came to replace, latest first."""

    now: Assignment
    earlier: Sequence[Assignment] = field(default_factory=tuple)
    needs_somebody: bool = False

    @property
    def is_open(self) -> bool:
        """Whether somebody is to do it."""
        return self.now.state in OPEN_ASSIGNMENT


def get_assignment(actor: Principal, assignment_id: int) -> Assignment:
    """One that is the actor's, or on a story that the actor reads; otherwise "not found"."""
    found = db.session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(joinedload(Assignment.story), joinedload(Assignment.creator))
    )
    if found is None or not can_see_assignment(actor, found):
        raise NotFound
    return found


def list_lines(story_id: int) -> list[Line]:
    """A story's tasks, open ones first by due time, each with its trail. Two statements."""
    every = db.session.scalars(
        select(Assignment)
        .where(Assignment.story_id == story_id)
        .options(joinedload(Assignment.creator))
        .order_by(Assignment.id)
    ).all()
    if not every:
        return []
    by_id = {a.id: a for a in every}
    replaced = {a.replaces_id for a in every if a.replaces_id}
    lacking = set(
        db.session.scalars(
            select(Assignment.id)
            .join(Story, Story.id == Assignment.story_id)
            .where(Assignment.story_id == story_id, wants_somebody(orgs.get_office(every[0].office_id)))
        )
    )
    lines = []
    for a in every:
        if a.id in replaced:
            continue
        trail, before = [], a.replaces_id
        while before:
            trail.append(by_id[before])
            before = by_id[before].replaces_id
        lines.append(Line(a, trail, a.id in lacking))
    return sorted(lines, key=_order)


def _order(line: Line) -> tuple[Any, ...]:
    due = line.now.due_at
    rank = 0 if line.needs_somebody else 1 if line.is_open else 2
    return (rank, due is None, due.timestamp() if due else 0, line.now.id)


def list_trail(assignment: Assignment) -> list[Assignment]:
    """The tasks that this one came to replace, latest first."""
    return next(
        (list(line.earlier) for line in list_lines(assignment.story_id) if line.now.id == assignment.id), []
    )


def get_successor(assignment: Assignment) -> Assignment | None:
    """The task that replaced this one."""
    return db.session.scalar(select(Assignment).where(Assignment.replaces_id == assignment.id))


def list_open_of_story(story_id: int) -> Sequence[Assignment]:
    """The tasks of a story that are still to be done, by due time."""
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.story_id == story_id, is_open())
        .order_by(Assignment.due_at.is_(None), Assignment.due_at, Assignment.id)
    ).all()


def with_tasks_or_takers(story_ids: Iterable[int]) -> set[int]:
    """Those of these stories on which a task is open, or that were given to another office. One statement."""
    wanted = set(story_ids)
    tasks = select(Assignment.story_id).where(Assignment.story_id.in_(wanted), is_open())
    given = select(StoryHandover.story_id).where(StoryHandover.story_id.in_(wanted))
    return set(db.session.scalars(tasks.union(given)))


# One person


@dataclass(frozen=True)
class TaskRow:
    """A task in a person's own list, or in the list of those that need somebody."""

    id: int
    story_id: int
    title: str
    story_state: StoryState
    person_id: int
    person: str
    role: str
    state: AssignmentState
    due_at: datetime | None
    opened_at: datetime | None
    done_at: datetime | None
    decline_reason: str
    brief: str
    creator: str | None
    created_at: datetime


def task_rows() -> Any:
    """The statement behind every list of tasks: join what is shown, nothing more."""
    person, creator = aliased(User), aliased(User)
    role = Assignment.role.property.mapper.class_
    return (
        select(
            Assignment.id, Assignment.story_id, Story.title, Story.state.label("story_state"),
            Assignment.person_id, person.name.label("person"), role.label.label("role"), Assignment.state,
            Assignment.due_at, Assignment.opened_at, Assignment.done_at, Assignment.decline_reason,
            Assignment.brief, creator.name.label("creator"), Assignment.created_at,
        )
        .join(Story, Story.id == Assignment.story_id)
        .join(person, person.id == Assignment.person_id)
        .join(role, role.id == Assignment.role_id)
        .outerjoin(creator, creator.id == Assignment.created_by)
    )  # fmt: skip


def read_tasks(statement: Any) -> list[TaskRow]:
    """The rows of such a statement."""
    return [TaskRow(**row) for row in db.session.execute(statement).mappings()]


def read_past(statement: Any) -> list[tuple[TaskRow, datetime]]:
    """The rows of such a statement that also asks for ``state_since``: a task, and since when it is as it is."""
    found = []
    for row in db.session.execute(statement).mappings():
        values = dict(row)
        since = values.pop("state_since")
        found.append((TaskRow(**values), since))
    return found


def of_person(person_id: int, office_id: int) -> ColumnElement[bool]:
    """A condition: this person's tasks in this office."""
    return and_(Assignment.person_id == person_id, Assignment.office_id == office_id)


def open_of(person_id: int, office_id: int) -> Select[int]:
    """The statement behind :func:`count_open_of`, to be asked together with others."""
    return select(func.count()).select_from(Assignment).where(of_person(person_id, office_id), is_open())


def count_open_of(person_id: int, office_id: int) -> int:
    """How many tasks a person has to do in an office. One statement."""
    return db.session.scalar(open_of(person_id, office_id)) or 0
