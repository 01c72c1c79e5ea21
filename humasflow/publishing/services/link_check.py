"""Periksa tautan: once a week a stranger's look at the address of everything that is live.

An address that answers 404 or 410 three times over a week is gone, which people are told and decide about. A name that
does not resolve, a refusal, a server in trouble say nothing. Nothing is ever deleted.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select

from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.outbox import lease
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import Priority
from humasflow.outbox.models import Job
from humasflow.publishing.enums import DeliveryState, LinkState
from humasflow.publishing.events import LinkBack, LinkGone
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.looking import Seen, is_ours, look_at
from humasflow.publishing.services.moving import lock_delivery, record
from humasflow.publishing.services.telling import TroubleKind, note_live_trouble
from humasflow.publishing.snapshots import base_url

CHECK_LINK = "publishing.check_link"
EVERY: Final = timedelta(days=7)
SOONER: Final = timedelta(hours=84)  # what was not there is looked at again: three times make a week
TIMES: Final = 3
OVER: Final = timedelta(days=6, hours=20)  # a week, less what a busy worker comes too early or too late
AT_ONCE: Final = 60  # of a round; with a round every ten minutes more than 60,000 in a week
APART: Final = timedelta(seconds=8)  # between two of a round, so that no server is asked in a burst


def enqueue_checks() -> int:
    """Put the next addresses in line, those that nobody looked at yet first. Returns how many. Flushes."""
    now = clock.now()
    day = now.date().isoformat()
    found: list[tuple[int, int]] = []
    # Two questions, each along its index: the databases do not agree where NULL stands in an order.
    for condition, order in (
        (Delivery.link_checked_at.is_(None), Delivery.id.desc()),
        (_is_due(now), Delivery.link_checked_at.asc()),
    ):
        rows = db.session.execute(
            select(Delivery.id, Delivery.office_id)
            .where(
                Delivery.state == DeliveryState.PUBLISHED, condition, Delivery.permalink.is_not(None),
                ~Delivery.permalink.startswith(base_url() + "/", autoescape=True),
                Delivery.published_at < now - EVERY / 7, ~_in_line(day),
            )
            .order_by(order, Delivery.id)
            .limit(AT_ONCE - len(found))
        )  # fmt: skip
        found += [(delivery_id, office_id) for delivery_id, office_id in rows]
    for number, (delivery_id, office_id) in enumerate(found):
        outbox.enqueue(
            CHECK_LINK, delivery_id, office_id=office_id, key=f"link:{delivery_id}:{day}", max_attempts=TIMES,
            due_at=now + number * APART, lane="links", priority=Priority.BACKGROUND,
        )  # fmt: skip
    return len(found)


def _is_due(now: datetime) -> ColumnElement[bool]:
    doubtful = and_(Delivery.link_state == LinkState.DOUBTFUL, Delivery.link_checked_at < now - SOONER)
    return and_(
        Delivery.link_checked_at < now - SOONER, or_(doubtful, Delivery.link_checked_at < now - EVERY)
    )


def _in_line(day: str) -> ColumnElement[bool]:
    key = literal("link:") + cast(Delivery.id, String) + literal(f":{day}")
    return select(Job.id).where(Job.key == key).exists()


def check_link(delivery_id: int | str) -> None:
    """Look at one address and note what it answered. Commits before looking. Emits LinkGone when it is gone."""
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None or not _is_checked(delivery):
        return
    url = str(delivery.permalink)
    db.session.commit()
    seen = look_at(url)
    lock_delivery(delivery)
    lease.keep()
    if not _is_checked(delivery) or delivery.permalink != url:
        return
    _note(delivery, seen)


def _is_checked(delivery: Delivery) -> bool:
    url = delivery.permalink
    return delivery.state is DeliveryState.PUBLISHED and url is not None and not is_ours(url)


def _note(delivery: Delivery, seen: Seen) -> None:
    now = clock.now()
    delivery.link_checked_at = now
    if seen is Seen.THERE:
        delivery.confirmed_at = delivery.confirmed_at or now
        if _is_back(delivery):
            record(AuditAction.DELIVERY_LINK_BACK, delivery, actor=None)
    elif seen is Seen.GONE and delivery.link_state is not LinkState.GONE:
        since = delivery.link_gone_since = delivery.link_gone_since or now
        delivery.link_gone_times += 1
        delivery.link_state = LinkState.DOUBTFUL
        if delivery.link_gone_times >= TIMES and now - since >= OVER:
            delivery.link_state = LinkState.GONE
            note_live_trouble(delivery, TroubleKind.LINK_GONE)
            record(AuditAction.DELIVERY_LINK_GONE, delivery, actor=None, url=delivery.permalink)
            db.session.flush()
            emit(LinkGone(delivery_id=delivery.id, post_id=delivery.post_id))
    db.session.flush()


def vouch_for_link(delivery: Delivery) -> None:
    """A person has looked at a post whose address was gone, and it is there. Does nothing otherwise; who looked, the
    caller records. Emits LinkBack. Flushes.
    """
    lock_delivery(delivery)
    if delivery.link_state is LinkState.GONE:
        _is_back(delivery)


def _is_back(delivery: Delivery) -> bool:
    """Nothing is counted against it any more. Whether it had been gone; says so then."""
    was_gone = delivery.link_state is LinkState.GONE
    delivery.link_state, delivery.link_gone_since, delivery.link_gone_times = LinkState.ALIVE, None, 0
    db.session.flush()
    if was_gone:
        emit(LinkBack(delivery_id=delivery.id, post_id=delivery.post_id))
    return was_gone
