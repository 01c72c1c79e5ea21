"""What stands in the office already, by title and day: three statements, however many rows are asked about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from humasflow.core.db import db
from humasflow.core.localtime import from_local, to_local
from humasflow.imports.kinds.calendar.rows import PlannedRow
from humasflow.imports.kinds.calendar.words import fold
from humasflow.orgs.models import Unit
from humasflow.posts.models import Post
from humasflow.stories.enums import GONE, OPEN
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.visibility import visible_to


@dataclass
class Stands:
    """A story with this title there: on which accounts then, and whether it is still in work."""

    accounts: set[int] = field(default_factory=set)
    is_open: bool = True
    has_time: bool = False


@dataclass(frozen=True)
class Verdict:
    """``missing``: the accounts that a row has to add; ``story_id``: the story that stands for it, None where a new one
    is begun.
    """

    is_known: bool
    missing: tuple[int, ...]
    story_id: int | None


class Standing:
    """Titles of the office that this person may know of."""

    def __init__(self, office: Unit, actor_id: int, rows: Iterable[PlannedRow]) -> None:
        """``rows``: those that will be asked about."""
        self._at: dict[tuple[str, date | None], dict[int, Stands]] = defaultdict(dict)
        wanted = [r.key for r in rows]
        days = [day for _title, day in wanted if day is not None]
        if days:
            begin = from_local(min(days), time(), office.zone_name)
            end = from_local(max(days) + timedelta(days=1), time(), office.zone_name)
            self._read_dated(office, actor_id, begin, end)
        if len(days) < len(wanted):
            self._read_waiting(office, actor_id)

    def _read_dated(self, office: Unit, actor_id: int, begin: datetime, end: datetime) -> None:
        posts = db.session.execute(
            select(Story.id, Story.title, Story.state, Post.scheduled_at, Post.account_id)
            .join(Post, Post.story_id == Story.id)
            .where(*_mine(office, actor_id))
            .where(Post.office_id == office.id, Post.removed_at.is_(None), Post.scheduled_at >= begin,
                   Post.scheduled_at < end)
            .order_by(Story.id)
        )  # fmt: skip
        for ident, title, state, at, account in posts:
            self._keep(ident, title, _day(at, office), state in OPEN, account, has_time=True)
        tasks = db.session.execute(
            select(Story.id, Story.title, Story.state, Assignment.due_at).where(*_mine(office, actor_id))
            .join(Assignment, Assignment.story_id == Story.id)
            .where(Assignment.office_id == office.id, is_open(), Assignment.due_at >= begin, Assignment.due_at < end)
            .order_by(Story.id)
        )  # fmt: skip
        for ident, title, state, at in tasks:
            self._keep(ident, title, _day(at, office), state in OPEN, None, has_time=True)

    def _read_waiting(self, office: Unit, actor_id: int) -> None:
        rows = db.session.execute(
            select(Story.id, Story.title, Post.scheduled_at, Post.account_id).where(*_mine(office, actor_id))
            .outerjoin(Post, (Post.story_id == Story.id) & Post.removed_at.is_(None))
            .where(Story.state.in_(sorted(OPEN)))
            .order_by(Story.id)
        )  # fmt: skip
        for ident, title, at, account in rows:
            self._keep(ident, title, None, in_work=True, account=account, has_time=at is not None)

    def _keep(
        self,
        story_id: int,
        title: str,
        day: date | None,
        in_work: bool,
        account: int | None,
        *,
        has_time: bool,
    ) -> None:
        stands = self._at[fold(title), day].setdefault(story_id, Stands(is_open=in_work))
        stands.has_time = stands.has_time or has_time
        if account is not None:
            stands.accounts.add(account)

    def judge(self, row: PlannedRow) -> Verdict:
        """Whether the row adds anything, and to what."""
        stories = self._at.get(row.key, {})
        wanted = row.plan.account_ids
        there = set().union(*(s.accounts for s in stories.values()))
        missing = tuple(a for a in wanted if a not in there)
        if stories and not missing:
            holder = next((i for i, s in stories.items() if not wanted or s.accounts & set(wanted)), None)
            return Verdict(True, (), holder)
        # Without a day only what waits as well: the same title may come every week.
        joins = (i for i, s in stories.items() if s.is_open and (row.plan.day is not None or not s.has_time))
        return Verdict(False, missing, next(joins, None))

    def add(self, row: PlannedRow, story_id: int, accounts: Sequence[int]) -> None:
        """Count what was made just now."""
        stands = self._at[row.key].setdefault(story_id, Stands(has_time=row.plan.day is not None))
        stands.accounts.update(accounts)


def _day(at: datetime | None, office: Unit) -> date | None:
    return to_local(at, office.zone_name).date() if at is not None else None


def _mine(office: Unit, actor_id: int) -> list[ColumnElement[bool]]:
    """Conditions on stories: of the office, not called off, and this person may know of them."""
    return [Story.office_id == office.id, Story.state.not_in(sorted(GONE)), visible_to(actor_id)]


def stories_of(ids: Iterable[int]) -> dict[int, Story]:
    """By id. One statement."""
    wanted = sorted(set(ids))
    found = db.session.scalars(
        select(Story).where(Story.id.in_(wanted)).options(joinedload(Story.content_type))
    )
    return {s.id: s for s in found}
