"""How much each person of an office has to do, and when they are away: for choosing somebody and for the team."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, column, exists, func, literal, select, values

from humasflow.accounts import absences
from humasflow.accounts import queries as accounts
from humasflow.accounts.absences import Away
from humasflow.accounts.models import RoleGrant, User, initials_of
from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import Id, UTCDateTime, db
from humasflow.core.localtime import from_local, to_local
from humasflow.core.paging import PAGE_SIZE, Page, cut, oldest_first
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.stories.enums import AssignmentState, StoryState
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.assignments import TaskRow, is_open, read_tasks, task_rows, wants_somebody
from humasflow.stories.queries.desk_rows import NEVER
from humasflow.stories.visibility import visible_to

_DAY = timedelta(days=1)
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
    open: int  # tasks to do in this office, on stories that are not on hold
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
    """Id, name and today's position of everybody with a role in the office today, by name. One statement."""
    rows = db.session.execute(
        select(User.id, User.name, func.max(RoleGrant.position_title))
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(*accounts.in_force_at(office, accounts.today_at(office)))
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


def _counts(office_id: int, now: datetime) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(
        select(
            Assignment.person_id,
            func.count(),
            func.sum(case((Assignment.due_at <= now + WEEK, 1), else_=0)),
        )
        .join(Story, Story.id == Assignment.story_id)
        .where(Assignment.office_id == office_id, _presses())
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
        .where(Assignment.office_id == office.id, _presses())
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


def list_needing_somebody(
    actor: Principal, office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[TaskRow]:
    """Tasks for which somebody else has to be found, what is due first first. One statement."""
    wanted = task_rows().where(
        Assignment.office_id == office_id, wants_somebody(orgs.get_office(office_id)), visible_to(actor.id)
    )
    return _page(wanted, cursor, size)


def list_overdue(
    actor: Principal, office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[TaskRow]:
    """Open tasks whose time is over, the longest first; not of stories on hold. One statement."""
    wanted = task_rows().where(
        Assignment.office_id == office_id, _presses(), Assignment.due_at <= clock.now(), visible_to(actor.id)
    )
    return _page(wanted, cursor, size)


def list_due_while_away(
    actor: Principal, office: Unit, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[tuple[TaskRow, Away]]:
    """Open tasks that are due on a day on which the person is away: perhaps somebody else is needed; not of stories on
    hold. At most three statements.
    """
    now = clock.now()
    ahead = (
        Assignment.office_id == office.id,
        _presses(),
        Assignment.due_at > now,
        Assignment.due_at <= now + AHEAD,
    )
    people = db.session.scalars(
        select(Assignment.person_id).join(Story, Story.id == Assignment.story_id).where(*ahead).distinct()
    ).all()
    today = to_local(now, office.zone_name).date()
    gone = absences.list_away(people, today, today + AHEAD + _DAY)
    spans = [
        (a.user_id, *instants_of(office, a.starts_on, a.ends_on)) for mine in gone.values() for a in mine
    ]
    if not spans:
        return Page([], None)
    away = (
        values(column("user_id", Id), column("starts", UTCDateTime), column("ends", UTCDateTime), name="span")
        .data(spans)
        .cte("away")
    )
    is_away = exists().where(
        away.c.user_id == Assignment.person_id,
        Assignment.due_at >= away.c.starts,
        Assignment.due_at < away.c.ends,
    )
    page = _page(task_rows().where(*ahead, visible_to(actor.id), is_away), cursor, size)
    by_id = _covering(office, [(r.id, r.person_id, r.due_at) for r in page], gone)
    return Page([(r, by_id[r.id]) for r in page], page.next)


def _presses() -> ColumnElement[bool]:
    """A condition on Assignment joined with Story: to be done, on a story that is not on hold."""
    return and_(is_open(), Story.state != StoryState.ON_HOLD)


def _page(wanted: Any, cursor: str | None, size: int) -> Page[TaskRow]:
    due = func.coalesce(Assignment.due_at, literal(NEVER, UTCDateTime()), type_=UTCDateTime())
    rows = read_tasks(oldest_first(wanted, due, Assignment.id, cursor, size))
    return cut(rows, lambda row: (row.due_at or NEVER, row.id), size)


def instants_of(office: Unit, first: date, last: date) -> tuple[datetime, datetime]:
    """Where days (both included) on the office's calendar begin, and where the one behind them does."""
    zone = office.zone_name
    return from_local(first, time.min, zone), from_local(last + _DAY, time.min, zone)


def away_on_due(office: Unit, assignments: Iterable[Assignment]) -> dict[int, Away]:
    """Of open tasks those whose person is away on the day they are due, by task. One statement."""
    dated = [(a.id, a.person_id, a.due_at) for a in assignments if a.due_at is not None]
    if not dated:
        return {}
    days = [to_local(at, office.zone_name).date() for _id, _person, at in dated]
    return _covering(office, dated, absences.list_away({a[1] for a in dated}, min(days), max(days)))


def _covering(
    office: Unit, tasks: Sequence[tuple[int, int, datetime]], gone: Mapping[int, Sequence[Away]]
) -> dict[int, Away]:
    """Of tasks (id, person, due time) those that are due on a day on which their person is away, with the absence."""
    found = {}
    for i, person, at in tasks:
        day = to_local(at, office.zone_name).date()
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
