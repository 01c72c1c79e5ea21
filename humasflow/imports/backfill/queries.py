"""Runs and what they found. Every list costs the same number of statements whatever its length."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from humasflow.accounts.policy import Principal
from humasflow.channels import queries as channels
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission
from humasflow.imports.backfill.enums import ItemState, PictureState
from humasflow.imports.backfill.models import BackfillItem, BackfillRun

RUNS_SHOWN: Final = 30
ITEMS_SHOWN: Final = 50
CATEGORIES_SHOWN: Final = 300


@dataclass(frozen=True)
class CategoryRow:
    """A category of a run and how many new posts it has; with no name, what has no category."""

    category: str
    count: int


@dataclass(frozen=True)
class Span:
    """The first and the last post that could be recorded."""

    first: datetime | None
    last: datetime | None


def list_runs(office_id: int) -> Sequence[BackfillRun]:
    """The latest of an office, the newest first."""
    return db.session.scalars(
        select(BackfillRun)
        .where(BackfillRun.office_id == office_id)
        .order_by(BackfillRun.id.desc())
        .limit(RUNS_SHOWN)
    ).all()


def get_run(actor: Principal, office_id: int, run_id: int) -> BackfillRun:
    """One of the office's, or "not found"."""
    found = db.session.get(BackfillRun, run_id)
    if found is None or found.office_id != office_id or not actor.can(Permission.IMPORT_RUN, office_id):
        raise NotFound
    return found


def get_item(run: BackfillRun, item_id: int) -> BackfillItem:
    """One of the run's, or "not found"."""
    found = db.session.get(BackfillItem, item_id)
    if found is None or found.run_id != run.id:
        raise NotFound
    return found


def count_states(run_id: int) -> dict[ItemState, int]:
    """How many posts of a run are in each state."""
    rows = db.session.execute(
        select(BackfillItem.state, func.count(BackfillItem.id))
        .where(BackfillItem.run_id == run_id)
        .group_by(BackfillItem.state)
    )
    return {row[0]: row[1] for row in rows}


def count_many(run_ids: Sequence[int]) -> dict[int, dict[ItemState, int]]:
    """The same of several runs, in one statement."""
    counted: dict[int, dict[ItemState, int]] = {run_id: {} for run_id in run_ids}
    rows = db.session.execute(
        select(BackfillItem.run_id, BackfillItem.state, func.count(BackfillItem.id))
        .where(BackfillItem.run_id.in_(run_ids))
        .group_by(BackfillItem.run_id, BackfillItem.state)
    )
    for run_id, state, count in rows:
        counted[run_id][state] = count
    return counted


def count_pictures(run_id: int) -> dict[PictureState, int]:
    """How many pictures of a run are in each state."""
    rows = db.session.execute(
        select(BackfillItem.picture_state, func.count(BackfillItem.id))
        .where(BackfillItem.run_id == run_id)
        .group_by(BackfillItem.picture_state)
    )
    return {row[0]: row[1] for row in rows}


def count_categories(run_id: int) -> Sequence[CategoryRow]:
    """The categories of what could be recorded, the largest first; always in the same order."""
    number = func.count(BackfillItem.id)
    rows = db.session.execute(
        select(BackfillItem.category, number)
        .where(BackfillItem.run_id == run_id, BackfillItem.state == ItemState.FOUND)
        .group_by(BackfillItem.category)
        .order_by(number.desc(), BackfillItem.category)
        .limit(CATEGORIES_SHOWN)
    )
    return [CategoryRow(category, count) for category, count in rows]


def span_of(run_id: int) -> Span:
    """From when until when there is something to record."""
    first, last = db.session.execute(
        select(func.min(BackfillItem.published_at), func.max(BackfillItem.published_at)).where(
            BackfillItem.run_id == run_id, BackfillItem.state == ItemState.FOUND
        )
    ).one()
    return Span(first, last)


def list_items(
    run_id: int, *, state: ItemState | None, after: int | None
) -> tuple[Sequence[BackfillItem], int | None]:
    """A page of what was found, in the order it was read, and the number to go on after."""
    wanted = select(BackfillItem).where(BackfillItem.run_id == run_id)
    if state is not None:
        wanted = wanted.where(BackfillItem.state == state)
    if after is not None:
        wanted = wanted.where(BackfillItem.id > after)
    rows = db.session.scalars(wanted.order_by(BackfillItem.id).limit(ITEMS_SHOWN + 1)).all()
    shown = rows[:ITEMS_SHOWN]
    return shown, shown[-1].id if len(rows) > ITEMS_SHOWN else None


def next_items(run_id: int, state: ItemState, count: int) -> Sequence[BackfillItem]:
    """What a job works on next."""
    return db.session.scalars(
        select(BackfillItem)
        .where(BackfillItem.run_id == run_id, BackfillItem.state == state)
        .order_by(BackfillItem.id)
        .limit(count)
    ).all()


def next_picture(run_id: int) -> BackfillItem | None:
    """The next post whose picture is to be fetched."""
    return db.session.scalar(
        select(BackfillItem)
        .where(BackfillItem.run_id == run_id, BackfillItem.picture_state == PictureState.WANTED)
        .order_by(BackfillItem.id)
        .limit(1)
    )


def list_outlets(office_id: int) -> Sequence[ChannelAccount]:
    """Accounts that past posts can be booked on: not the own newsroom, which shows only what went out through it."""
    return [a for a in channels.list_accounts(office_id) if a.kind.code != "website_own"]


def portal_is_missing(office_id: int) -> bool:
    """Whether the office has no account of a portal yet."""
    kinds = {a.kind.code for a in channels.list_accounts(office_id, with_inactive=True)}
    return "website_portal" not in kinds
