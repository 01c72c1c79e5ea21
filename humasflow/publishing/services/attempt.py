"""One run of a delivery's job with its adapter, and what a channel's "no" does to the delivery."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from humasflow.channels.adapters.base import Adapter
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    AuthRevoked,
    QuotaExceeded,
    RateLimited,
    Transient,
)
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.connections.services import health, tokens
from humasflow.core.db import database_now, db
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.services import BACKOFF
from humasflow.publishing.enums import QUOTA_WITHOUT_END
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import is_let_in
from humasflow.publishing.progress import begin_anew, keep_progress, progress_of
from humasflow.publishing.services.failing import fail, wait
from humasflow.publishing.services.moving import lock_delivery, move
from humasflow.publishing.wording import passing, refusal

TRIES: Final = 10
TRIED_FOR: Final = timedelta(hours=6)
QUOTA_PAUSE: Final = timedelta(hours=1)  # where the channel does not say when it takes posts again
LONGEST_QUOTA: Final = timedelta(days=2)
LEAST_QUOTA: Final = timedelta(minutes=1)  # a channel whose clock is behind ours says that it is over already


@dataclass
class Attempt:
    """A delivery at work. ``renewed``: its account's tokens were renewed in this run; once is enough."""

    delivery: Delivery
    adapter: Adapter
    renewed: bool = False

    def renew(self) -> bool:
        """New tokens, once a run. True: there are some to go on with. Commits."""
        if self.renewed:
            return False
        account_id = self.delivery.account_id
        db.session.rollback()
        self.renewed = tokens.renew(account_id)
        return self.renewed

    def refused(self, error: AdapterError) -> bool:
        """A definite "no": nothing of it is on the channel. True: what stood in the way is gone, go on at once. False:
        the delivery has failed or waits for people. Commits.

        Raises RetryLater (it goes on by itself later) and LeaseLost.
        """
        if isinstance(error, AuthExpired):
            if self.renew():
                if self._may_decide():
                    _take_back(self.delivery)
                db.session.commit()
                return True
            # Refused with new tokens: they are no good, whatever the channel calls it. What merely could not be renewed
            # just now may be renewed later.
            is_over = self.renewed or not is_let_in(self.delivery.account)
            error = AuthRevoked(error.detail) if is_over else Transient("the permission could not be renewed")
        account_id, wakes_at = self.delivery.account_id, None
        error.detail = without_secrets(self.delivery, error.detail)
        if self._may_decide():
            if _is_about_the_past(self.delivery, error):
                begin_anew(self.delivery)
                db.session.commit()
                return True
            wakes_at = _decide(self.delivery, error)
        db.session.commit()
        health.note_trouble(account_id, error)
        if wakes_at is not None:
            raise RetryLater(error.code, delay=wakes_at - database_now(), patient=True)
        return False

    def _may_decide(self) -> bool:
        """Under the lock: the job is still ours, and nobody has decided otherwise about the delivery."""
        lock_delivery(self.delivery)
        lease.keep()
        return self.delivery.state in (S.PREPARING, S.PREPARED, S.COMMITTING)


def without_secrets(delivery: Delivery, text: str) -> str:
    """What a channel said, for record and log: with anything blotted out that lets us in, should it have quoted it."""
    connection = get_connection_of(delivery.account_id)
    return health.without_secrets(connection, text) if connection is not None else text


def _is_about_the_past(delivery: Delivery, error: AdapterError) -> bool:
    """What the channel was given before the delivery was stopped may have been closed to it since, or have grown too
    old for it: a final "no" to that is no reason to fail before the steps were made once more.
    """
    is_final = not error.is_retryable and not isinstance(error, AuthRevoked | QuotaExceeded)
    return is_final and delivery.state is S.PREPARING and progress_of(delivery).taken_up


def _decide(delivery: Delivery, error: AdapterError) -> datetime | None:
    """Failed, or waiting: when it goes on by itself, None where a person has to act. Flushes."""
    now = database_now()
    sentence = refusal(error, delivery.account.name)
    if isinstance(error, AuthRevoked):
        delivery.committing_at = None
        wait(delivery, M.ASK_SIGN_IN, sentence, code=error.code, detail=error.detail)
        return None
    if isinstance(error, QuotaExceeded):
        until = min(max(error.resets_at or now + QUOTA_PAUSE, now + LEAST_QUOTA), now + LONGEST_QUOTA)
        delivery.committing_at = None
        if error.resets_at is not None:
            keep_progress(delivery, replace(progress_of(delivery), late_from=until))
        # Without an end in sight the time counts: once it is too late, a person is asked, and nothing waits for ever.
        code = error.code if error.resets_at is not None else QUOTA_WITHOUT_END
        wait(delivery, M.AWAIT_QUOTA, sentence, code=code, detail=error.detail, until=until)
        return until
    if not error.is_retryable:
        fail(delivery, sentence, code=error.code, detail=error.detail)
        return None
    _take_back(delivery)
    delivery.attempts += 1
    delivery.first_tried_at = delivery.first_tried_at or now
    again_at = now + pause_before(delivery.attempts, error, now=now)
    if delivery.attempts >= TRIES or again_at - delivery.first_tried_at > TRIED_FOR:
        fail(delivery, sentence, code=error.code, detail=error.detail)
        return None
    delivery.error, delivery.error_code = passing(delivery.account.name), error.code
    delivery.next_at = again_at
    db.session.flush()
    return again_at


def _take_back(delivery: Delivery) -> None:
    """The call was refused: what was noted before it is no longer so. The steps before it stand. Flushes."""
    if delivery.state is S.COMMITTING:
        delivery.committing_at = None
        move(delivery, M.START_OVER)


def pause_before(tries: int, error: AdapterError | None, *, now: datetime) -> timedelta:
    """How long to wait after so many tries: longer each time, never in step with others, and at least as long as the
    channel asks for; more than it may take in all ends the tries.
    """
    usual = timedelta(seconds=BACKOFF[min(tries, len(BACKOFF)) - 1] * random.uniform(0.8, 1.2))
    if isinstance(error, RateLimited) and error.retry_at is not None:
        return max(usual, error.retry_at - now)
    return usual
