"""Publications and deadlines of a span, as one statement of plain rows.

What an approval covers is asked beside each row (see :mod:`humasflow.approvals.coverage`, whose conditions these are),
so that a thousand rows cost one statement and no list of a thousand numbers is sent back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from humasflow.accounts.models import User
from humasflow.approvals.coverage import IN_FORCE, MAY_GO_OUT, covers_post, covers_story
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package, PackageItem
from humasflow.calendar.enums import ItemKind
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.pace.taken import UNSENT, waits_for_its_time
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import EnumText, db
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.models import Delivery
from humasflow.publishing.workflow import shown_state
from humasflow.stories.enums import OPEN_ASSIGNMENT
from humasflow.stories.models import Assignment, Story
from humasflow.stories.visibility import visible_to

TRAY_SIZE = 60
APPROVED, PENDING, NEITHER = 2, 1, 0
TRAY, PLANNED, LIVE, DEADLINE = "tray", "planned", "live", "deadline"
_CURRENT = and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation)


def list_rows(
    actor_id: int,
    office_id: int,
    narrowing: Narrowing,
    between: tuple[datetime, datetime],
    *,
    with_tray: bool,
    deadlines: bool,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows of kind, id, title, account_id, at, is_live, row_version, story_id, section_id, delivery, approval, who.

    One statement, whatever is asked for and however much there is.
    """
    parts: list[Select[*tuple[Any, ...]]] = []
    if narrowing.shows(ItemKind.POST):
        parts += _posts(actor_id, office_id, narrowing, between, with_tray=with_tray)
    if deadlines and narrowing.shows(ItemKind.DEADLINE):
        parts.append(_deadlines(actor_id, office_id, narrowing, between))
    if not parts:
        return []
    return db.session.execute(union_all(*parts)).all()


def _posts(
    actor_id: int,
    office_id: int,
    narrowing: Narrowing,
    between: tuple[datetime, datetime],
    *,
    with_tray: bool,
) -> list[Select[*tuple[Any, ...]]]:
    """What is to go out in the span and has not, what went out in it, and what waits for a time: three indexes."""
    start, end = between
    mine = _rows(PLANNED, Post.scheduled_at, approval_now(), actor_id, office_id, narrowing)
    planned = mine.outerjoin(Delivery, _CURRENT).where(
        Post.scheduled_at >= start, Post.scheduled_at < end, Delivery.published_at.is_(None)
    )
    gone = _rows(LIVE, Delivery.published_at, literal(NEITHER), actor_id, office_id, narrowing)
    live = gone.join(Delivery, _CURRENT).where(
        Delivery.office_id == office_id,
        Delivery.state.in_((DeliveryState.PUBLISHED, DeliveryState.RETRACTED)),
        Delivery.published_at >= start,
        Delivery.published_at < end,
    )
    if not with_tray:
        return [planned, live]
    waiting = (
        _rows(TRAY, Post.scheduled_at, approval_now(), actor_id, office_id, narrowing)
        .outerjoin(Delivery, _CURRENT)
        .where(
            *waits_for_its_time(),
            *_in_states(narrowing.states),
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(TRAY_SIZE + 1)  # one more says that there are more
    )
    return [planned, live, select(waiting.subquery())]


def _in_states(states: Sequence[PostState]) -> list[ColumnElement[bool]]:
    """Of the tray only those in these states, as :func:`humasflow.publishing.workflow.shown_state` says them of what
    has no time: it is cut here, so it is filtered here.
    """
    if not states:
        return []
    wanted = []
    for delivery in (None, *UNSENT):
        by_approval = {
            approval: shown_state(
                delivery=delivery, approved=approval == APPROVED, pending=approval == PENDING, scheduled=False
            )
            for approval in (APPROVED, PENDING, NEITHER)
        }
        fitting = [approval for approval, state in by_approval.items() if state in states]
        if not fitting:
            continue
        is_this = Delivery.id.is_(None) if delivery is None else Delivery.state == delivery
        wanted.append(
            is_this if len(fitting) == len(by_approval) else and_(is_this, approval_now().in_(fitting))
        )
    return [or_(*wanted)] if wanted else [false()]


def _rows(
    kind: str,
    at: Any,
    approval: ColumnElement[int],
    actor_id: int,
    office_id: int,
    narrowing: Narrowing,
) -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            literal(kind).label("kind"), Post.id.label("id"),
            func.coalesce(func.nullif(Delivery.title, ""), Story.title).label("title"),
            Post.account_id.label("account_id"), at.label("at"), Post.row_version.label("row_version"),
            Story.id.label("story_id"), Story.section_id.label("section_id"), Delivery.state.label("delivery"),
            approval.label("approval"), literal("").label("who"),
        )
        .select_from(Post)
        .join(Story, Story.id == Post.story_id)
        .where(visible_to(actor_id), Post.office_id == office_id, Post.removed_at.is_(None), *_of_story(narrowing))
    )  # fmt: skip
    if narrowing.account_ids:
        statement = statement.where(Post.account_id.in_(narrowing.account_ids))
    if narrowing.search:
        called = (Story.title, Delivery.title)
        statement = statement.where(or_(*(c.icontains(narrowing.search, autoescape=True) for c in called)))
    return statement


