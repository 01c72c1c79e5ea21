"""A post comes due: looked at again, sent at most once, and never silently missed.

The job may stop at any instruction and be run again, by this worker or another. Each step stands in the database
before the next begins; the one irreversible call is made between two committed facts (``committing_at`` before it,
the receipt after it), and whoever finds the first without the second asks the channel before doing anything.

The way of a delivery: ``preparing`` (one remote step after the other), ``sending`` (the call), ``receiving`` (its
receipt) and ``afterwards``; ``asking`` when nobody knows whether the call arrived, ``attempt`` when the channel says
no.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _

from humasflow.approvals.queries import approval_of
from humasflow.channels.adapters.base import Adapter
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.reaching import get_adapter
from humasflow.core.db import database_now, db
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.posts import policy as post_policy
from humasflow.posts.models import Post
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.identity import is_anothers, present_identity
from humasflow.publishing.models import Delivery
from humasflow.publishing.progress import begin_anew, keep_progress, progress_of
from humasflow.publishing.services.afterwards import follow_up
from humasflow.publishing.services.asking import settle
from humasflow.publishing.services.attempt import Attempt
from humasflow.publishing.services.failing import fail, lose
from humasflow.publishing.services.holding import (
    account_obstacle,
    ask_about_lateness,
    back_to_waiting,
    fail_blocked,
    hand_over,
    hold,
    is_late,
    is_superseded,
)
from humasflow.publishing.services.moving import current_or_new, lock_delivery, lock_post, move
from humasflow.publishing.services.preparing import prepare
from humasflow.publishing.services.scheduling import is_forgotten
from humasflow.publishing.services.sending import send
from humasflow.publishing.snapshots import Snapshot, fill, reasons_not_to_show, take_snapshot
from humasflow.publishing.workflow import DELIVERY

ROUNDS: Final = 4  # as often as one run may begin at the top
BEGUN: Final = frozenset({S.PREPARING, S.PREPARED})


def publish_due(post_id: int | str) -> None:
    """Take a post that came due as far as it can go now: out, to a person, held, late, waiting or failed, with the
    reason.

    Commits between its steps. Safe to repeat at any time. Raises RetryLater, LeaseLost.
    """
    renewed = False
    for _round in range(ROUNDS):
        attempt = _look_again(int(post_id))
        if attempt is None:
            return
        attempt.renewed = renewed
        was_sent = attempt.delivery.state in (S.COMMITTING, S.UNKNOWN)
        from_the_top = settle(attempt) if was_sent else prepare(attempt) and send(attempt)
        if not from_the_top:
            return
        renewed = attempt.renewed
    raise RetryLater("begun anew too often in one run", delay=timedelta(minutes=1))


def _look_again(post_id: int) -> Attempt | None:
    """Decide by what is true now. Commits. Returns a delivery that goes on, or None when nothing is left to do."""
    post = lock_post(post_id)
    if post is None:
        return None
    lease.keep()
    delivery = queries.get_current_delivery(post, fresh=True)
    if delivery is not None and delivery.state is S.COMMITTING:
        return _resume(delivery)
    if delivery is not None and delivery.state is S.UNKNOWN and delivery.next_at is not None:
        return _resume(delivery)  # a person was asked; the channel goes on being asked
    if delivery is not None and delivery.state is S.PUBLISHED:
        db.session.commit()
        follow_up(delivery)  # whoever stored the receipt may have stopped before
        return None
    if is_superseded(post):
        if delivery is not None and delivery.state in BEGUN:
            back_to_waiting(post, delivery)
            db.session.commit()
        return None
    delivery = current_or_new(post)
    if not DELIVERY.allows(delivery.state, M.PREPARE):
        return None
    adapter = _decide(post, delivery)
    db.session.commit()
    return Attempt(delivery, adapter) if adapter is not None else None


def _resume(delivery: Delivery) -> Attempt | None:
    """What was being sent is brought to its end, whatever has become of its post. Commits."""
    try:
        attempt = Attempt(delivery, get_adapter(delivery.account.adapter))
    except UnknownAdapter as unknown:
        lock_delivery(delivery)
        if delivery.state is not S.COMMITTING:
            return None
        lose(delivery, detail=f"unknown adapter {unknown}")
        db.session.commit()
        return None
    db.session.commit()
    return attempt


def _decide(post: Post, delivery: Delivery) -> Adapter | None:
    """Hold, ask, refuse, hand over or wait (None), or go on with this adapter. Flushes. Raises RetryLater."""
    if not approval_of([post.id])[post.id].approved:
        hold(delivery)
        return None
    obstacle = account_obstacle(post, delivery)
    if obstacle is None and is_late(post, delivery):
        ask_about_lateness(delivery)
        return None
    if obstacle is not None:
        obstacle()
        return None
    _wait_for_quota(delivery)
    try:
        adapter = get_adapter(post.account.adapter)
    except UnknownAdapter as unknown:
        fail(
            delivery,
            _("Cara pengiriman kanal ini tidak dikenal. Periksa pengaturan kanal."),
            code="unknown_adapter",
            detail=str(unknown),
        )
        return None
    snapshot = take_snapshot(post)
    blocked = reasons_not_to_show(snapshot.payload)
    if blocked:
        fail_blocked(delivery, blocked)
        return None
    if adapter.caps.by_hand:
        hand_over(post, delivery, snapshot)
        return None
    problems = post_policy.problems_of(post, snapshot.version, snapshot.story_version, snapshot.body_html)
    blocking = [p.message for p in problems if p.blocks]
    if blocking:
        fail(delivery, " ".join(blocking), code="invalid")
        return None
    _begin(delivery, snapshot)
    return adapter


def _wait_for_quota(delivery: Delivery) -> None:
    """Woken too early, by an approval or by the sweeper. Raises RetryLater."""
    now = database_now()
    if delivery.state is S.QUOTA_WAIT and delivery.next_at is not None and delivery.next_at > now:
        raise RetryLater("the channel takes no more for now", delay=delivery.next_at - now, patient=True)


def _begin(delivery: Delivery, snapshot: Snapshot) -> None:
    """To PREPARING, with what goes out. Steps made for something else, as somebody else or too long ago are
    made anew. Flushes.
    """
    is_old = delivery.state not in BEGUN and is_forgotten(delivery)
    if is_old or snapshot.sha256 != delivery.payload_sha256 or is_anothers(delivery):
        begin_anew(delivery)
    elif delivery.state not in BEGUN and progress_of(delivery).state:
        keep_progress(delivery, replace(progress_of(delivery), taken_up=True))
    delivery.identity = present_identity(delivery.account)
    fill(delivery, snapshot)
    delivery.error, delivery.next_at = "", None
    move(delivery, M.PREPARE)
