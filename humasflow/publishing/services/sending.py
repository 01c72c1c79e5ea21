"""The one irreversible call, made between two committed facts: the note before it, and the receipt after it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog
from flask import current_app

from humasflow.channels.adapters.base import Adapter, Carrying, Pending, Receipt
from humasflow.channels.adapters.errors import AdapterError, AuthExpired, OutcomeUnknown
from humasflow.channels.adapters.variant import Job
from humasflow.channels.connections.services import health
from humasflow.channels.reaching import call_timeout, within
from humasflow.core.db import database_now, db
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.identity import is_anothers
from humasflow.publishing.models import Delivery
from humasflow.publishing.progress import keep_progress, progress_of
from humasflow.publishing.services.attempt import TRIED_FOR, Attempt, pause_before, without_secrets
from humasflow.publishing.services.failing import lose
from humasflow.publishing.services.holding import find_obstacle
from humasflow.publishing.services.moving import lock_delivery, lock_post, move
from humasflow.publishing.services.receiving import receive
from humasflow.publishing.snapshots import job_of
from humasflow.publishing.wording import being_asked

log = structlog.get_logger(__name__)

TOLD_AFTER: Final = timedelta(minutes=5)  # of questions without an answer
UNHEARD: Final = "it does not answer the question either"  # for the record
MARGIN: Final = 0.1  # part of a lease that must be left over when a call has taken all its time


def send(attempt: Attempt) -> bool:
    """Look once more, note that the call follows, make it. True: once more, from the top.

    Commits. Raises RetryLater and LeaseLost.
    """
    delivery = attempt.delivery
    post = lock_post(delivery.post_id)
    lock_delivery(delivery)
    lease.keep()
    if post is None or delivery.state is not S.PREPARED:
        db.session.rollback()
        return False
    stop = find_obstacle(post, delivery)
    if stop is not None:
        stop()
        db.session.commit()
        return False
    if is_anothers(delivery):  # connected anew meanwhile: what was prepared is elsewhere
        db.session.rollback()
        return True
    delivery.committing_at, delivery.next_at, delivery.absent_at = database_now(), None, None
    try:
        job = job_of(delivery)
    except AdapterError as error:
        db.session.rollback()
        return attempt.refused(error)
    called_until = delivery.committing_at + timedelta(seconds=_call_takes(attempt.adapter, job))
    keep_progress(delivery, replace(progress_of(delivery), called_until=called_until))
    move(delivery, M.COMMIT)
    db.session.commit()
    return call(attempt, job)


def call(attempt: Attempt, job: Job) -> bool:
    """Make the irreversible call, once, with no transaction open and enough of the lease left. As :func:`send`."""
    _make_time()
    try:
        with within(_call_takes(attempt.adapter, job)):
            answer = attempt.adapter.commit(job)
    except OutcomeUnknown as error:
        unsure(attempt, error.detail)
    except AdapterError as error:
        return attempt.refused(error)
    except Exception as error:
        # A fault of the adapter's own, and nobody can say how far it came.
        log.exception("an adapter failed while publishing", adapter=attempt.adapter.key)
        unsure(attempt, type(error).__name__)
    else:
        if isinstance(answer, Receipt):
            receive(attempt.delivery, answer)
        else:
            _accepted(attempt.delivery, answer)
    return False


def repeat(attempt: Attempt, job: Job, *, pause: timedelta) -> None:
    """Make the call once more with the same key, while it is not known whether an earlier one arrived: whatever is said
    to this one, nothing is said of that one. Asked for again after at least ``pause``.

    Commits. Raises RetryLater and LeaseLost.
    """
    delivery = attempt.delivery
    _make_time()
    try:
        with within(_call_takes(attempt.adapter, job)):
            answer = attempt.adapter.commit(job)
    except AdapterError as error:
        log.warning("repeated without a receipt", delivery=delivery.id, code=error.code)
        db.session.rollback()
        if isinstance(error, AuthExpired):
            attempt.renew()
        elif not isinstance(error, OutcomeUnknown):
            health.note_trouble(delivery.account_id, error)
        db.session.rollback()
        asked_for = min(pause_before(1, error, now=database_now()), TRIED_FOR)
        db.session.rollback()
        ask_again(delivery, max(pause, asked_for, current_app.config["ASK_AGAIN_AFTER"]))
    except Exception:
        # A fault of the adapter's own: as little is known as before.
        log.exception("an adapter failed while publishing again", adapter=attempt.adapter.key)
        db.session.rollback()
        ask_again(delivery, max(pause, current_app.config["ASK_AGAIN_AFTER"]))
    else:
        if isinstance(answer, Receipt):
            receive(delivery, answer)
        else:
            _accepted(delivery, answer)


def _call_takes(adapter: Adapter, job: Job) -> float:
    """Seconds after which the call has surely ended, with everything that it asks and carries."""
    return call_timeout(adapter.carried(job.variant) if isinstance(adapter, Carrying) else 0)


def _make_time() -> None:
    """The call must end while the job is ours: whoever takes it over asks the channel, and must not do so too early.
    What takes longer because of what it carries is kept ours by the worker's heartbeat.
    """
    needed = timedelta(seconds=call_timeout()) + current_app.config["OUTBOX_LEASE"] * MARGIN
    left = lease.remaining()
    db.session.rollback()
    if left is not None and left < needed:
        lease.keep()
        db.session.commit()


def unsure(attempt: Attempt, detail: str) -> None:
    """It may be there or not. The channel is asked after a while, never before; where it cannot be asked, a person is
    at once. Raises RetryLater.
    """
    delivery, caps = attempt.delivery, attempt.adapter.caps
    detail = without_secrets(delivery, detail)
    db.session.rollback()
    log.warning("outcome unknown", delivery=delivery.id, detail=detail)
    if not caps.can_find and not caps.idempotent:
        lock_delivery(delivery)
        lease.keep()
        if delivery.state is S.COMMITTING:
            lose(delivery, detail=detail)
        db.session.commit()
        return
    ask_again(delivery, current_app.config["ASK_AGAIN_AFTER"])


def _accepted(delivery: Delivery, answer: Pending) -> None:
    """The channel has it and is at work on it: asked for what became of it, never sent again. Raises RetryLater."""
    usual: timedelta = current_app.config["ASK_AGAIN_AFTER"]
    ask_again(delivery, timedelta(seconds=answer.retry_after) or usual, answer)


def ask_again(
    delivery: Delivery, after: timedelta, pending: Pending | None = None, *, unheard: bool = False
) -> None:
    """Note when the channel is asked (again), and what it said so far. ``unheard``: it did not answer the question;
    when that will have lasted too long by the next one, a person is asked as well. Commits. Raises RetryLater,
    LeaseLost.
    """
    lock_delivery(delivery)
    lease.keep()
    if delivery.state not in (S.COMMITTING, S.UNKNOWN):
        db.session.rollback()
        return
    now = database_now()
    before = progress_of(delivery)
    unheard_since = (before.unheard_since or now) if unheard else None
    progress = replace(before, asked_since=before.asked_since or now, unheard_since=unheard_since)
    if pending is not None:
        progress = replace(progress, state=pending.state)
    keep_progress(delivery, progress)
    # A channel may want to be left alone for hours: nobody waits for that to hear of it.
    is_long = unheard_since is not None and now + after - unheard_since > TOLD_AFTER
    if is_long and delivery.state is S.COMMITTING:
        lose(delivery, detail=UNHEARD)
    if delivery.state is S.COMMITTING:
        delivery.error = being_asked(delivery.account.name) if pending is None else ""
    delivery.next_at = now + after
    db.session.commit()
    raise RetryLater("whether it arrived is not known yet", delay=after, patient=True)
