"""Turunkan: what is live is taken down, and the record keeps that it was.

The newsroom stops showing it at once. Elsewhere it stays "tayang" until it is gone there: the connection removes it
where the channel lets it, and a person does everywhere else and says so.
"""

from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.errors import AdapterError
from humasflow.channels.adapters.variant import Action
from humasflow.channels.reaching import get_adapter
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.core.events import emit
from humasflow.outbox import lease
from humasflow.posts import queries as posts
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryMove, DeliveryState, FollowUp
from humasflow.publishing.events import PostRetracted, RemovalDue
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import (
    reasons_not_to_confirm_removal,
    reasons_not_to_retract,
    reasons_not_to_try_again,
)
from humasflow.publishing.services.follow_ups import (
    RETRACT,
    again_later,
    begin,
    call,
    can_pass,
    is_last_try,
    is_own,
    key_of,
    reaching,
    sentence_of,
)
from humasflow.publishing.services.moving import lock_delivery, move, record
from humasflow.publishing.services.resolving import call_off
from humasflow.publishing.snapshots import job_of


class ReasonNeeded(UserError):
    """Readers and colleagues have to know why."""


class RemoveByHandFirst(UserError):
    """Only a person can remove it from this channel; the product records that it was done."""


def can_remove(delivery: Delivery) -> bool:
    """Whether the product itself can take this live post off its channel."""
    adapter = reaching(delivery)
    return adapter is not None and adapter.caps.can_retract


def retract(delivery: Delivery, *, actor: Principal, reason: str, removed_by_hand: bool = False) -> None:
    """Take a live post down. The newsroom answers "gone" at once; another channel is asked by a job, until then the
    post stays live; where only a person can remove it, they have done so and say it.

    Needs ``story:withdraw``. Flushes; emits PostRetracted once it is gone. Raises Refused, ReasonNeeded,
    RemoveByHandFirst.
    """
    lock_delivery(delivery)
    reasons = reasons_not_to_retract(actor, delivery, removed_by_hand=removed_by_hand)
    if reasons:
        raise Refused(reasons)
    reason = reason.strip() or delivery.retract_reason
    if not reason:
        raise ReasonNeeded(_("Tuliskan alasannya, supaya tercatat mengapa publikasi ini diturunkan."))
    if removed_by_hand or is_own(delivery.account):
        _take_down(delivery, actor=actor, reason=reason)
    elif can_remove(delivery) and delivery.retract_state is FollowUp.NONE:
        _wait(delivery, actor=actor, reason=reason)
    else:
        raise RemoveByHandFirst(
            _("Hapus dahulu unggahannya di %(account)s, lalu centang bahwa sudah dihapus.",
              account=delivery.account.name)
        )  # fmt: skip


def retract_story(story_id: int, *, actor: User | None, reason: str) -> None:
    """The story is withdrawn: its posts on the newsroom are taken down, connected channels are asked to remove theirs,
    and what has not gone out is called off.

    Posts on channels that only a person can clean stay live and are listed until somebody has removed them.
    """
    every = posts.list_posts_of(story_id)
    latest = queries.latest_delivery_of(p.id for p in every)
    for post in every:
        delivery = latest.get(post.id)
        if delivery is not None and delivery.state is DeliveryState.PUBLISHED:
            lock_delivery(delivery)
            _begin_removal(delivery, actor=actor, reason=reason)
        else:
            call_off(post, reason=reason)


def _begin_removal(delivery: Delivery, *, actor: User | None, reason: str) -> None:
    """Of a post whose story is withdrawn. Nothing where somebody was faster, or asked for it before."""
    if delivery.state is not DeliveryState.PUBLISHED:
        return
    if is_own(delivery.account):
        _take_down(delivery, actor=actor, reason=reason)
    elif delivery.retract_state is FollowUp.NONE:
        if can_remove(delivery):
            _wait(delivery, actor=actor, reason=reason)
        else:
            _note_asked(delivery, actor, reason)
            _ask_person(delivery)


def _note_asked(delivery: Delivery, actor: audit.Actor | None, reason: str) -> None:
    delivery.retract_asked_by = actor.id if actor is not None else None
    delivery.retract_asked_at, delivery.retract_reason = clock.now(), reason


def _key(delivery: Delivery) -> str:
    return key_of(RETRACT, delivery)


