"""What the home page reads that belongs to no single room: plain rows, a constant number of statements."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.approvals.coverage import NOTHING, approval_of
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.models import Delivery
from humasflow.publishing.workflow import shown_state
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story

TROUBLE = (DeliveryState.FAILED, DeliveryState.LATE, DeliveryState.HELD, DeliveryState.UNKNOWN)
SHOWN = 12  # rows of one kind on the home page


@dataclass(frozen=True)
class PostLine:
    """A post on the home page. ``at``: when it went out, else when it is planned, else since when it waits."""

    post_id: int
    story_id: int
    title: str
    account: str
    icon: str
    at: datetime
    state: PostState
    approved: bool = True
    error: str = ""
    assignee: str | None = None
    is_mine: bool = False
    permalink: str | None = None

    @property
    def is_live(self) -> bool:
        """Whether it can be seen on its channel."""
        return self.state is PostState.PUBLISHED


@dataclass(frozen=True)
class OwnStory:
    """A story the person holds and can work on now."""

    story_id: int
    title: str
    returns: int
    reason: str
    since: datetime

    @property
    def is_returned(self) -> bool:
        """Sent back, and not submitted again since."""
        return self.returns > 0 and bool(self.reason)


def list_own_drafts(person: Principal, office_id: int) -> list[OwnStory]:
    """Drafts the person holds: what was returned first, then what waited longest. One statement."""
    rows = db.session.execute(
        select(Story.id, Story.title, Story.returns, Story.last_reason, Story.state_since)
        .where(Story.office_id == office_id, Story.owner_id == person.id, Story.state == StoryState.DRAFT)
        .order_by(Story.state_since, Story.id)
        .limit(50)
    ).all()
    return sorted((OwnStory(*row) for row in rows), key=lambda s: not s.is_returned)


_assignee = aliased(User)


def _deliveries(office_id: int) -> Select[tuple[object, ...]]:
    return (
        select(
            Delivery.post_id, Delivery.story_id, Story.title, ChannelAccount.name, ChannelKind.icon, Delivery.state,
            Delivery.published_at, Delivery.permalink, Delivery.error, Delivery.updated_at, Post.scheduled_at,
            Delivery.assignee_id, _assignee.name.label("assignee"),
        )
        .join(Post, Post.id == Delivery.post_id)
        .join(Story, Story.id == Delivery.story_id)
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .outerjoin(_assignee, _assignee.id == Delivery.assignee_id)
        .where(Delivery.office_id == office_id, Post.removed_at.is_(None))
    )  # fmt: skip


def _line(row: Row[tuple[object, ...]], person: Principal) -> PostLine:
    found = row._mapping
    state = shown_state(delivery=found["state"], approved=True, pending=False, scheduled=True)
    return PostLine(
        post_id=found["post_id"], story_id=found["story_id"], title=found["title"], account=found["name"],
        icon=found["icon"], at=found["published_at"] or found["scheduled_at"] or found["updated_at"], state=state,
        error=found["error"], assignee=found["assignee"], is_mine=found["assignee_id"] == person.id,
        permalink=found["permalink"],
    )  # fmt: skip


def list_trouble(person: Principal, office_id: int) -> list[PostLine]:
    """Posts that did not go out and wait for somebody to decide, the latest first. One statement."""
    rows = db.session.execute(
        _deliveries(office_id)
        .where(Delivery.state.in_(TROUBLE))
        .order_by(Delivery.updated_at.desc(), Delivery.id.desc())
        .limit(SHOWN)
    ).all()
    return [_line(row, person) for row in rows]


def _by_hand(person: Principal) -> ColumnElement[bool] | None:
    """The manual tasks that are this person's to do; None when none can be."""
    if person.office is None:
        return None
    mine = Delivery.assignee_id == person.id
    anybody = true() if person.can(Permission.EVIDENCE_RECORD) else mine
    return and_(
        Delivery.office_id == person.office.id,
        Delivery.state == DeliveryState.MANUAL_DUE,
        or_(mine, anybody),
    )


def list_manual_due(person: Principal, office_id: int) -> list[PostLine]:
    """What is to be posted by hand now: one's own first, then the longest due. One statement."""
    condition = _by_hand(person)
    if condition is None:
        return []
    rows = db.session.execute(
        _deliveries(office_id).where(condition).order_by(Delivery.updated_at, Delivery.id).limit(SHOWN)
    ).all()
    return sorted((_line(row, person) for row in rows), key=lambda p: not p.is_mine)


def count_manual_due(person: Principal) -> int:
    """How many posts wait to be posted by hand by this person. One statement."""
    condition = _by_hand(person)
    if condition is None:
        return 0
    return db.session.scalar(select(func.count()).select_from(Delivery).where(condition)) or 0


def list_today(person: Principal, office_id: int, start: datetime, end: datetime) -> list[PostLine]:
    """What is planned for, or went out in, ``start`` ≤ time < ``end``, by time. At most five statements."""
    out = db.session.execute(
        _deliveries(office_id)
        .where(
            Delivery.state == DeliveryState.PUBLISHED, Delivery.published_at >= start, Delivery.published_at < end
        )
        .order_by(Delivery.published_at, Delivery.id)
        .limit(100)
    ).all()
    lines = {row._mapping["post_id"]: _line(row, person) for row in out}
    planned = db.session.execute(
        select(
            Post.id, Post.story_id, Story.title, ChannelAccount.name, ChannelKind.icon, Post.scheduled_at, Delivery.state
        )
        .join(Story, Story.id == Post.story_id)
        .join(ChannelAccount, ChannelAccount.id == Post.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .outerjoin(Delivery, and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation))
        .where(
            Post.office_id == office_id, Post.removed_at.is_(None), Post.scheduled_at >= start, Post.scheduled_at < end,
        )
        .order_by(Post.scheduled_at, ChannelAccount.position, Post.id)
        .limit(100)
    ).all()  # fmt: skip
    open_ids = [row.id for row in planned if row.id not in lines and row.state is not DeliveryState.PUBLISHED]
    approval = approval_of(open_ids)
    for row in planned:
        if row.id in lines or row.state is DeliveryState.PUBLISHED:
            continue
        agreed = approval.get(row.id, NOTHING)
        lines[row.id] = PostLine(
            post_id=row.id, story_id=row.story_id, title=row.title, account=row.name, icon=row.icon,
            at=row.scheduled_at, approved=agreed.approved,
            state=shown_state(delivery=row.state, approved=agreed.approved, pending=agreed.pending, scheduled=True),
        )  # fmt: skip
    return sorted(lines.values(), key=lambda p: (p.at, p.post_id))
