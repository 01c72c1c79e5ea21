"""What keeps a post that is due from going out by itself, and what becomes of it then."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask_babel import gettext as _

from humasflow.approvals.queries import approval_of
from humasflow.audit.enums import AuditAction
from humasflow.core.db import database_now
from humasflow.core.errors import Reason
from humasflow.core.events import emit
from humasflow.posts.models import Post
from humasflow.publishing.embargo import due_of
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import ManualPostDue, PostHeld, PostLate
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import is_let_in
from humasflow.publishing.progress import progress_of
from humasflow.publishing.services.discarding import discard_later
from humasflow.publishing.services.failing import fail, wait
from humasflow.publishing.services.moving import move, record
from humasflow.publishing.services.scheduling import requeue, sync_job
from humasflow.publishing.snapshots import Snapshot, fill, reasons_not_to_show
from humasflow.stories.enums import GONE
from humasflow.stories.services import name_reader

LEAST_GRACE = timedelta(minutes=2)  # "always ask" is about what was missed; to look takes a moment as well


def find_obstacle(post: Post, delivery: Delivery) -> Callable[[], None] | None:
    """What stands against the irreversible call now, as what to do about it; None when nothing does.

    The snapshot is what was approved when it was taken; an edit since then takes the approval back.
    """
    if is_superseded(post):
        return partial(back_to_waiting, post, delivery)
    unchanged = (delivery.post_version_id, delivery.story_version_id) == (
        post.current_version_id, post.story.current_version_id,
    )  # fmt: skip
    if not approval_of([post.id])[post.id].approved:
        return partial(hold, delivery)
    if not unchanged:  # and what it says now was approved meanwhile: that goes out, from the top
        return partial(back_to_waiting, post, delivery)
    blocked = reasons_not_to_show(delivery.payload)
    if blocked:
        return partial(fail_blocked, delivery, blocked)
    return account_obstacle(post, delivery)


def account_obstacle(post: Post, delivery: Delivery) -> Callable[[], None] | None:
    """The same, of the account alone."""
    if not post.account.is_active:
        return partial(_fail_switched_off, delivery)
    if post.account.paused_at is not None:
        return partial(_pause, delivery)
    if not is_let_in(post.account):
        return partial(_ask_sign_in, delivery)
    return None


def is_superseded(post: Post) -> bool:
    """The job is older than what people decided meanwhile."""
    due = due_of(post)
    return post.removed_at is not None or due is None or due > database_now() or post.story.state in GONE


def hold(delivery: Delivery) -> None:
    """What nobody approved does not go out. Told once, however often the worker looks."""
    if delivery.state is S.HELD:
        return
    delivery.error, delivery.assignee_id = _("Isi yang sekarang belum disetujui."), None
    delivery.told_at = None
    move(delivery, M.HOLD)
    record(AuditAction.DELIVERY_HELD, delivery, actor=None)
    emit(PostHeld(delivery_id=delivery.id, post_id=delivery.post_id))


def is_late(post: Post, delivery: Delivery) -> bool:
    """Whether it is too late to go out without a person. What it waited for the channel's quota does not count, nor
    does what a channel needs to prepare what was begun in time: only that nobody was at work on it.
    """
    progress, now = progress_of(delivery), database_now()
    due = progress.late_from or due_of(post)
    grace = max(timedelta(minutes=post.account.grace_minutes), LEAST_GRACE)
    if due is None or now - due <= grace:
        return False
    under_way = delivery.state in (S.PREPARING, S.PREPARED) and progress.since is not None
    moved_at = max(delivery.updated_at, delivery.next_at or delivery.updated_at)
    return not under_way or now - moved_at > grace


def ask_about_lateness(delivery: Delivery) -> None:
    """A person decides. Told once."""
    if delivery.state is S.LATE:
        return
    delivery.error = _("Waktunya sudah lewat terlalu lama untuk diterbitkan dengan sendirinya.")
    delivery.told_at = None
    move(delivery, M.DELAY)
    record(AuditAction.DELIVERY_LATE, delivery, actor=None)
    emit(PostLate(delivery_id=delivery.id, post_id=delivery.post_id))


def fail_blocked(delivery: Delivery, blocked: list[Reason]) -> None:
    """A consent was withdrawn or has ended since it was approved."""
    fail(delivery, " ".join(r.message for r in blocked), code="blocked")


def hand_over(post: Post, delivery: Delivery, snapshot: Snapshot) -> None:
    """Ask the person who posts on this account, with everything ready to copy."""
    fill(delivery, snapshot)
    delivery.assignee_id, delivery.error = post.account.assignee_id, ""
    delivery.error_code, delivery.next_at = "", None
    if delivery.assignee_id is not None:
        name_reader(post.story, delivery.assignee_id, actor=None)
    move(delivery, M.ASK_PERSON)
    discard_later(delivery)
    record(AuditAction.DELIVERY_MANUAL_DUE, delivery, actor=None)
    emit(ManualPostDue(delivery_id=delivery.id, post_id=delivery.post_id, assignee_id=delivery.assignee_id))


def back_to_waiting(post: Post, delivery: Delivery) -> None:
    """A later time, an embargo, or the end of the story came meanwhile: nobody has to act."""
    if post.story.state in GONE:
        move(delivery, M.CANCEL)
    else:
        requeue(delivery)
    discard_later(delivery)  # it stays where it is only to come later
    sync_job(post)


def _fail_switched_off(delivery: Delivery) -> None:
    name = delivery.account.name
    fail(
        delivery, _("%(account)s sedang dinonaktifkan. Aktifkan kanalnya, lalu coba lagi.", account=name),
        code="account_off",
    )  # fmt: skip


def _pause(delivery: Delivery) -> None:
    name = delivery.account.name
    wait(
        delivery, M.PAUSE, _("%(account)s sedang dijeda. Publikasi ini menunggu sampai dilanjutkan.", account=name),
        code="paused",
    )  # fmt: skip


def _ask_sign_in(delivery: Delivery) -> None:
    name = delivery.account.name
    wait(
        delivery, M.ASK_SIGN_IN,
        _("%(account)s tidak lagi mengizinkan humasflow masuk. Minta admin menyambungkannya ulang.", account=name),
        code="auth_revoked",
    )  # fmt: skip
