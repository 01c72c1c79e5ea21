"""The desk's board and list. Plain rows, in as many statements for ten thousand stories as for one.

The board asks each column for its first ids, along the index of its state, and stops there: no window over all rows, no
count beyond :data:`COUNTED`. Only then it looks up what the cards show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_, union_all

from humasflow.accounts.policy import Principal
from humasflow.core.db import UTCDateTime, db
from humasflow.core.paging import (
    PAGE_SIZE,
    Page,
    cut,
    decode_cursor,
    encode_cursor,
    newest_first,
    oldest_first,
)
from humasflow.stories.enums import OPEN, DeskOrder, Lane, StoryState
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.queries.desk_rows import (
    COUNTED,
    NEVER,
    NO_FILTER,
    PER_LANE,
    RECENT,
    DeskFilter,
    DeskRow,
    LaneRows,
    conditions_of,
    in_lane,
    select_rows,
)
from humasflow.stories.queries.visibility import readable
from humasflow.stories.search import finding

IN_WORK = OPEN - {StoryState.ON_HOLD}  # what is on hold presses nobody

# The board


def list_board(
    actor: Principal,
    office_id: int,
    narrowed: DeskFilter = NO_FILTER,
    *,
    scheduled: ColumnElement[bool],
    per_lane: int = PER_LANE,
    recent: int = RECENT,
) -> dict[Lane, LaneRows]:
    """Every column with its first cards: what has waited longest first, of what is out the newest. One statement.

    ``scheduled`` is a condition on Story, given by the room that knows about times.
    """
    found = finding.hits(narrowed.q, office_id) if narrowed.q else None
    also = conditions_of(narrowed)
    if found is not None:
        also.append(Story.id.in_(select(found.c.story_id)))
    parts = []
    for lane in Lane:
        statement = select(literal(lane.value).label("lane"), Story.id, Story.state_since).where(
            Story.office_id == office_id, in_lane(lane, scheduled), *also
        )
        statement = readable(statement, actor, office_id)
        is_out = lane is Lane.PUBLISHED
        order = (Story.state_since.desc(), Story.id.desc()) if is_out else (Story.state_since, Story.id)
        limited = statement.order_by(*order).limit(recent if is_out else COUNTED).subquery()
        parts.append(select(limited))
    first = union_all(*parts).cte("first")
    # Windows over the few hundred ids that were kept, not over what there is.
    ranked = select(
        first.c.lane, first.c.id,
        func.row_number().over(partition_by=first.c.lane, order_by=(first.c.state_since, first.c.id)).label("rank"),
        func.count().over(partition_by=first.c.lane).label("lane_total"),
    ).subquery()  # fmt: skip
    statement = (
        select_rows(ranked.c.lane, ranked.c.lane_total)
        .join(ranked, ranked.c.id == Story.id)
        .where(ranked.c.rank <= max(per_lane, recent))
    )
    lanes: dict[Lane, list[DeskRow]] = {lane: [] for lane in Lane}
    totals = dict.fromkeys(Lane, 0)
    for row in db.session.execute(statement).mappings():
        values = dict(row)
        lane = Lane(values.pop("lane"))
        totals[lane] = values.pop("lane_total")
        lanes[lane].append(DeskRow(**values))
    return {lane: _lane_rows(lane, rows, totals[lane], per_lane) for lane, rows in lanes.items()}


def _lane_rows(lane: Lane, rows: list[DeskRow], total: int, size: int) -> LaneRows:
    rows.sort(key=lambda row: (row.state_since, row.id), reverse=lane is Lane.PUBLISHED)
    shown = rows[:size]
    return LaneRows(
        shown, total, encode_cursor(shown[-1].state_since, shown[-1].id) if total > len(shown) else None
    )


@dataclass(frozen=True)
class Pressing:
    """What presses on a board, whether its card is shown or not; counted no further than :data:`COUNTED`."""

    slow_reviews: int
    overdue: int


def count_pressing(
    actor: Principal, office_id: int, narrowed: DeskFilter, *, now: datetime, slow_since: datetime
) -> Pressing:
    """Of what is in work: reviews that began before ``slow_since``, and stories with an open task due before ``now``.
    One statement.
    """
    also = conditions_of(narrowed)
    if narrowed.q:
        also.append(Story.id.in_(select(finding.hits(narrowed.q, office_id).c.story_id)))
    late = select(Assignment.story_id).where(
        Assignment.office_id == office_id, is_open(), Assignment.due_at < now
    )
    wanted = (
        (Story.state == StoryState.IN_REVIEW, Story.state_since < slow_since),
        (Story.state.in_(sorted(IN_WORK)), Story.id.in_(late)),
    )
    counts = []
    for conditions in wanted:
        keys = select(Story.id).where(Story.office_id == office_id, *conditions, *also)
        some = readable(keys, actor, office_id).limit(COUNTED).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery())
    return Pressing(*db.session.execute(select(*counts)).one())


def list_lane(
    actor: Principal,
    office_id: int,
    narrowed: DeskFilter,
    lane: Lane,
    *,
    scheduled: ColumnElement[bool],
    cursor: str | None,
    size: int = PER_LANE,
) -> Page[DeskRow]:
    """More of one column, in the board's order. One statement."""
    keys: Select[*tuple[Any, ...]] = select(Story.state_since.label("key"), Story.id).where(
        Story.office_id == office_id, in_lane(lane, scheduled), *conditions_of(narrowed)
    )
    if narrowed.q:
        keys = keys.where(Story.id.in_(select(finding.hits(narrowed.q, office_id).c.story_id)))
    keys = readable(keys, actor, office_id)
    if lane is Lane.PUBLISHED:
        return _page(newest_first(keys, Story.state_since, Story.id, cursor, size), size, newest=True)
    return _page(oldest_first(keys, Story.state_since, Story.id, cursor, size), size)


