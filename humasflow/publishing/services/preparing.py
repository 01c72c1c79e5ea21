"""Everything that can be done before the irreversible call: one remote step at a time, each stored before the next."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from humasflow.channels.adapters.base import Done, Pending, Ready
from humasflow.channels.adapters.errors import AdapterError, Transient
from humasflow.channels.adapters.variant import Job
from humasflow.core.db import database_now, db
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.identity import is_anothers
from humasflow.publishing.models import Delivery
from humasflow.publishing.progress import keep_progress, progress_of
from humasflow.publishing.services.attempt import Attempt
from humasflow.publishing.services.failing import fail
from humasflow.publishing.services.moving import lock_delivery, move
from humasflow.publishing.services.receiving import receive
from humasflow.publishing.snapshots import job_of
from humasflow.publishing.wording import too_slow

log = structlog.get_logger(__name__)

PREPARED_WITHIN: Final = timedelta(hours=24)  # longer than any channel works on a video
A_TURN: Final = 5.0  # seconds of steps in one run; then others get theirs

Answer = Ready | Pending | Done


def prepare(attempt: Attempt) -> bool:
    """Take a delivery from PREPARING to PREPARED. True: it is. False: it waits, has failed, or is live already. Commits
    after every step.

    Raises RetryLater (the channel is at work, or is tried again) and LeaseLost.
    """
    begun = time.monotonic()
    while True:
        answer = _ask(attempt)
        if answer is None:
            return False
        if isinstance(answer, AdapterError):
            if attempt.refused(answer):
                continue
            return False
        if isinstance(answer, Done):
            receive(attempt.delivery, answer.receipt)
            return False
        match _keep(attempt.delivery, answer):
            case None:
                return False
            case S.PREPARED:
                return True
        if isinstance(answer, Pending) and answer.retry_after > 0:
            raise RetryLater(
                "the channel is still preparing", delay=timedelta(seconds=answer.retry_after), patient=True
            )
        if time.monotonic() - begun > A_TURN:
            raise RetryLater("there is more to prepare", delay=timedelta(), patient=True)


def _ask(attempt: Attempt) -> Answer | AdapterError | None:
    """One step, with no transaction open. None: somebody else has decided about the delivery meanwhile."""
    delivery, adapter = attempt.delivery, attempt.adapter
    if delivery.state is not S.PREPARING:
        db.session.rollback()
        return None
    if is_anothers(delivery):
        db.session.rollback()
        raise RetryLater(
            "connected as somebody else meanwhile: from the top", delay=timedelta(), patient=True
        )
    step: Callable[[Job], Answer] = adapter.poll if progress_of(delivery).polls else adapter.prepare
    try:
        job = job_of(delivery)
        db.session.commit()
        return step(job)
    except AdapterError as error:
        db.session.rollback()
        return error
    except Exception as error:
        # A fault of the adapter's own. Nothing irreversible has been done, so it may be tried again, and not for ever.
        db.session.rollback()
        log.exception("an adapter failed while preparing", adapter=adapter.key)
        return Transient(type(error).__name__)


def _keep(delivery: Delivery, answer: Ready | Pending) -> S | None:
    """Store what the step left. The state that the delivery is in then; None where it does not go on. Commits."""
    lock_delivery(delivery)
    lease.keep()
    if delivery.state is not S.PREPARING:
        db.session.rollback()
        return None
    now, before = database_now(), progress_of(delivery)
    if answer.state != before.state:  # a step was made: what failed before it is past
        delivery.attempts, delivery.first_tried_at = 0, None
    since = before.since or now
    polls = answer.poll if isinstance(answer, Pending) else before.polls
    keep_progress(delivery, replace(before, state=answer.state, polls=polls, since=since))
    if isinstance(answer, Ready):
        delivery.next_at = None
        move(delivery, M.GET_READY)
    elif now - since > PREPARED_WITHIN:
        fail(delivery, too_slow(delivery.account.name), code="too_slow", detail="still pending after a day")
    else:
        waits = answer.retry_after > 0
        delivery.next_at = now + timedelta(seconds=answer.retry_after) if waits else None
        db.session.flush()
    state: S = delivery.state
    db.session.commit()
    return state if state is not S.FAILED else None
