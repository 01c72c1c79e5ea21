"""Sent, and nobody knows whether it arrived: the channel is asked. What it cannot tell, a person answers."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from flask import current_app

from humasflow.channels.adapters.base import Absent, CannotTell, Pending, Receipt
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    MediaRejected,
    QuotaExceeded,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.variant import Job
from humasflow.channels.connections.services import health
from humasflow.channels.reaching import call_timeout
from humasflow.core import clock
from humasflow.core.db import database_now, db
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.identity import is_anothers
from humasflow.publishing.models import Delivery
from humasflow.publishing.progress import begin_anew, keep_progress, progress_of
from humasflow.publishing.services.attempt import TRIED_FOR, TRIES, Attempt, pause_before
from humasflow.publishing.services.failing import fail, lose
from humasflow.publishing.services.holding import find_obstacle, is_late
from humasflow.publishing.services.moving import lock_delivery, lock_post, move
from humasflow.publishing.services.receiving import receive
from humasflow.publishing.services.sending import ask_again, repeat
from humasflow.publishing.snapshots import job_of
from humasflow.publishing.wording import not_found, refusal

log = structlog.get_logger(__name__)

ASKED_FOR: Final = timedelta(hours=24)
LONGEST_PAUSE: Final = timedelta(minutes=30)  # between two questions

Found = Receipt | Absent | CannotTell | Pending


def settle(attempt: Attempt) -> bool:
    """Find out what became of a call, and go by it. True: it is surely not there, and is prepared anew from the top.
    Commits.

    Raises RetryLater (asked again later) and LeaseLost.
    """
    _wait_for_it(attempt.delivery)
    if is_anothers(attempt.delivery):
        # Whoever the account is connected as by now knows nothing of it, and does not get it either.
        _lose(attempt.delivery, "connected as somebody else since")
        return False
    try:
        found = _ask(attempt)
    except AdapterError as error:
        # It had the file, looked at it, and publishes none of it: as definite as an answer to the call.
        return attempt.refused(error)
    if isinstance(found, Receipt):
        receive(attempt.delivery, found, since=attempt.delivery.committing_at)
        return False
    if isinstance(found, Pending):
        _ask_later(attempt.delivery, timedelta(seconds=found.retry_after), found)
        return False
    if attempt.delivery.state is S.UNKNOWN:
        # A person has the question by now: nothing less than the post itself answers it for them.
        _advise(attempt, found)
        return False
    caps = attempt.adapter.caps
    # Never where it would not say: the same trouble would meet the call, and its "no" says nothing of the first one.
    unseen = isinstance(found, Absent) or not caps.can_find
    if caps.idempotent and unseen:
        pause = _count_repeat(attempt.delivery)
        if pause is not None:
            # The same key again: one publication, whether the first call arrived or not.
            repeat(attempt, _job(attempt), pause=pause)
            return False
    if isinstance(found, Absent) and caps.trusts_absence:
        return _absent(attempt.delivery)
    _lose(attempt.delivery, "the channel cannot tell")
    return False


def _advise(attempt: Attempt, found: Absent | CannotTell) -> None:
    """A "not there" helps whoever has to answer, and the channel may still come to say otherwise. Commits. Raises
    RetryLater, LeaseLost.
    """
    if not isinstance(found, Absent):
        return
    delivery = attempt.delivery
    lock_delivery(delivery)
    lease.keep()
    if delivery.state is S.UNKNOWN and attempt.adapter.caps.trusts_absence:
        delivery.error = not_found(delivery.account.name)
    db.session.commit()
    _ask_later(delivery, timedelta(), is_heard=True)


def _wait_for_it(delivery: Delivery) -> None:
    """What was sent may still be on its way: it is asked for after the call has surely ended, and the wait. Raises
    RetryLater.
    """
    now = database_now()
    if delivery.next_at is None and delivery.committing_at is not None:
        usual = delivery.committing_at + timedelta(seconds=call_timeout())
        called_until = progress_of(delivery).called_until or usual
        asked_at = called_until + current_app.config["ASK_AGAIN_AFTER"]
    else:
        asked_at = delivery.next_at or now
    if asked_at > now:
        raise RetryLater("whether it arrived is asked later", delay=asked_at - now, patient=True)


def _ask(attempt: Attempt) -> Found:
    """What the channel says; that it cannot tell, where it will not say. Raises RetryLater when it may say later, and
    the AdapterError by which the channel says that nothing of it is or will be public.
    """
    if not attempt.adapter.caps.can_find:
        return CannotTell()
    try:
        return attempt.adapter.find(_job(attempt))
    except AdapterError as error:
        db.session.rollback()
        if error.is_outcome or isinstance(error, MediaRejected):
            raise
        if isinstance(error, AuthExpired) and attempt.renew():
            return _ask(attempt)
        account_id = attempt.delivery.account_id
        db.session.rollback()
        health.note_trouble(account_id, error)
        if error.is_retryable or isinstance(error, AuthExpired):
            _ask_later(attempt.delivery, _wish(error))
        return CannotTell()
    except Exception:
        # A fault of the adapter's own: nothing is known, and nothing is guessed.
        db.session.rollback()
        log.exception("an adapter failed while it was asked", adapter=attempt.adapter.key)
        _ask_later(attempt.delivery, timedelta())
        return CannotTell()


def _wish(error: AdapterError) -> timedelta:
    """How long the channel wants to be left alone."""
    until = None
    if isinstance(error, RateLimited):
        until = error.retry_at
    elif isinstance(error, QuotaExceeded):
        until = error.resets_at
    return until - database_now() if until is not None else timedelta()


def _ask_later(
    delivery: Delivery, wish: timedelta, pending: Pending | None = None, *, is_heard: bool = False
) -> None:
    """Once more, less and less often, for a day; a person is asked as well once it has failed for some minutes. Raises
    RetryLater, LeaseLost.
    """
    usual: timedelta = current_app.config["ASK_AGAIN_AFTER"]
    since = progress_of(delivery).asked_since
    asked = database_now() - since if since is not None else timedelta()
    if asked >= ASKED_FOR:
        _lose(delivery, "asked for a day")
        return
    unheard = pending is None and not is_heard
    ask_again(delivery, max(wish, usual, min(asked / 2, LONGEST_PAUSE)), pending, unheard=unheard)


def _absent(delivery: Delivery) -> bool:
    """Not there: noted the first time; the second time, the wait apart, it is surely not there. True: from the top.
    After too many calls that came to nothing it has failed. Commits. Raises RetryLater, LeaseLost.
    """
    lock_delivery(delivery)
    lease.keep()
    if delivery.state is not S.COMMITTING:
        db.session.rollback()
        return False
    wait: timedelta = current_app.config["ASK_AGAIN_AFTER"]
    progress = progress_of(delivery)
    if delivery.absent_at is None:
        delivery.absent_at = database_now()
        keep_progress(delivery, replace(progress, absent_tick=clock.tick()))
        db.session.flush()
        ask_again(delivery, wait)
        return False
    # By the clocks the wait is over; where somebody has set them, it may not be.
    waited = clock.elapsed(progress.absent_tick)
    if waited is not None and waited < wait:
        ask_again(delivery, wait - waited)
        return False
    now, called_at = database_now(), delivery.committing_at or database_now()
    delivery.committing_at = delivery.absent_at = None
    pause = _count_lost(delivery, now)
    if pause is None:
        fail(
            delivery, refusal(Transient("sent, and never there"), delivery.account.name), code=Transient.code
        )
        db.session.commit()
        return False
    begin_anew(delivery)
    move(delivery, M.START_OVER)
    again_at = called_at + pause
    delivery.next_at = again_at if again_at > now else None
    delivery.error = ""  # it is not there: nothing is asked any more
    db.session.commit()
    if again_at > now:
        raise RetryLater("it came to nothing", delay=again_at - now, patient=True)
    return True


def _count_lost(delivery: Delivery, now: datetime) -> timedelta | None:
    """One more call that came to nothing: how long after it the next may follow, None where there have been enough.
    Flushes.
    """
    before = progress_of(delivery)
    progress = replace(before, lost=before.lost + 1, lost_since=before.lost_since or now)
    keep_progress(delivery, progress)
    db.session.flush()
    pause = pause_before(progress.lost, None, now=now)
    since = progress.lost_since or now
    return None if progress.lost >= TRIES or now + pause - since > TRIED_FOR else pause


def _count_repeat(delivery: Delivery) -> timedelta | None:
    """How long to wait when one more call comes to nothing too; None when none may be made: it may not go out as it is,
    is late by now, or was sent often enough. Then only what the channel says can help. Commits.
    """
    post = lock_post(delivery.post_id)
    lock_delivery(delivery)
    lease.keep()
    is_wanted = post is not None and delivery.state is S.COMMITTING and find_obstacle(post, delivery) is None
    if post is None or not is_wanted or is_late(post, delivery):
        db.session.rollback()
        return None
    pause = _count_lost(delivery, database_now())
    if pause is not None:
        delivery.absent_at = None  # what is sent again may be there after all
    db.session.commit()
    return pause


def _job(attempt: Attempt) -> Job:
    job = job_of(attempt.delivery)
    db.session.commit()
    return job


def _lose(delivery: Delivery, detail: str) -> None:
    lock_delivery(delivery)
    lease.keep()
    if delivery.state is S.COMMITTING:
        lose(delivery, detail=detail)
    db.session.commit()
