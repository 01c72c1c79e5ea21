"""One more call to the channel of a post that is live: its correction, its removal, its first comment, a look at it.

A follow-up is a job of its own on its account's lane. Whatever becomes of it, the post and its receipt stay as they
are: it is tried again while that can help, and is a person's when it cannot.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog
from flask_babel import gettext as _
from sqlalchemy import or_, select

from humasflow.channels.adapters.base import Adapter
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    AuthRevoked,
    Conflict,
    Forbidden,
    OutcomeUnknown,
    QuotaExceeded,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.adapters.variant import Action, Job
from humasflow.channels.connections.policy import identity_of
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.connections.services import health, tokens
from humasflow.channels.models import ChannelAccount
from humasflow.channels.reaching import get_adapter, within
from humasflow.core.db import database_now, db
from humasflow.core.events import emit
from humasflow.outbox import lease
from humasflow.outbox import queries as outbox
from humasflow.outbox import services as jobs
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.models import Job as OutboxJob
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.events import FollowUpFailed
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import is_let_in
from humasflow.publishing.services.moving import lock_delivery
from humasflow.publishing.services.telling import TroubleKind, note_live_trouble
from humasflow.publishing.snapshots import job_of

log = structlog.get_logger(__name__)
T = TypeVar("T")
OWN: Final = "web"  # the newsroom: what it shows, its own rows decide, so nothing has to be called
CORRECT, RETRACT, COMMENT = "publishing.correct", "publishing.retract", "publishing.comment"
_COLUMNS: Final = {CORRECT: "correct_state", RETRACT: "retract_state", COMMENT: "comment_state"}
_KEYS: Final = {
    CORRECT: "correct:{0.id}:{0.correcting_to_id}", RETRACT: "retract:{0.id}", COMMENT: "comment:{0.id}",
}  # fmt: skip
LONGEST: Final = (
    600.0  # seconds for all requests of one correction or removal; what is not done by then begins again
)
_TROUBLES: Final = {
    CORRECT: TroubleKind.CORRECTION, RETRACT: TroubleKind.REMOVAL, COMMENT: TroubleKind.COMMENT,
}  # fmt: skip
PAUSED_FOR: Final = timedelta(minutes=10)  # between looks at an account that is paused
UNDER_WAY: Final = frozenset({FollowUp.WAITING, FollowUp.CALLING})


def key_of(kind: str, delivery: Delivery) -> str:
    """The key of the job that does what the delivery's column of this kind is about; each correction has its own."""
    return _KEYS[kind].format(delivery)


def is_own(account: ChannelAccount) -> bool:
    """Whether it is the newsroom of this installation."""
    return account.adapter == OWN


def adapter_of(account: ChannelAccount) -> Adapter | None:
    """What talks to the account's channel; None where only people do."""
    try:
        adapter = get_adapter(account.adapter)
    except UnknownAdapter:
        return None
    return None if adapter.caps.by_hand else adapter


def reaching(delivery: Delivery) -> Adapter | None:
    """What can change a live post where it stands: the channel is connected, and gave the product an id for the post.
    None where only people can: of what they posted themselves the product knows an address and no id, and what was
    published as somebody else it must not touch.
    """
    return adapter_of(delivery.account) if delivery.external_id and is_same_identity(delivery) else None


def is_same_identity(delivery: Delivery) -> bool:
    """Whether the account is connected as the one that published the delivery, as far as that is known: as somebody
    else, or on another server, the same id is another post or none.
    """
    connection = get_connection_of(delivery.account_id)
    return connection is None or not delivery.identity or identity_of(connection) == delivery.identity


def begin(kind: str, delivery: Delivery, *, key: str, after: timedelta | None = None) -> None:
    """Have a follow-up done by a job of the account's lane; one that ended is done again. The caller has set its state.
    Flushes.
    """
    due_at = database_now() + after if after is not None else database_now()
    known = outbox.get_by_key(key)
    if known is not None:
        if known.state not in (JobState.QUEUED, JobState.RUNNING):
            jobs.reschedule(known, due_at=due_at)
        return
    jobs.enqueue(
        kind, delivery.id, office_id=delivery.office_id, due_at=due_at, key=key,
        lane=f"account:{delivery.account_id}",
        priority=Priority.POSTS,
    )  # fmt: skip


