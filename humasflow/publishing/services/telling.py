"""What people have not heard of yet: publications that stopped, and what went wrong with live ones.

Whoever changes a delivery for the worse empties ``told_at``; the room that tells people takes what is untold from here
and marks it told in the same transaction, so that each trouble is told once and none is forgotten.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select, text, update

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.publishing.enums import QUOTA_WITHOUT_END, FollowUp, LinkState
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import LIVE_TROUBLE_UNTOLD, Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import WAS_PUBLIC


class TroubleKind(StrEnum):
    """What is the matter. Of a live post that has several, the newest is told, else the first in this order."""

    LATE = "late"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    HELD = "held"
    NEEDS_REAUTH = "needs_reauth"
    QUOTA = "quota"
    REMOVAL = "removal"
    LINK_GONE = "link_gone"
    CORRECTION = "correction"
    COMMENT = "comment"

    @property
    def is_live(self) -> bool:
        """Whether the post itself is out."""
        return self not in _STOPPED.values()


_STOPPED: Final = {
    S.LATE: TroubleKind.LATE,
    S.FAILED: TroubleKind.FAILED,
    S.UNKNOWN: TroubleKind.UNCERTAIN,
    S.HELD: TroubleKind.HELD,
    S.NEEDS_REAUTH: TroubleKind.NEEDS_REAUTH,
    S.QUOTA_WAIT: TroubleKind.QUOTA,  # only where nobody knows when it ends
}
_WRONG: Final = (FollowUp.FAILED, FollowUp.UNKNOWN)


@dataclass(frozen=True)
class Trouble:
    """One publication that people are to hear of. ``error`` is a sentence for people; ``since`` in UTC: when it came to
    be so (of a live post: when it went out or was last moved). ``is_closed``: only named people may learn of its story.
    """

    delivery_id: int
    post_id: int
    story_id: int
    account_id: int
    title: str  # of the story
    account_name: str
    kind: TroubleKind
    error: str
    error_code: str
    since: datetime
    owner_id: int | None  # who holds the story
    created_by: int | None  # who made the post
    is_closed: bool


def take_untold(office_id: int, *, live: bool, limit: int) -> list[Trouble]:
    """The untold troubles of an office, the oldest first, held until the transaction ends; what somebody else is
    changing just now is left for the next time. One statement.

    ``live``: also what went wrong with posts that are out.
    """
    rows = db.session.execute(
        select(
            Delivery.id, Delivery.post_id, Delivery.story_id, Delivery.account_id, Story.title, Delivery.state,
            ChannelAccount.name.label("account_name"), Delivery.error, Delivery.follow_up_error, Delivery.error_code,
            Delivery.updated_at, Delivery.retract_state, Delivery.correct_state, Delivery.comment_state,
            Delivery.link_state, Story.owner_id, Post.created_by, Story.is_confidential,
            Story.state.label("story_state"),
        )
        .join(Post, _is_current())
        .join(Story, Story.id == Delivery.story_id)
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .where(Delivery.office_id == office_id, _is_untold(), _is_trouble(live=live))
        .order_by(Delivery.id)
        .limit(limit)
        .with_for_update(of=Delivery, skip_locked=True)
    ).mappings()  # fmt: skip
    return [_trouble(row) for row in rows]


def is_any_untold(office_id: int, *, live: bool) -> bool:
    """Whether there is something to take, by somebody who waits: also what is being changed just now."""
    statement = (
        select(Delivery.id)
        .join(Post, _is_current())
        .where(Delivery.office_id == office_id, _is_untold(), _is_trouble(live=live))
    )
    return db.session.scalar(statement.limit(1)) is not None


def _trouble(found: RowMapping) -> Trouble:
    kind = _STOPPED.get(found["state"]) or _live_kind(found)
    return Trouble(
        delivery_id=found["id"], post_id=found["post_id"], story_id=found["story_id"], account_id=found["account_id"],
        title=found["title"], account_name=found["account_name"], kind=kind,
        error=found["follow_up_error"] if kind.is_live else found["error"], error_code=found["error_code"],
        since=found["updated_at"], owner_id=found["owner_id"], created_by=found["created_by"],
        is_closed=found["is_confidential"] and found["story_state"] not in WAS_PUBLIC,
    )  # fmt: skip


def _live_kind(found: RowMapping) -> TroubleKind:
    wrong = {
        TroubleKind.REMOVAL: found["retract_state"] in _WRONG,
        TroubleKind.LINK_GONE: found["link_state"] is LinkState.GONE,
        TroubleKind.CORRECTION: found["correct_state"] in _WRONG,
        TroubleKind.COMMENT: found["comment_state"] in _WRONG,
    }
    newest = next((kind for kind in wrong if kind.value == found["error_code"] and wrong[kind]), None)
    return newest or next(kind for kind in wrong if wrong[kind])


def note_live_trouble(delivery: Delivery, kind: TroubleKind) -> None:
    """Something of a live post has gone wrong: people are to hear of this, whatever they heard of it before. The caller
    has set what is wrong.
    """
    delivery.error_code, delivery.told_at = kind.value, None


def mark_told(delivery_ids: Collection[int], *, at: datetime) -> None:
    """People have heard of these. No edit of the delivery: nobody's form goes stale for it. Flushes."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(delivery_ids))
        .values(told_at=at)
        .execution_options(synchronize_session=False)
    )


