"""Reading what became of posts. The state that people see is derived here, for one post or for hundreds alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, acting_office
from humasflow.approvals.queries import approval_of, is_flagged
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.core.permissions import Permission
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import FollowUp, PostState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.workflow import shown_state
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.visibility import is_visible, visible_to

NEEDS_A_HAND = (S.MANUAL_DUE, S.HELD, S.LATE, S.NEEDS_REAUTH, S.FAILED, S.UNKNOWN)
COMES_BY_ITSELF = (S.QUEUED, S.PAUSED, S.QUOTA_WAIT, S.PREPARING, S.PREPARED, S.COMMITTING)
OF_A_PERSON = (FollowUp.BY_HAND, FollowUp.FAILED)  # a correction or removal that the product handed over
COMMENT_STUCK = (FollowUp.UNKNOWN, FollowUp.FAILED)


class HasTime(Protocol):
    """A post, or a row of one: enough to ask for its shown state."""

    @property
    def id(self) -> int:
        """Of the post."""

    @property
    def generation(self) -> int:
        """Which delivery is the present one."""

    @property
    def scheduled_at(self) -> datetime | None:
        """Its time."""


@dataclass(frozen=True)
class DeliveryRow:
    """A publication in a list."""

    delivery_id: int
    post_id: int
    story_id: int
    title: str
    state: S
    account_id: int
    account_name: str
    icon: str
    adapter: str
    content_type: str
    story_state: StoryState
    scheduled_at: datetime | None
    published_at: datetime | None
    permalink: str | None
    assignee_id: int | None
    assignee_name: str | None
    error: str
    correcting_to_id: int | None = None
    correct_state: FollowUp = FollowUp.NONE
    retract_state: FollowUp = FollowUp.NONE
    comment_state: FollowUp = FollowUp.NONE
    follow_up_error: str = ""
    is_urgent: bool = False  # something of its story went out unapproved, and nobody agreed to it yet

    @property
    def to_correct(self) -> bool:
        """Live, while a correction of its story was approved that a person is to bring to the channel."""
        by_hand = self.adapter == "manual" or self.correct_state in OF_A_PERSON
        return self.state is S.PUBLISHED and self.correcting_to_id is not None and by_hand

    @property
    def to_comment(self) -> bool:
        """Live, and nobody knows whether its first comment is, or it could not be written."""
        return self.state is S.PUBLISHED and self.comment_state in COMMENT_STUCK

    @property
    def shown(self) -> PostState:
        """The state as people see it; only asked of deliveries that decide it."""
        return shown_state(delivery=self.state, approved=False, pending=False, scheduled=True)

    @property
    def to_take_down(self) -> bool:
        """Live, while it was decided that it comes down and a person is to remove it from the channel."""
        withdrawn = self.adapter == "manual" and self.story_state is StoryState.WITHDRAWN
        return self.state is S.PUBLISHED and (self.retract_state in OF_A_PERSON or withdrawn)


@dataclass(frozen=True)
class UpcomingRow:
    """A post whose time is to come (or has just come)."""

    id: int
    story_id: int
    title: str
    account_name: str
    icon: str
    adapter: str
    content_type: str
    scheduled_at: datetime
    generation: int
    next_at: datetime | None = None  # when the worker goes on by itself, where it waits
    error: str = ""
    is_urgent: bool = False


# States


def states_of(posts: Sequence[HasTime]) -> dict[int, PostState]:
    """What each post shows, in at most four statements however many there are. Accepts posts and rows of posts."""
    current = _current_states(posts)
    open_ids = [p.id for p in posts if current.get(p.id, S.QUEUED) is S.QUEUED]
    approvals = approval_of(open_ids) if open_ids else {}
    found: dict[int, PostState] = {}
    for post in posts:
        approval = approvals.get(post.id)
        found[post.id] = shown_state(
            delivery=current.get(post.id),
            approved=approval.approved if approval else False,
            pending=approval.pending if approval else False,
            scheduled=post.scheduled_at is not None,
        )
    return found


def state_of(post: Post) -> PostState:
    """What one post shows."""
    return states_of([post])[post.id]


def _current_states(posts: Sequence[HasTime]) -> dict[int, S]:
    if not posts:
        return {}
    generation = {p.id: p.generation for p in posts}
    rows = db.session.execute(
        select(Delivery.post_id, Delivery.generation, Delivery.state).where(Delivery.post_id.in_(generation))
    )
    return {post_id: state for post_id, number, state in rows if generation[post_id] == number}


def latest_delivery_of(post_ids: Iterable[int]) -> dict[int, Delivery]:
    """The newest delivery of each post that has any, with its account. One statement."""
    wanted = set(post_ids)
    if not wanted:
        return {}
    found = db.session.scalars(
        select(Delivery)
        .options(joinedload(Delivery.account, innerjoin=True), joinedload(Delivery.assignee))
        .where(Delivery.post_id.in_(wanted))
        .order_by(Delivery.generation)
    )
    return {d.post_id: d for d in found}


def get_current_delivery(post: Post, *, fresh: bool = False) -> Delivery | None:
    """The delivery of the post's present generation, if it came due or was recorded. ``fresh``: as it is by now, for
    whoever has locked the post; what was read while waiting for the lock is what it was before.
    """
    return db.session.scalar(
        select(Delivery)
        .where(Delivery.post_id == post.id, Delivery.generation == post.generation)
        .execution_options(populate_existing=fresh)
    )


# One


def get_delivery(actor: Principal, delivery_id: int) -> Delivery:
    """A delivery of an office whose stories the actor reads, or one that the actor is to post by hand."""
    found = db.session.get(Delivery, delivery_id)
    if found is None or not may_see(actor, found):
        raise NotFound
    return found


def may_see(actor: Principal, delivery: Delivery) -> bool:
    """Whether a person learns of a delivery at all."""
    if not is_visible(actor.id, delivery.post.story):
        return False
    if actor.can(Permission.STORY_READ, delivery.office_id):
        return True
    return delivery.assignee_id == actor.id and any(h.office_id == delivery.office_id for h in actor.held)


def get_post_for(actor: Principal, post_id: int) -> Post:
    """A post that the actor may read, or is to post by hand; otherwise "not found"."""
    post = db.session.scalar(
        select(Post).where(Post.id == post_id).options(joinedload(Post.story), joinedload(Post.account))
    )
    if post is None or post.removed_at is not None or not is_visible(actor.id, post.story):
        raise NotFound
    if actor.can(Permission.STORY_READ, post.office_id):
        return post
    delivery = get_current_delivery(post)
    if delivery is None or not may_see(actor, delivery):
        raise NotFound
    return post


def list_deliveries_of(post_id: int) -> Sequence[Delivery]:
    """Every generation of a post, newest first, with evidence, screenshots and who recorded them. Two statements."""
    return db.session.scalars(
        select(Delivery)
        .options(
            selectinload(Delivery.evidence).options(
                joinedload(Evidence.screenshot), joinedload(Evidence.captured_by_user)
            ),
            joinedload(Delivery.assignee),
        )
        .where(Delivery.post_id == post_id)
        .order_by(Delivery.generation.desc())
    ).all()


def get_payload(delivery_id: int) -> dict[str, Any]:
    """The snapshot of a delivery as it appears on the channel; empty for what was recorded without one."""
    return db.session.scalar(select(Delivery.payload).where(Delivery.id == delivery_id)) or {}


def find_published(office_id: int, canonical: str, *, but: int | None = None) -> Delivery | None:
    """The office's live publication with this canonical address, apart from one delivery."""
    statement = select(Delivery).where(
        Delivery.office_id == office_id, Delivery.canonical_url == canonical, Delivery.state == S.PUBLISHED
    )
    if but is not None:
        statement = statement.where(Delivery.id != but)
    return db.session.scalar(statement.order_by(Delivery.id).limit(1))


