"""A post comes due: looked at again, sent at most once, and never silently missed.

The job may stop at any instruction and be run again, by this worker or another. Each step stands in the database
before the next begins; the one irreversible call is made between two committed facts (``committing_at`` before it,
the receipt after it), and whoever finds the first without the second asks the channel before doing anything.
"""

from datetime import timedelta

from flask_babel import gettext as _

from humasflow.approvals.queries import approval_of
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import Adapter, CannotTell, Pending, Receipt
from humasflow.channels.adapters.errors import AdapterError, OutcomeUnknown
from humasflow.channels.adapters.registry import UnknownAdapter, get_adapter
from humasflow.core.db import database_now, db
from humasflow.core.events import emit
from humasflow.core.urls import canonical_url
from humasflow.outbox import lease
from humasflow.outbox import services as outbox
from humasflow.outbox.handling import RetryLater
from humasflow.posts import policy as post_policy
from humasflow.posts.models import Post
from humasflow.publishing.embargo import due_of, is_embargoed
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import ManualPostDue, PostHeld, PostLate, PostPublished
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.failing import fail, lose
from humasflow.publishing.services.moving import current_or_new, lock_delivery, lock_post, move, record
from humasflow.publishing.services.scheduling import requeue, sync_job
from humasflow.publishing.snapshots import Snapshot, fill, job_of, reasons_not_to_show, take_snapshot
from humasflow.publishing.workflow import DELIVERY
from humasflow.stories.enums import GONE
from humasflow.stories.services import name_reader

ANNOUNCE = "publishing.announce"
EVIDENCE = "publishing.evidence"


def publish_due(post_id: int | str) -> None:
    """Take a post that came due as far as it can go now: out, to a person, held, late or failed, with the reason.

    Commits between its steps. Safe to repeat at any time. Raises RetryLater, LeaseLost.
    """
    delivery = _look_again(int(post_id))
    if delivery is None:
        return
    adapter = get_adapter(delivery.account.adapter)
    resumed = delivery.state is S.COMMITTING
    if resumed or _prepare(delivery, adapter):
        _send(delivery, adapter, resumed=resumed)


def _look_again(post_id: int) -> Delivery | None:
    """Decide by what is true now. Commits. Returns a delivery that goes on, or None when nothing is left to do."""
    post = lock_post(post_id)
    if post is None:
        return None
    lease.keep()
    if _is_superseded(post):
        return None
    delivery = current_or_new(post)
    if delivery.state is S.COMMITTING:
        db.session.commit()
        return delivery
    if not DELIVERY.allows(delivery.state, M.PREPARE):
        return None
    goes_on = _decide(post, delivery)
    db.session.commit()
    return delivery if goes_on else None


def _is_superseded(post: Post) -> bool:
    """The job is older than what people decided meanwhile."""
    due = due_of(post)
    return post.removed_at is not None or due is None or due > database_now() or post.story.state in GONE


def _decide(post: Post, delivery: Delivery) -> bool:
    """Hold, ask, refuse, hand over, or go on (True)."""
    if not approval_of([post.id])[post.id].approved:
        hold(delivery)
        return False
    if _is_late(post):
        _ask_about_lateness(delivery)
        return False
    if not post.account.is_active:
        fail(delivery, _("%(account)s sedang dinonaktifkan. Aktifkan kanalnya, lalu coba lagi.",
                         account=post.account.name))  # fmt: skip
        return False
    try:
        adapter = get_adapter(post.account.adapter)
    except UnknownAdapter as unknown:
        fail(
            delivery,
            _("Cara pengiriman kanal ini tidak dikenal. Periksa pengaturan kanal."),
            detail=str(unknown),
        )
        return False
    snapshot = take_snapshot(post)
    blocked = reasons_not_to_show(snapshot.payload)
    if blocked:  # a consent withdrawn or ended since it was approved
        fail(delivery, " ".join(r.message for r in blocked))
        return False
    if adapter.caps.by_hand:
        hand_over(post, delivery, snapshot)
        return False
    problems = post_policy.problems_of(post, snapshot.version, snapshot.story_version, snapshot.body_html)
    blocking = [p.message for p in problems if p.blocks]
    if blocking:
        fail(delivery, " ".join(blocking))
        return False
    fill(delivery, snapshot)
    delivery.error = ""
    move(delivery, M.PREPARE)
    return True


def hold(delivery: Delivery) -> None:
    """What nobody approved does not go out. Told once, however often the worker looks."""
    if delivery.state is S.HELD:
        return
    delivery.error, delivery.assignee_id = _("Isi yang sekarang belum disetujui."), None
    move(delivery, M.HOLD)
    record(AuditAction.DELIVERY_HELD, delivery, actor=None)
    emit(PostHeld(delivery_id=delivery.id, post_id=delivery.post_id))


def _is_late(post: Post) -> bool:
    due = due_of(post)
    return due is not None and database_now() - due > timedelta(minutes=post.account.grace_minutes)


def _ask_about_lateness(delivery: Delivery) -> None:
    if delivery.state is S.LATE:
        return
    delivery.error = _("Waktunya sudah lewat terlalu lama untuk diterbitkan dengan sendirinya.")
    move(delivery, M.DELAY)
    record(AuditAction.DELIVERY_LATE, delivery, actor=None)
    emit(PostLate(delivery_id=delivery.id, post_id=delivery.post_id))


