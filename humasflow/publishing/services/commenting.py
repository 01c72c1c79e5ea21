"""Komentar pertama: written under a post once it is live, at most once. Whatever becomes of it, the post stays.
What follows a receipt (services/afterwards.py) begins it.

The call cannot be taken back, so the note that it follows (CALLING) is committed before it. Whoever finds that note
without a result asks the channel: there → done; not there, twice, where the channel's "no" can be trusted → once more;
otherwise a person looks.
"""

from datetime import timedelta
from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import Absent, Adapter, CannotTell, Commenting
from humasflow.channels.adapters.errors import AdapterError, OutcomeUnknown
from humasflow.channels.adapters.variant import Job
from humasflow.core.db import database_now, db
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryState, FollowUp
from humasflow.publishing.events import FollowUpFailed
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import reasons_not_to_settle_comment
from humasflow.publishing.services.follow_ups import (
    COMMENT,
    adapter_of,
    again_later,
    begin,
    call,
    is_last_try,
    key_of,
    reaching,
    sentence_of,
    wait_while_paused,
)
from humasflow.publishing.services.moving import lock_delivery, record
from humasflow.publishing.services.telling import TroubleKind, note_live_trouble

LOOK_AGAIN: Final = timedelta(seconds=60)  # between two questions whether it is there


def _key(delivery: Delivery) -> str:
    return key_of(COMMENT, delivery)


def text_of(delivery: Delivery) -> str:
    """What is to stand in the first comment; empty: nothing."""
    return str(queries.get_payload(delivery.id).get("first_comment") or "").strip()


def _comments(adapter: Adapter | None) -> bool:
    return adapter is not None and adapter.caps.has_first_comment and isinstance(adapter, Commenting)


def _wait(delivery: Delivery) -> None:
    delivery.comment_state, delivery.absent_at = FollowUp.WAITING, None
    db.session.flush()
    begin(COMMENT, delivery, key=_key(delivery))


def comment_live(delivery_id: int | str) -> None:
    """Write the first comment, or find out whether it was written. Safe to repeat at any time. Commits between its
    steps. Raises RetryLater, LeaseLost.
    """
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None:
        return
    state = _look(delivery)
    if state is FollowUp.CALLING and not _resolve(delivery):
        return
    if state in (FollowUp.WAITING, FollowUp.CALLING):
        _write(delivery)


def _look(delivery: Delivery) -> FollowUp:
    """What is true now; NONE where nothing is left to do. Commits."""
    lock_delivery(delivery)
    lease.keep()
    state = delivery.comment_state if delivery.state is DeliveryState.PUBLISHED else FollowUp.NONE
    if state is FollowUp.WAITING and not _comments(reaching(delivery)):
        why = _("Tulis komentar pertamanya di kanal, lalu catat di sini.")
        if adapter_of(delivery.account) is None:
            why = _("Akun ini tidak lagi tersambung.")
        _fail(delivery, FollowUp.FAILED, why)
        state = FollowUp.NONE
    db.session.commit()
    return state


def _resolve(delivery: Delivery) -> bool:
    """The call may have been made: ask. True: it was not, and it may be made again. Commits."""
    text = text_of(delivery)

    def ask(adapter: Adapter, job: Job) -> tuple[str | Absent | CannotTell, bool]:
        if not isinstance(adapter, Commenting):
            return CannotTell(), False
        return adapter.find_comment(job, text), adapter.caps.trusts_absence

    found: str | Absent | CannotTell = CannotTell()
    trusted = False
    try:
        found, trusted = call(delivery, ask)
    except AdapterError as error:
        if error.is_retryable and not is_last_try(_key(delivery)):
            raise again_later(error) from error
    _lock(delivery)
    if isinstance(found, str):
        _done(delivery, found)
    elif not isinstance(found, Absent) or not trusted:
        _fail(
            delivery, FollowUp.UNKNOWN,
            _("Kanal tidak dapat memastikan apakah komentar pertama sudah tertulis. Lihat di kanalnya."),
        )  # fmt: skip
    elif delivery.absent_at is None:
        delivery.absent_at = database_now()
        db.session.commit()
        raise RetryLater("not there, asked once", delay=LOOK_AGAIN, patient=True)
    else:
        db.session.commit()
        return True
    db.session.commit()
    return False


def _write(delivery: Delivery) -> None:
    """The call, between two committed facts."""
    text = text_of(delivery)
    _lock(delivery)
    wait_while_paused(delivery)
    delivery.comment_state, delivery.absent_at = FollowUp.CALLING, None
    db.session.commit()

    def write(adapter: Adapter, job: Job) -> str:
        if not isinstance(adapter, Commenting):
            raise TypeError(adapter.key)
        return adapter.comment(job, text)

    try:
        comment_id = call(delivery, write)
    except OutcomeUnknown as error:
        raise RetryLater(error.code, delay=LOOK_AGAIN, patient=True) from error  # it is asked about then
    except AdapterError as error:
        _refused(delivery, error)
        return
    _lock(delivery)
    _done(delivery, comment_id)
    db.session.commit()


def _refused(delivery: Delivery, error: AdapterError) -> None:
    """A "no", or nothing was sent: it is not there. Once more later, or failed."""
    again = error.is_retryable and not is_last_try(_key(delivery))
    _lock(delivery)
    if again:
        delivery.comment_state = FollowUp.WAITING
    else:
        _fail(delivery, FollowUp.FAILED, sentence_of(error))
    db.session.commit()
    if again:
        raise again_later(error) from error


def _lock(delivery: Delivery) -> None:
    lock_delivery(delivery)
    lease.keep()


def _done(delivery: Delivery, comment_id: str) -> None:
    delivery.comment_state, delivery.comment_id = FollowUp.DONE, comment_id[:200]
    delivery.absent_at, delivery.follow_up_error = None, ""
    db.session.flush()
    record(AuditAction.DELIVERY_COMMENTED, delivery, actor=None)


def _fail(delivery: Delivery, state: FollowUp, why: str) -> None:
    delivery.comment_state, delivery.follow_up_error = state, why
    note_live_trouble(delivery, TroubleKind.COMMENT)
    db.session.flush()
    emit(FollowUpFailed(delivery_id=delivery.id, post_id=delivery.post_id, what="comment"))


def settle_comment(delivery: Delivery, *, actor: Principal, is_there: bool) -> None:
    """A person has looked: the first comment stands there, or does not and is written again. Also for one that failed:
    it is written by hand, or once more by the connection. Flushes. Raises Refused.
    """
    lock_delivery(delivery)
    reasons = reasons_not_to_settle_comment(actor, delivery)
    if reasons:
        raise Refused(reasons)
    delivery.follow_up_error = ""
    if is_there:
        delivery.comment_state = FollowUp.DONE
        db.session.flush()
        record(AuditAction.DELIVERY_COMMENTED, delivery, actor=actor)
    else:
        _wait(delivery)
        record(AuditAction.DELIVERY_RETRIED, delivery, actor=actor)