# Lists


def _rows(actor: Principal) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Delivery.id.label("delivery_id"), Delivery.post_id, Delivery.story_id,
            func.coalesce(func.nullif(Delivery.title, ""), Story.title).label("title"), Delivery.state,
            Delivery.account_id, ChannelAccount.name.label("account_name"), ChannelKind.icon,
            ChannelAccount.adapter, ContentType.label.label("content_type"), Story.state.label("story_state"),
            Post.scheduled_at, Delivery.published_at, Delivery.permalink, Delivery.assignee_id,
            User.name.label("assignee_name"), Delivery.error, Delivery.correcting_to_id, Delivery.correct_state,
            Delivery.retract_state, Delivery.comment_state, Delivery.follow_up_error,
            is_flagged().label("is_urgent"),
        )
        .join(Post, and_(Post.id == Delivery.post_id, Post.generation == Delivery.generation))
        .join(Story, Story.id == Delivery.story_id)
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .join(ContentType, ContentType.id == Delivery.content_type_id)
        .outerjoin(User, User.id == Delivery.assignee_id)
        .where(Post.removed_at.is_(None), visible_to(actor.id))
    )  # fmt: skip


def _read(statement: Select[*tuple[Any, ...]]) -> list[DeliveryRow]:
    return [DeliveryRow(**row) for row in db.session.execute(statement).mappings()]


def _left_to_people() -> ColumnElement[bool]:
    """Live, and something of it that a person is to do on the channel: see the properties of the row."""
    by_hand = ChannelAccount.adapter == "manual"
    return and_(
        Delivery.state == S.PUBLISHED,
        or_(
            Delivery.retract_state.in_(OF_A_PERSON),
            and_(by_hand, Story.state == StoryState.WITHDRAWN),
            and_(
                Delivery.correcting_to_id.is_not(None), or_(by_hand, Delivery.correct_state.in_(OF_A_PERSON))
            ),
            Delivery.comment_state.in_(COMMENT_STUCK),
        ),
    )