def list_offices_untold(*, live: bool = False) -> Sequence[int]:
    """Offices in which something stopped that nobody heard of; ``live``: in which a live post has something wrong."""
    # Asked for by itself, so that SQLite, too, answers it by its index and not by that of the state.
    few = Delivery.id.in_(select(Delivery.id).where(text(LIVE_TROUBLE_UNTOLD)).correlate(None))
    is_it = and_(few, _is_live_trouble()) if live else and_(_is_stopped(), _is_untold())
    return db.session.scalars(
        select(Delivery.office_id)
        .join(Post, _is_current())
        .where(is_it)
        .distinct()
        .order_by(Delivery.office_id)
    ).all()


def is_any_in_trouble(office_id: int) -> bool:
    """Whether a post of the office waits for people, or something of a live one is wrong, told or not."""
    statement = (
        select(Delivery.id)
        .join(Post, _is_current())
        .where(Delivery.office_id == office_id, _is_trouble(live=True))
        .limit(1)
    )
    return db.session.scalar(statement) is not None


def told_since(office_id: int, instant: datetime) -> Counter[tuple[int, TroubleKind, str]]:
    """Of each account, kind of stop and code of its cause: how often people heard of it since the instant."""
    rows = db.session.execute(
        select(Delivery.account_id, Delivery.state, Delivery.error_code, Delivery.told_at)
        .where(Delivery.office_id == office_id, _is_stopped(), Delivery.told_at >= instant)
        .distinct()
    )
    return Counter((account_id, _STOPPED[state], code) for account_id, state, code, _told_at in rows)


def count_waiting(account_id: int) -> int:
    """How many posts of an account have a time, past or to come, and are not out."""
    waiting = (S.QUEUED, S.PREPARING, S.PREPARED, S.PAUSED, S.QUOTA_WAIT, S.NEEDS_REAUTH)
    statement = (
        select(func.count(Post.id))
        .outerjoin(Delivery, and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation))
        .where(
            Post.account_id == account_id,
            Post.removed_at.is_(None),
            Post.scheduled_at.is_not(None),
            Delivery.id.is_(None) | Delivery.state.in_(waiting),
        )
    )
    return db.session.scalar(statement) or 0


def _is_current() -> ColumnElement[bool]:
    return and_(
        Post.id == Delivery.post_id, Post.generation == Delivery.generation, Post.removed_at.is_(None)
    )


def _is_untold() -> ColumnElement[bool]:
    return Delivery.told_at.is_(None)


def _is_stopped() -> ColumnElement[bool]:
    has_no_end = and_(Delivery.state == S.QUOTA_WAIT, Delivery.error_code == QUOTA_WITHOUT_END)
    return or_(Delivery.state.in_(sorted(_STOPPED.keys() - {S.QUOTA_WAIT})), has_no_end)


def _is_trouble(*, live: bool) -> ColumnElement[bool]:
    return or_(_is_stopped(), _is_live_trouble()) if live else _is_stopped()


def _is_live_trouble() -> ColumnElement[bool]:
    return and_(
        Delivery.state == S.PUBLISHED,
        or_(
            Delivery.retract_state.in_(_WRONG),
            Delivery.correct_state.in_(_WRONG),
            Delivery.comment_state.in_(_WRONG),
            Delivery.link_state == LinkState.GONE,
        ),
    )
