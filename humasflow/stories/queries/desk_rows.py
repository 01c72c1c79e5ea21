"""What the desk reads of a story, and the conditions it can be narrowed by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, not_, or_, select

from humasflow.accounts.models import User, initials_of
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.planning.models import ContentType, Pillar
from humasflow.stories.enums import Lane, StoryState
from humasflow.stories.models import Assignment, Story, StoryPicture
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.queries.visibility import readable
from humasflow.stories.visibility import WAS_PUBLIC
from humasflow.stories.workflow import needs_correction

PER_LANE = 40
RECENT = 10  # of what is out: it grows for years, and only its newest are of interest here
COUNTED = 100  # a column counts no further: "99+"
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # sorts what has no deadline behind everything that has one


@dataclass(frozen=True)
class DeskRow:
    """A story as the desk shows it."""

    id: int
    title: str
    state: StoryState
    state_since: datetime
    returns: int
    last_reason: str
    created_at: datetime
    updated_at: datetime
    row_version: int
    is_confidential: bool
    embargo_until: datetime | None
    owner_id: int | None
    owner_name: str | None
    content_type: str
    pillar: str | None
    cover_asset_id: int | None
    due_at: datetime | None  # the nearest deadline of a task that is not done

    @property
    def owner_initials(self) -> str:
        """Two letters for the holder's mark."""
        return initials_of(self.owner_name or "")

    @property
    def needs_correction(self) -> bool:
        """Draft because somebody sent it back, and not submitted again since."""
        return needs_correction(self.state, self.returns, self.last_reason)

    @property
    def is_closed(self) -> bool:
        """Whether only named people see it now."""
        return self.is_confidential and self.state not in WAS_PUBLIC


@dataclass(frozen=True)
class DeskFilter:
    """What the desk is narrowed to; empty values narrow nothing. Instants are aware.

    ``others``: conditions on Story of rooms that stories know nothing about (an account, an urgent release).
    """

    q: str = ""
    states: frozenset[StoryState] = frozenset()
    holder_id: int | None = None
    unheld: bool = False
    content_type_id: int | None = None
    pillar_id: int | None = None
    section_id: int | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    confidential: bool = False
    created_from: datetime | None = None
    created_before: datetime | None = None
    others: tuple[ColumnElement[bool], ...] = ()


NO_FILTER = DeskFilter()


@dataclass(frozen=True)
class LaneRows:
    """The first cards of a column. ``total`` is exact below :data:`COUNTED` and that number from there on."""

    rows: Sequence[DeskRow]
    total: int
    next: str | None = None


# Conditions

# Written out, not bound: SQLite takes the partial index only for the very words of its definition.
_RETURNED = and_(
    Story.state == literal_column("'draft'"),
    Story.returns > literal_column("0"),
    Story.last_reason != literal_column("''"),
)


def in_lane(lane: Lane, scheduled: ColumnElement[bool]) -> ColumnElement[bool]:
    if lane is Lane.RETURNED:
        return _RETURNED
    if lane is Lane.DRAFT:
        return and_(Story.state == StoryState.DRAFT, or_(Story.returns == 0, Story.last_reason == ""))
    if lane is Lane.SCHEDULED:
        return and_(Story.state == StoryState.APPROVED, scheduled)
    if lane is Lane.APPROVED:
        return and_(Story.state == StoryState.APPROVED, not_(scheduled))
    return Story.state == StoryState(lane.value)


def has_task(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition on Story: somebody has a task for it that is not done, and the task is such."""
    return exists().where(Assignment.story_id == Story.id, is_open(), *conditions)


def conditions_of(f: DeskFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = list(f.others)
    same = (
        (Story.content_type_id, f.content_type_id),
        (Story.pillar_id, f.pillar_id),
        (Story.section_id, f.section_id),
    )
    found += [column == value for column, value in same if value is not None]
    if f.states:
        found.append(Story.state.in_(sorted(f.states)))
    if f.holder_id is not None:
        found.append(or_(Story.owner_id == f.holder_id, has_task(Assignment.person_id == f.holder_id)))
    if f.unheld:
        found.append(and_(Story.owner_id.is_(None), not_(has_task())))
    if f.due_from is not None or f.due_before is not None:
        bounds = [Assignment.due_at >= f.due_from] if f.due_from is not None else []
        found.append(has_task(*bounds, Assignment.due_at < (f.due_before or NEVER)))
    if f.confidential:
        found += [Story.is_confidential.is_(True), Story.state.not_in(sorted(WAS_PUBLIC))]
    if f.created_from is not None:
        found.append(Story.created_at >= f.created_from)
    if f.created_before is not None:
        found.append(Story.created_at < f.created_before)
    return found


# What a row shows

_COVER = and_(StoryPicture.version_id == Story.current_version_id, StoryPicture.position == 0)
NEXT_DUE = (
    select(func.min(Assignment.due_at))
    .where(Assignment.story_id == Story.id, is_open())
    .correlate(Story)
    .scalar_subquery()
)


def select_rows(*extra: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Story.id, Story.title, Story.state, Story.state_since, Story.returns, Story.last_reason,
            Story.created_at, Story.updated_at, Story.row_version, Story.is_confidential, Story.embargo_until,
            Story.owner_id, User.name.label("owner_name"), ContentType.label.label("content_type"),
            Pillar.name.label("pillar"), StoryPicture.asset_id.label("cover_asset_id"), NEXT_DUE.label("due_at"),
            *extra,
        )
        .join(ContentType, ContentType.id == Story.content_type_id)
        .outerjoin(User, User.id == Story.owner_id)
        .outerjoin(Pillar, Pillar.id == Story.pillar_id)
        .outerjoin(StoryPicture, _COVER)
    )  # fmt: skip


def rows_of(actor: Principal, office_id: int, story_ids: Iterable[int]) -> dict[int, DeskRow]:
    """The rows of these stories of an office that the actor may read, by id. One statement."""
    wanted = sorted(set(story_ids))
    if not wanted:
        return {}
    statement = readable(
        select_rows().where(Story.office_id == office_id, Story.id.in_(wanted)), actor, office_id
    )
    return {row["id"]: DeskRow(**row) for row in db.session.execute(statement).mappings()}
