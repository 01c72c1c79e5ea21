"""The desk's lists. Plain rows: they never load a version, let alone a body."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, case, func, literal, select, union_all

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, acting_office
from humasflow.core.db import db
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.core.permissions import Permission
from humasflow.planning.models import ContentType, Pillar
from humasflow.stories.enums import OPEN, StoryState
from humasflow.stories.models import Story, StoryPicture


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
    owner_id: int | None
    owner_name: str | None
    content_type: str
    pillar: str | None
    cover_asset_id: int | None
    lane: str = ""
    lane_total: int = 0

    @property
    def owner_initials(self) -> str:
        """Two letters for the holder's mark."""
        words = [w for w in (self.owner_name or "").split() if w[:1].isalpha()]
        return "".join(w[0] for w in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"

    @property
    def needs_correction(self) -> bool:
        """Draft because somebody sent it back, and not submitted again since."""
        return self.state is StoryState.DRAFT and self.returns > 0 and bool(self.last_reason)


@dataclass(frozen=True)
class DeskFilter:
    """What the desk is narrowed to; empty values narrow nothing."""

    q: str = ""
    owner_id: int | None = None
    content_type_id: int | None = None
    pillar_id: int | None = None


NO_FILTER = DeskFilter()
RETURNED = "returned"
SCHEDULED = "scheduled"


_COVER = and_(StoryPicture.version_id == Story.current_version_id, StoryPicture.position == 0)


def _rows(office_id: int, narrowed: DeskFilter, *extra: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            Story.id, Story.title, Story.state, Story.state_since, Story.returns, Story.last_reason,
            Story.created_at, Story.updated_at, Story.owner_id, User.name.label("owner_name"),
            ContentType.label.label("content_type"), Pillar.name.label("pillar"),
            StoryPicture.asset_id.label("cover_asset_id"), *extra,
        )
        .join(ContentType, ContentType.id == Story.content_type_id)
        .outerjoin(User, User.id == Story.owner_id)
        .outerjoin(Pillar, Pillar.id == Story.pillar_id)
        .outerjoin(StoryPicture, _COVER)
        .where(Story.office_id == office_id)
    )  # fmt: skip
    if narrowed.q:
        statement = statement.where(Story.title.icontains(narrowed.q, autoescape=True))
    if narrowed.owner_id is not None:
        statement = statement.where(Story.owner_id == narrowed.owner_id)
    if narrowed.content_type_id is not None:
        statement = statement.where(Story.content_type_id == narrowed.content_type_id)
    if narrowed.pillar_id is not None:
        statement = statement.where(Story.pillar_id == narrowed.pillar_id)
    return statement


def _desk_rows(statement: Executable) -> list[DeskRow]:
    return [DeskRow(**row) for row in db.session.execute(statement).mappings()]


def list_desk(
    actor: Principal,
    *,
    state: StoryState | None = None,
    owner_id: int | None = None,
    cursor: str | None = None,
    q: str = "",
    content_type_id: int | None = None,
    pillar_id: int | None = None,
    size: int = PAGE_SIZE,
) -> Page[DeskRow]:
    """Stories of the office the actor is in, newest first, one statement. Without ``story:read``: their own."""
    office = acting_office(actor)
    statement = _rows(office.id, DeskFilter(q.strip(), owner_id, content_type_id, pillar_id))
    statement = _readable(statement, actor, office.id)
    if state is not None:
        statement = statement.where(Story.state == state)
    statement = newest_first(statement, Story.created_at, Story.id, cursor, size)
    rows = _desk_rows(statement)
    return cut(rows, lambda r: (r.created_at, r.id), size)


def _readable(statement: Select[*tuple[Any, ...]], actor: Principal, office_id: int) -> Select[Any]:
    if actor.can(Permission.STORY_READ, office_id):
        return statement
    return statement.where(Story.created_by == actor.id)


def list_board(
    office_id: int,
    narrowed: DeskFilter = NO_FILTER,
    *,
    scheduled: ColumnElement[bool],
    per_lane: int = 40,
    recent: int = 10,
) -> list[DeskRow]:
    """Stories in work, longest waiting first, at most ``per_lane`` a lane (``lane_total`` says how many there are), and
    the ``recent`` ones that came out last, newest first. One statement. ``scheduled`` is a condition on Story, given by
    the room that knows about times.
    """
    lane = case(
        (
            and_(Story.state == StoryState.DRAFT, Story.returns > 0, Story.last_reason != ""),
            literal(RETURNED),
        ),
        (and_(Story.state == StoryState.APPROVED, scheduled), literal(SCHEDULED)),
        *((Story.state == state, literal(state.value)) for state in sorted(OPEN)),
        else_=literal(StoryState.DRAFT.value),
    )
    rank = func.row_number().over(partition_by=lane, order_by=(Story.state_since, Story.id)).label("rank")
    total = func.count().over(partition_by=lane).label("lane_total")
    ranked = (
        _rows(office_id, narrowed, lane.label("lane"), total, rank).where(Story.state.in_(OPEN)).subquery()
    )
    # Without a window: what is out grows for years, and only its newest few are read, along the index.
    out = (
        _rows(
            office_id, narrowed, literal(StoryState.PUBLISHED.value).label("lane"),
            literal(0).label("lane_total"), literal(0).label("rank"),
        )
        .where(Story.state == StoryState.PUBLISHED)
        .order_by(Story.state_since.desc(), Story.id.desc())
        .limit(recent)
        .subquery()
    )  # fmt: skip
    shown = [c for c in ranked.c if c.name != "rank"]
    statement = union_all(
        select(*shown).where(ranked.c.rank <= per_lane), select(*(out.c[c.name] for c in shown))
    )
    rows = _desk_rows(statement)
    rows.sort(key=lambda row: (row.state_since, row.id))
    return [r for r in rows if r.state in OPEN] + [r for r in reversed(rows) if r.state not in OPEN]


def count_by_state(office_id: int) -> dict[StoryState, int]:
    """How many stories are in each state, one statement."""
    rows = db.session.execute(
        select(Story.state, func.count()).where(Story.office_id == office_id).group_by(Story.state)
    )
    return dict(rows.all())
