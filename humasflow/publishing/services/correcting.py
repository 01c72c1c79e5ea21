"""Ralat: an approved correction reaches the channels. Where the product can, it changes what is live; elsewhere a
person is asked, and the publication says that it is not corrected yet until they have said that it is.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import Receipt
from humasflow.channels.adapters.errors import AdapterError
from humasflow.channels.adapters.variant import Action
from humasflow.channels.reaching import get_adapter
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, Refused
from humasflow.core.events import emit
from humasflow.media.services import Upload
from humasflow.outbox import lease
from humasflow.posts import queries as posts
from humasflow.posts.models import Post
from humasflow.posts.services import put_back
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryState, FollowUp
from humasflow.publishing.events import CorrectionDue, PostCorrected
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import (
    reasons_not_to_confirm_correction,
    reasons_not_to_try_again,
    stays_live,
)
from humasflow.publishing.services.evidence import add_row
from humasflow.publishing.services.follow_ups import (
    CORRECT,
    again_later,
    begin,
    call,
    can_pass,
    is_last_try,
    is_own,
    key_of,
    reaching,
    sentence_of,
    wait_while_paused,
)
from humasflow.publishing.services.holding import fail_blocked, hand_over
from humasflow.publishing.services.manual import keep_screenshot
from humasflow.publishing.services.moving import lock_delivery, record
from humasflow.publishing.services.receiving import address_of
from humasflow.publishing.services.scheduling import requeue
from humasflow.publishing.services.screenshots import ask_for_picture
from humasflow.publishing.showing import agreed_words, differs, keeps_own_words
from humasflow.publishing.snapshots import Snapshot, fill, job_of, reasons_not_to_show, take_snapshot
from humasflow.stories import queries as stories
from humasflow.stories.models import Story
from humasflow.stories.services import publish_change


def begin_correction(story_id: int) -> None:
    """What shows an earlier text is corrected: what is live by a job where the channel can, by a person elsewhere; who
    is about to post by hand gets the new text. What is on its way is looked at when it has arrived (:func:`catch_up`).

    Does nothing unless a correction of the story's current version has been prepared. Safe to repeat. Flushes.
    """
    story = db.session.get_one(Story, story_id)
    change = publish_change(story)
    if change is None or change.version_id is None:
        return
    every = posts.list_posts_of(story_id)
    latest = queries.latest_delivery_of(p.id for p in every)
    for post in every:
        delivery = latest.get(post.id)
        if delivery is None or delivery.story_version_id == change.version_id:
            continue
        if delivery.state is DeliveryState.PUBLISHED:
            _begin(delivery, change.version_id)
        elif delivery.state is DeliveryState.MANUAL_DUE:
            _ask_anew(post, delivery)


def catch_up(delivery_id: int) -> None:
    """What has just gone live may show a text that was corrected while it was on its way, uncertain or in the hands of
    a person. Safe to repeat. Flushes.
    """
    delivery = db.session.get_one(Delivery, delivery_id)
    shown = delivery.story_version_id
    versions = [
        c.version_id for c in stories.list_public_changes(delivery.story_id) if c.version_id is not None
    ]
    if shown is None or not versions or shown >= max(versions):
        return
    lock_delivery(delivery)
    live = delivery.state is DeliveryState.PUBLISHED and delivery.retract_state is FollowUp.NONE
    if live and delivery.correcting_to_id is None:
        _begin(delivery, max(versions))


def _begin(delivery: Delivery, version_id: int) -> None:
    """Correct one that is live."""
    lock_delivery(delivery)
    delivery.correcting_to_id, delivery.follow_up_error = version_id, ""
    if not is_own(delivery.account) and not _can_correct(delivery):
        _ask_person(delivery)
    elif brings_something(delivery):
        _wait(delivery)
    else:
        _ask_person(delivery, own_words())


def end_rewriting(story_id: int, *, actor_id: int) -> None:
    """No correction is being prepared any more: what was written for it on live posts is given up with it, and each
    says again what was agreed to last. Does nothing while one is prepared. Flushes.
    """
    if stories.get_prepared_change(story_id) is not None:
        return
    every = posts.list_posts_of(story_id)
    latest = queries.latest_delivery_of(p.id for p in every)
    for post in every:
        delivery = latest.get(post.id)
        if delivery is not None and delivery.generation == post.generation and stays_live(delivery):
            put_back(post, agreed_words(delivery), actor_id=actor_id)


def _ask_anew(post: Post, delivery: Delivery) -> None:
    """The person who is to post it by hand gets the corrected text, and hears of it."""
    lock_delivery(delivery)
    if delivery.state is not DeliveryState.MANUAL_DUE:
        return
    requeue(delivery)
    snapshot = take_snapshot(post)
    blocked = reasons_not_to_show(snapshot.payload)
    if blocked:
        fail_blocked(delivery, blocked)
    else:
        hand_over(post, delivery, snapshot)


def own_words() -> str:
    """Why a person is asked although the channel can be edited."""
    return _(
        "Teks unggahan ini ditulis sendiri, jadi tidak ikut berubah bersama naskahnya. Periksa apakah ikut salah."
    )


def brings_something(delivery: Delivery) -> bool:
    """Whether the correction that waits changes anything of what the channel shows."""
    wanted = snapshot_wanted(delivery)
    return wanted is not None and differs(delivery.account, delivery.payload or {}, wanted.payload)


def snapshot_wanted(delivery: Delivery) -> Snapshot | None:
    """What the channel is to show instead of what it shows; None: nothing waits."""
    if delivery.correcting_to_id is None:
        return None
    return take_snapshot(
        delivery.post, stories.get_version(delivery.correcting_to_id), agreed_words(delivery)
    )


def _can_correct(delivery: Delivery) -> bool:
    adapter = reaching(delivery)
    return adapter is not None and adapter.caps.can_edit


def _key(delivery: Delivery) -> str:
    return key_of(CORRECT, delivery)


def _wait(delivery: Delivery) -> None:
    delivery.correct_state = FollowUp.WAITING
    db.session.flush()
    begin(CORRECT, delivery, key=_key(delivery))


def _ask_person(delivery: Delivery, why: str = "") -> None:
    delivery.correct_state, delivery.follow_up_error = FollowUp.BY_HAND, why
    delivery.assignee_id = delivery.account.assignee_id
    db.session.flush()
    record(AuditAction.DELIVERY_CORRECTION_DUE, delivery, actor=None, reason=why)
    emit(CorrectionDue(delivery_id=delivery.id, post_id=delivery.post_id, assignee_id=delivery.assignee_id))


@dataclass(frozen=True)
class _Wanted:
    """What the channel is to show, of which version of the story."""

    version_id: int
    snapshot: Snapshot
    key: str
    keeps_own_words: bool


def correct_live(delivery_id: int | str) -> None:
    """Bring the approved correction to a channel that can be edited. Address and time of publication stay; the old text
    stays in its version and in the hash of the evidence. Safe to repeat at any time: changing what is live twice is
    changing it once. Emits PostCorrected, or CorrectionDue where it turns out to be a person's.

    On the newsroom one transaction does it; elsewhere it commits before and after the call. Raises RetryLater and
    LeaseLost.
    """
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None:
        return
    wanted = _look(delivery)
    if wanted is None:
        return
    wait_while_paused(delivery)
    if is_own(delivery.account):
        fill(delivery, wanted.snapshot)
        get_adapter(delivery.account.adapter).update(job_of(delivery, action=Action.CORRECT))
        _shown(delivery, None, wanted)
        return
    db.session.commit()
    try:
        if not _can_correct(delivery):  # disconnected since
            _give_to_person(delivery, wanted, _("Akun ini tidak lagi tersambung."))
            return
        receipt = call(
            delivery, lambda adapter, job: adapter.update(job), action=Action.CORRECT,
            before=lambda: fill(delivery, wanted.snapshot), is_long=True,
        )  # fmt: skip
    except AdapterError as error:
        if can_pass(error) and not is_last_try(wanted.key):
            raise again_later(error) from error
        _give_to_person(delivery, wanted, sentence_of(error))
        return
    lock_delivery(delivery)
    lease.keep()
    if _is_wanted(delivery, wanted):
        fill(delivery, wanted.snapshot)
        _shown(delivery, receipt, wanted)
    db.session.commit()


def _look(delivery: Delivery) -> _Wanted | None:
    """What is to be shown, by what is true now; None: nothing is left to do. Locks the delivery."""
    lock_delivery(delivery)
    lease.keep()
    removed = delivery.retract_state is not FollowUp.NONE
    version_id = delivery.correcting_to_id
    if delivery.state is not DeliveryState.PUBLISHED or version_id is None or removed:
        return None
    if delivery.correct_state in (FollowUp.BY_HAND, FollowUp.FAILED):
        return None
    snapshot = take_snapshot(delivery.post, stories.get_version(version_id), agreed_words(delivery))
    return _Wanted(version_id, snapshot, _key(delivery), keeps_own_words(delivery, snapshot))


def _is_wanted(delivery: Delivery, wanted: _Wanted) -> bool:
    return delivery.state is DeliveryState.PUBLISHED and delivery.correcting_to_id == wanted.version_id


def _give_to_person(delivery: Delivery, wanted: _Wanted, why: str) -> None:
    lock_delivery(delivery)
    lease.keep()
    if _is_wanted(delivery, wanted):
        _ask_person(delivery, why)
    db.session.commit()


def _shown(delivery: Delivery, receipt: Receipt | None, wanted: _Wanted) -> None:
    """The channel shows it now; ``delivery`` is filled with what it shows. Words of the post's own are still a person's
    to look at: until they have, it is not corrected.
    """
    if receipt is not None:
        delivery.answer_sha256 = receipt.answer_sha256 or delivery.answer_sha256
        if delivery.permalink is None:
            delivery.permalink, delivery.canonical_url = address_of(receipt.permalink)
    if not wanted.keeps_own_words:
        _corrected(delivery)
    if delivery.permalink is not None and delivery.published_at is not None:
        add_row(delivery, url=delivery.permalink, published_at=delivery.published_at, captured_by=None)
        ask_for_picture(delivery)
    if wanted.keeps_own_words:
        _ask_person(delivery, own_words())
        return
    record(AuditAction.DELIVERY_CORRECTED, delivery, actor=None)
    emit(PostCorrected(delivery_id=delivery.id, post_id=delivery.post_id))


def can_correct_again(delivery: Delivery) -> bool:
    """Whether the connection could bring a correction that a person was asked for."""
    return _can_correct(delivery) and brings_something(delivery)


def correct_again(delivery: Delivery, *, actor: Principal) -> None:
    """Coba lagi: a correction that a person was asked for is tried by the connection once more. Flushes. Raises
    Refused.
    """
    lock_delivery(delivery)
    reasons = reasons_not_to_try_again(actor, delivery, delivery.correct_state)
    if not reasons and not can_correct_again(delivery):
        reasons = reasons_not_to_try_again(actor, delivery, FollowUp.NONE)
    if reasons:
        raise Refused(reasons)
    delivery.follow_up_error = ""
    _wait(delivery)
    record(AuditAction.DELIVERY_RETRIED, delivery, actor=actor)


def confirm_correction(
    delivery: Delivery,
    *,
    actor: Principal,
    version_id: int | None = None,
    unneeded: bool = False,
    note: str = "",
    screenshot: Upload | None = None,
) -> None:
    """A person has corrected the post on its channel and says so, with a picture of the screen where they have one; or
    they have looked, and its own words were never wrong (``unneeded``).

    ``version_id``: the version of the story that they had before them; None: the one that waits. The assignee may, and
    whoever holds ``evidence:record``. Repeating it changes nothing. Raises Refused, and Conflict when a newer
    correction waits. Flushes.
    """
    lock_delivery(delivery)
    if delivery.correcting_to_id is None:
        return
    reasons = reasons_not_to_confirm_correction(actor, delivery)
    if reasons:
        raise Refused(reasons)
    if version_id is not None and version_id != delivery.correcting_to_id:
        raise Conflict(_("Ada ralat yang lebih baru. Periksa catatannya, lalu betulkan lagi."))
    picture = keep_screenshot(screenshot, delivery, actor)
    wanted = snapshot_wanted(delivery)
    if wanted is not None and not unneeded:
        fill(delivery, wanted)
    _corrected(delivery)
    said = (
        _("Sudah diperiksa: unggahan ini tidak ikut salah.")
        if unneeded
        else _("Unggahan dibetulkan sesuai ralat.")
    )
    if delivery.permalink is not None and delivery.published_at is not None:
        add_row(
            delivery, url=delivery.permalink, published_at=delivery.published_at, captured_by=actor.id,
            screenshot=picture, note=note.strip() or said,
        )  # fmt: skip
    record(AuditAction.DELIVERY_CORRECTED, delivery, actor=actor, reason=note.strip() or said)
    emit(PostCorrected(delivery_id=delivery.id, post_id=delivery.post_id))


def _corrected(delivery: Delivery) -> None:
    delivery.story_version_id, delivery.correcting_to_id = delivery.correcting_to_id, None
    delivery.correct_state, delivery.follow_up_error = FollowUp.DONE, ""
    delivery.updated_at = clock.now()
    db.session.flush()
