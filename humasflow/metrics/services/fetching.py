"""Numbers from channels that tell them, at some ages of a post. What a channel does not tell stays unknown.

What follows a receipt (publishing/services/afterwards.py) has the first age asked about; each puts the next in line.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from humasflow.channels.adapters.base import METRICS, Adapter, Metric, Receipt
from humasflow.channels.adapters.errors import AdapterError
from humasflow.channels.adapters.variant import Job
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import database_now, db
from humasflow.metrics.models import MetricSnapshot
from humasflow.outbox import lease
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import Priority
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.follow_ups import (
    adapter_of,
    again_later,
    call,
    can_pass,
    is_last_try,
    is_same_identity,
)

FETCH: Final = "metrics.fetch"
TRIES: Final = 4  # of one age; the next one comes anyway
# When a post is asked about: often while it is new, then less and less. The last look is the one that is compared.
AGES: Final = (
    timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7),
    timedelta(days=14), timedelta(days=30),
)  # fmt: skip
LARGEST: Final = 10**15  # no channel has more of anything; what says so is a mistake


def adapter_tells(account: ChannelAccount) -> tuple[str, ...]:
    """The names of the numbers that the account's channel tells by itself; none where people read them there."""
    adapter = adapter_of(account)
    return adapter.caps.metrics if adapter is not None else ()


def _is_asked(delivery: Delivery) -> bool:
    return (
        bool(adapter_tells(delivery.account))
        and delivery.state is DeliveryState.PUBLISHED
        and delivery.external_id is not None
        and delivery.published_at is not None
    )


def _key(delivery: Delivery, number: int) -> str:
    """As what follows a receipt makes it for the first age."""
    return f"metrics:{delivery.id}" + (f":{number}" if number else "")


def _schedule(delivery: Delivery, *, after: int) -> None:
    """The next age that is still to come; ages that went by while nobody worked are left out."""
    published_at = delivery.published_at
    if published_at is None:
        return
    age = database_now() - published_at
    for number, wanted in enumerate(AGES):
        if number > after and (wanted > age or number == len(AGES) - 1):
            outbox.enqueue(
                FETCH, f"{delivery.id}:{number}", office_id=delivery.office_id, key=_key(delivery, number),
                due_at=published_at + wanted, max_attempts=TRIES, lane=f"metrics:{delivery.account_id}",
                priority=Priority.BACKGROUND,
            )  # fmt: skip
            return


def fetch(ref: str) -> None:
    """Put the next age of a post in line, then ask the channel for its numbers and keep them. ``ref``: the delivery,
    and after a colon which age. A failure is tried again a few times and stops nothing else, nor does an account that
    is disconnected just now. Commits before asking. Raises RetryLater, LeaseLost.
    """
    ident, _, age = ref.partition(":")
    delivery, number = db.session.get(Delivery, int(ident)), int(age or 0)
    if delivery is None or delivery.state is not DeliveryState.PUBLISHED:
        return
    _schedule(delivery, after=number)
    if not _is_asked(delivery) or not is_same_identity(delivery):
        return
    receipt = Receipt(str(delivery.external_id), permalink=delivery.permalink)
    key = _key(delivery, number)
    db.session.commit()
    at = clock.now()

    def ask(adapter: Adapter, job: Job) -> tuple[Metric, ...]:
        return adapter.metrics(receipt, job.account, at=at)

    try:
        told: tuple[Metric, ...] = call(delivery, ask)
    except AdapterError as error:
        if can_pass(error) and not is_last_try(key):
            raise again_later(error) from error
        told = ()
    lease.keep()
    if told:
        keep_numbers(delivery, told, at=at, source=delivery.account.adapter)


def keep_numbers(delivery: Delivery, told: Iterable[Metric], *, at: datetime, source: str) -> MetricSnapshot:
    """Append what a channel told. A name that it no longer has is unknown, and leaves the others alone. Flushes."""
    named: dict[str, Any] = {}
    version = ""
    for metric in told:
        named[metric.name[:80]] = _sane(metric.value)
        version = version or metric.api_version
    row = MetricSnapshot(
        office_id=delivery.office_id, post_id=delivery.post_id, delivery_id=delivery.id, captured_at=at,
        source=source, api_version=version[:40], recorded_by=None, named=named,
        **{name: named.get(name) for name in METRICS},
    )  # fmt: skip
    db.session.add(row)
    delivery.metrics_at = at
    db.session.flush()
    return row


def _sane(value: object) -> int | None:
    """A whole number that can be; anything else is unknown."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        return None
    return value