def hand_over(post: Post, delivery: Delivery, snapshot: Snapshot) -> None:
    """Ask the person who posts on this account, with everything ready to copy."""
    fill(delivery, snapshot)
    delivery.assignee_id, delivery.error = post.account.assignee_id, ""
    if delivery.assignee_id is not None:
        name_reader(post.story, delivery.assignee_id, actor=None)
    move(delivery, M.ASK_PERSON)
    record(AuditAction.DELIVERY_MANUAL_DUE, delivery, actor=None)
    emit(ManualPostDue(delivery_id=delivery.id, post_id=delivery.post_id, assignee_id=delivery.assignee_id))


def _prepare(delivery: Delivery, adapter: Adapter) -> bool:
    """What can be done beforehand, then the note that the irreversible call follows. Commits. True: go on."""
    job = job_of(delivery)
    db.session.commit()  # nothing stays open while a channel is asked
    try:
        answer = adapter.prepare(job)
    except AdapterError as error:
        _refused(delivery, error)
        return False
    if isinstance(answer, Pending):
        raise RetryLater("the channel is still preparing", delay=timedelta(seconds=answer.retry_after))
    post = lock_post(delivery.post_id)
    if post is None:
        return False
    lock_delivery(delivery)
    lease.keep()
    if delivery.state is not S.PREPARING:
        return False
    if is_embargoed(post):  # set while the channel was preparing: it waits for the end, and nobody has to act
        requeue(delivery)
        sync_job(post)
        db.session.commit()
        return False
    if _is_superseded(post):
        return False
    # The snapshot is what was approved a moment ago; an edit since then takes the approval back.
    approved = approval_of([post.id])[post.id].approved
    unchanged = (delivery.post_version_id, delivery.story_version_id) == (
        post.current_version_id, post.story.current_version_id,
    )  # fmt: skip
    if not approved or not unchanged:
        hold(delivery)
        db.session.commit()
        return False
    blocked = reasons_not_to_show(delivery.payload)
    if blocked:
        fail(delivery, " ".join(r.message for r in blocked))
        db.session.commit()
        return False
    delivery.committing_at = database_now()
    move(delivery, M.COMMIT)
    db.session.commit()
    return True


def _refused(delivery: Delivery, error: AdapterError) -> None:
    """A "no" before anything irreversible: once more later, or failed."""
    if error.is_retryable:
        raise RetryLater(str(error)) from error
    lock_delivery(delivery)
    lease.keep()
    fail(delivery, _("Kanal menolak publikasi ini. Periksa isinya dan pengaturan kanal."), detail=str(error))
    db.session.commit()


def _send(delivery: Delivery, adapter: Adapter, *, resumed: bool) -> None:
    """The irreversible call; after an interruption first the question whether it was made already."""
    job = job_of(delivery)
    db.session.commit()
    if resumed:
        found = adapter.find(job) if adapter.caps.can_find else CannotTell()
        if isinstance(found, Receipt):
            _receive(delivery, found)
            return
        if not adapter.caps.idempotent:
            _lose(delivery, "interrupted, and the channel cannot tell")
            return
    try:
        answer = adapter.commit(job)
    except OutcomeUnknown as error:
        _lose(delivery, str(error))
        return
    except AdapterError as error:
        _refused(delivery, error)
        return
    if isinstance(answer, Pending):
        raise RetryLater("the channel is still working", delay=timedelta(seconds=answer.retry_after))
    _receive(delivery, answer)


def _receive(delivery: Delivery, receipt: Receipt) -> None:
    """The receipt: in a transaction of its own, with nothing in it that could fail for another reason."""
    lock_delivery(delivery)
    lease.keep()
    if not DELIVERY.allows(delivery.state, M.RECEIVE):
        return
    delivery.external_id, delivery.permalink = receipt.external_id, receipt.permalink
    delivery.canonical_url = canonical_url(receipt.permalink) if receipt.permalink else None
    delivery.published_at = database_now()
    delivery.error = ""
    move(delivery, M.RECEIVE)
    outbox.enqueue(EVIDENCE, delivery.id, office_id=delivery.office_id, key=f"evidence:{delivery.id}")
    enqueue_announcement(delivery)
    db.session.commit()


def _lose(delivery: Delivery, detail: str) -> None:
    lock_delivery(delivery)
    lease.keep()
    if delivery.state is S.COMMITTING:
        lose(delivery, detail=detail)
    db.session.commit()


def enqueue_announcement(delivery: Delivery) -> None:
    """Have the news told by a job of its own: a fault there can be repeated, and undoes no receipt."""
    outbox.enqueue(ANNOUNCE, delivery.id, office_id=delivery.office_id, key=f"announce:{delivery.id}")


def announce(delivery_id: int | str) -> None:
    """Tell every room that a post is live. What was taken down again meanwhile is not news. Flushes."""
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None or delivery.state is not S.PUBLISHED:
        return
    if delivery.external_id is not None:
        record(AuditAction.DELIVERY_PUBLISHED, delivery, actor=None, url=delivery.permalink)
    emit(PostPublished(delivery_id=delivery.id, post_id=delivery.post_id, story_id=delivery.story_id))