def call(
    delivery: Delivery,
    act: Callable[[Adapter, Job], T],
    *,
    action: Action = Action.CORRECT,
    before: Callable[[], None] | None = None,
    is_long: bool = False,
) -> T:
    """Ask the channel, with no transaction open, and remember how it answered. Tokens that ran out are renewed once.

    Nothing is published, so no address is opened under which the channel could fetch media (see snapshots.job_of).
    ``before`` changes the delivery for the job to be made from; nothing of it is kept. What is to be kept has been
    committed before. ``is_long``: many requests, and repeatable; the lease lasts as long as they do, and they
    last no longer than LONGEST. Raises AdapterError; Unsupported where only people reach the channel.
    """
    account_id = delivery.account_id
    for is_last in (False, True):
        adapter = adapter_of(delivery.account)
        try:
            if adapter is None:
                raise Unsupported("only people reach this channel")
            if before is not None:
                before()
            job = job_of(delivery, action=action)
        finally:
            db.session.rollback()
        try:
            with ExitStack() as long:
                if is_long:
                    long.enter_context(lease.kept_alive())
                    long.enter_context(within(LONGEST))
                answer = act(adapter, job)
        except AuthExpired as error:
            if is_last or not tokens.renew(account_id):
                refused = _not_renewed(delivery, error, with_new_tokens=is_last)
                health.note_trouble(account_id, refused)
                raise refused from error
        except AdapterError as error:
            health.note_trouble(account_id, error)
            raise
        else:
            health.note_success(account_id)
            return answer
    raise AssertionError("the second time returns or raises")


def _not_renewed(delivery: Delivery, error: AuthExpired, *, with_new_tokens: bool) -> AdapterError:
    """Refused with new tokens, they are no good, whatever the channel calls it. What merely could not be renewed just
    now may be renewed later. Commits.
    """
    is_over = with_new_tokens or not is_let_in(delivery.account)
    db.session.commit()
    return AuthRevoked(error.detail) if is_over else Transient("the permission could not be renewed")


def wait_while_paused(delivery: Delivery) -> None:
    """Nothing is published or changed on an account that is paused. Rolls back and raises RetryLater then; once it is
    resumed, :func:`take_up_paused` brings the jobs forward.
    """
    if delivery.account.paused_at is not None:
        db.session.rollback()
        raise RetryLater("the account is paused", delay=PAUSED_FOR, patient=True)


def take_up_paused(account_id: int) -> None:
    """The account is resumed, or connected again: what waited is done now. Flushes."""
    waiting = select(Delivery).where(
        Delivery.account_id == account_id,
        or_(Delivery.correct_state.in_(UNDER_WAY), Delivery.comment_state.in_(UNDER_WAY)),
    )
    for delivery in db.session.scalars(waiting).all():
        for kind in (CORRECT, COMMENT):
            job = outbox.get_by_key(key_of(kind, delivery))
            if (
                getattr(delivery, _COLUMNS[kind]) in UNDER_WAY
                and job is not None
                and job.state is JobState.QUEUED
            ):
                jobs.reschedule(job, due_at=min(job.due_at, database_now()))


def can_pass(error: AdapterError) -> bool:
    """Whether the same call may well succeed later. For calls that may be repeated: a lost answer is one of these."""
    return error.is_retryable or isinstance(error, OutcomeUnknown)


def again_later(error: AdapterError) -> RetryLater:
    """Once more, when the channel says or after the usual wait. A used-up quota is nobody's failure."""
    until: datetime | None = None
    if isinstance(error, RateLimited):
        until = error.retry_at
    elif isinstance(error, QuotaExceeded):
        until = error.resets_at
    delay = max(until - database_now(), timedelta(seconds=1)) if until is not None else None
    return RetryLater(error.code, delay=delay, patient=isinstance(error, QuotaExceeded))


@dataclass(frozen=True)
class Trying:
    """A follow-up that was tried and did not work yet: why, for people, and when (UTC) it is tried again."""

    why: str
    at: datetime


