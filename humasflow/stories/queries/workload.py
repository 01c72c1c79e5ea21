"""How much each person of an office has to do, and when they are away: for choosing somebody and for the team."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from humasflow.accounts import absences
from humasflow.accounts import queries as accounts
from humasflow.accounts.absences import Away
from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.orgs.models import Unit
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.stories.enums import AssignmentState, StoryState
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.assignments import TaskRow, is_open, read_tasks, task_rows, wants_somebody
from humasflow.stories.visibility import visible_to

WEEK = timedelta(days=7)
AHEAD = timedelta(days=60)  # absences further away say nothing about who is free
LOOK_BACK = timedelta(days=365)  # what somebody usually does


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be asked, with what speaks for and against it."""

    id: int
    name: str
    initials: str
    position: str
    open: int  # tasks to do in this office
    week: int  # those of them due within seven days, late ones included
    away: Sequence[Away]  # from today on
    is_away: bool  # on the day the work is due, or today without a due time
    usual_role: str
    is_usual: bool  # for the role that is asked for
    on_story: str  # what the person does on this story already


@dataclass(frozen=True)
class Cell:
    """One person on one day."""

    day: date
    due: int
    away: Away | None


@dataclass(frozen=True)
class TeamRow:
    """One person over the days of the page."""

    id: int
    name: str
    initials: str
    position: str
    cells: Sequence[Cell]
    overdue: int
    undated: int
    later: int
    away: Sequence[Away]

    @property
    def open(self) -> int:
        """All tasks to do."""
        return self.overdue + self.undated + self.later + sum(c.due for c in self.cells)


def list_people_at_work(office: Unit) -> list[tuple[int, str, str]]:
    """Id, name and position of everybody with a role in the office today, by name. One statement."""
    rows = db.session.execute(
        select(User.id, User.name, func.max(RoleGrant.position_title))
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(User.id.in_(accounts.people_ids_of(office)), Unit.office_id == office.id)
        .group_by(User.id, User.name)
        .order_by(func.lower(User.name), User.id)
    )
    return [(i, name, position or "") for i, name, position in rows]


def list_candidates(
    office: Unit, *, due_at: datetime | None = None, role_id: int | None = None, story_id: int | None = None
) -> list[Candidate]:
    """Everybody of the office, who is free first: present before absent, then the fewest tasks within seven days, then
    the fewest at all, then whoever usually has the role. Five statements, however many people there are.
    """
    now = clock.now()
    people = list_people_at_work(office)
    ids = [i for i, _name, _position in people]
    today, day = to_local(now, office.zone_name).date(), to_local(due_at or now, office.zone_name).date()
    counts = _counts(office.id, now)
    away = absences.list_away(ids, today, max(today + AHEAD, day))
    usual = _usual_roles(office.id, now)
    roles_here = _roles_on(story_id) if story_id is not None else {}
    found = []
    for user_id, name, position in people:
        total, week = counts.get(user_id, (0, 0))
        usual_id, usual_label = usual.get(user_id, (None, ""))
        mine = away.get(user_id, [])
        found.append(
            Candidate(
                id=user_id, name=name, initials=initials_of(name), position=position, open=total, week=week,
                away=mine, is_away=any(a.covers(day) for a in mine), usual_role=usual_label,
                is_usual=role_id is not None and usual_id == role_id,
                on_story=", ".join(roles_here.get(user_id, [])),
            )
        )  # fmt: skip
    found.sort(key=_freest)
    return found


def _freest(c: Candidate) -> tuple[Any, ...]:
    return (
        c.is_away,
        c.week,
        c.open,
        not c.is_usual,
        not c.usual_role,
        bool(c.away),
        c.name.casefold(),
        c.id,
    )


