"""Who hears that a publication is questioned, and what became of it: those who answer for it, in the product."""

from collections.abc import Iterable

from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.orgs.models import Unit
from humasflow.publishing.events import PastPublicationsRetracted, PostRetracted
from humasflow.publishing.models import Delivery, Evidence
from humasflow.scoring.events import PointCleared, PointDisputed, PointRecounted, PointSetAside

Decided = PointDisputed | PointCleared | PointSetAside | PointRecounted
_ABOUT = (K.POINT_DISPUTED, K.POINT_SET_ASIDE)  # what somebody may still have to hear the end of


def on_disputed(event: PointDisputed) -> None:
    """Whoever recorded it, holds its story or made the post is asked to mend what is wrong with its evidence."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    _tell(event, delivery, _answerable(delivery), K.POINT_DISPUTED, reason=event.reason)


def on_set_aside(event: PointSetAside) -> None:
    """The same people, and whoever had heard the question, learn the answer; nobody is asked any longer."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    services.settle((K.POINT_DISPUTED,), ("post", delivery.post_id))
    people = {*_answerable(delivery), *_heard(delivery)}
    _tell(event, delivery, people, K.POINT_SET_ASIDE, reason=event.reason)


def on_cleared(event: PointCleared) -> None:
    """Whoever had heard the question learns that it is settled."""
    _end(event, K.POINT_CLEARED)


def on_recounted(event: PointRecounted) -> None:
    """Whoever had heard that it does not count learns that it does."""
    _end(event, K.POINT_RECOUNTED)


def on_retracted(event: PostRetracted) -> None:
    """What is not live any more needs no answer."""
    services.settle((K.POINT_DISPUTED,), ("post", event.post_id))


def on_past_retracted(event: PastPublicationsRetracted) -> None:
    """The same of many."""
    services.settle_many((K.POINT_DISPUTED,), "post", [post_id for _delivery, post_id in event.posts])


def _end(event: PointCleared | PointRecounted, kind: K) -> None:
    delivery = db.session.get_one(Delivery, event.delivery_id)
    heard = _heard(delivery)
    services.settle(_ABOUT, ("post", delivery.post_id))
    _tell(event, delivery, heard, kind)


def _answerable(delivery: Delivery) -> set[int]:
    """Those of them who may open the page it is about."""
    recorders = db.session.scalars(
        select(Evidence.captured_by).where(Evidence.delivery_id == delivery.id)
    ).all()
    office = db.session.get_one(Unit, delivery.office_id)
    readers = {u.id for u in accounts.list_people_with(Permission.STORY_READ, office)} | {
        delivery.assignee_id
    }
    ids = {*recorders, delivery.post.story.owner_id, delivery.post.created_by}
    return {i for i in ids & readers if i is not None}


def _heard(delivery: Delivery) -> set[int]:
    told = select(Notification.user_id).where(
        Notification.subject_type == "post", Notification.subject_id == delivery.post_id,
        Notification.kind.in_(_ABOUT),
    )  # fmt: skip
    return set(db.session.scalars(told))


def _tell(event: Decided, delivery: Delivery, ids: Iterable[int], kind: K, *, reason: str = "") -> None:
    title = delivery.title or delivery.post.story.title
    services.notify(
        accounts.users_of(ids, but=[event.actor_id]), kind, office_id=delivery.office_id,
        subject=("post", delivery.post_id),
        key=f"point:{event.event_id}:{kind.value}", title=f"{title} ({delivery.account.name})",
        actor_name=accounts.name_of(event.actor_id) or "humasflow", reason=reason, story_id=delivery.story_id,
    )  # fmt: skip


HANDLERS = [
    (PointDisputed, on_disputed),
    (PointSetAside, on_set_aside),
    (PointCleared, on_cleared),
    (PointRecounted, on_recounted),
    (PostRetracted, on_retracted),
    (PastPublicationsRetracted, on_past_retracted),
]