def tries_again(delivery: Delivery, kind: str) -> Trying | None:
    """Of a follow-up that is under way; None where its turn comes within moments, or nobody tried yet. One statement
    at most.
    """
    if getattr(delivery, _COLUMNS[kind]) not in UNDER_WAY:
        return None
    job = outbox.get_by_key(key_of(kind, delivery))
    if job is None or job.state is not JobState.QUEUED or not job.error or job.due_at <= database_now():
        return None
    if job.error == QuotaExceeded.code:
        return Trying(_("Kuota kanalnya habis untuk sementara."), job.due_at)
    if job.error == RateLimited.code:
        return Trying(_("Kanalnya meminta menunggu."), job.due_at)
    return Trying(_("Belum berhasil: kanalnya belum menjawab dengan baik."), job.due_at)


def is_last_try(key: str) -> bool:
    """Whether the job with this key gives up when it fails once more."""
    job = outbox.get_by_key(key)
    return job is not None and job.attempts >= job.max_attempts


def sentence_of(error: AdapterError) -> str:
    """Why it is a person's now."""
    if isinstance(error, AuthExpired | AuthRevoked):
        return _(
            "Kanal tidak lagi mengizinkan humasflow masuk. Sambungkan ulang akunnya, atau kerjakan langsung di kanal."
        )
    if isinstance(error, Forbidden):
        return _("Kanal tidak mengizinkannya lewat sambungan ini.")
    if isinstance(error, Conflict):
        return _("Isinya sudah diubah langsung di kanal.")
    if isinstance(error, Unsupported):
        return _("Kanal ini tidak menerimanya lewat sambungan.")
    if can_pass(error):
        return _("Kanal tidak menjawab dengan baik setelah dicoba beberapa kali.")
    return _("Kanal menolaknya.")


def take_up_again(kind: str, ref: str) -> None:
    """A person revived the job of a follow-up that had failed: its state follows. Other kinds are not ours. Flushes."""
    column = _COLUMNS.get(kind)
    delivery = db.session.get(Delivery, int(ref)) if column is not None else None
    if column is None or delivery is None:
        return
    lock_delivery(delivery)
    again = {FollowUp.FAILED: FollowUp.WAITING, FollowUp.UNKNOWN: FollowUp.CALLING}
    setattr(delivery, column, again.get(getattr(delivery, column), getattr(delivery, column)))
    db.session.flush()


def sweep_follow_ups() -> int:
    """Find follow-ups whose job gave up halfway (a fault of ours): they have failed, and say so. Returns how many.

    Commits after each, so that one that cannot be mended keeps no other from it, and no story is held while the next
    is waited for. Raises LeaseLost.
    """
    dead = db.session.execute(
        select(OutboxJob.kind, OutboxJob.ref, OutboxJob.key)
        .where(OutboxJob.state == JobState.DEAD, OutboxJob.kind.in_(_COLUMNS))
        .order_by(OutboxJob.due_at.desc())
        .limit(200)
    ).all()
    halfway = [row for row in dead if _is_halfway(row.kind, db.session.get(Delivery, int(row.ref)))]
    db.session.commit()
    found = 0
    for kind, ref, key in halfway:
        try:
            lease.keep()
            found += _give_up(kind, int(ref), key)
            db.session.commit()
        except lease.LeaseLost:
            raise
        except Exception:
            db.session.rollback()
            log.exception("a follow-up that gave up could not be told of", kind=kind, delivery=ref)
    return found


def _is_halfway(kind: str, delivery: Delivery | None) -> bool:
    return delivery is not None and getattr(delivery, _COLUMNS[kind]) in UNDER_WAY


def _give_up(kind: str, delivery_id: int, key: str | None) -> bool:
    """It has failed, or is uncertain. Whether it still was under way. Flushes."""
    delivery = db.session.get_one(Delivery, delivery_id)
    lock_delivery(delivery)
    # The job of an earlier correction says nothing about the one that waits now.
    if not _is_halfway(kind, delivery) or key != key_of(kind, delivery):
        return False
    # A call that was about to be made may have been made.
    lost = getattr(delivery, _COLUMNS[kind]) is FollowUp.CALLING
    setattr(delivery, _COLUMNS[kind], FollowUp.UNKNOWN if lost else FollowUp.FAILED)
    note_live_trouble(delivery, _TROUBLES[kind])
    delivery.follow_up_error = _(
        "Berhenti karena gangguan di dalam aplikasi. Coba lagi, atau kerjakan di kanal."
    )
    db.session.flush()
    emit(FollowUpFailed(delivery.id, delivery.post_id, what=kind.removeprefix("publishing.")))
    return True