def initials_of(name: str) -> str:
    """Two letters for the avatar."""
    words = [w for w in name.split() if w[:1].isalpha()]
    return "".join(w[0] for w in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def _counts(office_id: int, now: datetime) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(
        select(
            Assignment.person_id,
            func.count(),
            func.sum(case((Assignment.due_at <= now + WEEK, 1), else_=0)),
        )
        .where(Assignment.office_id == office_id, is_open())
        .group_by(Assignment.person_id)
    )
    return {person: (total, int(week or 0)) for person, total, week in rows}


def _usual_roles(office_id: int, now: datetime) -> dict[int, tuple[int, str]]:
    """What each person did most often in the last year."""
    rows = db.session.execute(
        select(Assignment.person_id, ProductionRole.id, ProductionRole.label, func.count().label("times"))
        .join(ProductionRole, ProductionRole.id == Assignment.role_id)
        .where(
            Assignment.office_id == office_id,
            Assignment.state.in_([AssignmentState.ACCEPTED, AssignmentState.DONE]),
            Assignment.created_at > now - LOOK_BACK,
        )
        .group_by(Assignment.person_id, ProductionRole.id, ProductionRole.label)
        .order_by(func.count().desc(), ProductionRole.id)
    )
    found: dict[int, tuple[int, str]] = {}
    for person, role_id, label, _times in rows:
        found.setdefault(person, (role_id, label))
    return found


def _roles_on(story_id: int) -> dict[int, list[str]]:
    rows = db.session.execute(
        select(Assignment.person_id, ProductionRole.label)
        .join(ProductionRole, ProductionRole.id == Assignment.role_id)
        .where(Assignment.story_id == story_id, is_open())
        .order_by(Assignment.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person, label in rows:
        found[person].append(label)
    return found


def list_team(office: Unit, first: date, days: int) -> list[TeamRow]:
    """Everybody of the office with the tasks due on each day from ``first`` on, whoever has most first. Three
    statements.
    """
    people = list_people_at_work(office)
    last = first + timedelta(days=days - 1)
    away = absences.list_away([i for i, _n, _p in people], first, last)
    due: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    undated: dict[int, int] = defaultdict(int)
    now = clock.now()
    rows = db.session.execute(
        select(Assignment.person_id, Assignment.due_at)
        .join(Story, Story.id == Assignment.story_id)
        .where(Assignment.office_id == office.id, is_open(), Story.state != StoryState.ON_HOLD)
    )
    overdue: dict[int, int] = defaultdict(int)
    for person, at in rows:
        if at is None:
            undated[person] += 1
        elif at <= now:
            overdue[person] += 1
        else:
            due[person][to_local(at, office.zone_name).date()] += 1
    span = [first + timedelta(days=n) for n in range(days)]
    team = []
    for user_id, name, position in people:
        mine, gone = due[user_id], away.get(user_id, [])
        cells = [Cell(d, mine.get(d, 0), next((a for a in gone if a.covers(d)), None)) for d in span]
        later = sum(n for d, n in mine.items() if d > last)
        team.append(
            TeamRow(
                user_id,
                name,
                initials_of(name),
                position,
                cells,
                overdue[user_id],
                undated[user_id],
                later,
                gone,
            )
        )
    team.sort(key=lambda r: (not r.open, -r.overdue, -r.open, not r.away, r.name.casefold()))
    return team


def list_needing_somebody(actor: Principal, office_id: int, *, limit: int = 50) -> list[TaskRow]:
    """Tasks for which somebody else has to be found, what is due first first. One statement."""
    return read_tasks(
        task_rows()
        .where(Assignment.office_id == office_id, wants_somebody(), visible_to(actor.id))
        .order_by(Assignment.due_at.is_(None), Assignment.due_at, Assignment.id)
        .limit(limit)
    )


def list_overdue(actor: Principal, office_id: int, *, limit: int = 50) -> list[TaskRow]:
    """Open tasks whose time is over, the longest first; not of stories on hold. One statement."""
    return read_tasks(
        task_rows()
        .where(
            Assignment.office_id == office_id, is_open(), Assignment.due_at <= clock.now(),
            Story.state != StoryState.ON_HOLD, visible_to(actor.id),
        )
        .order_by(Assignment.due_at, Assignment.id)
        .limit(limit)
    )  # fmt: skip


def list_due_while_away(actor: Principal, office: Unit, *, limit: int = 200) -> list[tuple[TaskRow, Away]]:
    """Open tasks that are due on a day on which the person is away: perhaps somebody else is needed. Two statements."""
    now = clock.now()
    rows = read_tasks(
        task_rows()
        .where(
            Assignment.office_id == office.id, is_open(), Assignment.due_at > now,
            Assignment.due_at <= now + AHEAD, Story.state != StoryState.ON_HOLD, visible_to(actor.id),
        )
        .order_by(Assignment.due_at, Assignment.id)
        .limit(limit)
    )  # fmt: skip
    gone = _away_on(office, [(r.id, r.person_id, r.due_at) for r in rows])
    return [(r, gone[r.id]) for r in rows if r.id in gone]


def away_on_due(office: Unit, assignments: Iterable[Assignment]) -> dict[int, Away]:
    """Of open tasks those whose person is away on the day they are due, by task. One statement."""
    return _away_on(office, [(a.id, a.person_id, a.due_at) for a in assignments])


def _away_on(office: Unit, tasks: Sequence[tuple[int, int, datetime | None]]) -> dict[int, Away]:
    dated = [(i, person, to_local(at, office.zone_name).date()) for i, person, at in tasks if at is not None]
    if not dated:
        return {}
    days = [day for _i, _person, day in dated]
    gone = absences.list_away({person for _i, person, _day in dated}, min(days), max(days))
    found = {}
    for i, person, day in dated:
        hit = next((a for a in gone.get(person, ()) if a.covers(day)), None)
        if hit is not None:
            found[i] = hit
    return found


def list_due_between(person_id: int, start: datetime, end: datetime) -> Sequence[Assignment]:
    """A person's open tasks, in any office, due in ``start`` ≤ time < ``end``."""
    return db.session.scalars(
        select(Assignment)
        .where(
            Assignment.person_id == person_id, is_open(), Assignment.due_at >= start, Assignment.due_at < end
        )
        .order_by(Assignment.due_at, Assignment.id)
    ).all()