def _wait(delivery: Delivery, *, actor: audit.Actor | None, reason: str) -> None:
    _note_asked(delivery, actor, reason)
    delivery.retract_state, delivery.follow_up_error = FollowUp.WAITING, ""
    db.session.flush()
    begin(RETRACT, delivery, key=_key(delivery))
    record(AuditAction.DELIVERY_REMOVAL_ASKED, delivery, actor=actor, reason=reason)


def _ask_person(delivery: Delivery, why: str = "") -> None:
    delivery.retract_state, delivery.follow_up_error = FollowUp.BY_HAND, why
    delivery.assignee_id = delivery.account.assignee_id
    db.session.flush()
    record(AuditAction.DELIVERY_REMOVAL_DUE, delivery, actor=None, reason=why)
    emit(RemovalDue(delivery_id=delivery.id, post_id=delivery.post_id, assignee_id=delivery.assignee_id))


def retract_live(delivery_id: int | str) -> None:
    """Take a post off its channel; only then it is "diturunkan". Safe to repeat at any time: removing twice is removing
    once. Commits before and after the call. Emits PostRetracted, or RemovalDue where it turns out to be a person's.
    Raises RetryLater, LeaseLost.
    """
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None or not _is_waiting(delivery):
        return
    db.session.commit()
    try:
        if not can_remove(delivery):  # disconnected since
            _give_to_person(delivery, _("Akun ini tidak lagi tersambung."))
            return
        call(delivery, lambda adapter, job: adapter.retract(job), action=Action.RETRACT, is_long=True)
    except AdapterError as error:
        if can_pass(error) and not is_last_try(_key(delivery)):
            raise again_later(error) from error
        _give_to_person(delivery, sentence_of(error))
        return
    if _is_waiting(delivery):
        asked_by = delivery.retract_asked_by
        actor = db.session.get(User, asked_by) if asked_by is not None else None
        _take_down(delivery, actor=actor, reason=delivery.retract_reason)
    db.session.commit()


def _is_waiting(delivery: Delivery) -> bool:
    """Asked under the lock: a person may have removed it, or said that they will. Locks the delivery."""
    lock_delivery(delivery)
    lease.keep()
    return delivery.state is DeliveryState.PUBLISHED and delivery.retract_state is FollowUp.WAITING


def _give_to_person(delivery: Delivery, why: str) -> None:
    if _is_waiting(delivery):
        _ask_person(delivery, why)
    db.session.commit()


def retract_again(delivery: Delivery, *, actor: Principal) -> None:
    """Coba lagi: a removal that a person was asked for is tried by the connection once more. Flushes. Raises
    Refused.
    """
    lock_delivery(delivery)
    reasons = reasons_not_to_try_again(actor, delivery, delivery.retract_state)
    if not reasons and not can_remove(delivery):
        reasons = reasons_not_to_try_again(actor, delivery, FollowUp.NONE)
    if reasons:
        raise Refused(reasons)
    _wait(delivery, actor=actor, reason=delivery.retract_reason)


def confirm_removal(delivery: Delivery, *, actor: Principal, note: str = "") -> None:
    """A person has removed from its channel what was to come down, and says so. The assignee may, and whoever records
    evidence or withdraws stories. Repeating it changes nothing. Flushes; emits PostRetracted. Raises Refused.
    """
    lock_delivery(delivery)
    if delivery.state is DeliveryState.RETRACTED:
        return
    reasons = reasons_not_to_confirm_removal(actor, delivery)
    if reasons:
        raise Refused(reasons)
    reason = delivery.retract_reason or delivery.post.story.state.label
    _take_down(delivery, actor=actor, reason=" ".join(part for part in (reason, note.strip()) if part))


def _take_down(delivery: Delivery, *, actor: audit.Actor | None, reason: str) -> None:
    if is_own(delivery.account):
        get_adapter(delivery.account.adapter).retract(job_of(delivery, action=Action.RETRACT))
    delivery.retracted_at, delivery.retract_reason = clock.now(), reason
    delivery.correcting_to_id, delivery.follow_up_error = None, ""
    delivery.retract_state = FollowUp.DONE
    move(delivery, DeliveryMove.RETRACT)
    record(AuditAction.DELIVERY_RETRACTED, delivery, actor=actor, reason=reason)
    emit(
        PostRetracted(
            delivery_id=delivery.id,
            post_id=delivery.post_id,
            actor_id=actor.id if actor is not None else 0,
            reason=reason,
        )
    )
    db.session.flush()