def _of_story(narrowing: Narrowing) -> list[ColumnElement[bool]]:
    """The filters that a story answers."""
    found: list[ColumnElement[bool]] = []
    if narrowing.pillar_ids:
        found.append(Story.pillar_id.in_(narrowing.pillar_ids))
    if narrowing.campaign_ids:
        found.append(Story.campaign_id.in_(narrowing.campaign_ids))
    if narrowing.section_ids:
        found.append(Story.section_id.in_(narrowing.section_ids))
    if narrowing.person_id is not None:
        own = aliased(Assignment)
        works = select(own.story_id).where(
            own.person_id == narrowing.person_id, own.state.in_(sorted(OPEN_ASSIGNMENT))
        )
        found.append(or_(Story.owner_id == narrowing.person_id, Story.id.in_(works)))
    return found


def approval_now() -> ColumnElement[int]:
    """APPROVED, PENDING or NEITHER, as :func:`humasflow.approvals.coverage.approval_of` says it."""
    covering = (
        select(literal(1))
        .select_from(PackageItem)
        .join(Package, PackageItem.package_id == Package.id)
        .where(PackageItem.post_id == Post.id, covers_post(), covers_story())
        .correlate(Post, Story)
    )
    agreed = (
        select(literal(1))
        .select_from(Package)
        .where(Package.story_id == Story.id, Package.state == PackageState.APPROVED, covers_story())
        .correlate(Story)
    )
    follows = (
        select(literal(1))
        .where(ChannelAccount.id == Post.account_id, ChannelAccount.follows_story_approval.is_(True))
        .correlate(Post)
    )
    may = covering.where(Package.state.in_(sorted(MAY_GO_OUT))).exists()
    return case(
        (
            and_(Story.state.in_(sorted(IN_FORCE)), or_(may, and_(follows.exists(), agreed.exists()))),
            APPROVED,
        ),
        (covering.where(Package.state == PackageState.PENDING).exists(), PENDING),
        else_=NEITHER,
    )


def _deadlines(
    actor_id: int, office_id: int, narrowing: Narrowing, between: tuple[datetime, datetime]
) -> Select[*tuple[Any, ...]]:
    """Open tasks with a due time, one row each; the page shows one item for each story and time."""
    start, end = between
    statement = (
        select(
            # Named as the others are: with the publications filtered away these rows are all there is.
            literal(DEADLINE).label("kind"), Assignment.id.label("id"), Story.title.label("title"),
            cast(null(), Integer).label("account_id"), Assignment.due_at.label("at"),
            Assignment.row_version.label("row_version"), Story.id.label("story_id"),
            Story.section_id.label("section_id"), cast(null(), EnumText(DeliveryState)).label("delivery"),
            literal(NEITHER).label("approval"), cast(User.name, String).label("who"),
        )
        .select_from(Assignment)
        .join(Story, Story.id == Assignment.story_id)
        .join(User, User.id == Assignment.person_id)
        .where(
            visible_to(actor_id), Assignment.office_id == office_id,
            Assignment.state.in_(sorted(OPEN_ASSIGNMENT)), Assignment.due_at >= start, Assignment.due_at < end,
            *_of_story(narrowing),
        )
    )  # fmt: skip
    if narrowing.search:
        statement = statement.where(Story.title.icontains(narrowing.search, autoescape=True))
    if narrowing.person_id is not None:
        statement = statement.where(Assignment.person_id == narrowing.person_id)
    if narrowing.account_ids:
        on = select(Post.id).where(
            Post.story_id == Story.id, Post.removed_at.is_(None), Post.account_id.in_(narrowing.account_ids)
        )
        statement = statement.where(on.correlate(Story).exists())
    return statement