def list_needing_a_hand(
    actor: Principal, office_id: int, *, account_id: int | None = None, limit: int = 200
) -> list[DeliveryRow]:
    """What waits for a person: by hand, held, late, failed, uncertain, to be taken down, to be corrected; the oldest
    first.
    """
    statement = _rows(actor).where(
        Delivery.office_id == office_id, or_(Delivery.state.in_(NEEDS_A_HAND), _left_to_people())
    )
    if account_id is not None:
        statement = statement.where(Delivery.account_id == account_id)
    return _read(statement.order_by(Post.scheduled_at, Delivery.id).limit(limit))


def _mine(actor: Principal, office_id: int) -> ColumnElement[bool]:
    """Manual tasks given to the person, and those given to nobody for who may record any."""
    own = Delivery.assignee_id == actor.id
    if actor.can(Permission.EVIDENCE_RECORD, office_id):
        own = or_(own, Delivery.assignee_id.is_(None))
    return and_(Delivery.office_id == office_id, Delivery.state == S.MANUAL_DUE, own)


def list_manual_due(actor: Principal) -> list[DeliveryRow]:
    """What this person is to post by hand now, in the office they act in; the oldest first."""
    office = acting_office(actor)
    return _read(_rows(actor).where(_mine(actor, office.id)).order_by(Post.scheduled_at, Delivery.id))


def list_tasks(actor: Principal) -> list[DeliveryRow]:
    """The same, and what was given to this person to correct or to remove on a channel; the oldest first."""
    office = acting_office(actor)
    given = and_(Delivery.office_id == office.id, Delivery.assignee_id == actor.id, _left_to_people())
    statement = _rows(actor).where(or_(_mine(actor, office.id), given))
    return _read(statement.order_by(Post.scheduled_at, Delivery.id))


def count_manual_due(actor: Principal) -> int:
    """How many posts this person is to post by hand now."""
    office = acting_office(actor)
    mine = (
        select(func.count(Delivery.id))
        .join(Story, Story.id == Delivery.story_id)
        .where(_mine(actor, office.id), visible_to(actor.id))
    )
    return db.session.scalar(mine) or 0


def list_upcoming(
    actor: Principal, office_id: int, *, account_id: int | None = None, limit: int = 100
) -> list[UpcomingRow]:
    """Posts with a time that have not come to anything yet, the next one first."""
    statement = (
        select(
            Post.id, Post.story_id, Story.title, ChannelAccount.name.label("account_name"), ChannelKind.icon,
            ChannelAccount.adapter, ContentType.label.label("content_type"), Post.scheduled_at, Post.generation,
            Delivery.next_at, func.coalesce(Delivery.error, "").label("error"), is_flagged().label("is_urgent"),
        )
        .join(Story, Story.id == Post.story_id)
        .join(ChannelAccount, ChannelAccount.id == Post.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .join(ContentType, ContentType.id == Post.content_type_id)
        .outerjoin(Delivery, and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation))
        .where(
            visible_to(actor.id), Post.office_id == office_id, Post.scheduled_at.is_not(None),
            Post.removed_at.is_(None), or_(Delivery.id.is_(None), Delivery.state.in_(COMES_BY_ITSELF)),
        )
        .order_by(Post.scheduled_at, Post.id)
        .limit(limit)
    )  # fmt: skip
    if account_id is not None:
        statement = statement.where(Post.account_id == account_id)
    return [UpcomingRow(**row) for row in db.session.execute(statement).mappings()]


def list_published(
    actor: Principal,
    office_id: int,
    *,
    account_id: int | None = None,
    content_type_id: int | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[DeliveryRow]:
    """Live publications, newest first, at most ``size``; ``start`` ≤ published < ``end`` (aware). One statement."""
    statement = _rows(actor).where(Delivery.office_id == office_id, Delivery.state == S.PUBLISHED)
    if account_id is not None:
        statement = statement.where(Delivery.account_id == account_id)
    if content_type_id is not None:
        statement = statement.where(Delivery.content_type_id == content_type_id)
    if start is not None:
        statement = statement.where(Delivery.published_at >= start)
    if end is not None:
        statement = statement.where(Delivery.published_at < end)
    statement = newest_first(statement, Delivery.published_at, Delivery.id, cursor, size)
    return cut(_read(statement), _key, size)


def _key(row: DeliveryRow) -> tuple[datetime, int]:
    if row.published_at is None:
        raise LookupError(f"published delivery {row.delivery_id} has no time")
    return row.published_at, row.delivery_id