# The list


def list_desk(
    actor: Principal,
    office_id: int,
    narrowed: DeskFilter = NO_FILTER,
    *,
    order: DeskOrder | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[DeskRow]:
    """Stories of an office that the actor may read (without ``story:read``: their own). One statement.

    Without an order: what was changed last first; of what was searched for, first what has the words in its title.
    Without states: what is in work.
    """
    conditions = [Story.office_id == office_id, *conditions_of(narrowed)]
    if not narrowed.states:
        conditions.append(Story.state.in_(sorted(OPEN)))
    if narrowed.q and order is None:
        return _best_first(actor, office_id, conditions, narrowed.q, cursor, size)
    if narrowed.q:
        conditions.append(Story.id.in_(select(finding.hits(narrowed.q, office_id).c.story_id)))
    if order is DeskOrder.DUE:
        # Worked out once for all tasks of the office: once a story would be ten thousand small look-ups.
        next_due = (
            select(Assignment.story_id, func.min(Assignment.due_at).label("due_at"))
            .where(Assignment.office_id == office_id, is_open(), Assignment.due_at.is_not(None))
            .group_by(Assignment.story_id)
            .subquery()
        )
        due = func.coalesce(next_due.c.due_at, literal(NEVER, UTCDateTime()), type_=UTCDateTime()).label(
            "due"
        )
        every = select(due, Story.id).outerjoin(next_due, next_due.c.story_id == Story.id).where(*conditions)
        inner = readable(every, actor, office_id).subquery()
        keys = select(inner.c.due.label("key"), inner.c.id)
        return _page(oldest_first(keys, inner.c.due, inner.c.id, cursor, size), size)
    by = Story.state_since if order is DeskOrder.AGE else Story.updated_at
    keys = readable(select(by.label("key"), Story.id).where(*conditions), actor, office_id)
    if order is DeskOrder.AGE:
        return _page(oldest_first(keys, by, Story.id, cursor, size), size)
    return _page(newest_first(keys, by, Story.id, cursor, size), size, newest=True)


def _page(keys: Select[*tuple[Any, ...]], size: int, *, newest: bool = False) -> Page[DeskRow]:
    """The rows of a page whose keys were found first, along an index or in a narrow sort."""
    page = keys.subquery()
    order = (page.c.key.desc(), page.c.id.desc()) if newest else (page.c.key, page.c.id)
    statement = select_rows(page.c.key).join(page, page.c.id == Story.id).order_by(*order)
    found: list[tuple[datetime, DeskRow]] = []
    for row in db.session.execute(statement).mappings():
        values = dict(row)
        found.append((values.pop("key"), DeskRow(**values)))
    kept = cut(found, lambda pair: (pair[0], pair[1].id), size)
    return Page([row for _key, row in kept], kept.next)


def _best_first(
    actor: Principal,
    office_id: int,
    conditions: Sequence[ColumnElement[bool]],
    q: str,
    cursor: str | None,
    size: int,
) -> Page[DeskRow]:
    """What has the words in its title, then what has them elsewhere; within both, what was changed last."""
    found = finding.hits(q, office_id)
    keys: Select[*tuple[Any, ...]] = (
        select(Story.updated_at.label("key"), Story.id, found.c.in_title)
        .join(found, found.c.story_id == Story.id)
        .where(*conditions)
    )
    part, _, rest = (cursor or "").partition(":")
    after = decode_cursor(rest)
    if after is not None and part in ("0", "1"):
        in_title, key = int(part), tuple_(Story.updated_at, Story.id)
        keys = keys.where(
            or_(
                found.c.in_title < in_title,
                and_(
                    found.c.in_title == in_title,
                    key < tuple_(literal(after[0], UTCDateTime()), literal(after[1])),
                ),
            )
        )
    best = (found.c.in_title.desc(), Story.updated_at.desc(), Story.id.desc())
    page = readable(keys, actor, office_id).order_by(*best).limit(size + 1).subquery()
    statement = (
        select_rows(page.c.in_title)
        .join(page, page.c.id == Story.id)
        .order_by(page.c.in_title.desc(), page.c.key.desc(), page.c.id.desc())
    )
    rows: list[tuple[int, DeskRow]] = []
    for row in db.session.execute(statement).mappings():
        values = dict(row)
        rows.append((values.pop("in_title"), DeskRow(**values)))
    kept = cut(rows, lambda pair: (pair[1].updated_at, pair[1].id), size)
    following = f"{kept.items[-1][0]}:{kept.next}" if kept.next else None
    return Page([row for _part, row in kept], following)
