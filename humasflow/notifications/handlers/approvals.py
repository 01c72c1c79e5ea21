"""Who hears of approvals beyond the plain loop: parallel steps, what was kept, what was urgent, what waits too long."""

from collections.abc import Iterable

from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.approvals import policy
from humasflow.approvals import queries as approvals
from humasflow.approvals.events import (
    ApprovalKept,
    PackageApproved,
    PackageReleased,
    PackageReturned,
    PackageSeatApproved,
    PackageStepApproved,
    PackageVoided,
    ReviewEscalated,
    ReviewReminded,
    UrgentCleared,
    UrgentObjected,
)
from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.orgs.models import Unit
from humasflow.posts.models import Post
from humasflow.stories.edit_fields import EditField
from humasflow.stories.events import StoriesMoved, StoryMoved

# What asks an approver for a decision; settled once the step is decided, by whomever.
ASKING = (K.REVIEW_WANTED, K.REVIEW_REMINDER, K.REVIEW_ESCALATED)


def on_seat_approved(event: PackageSeatApproved) -> None:
    """Who agreed, and who would have agreed in the same place, are asked no longer; the others still are."""
    package = db.session.get_one(Package, event.package_id)
    services.settle(ASKING, ("package", package.id), but=[u.id for u in approvals.list_deciders(package)])


def on_decided(
    event: PackageStepApproved | PackageApproved | PackageReturned | PackageVoided,
) -> None:
    """Nobody is asked about this step any longer."""
    services.settle((K.REVIEW_REMINDER, K.REVIEW_ESCALATED), ("package", event.package_id))


def on_story_moved(event: StoryMoved) -> None:
    """What was taken back or put aside is not asked for any longer, and what was taken down needs no clearing."""
    package_ids = db.session.scalars(select(Package.id).where(Package.story_id == event.story_id)).all()
    for package_id in package_ids:
        package = db.session.get_one(Package, package_id)
        if policy.current_step(package) is None:
            services.settle(ASKING, ("package", package_id))
        if not _is_flagged(package_id):
            services.settle((K.URGENT_RELEASED,), ("package", package_id))


def on_stories_moved(event: StoriesMoved) -> None:
    """The same for those among many that anybody was asked about."""
    concerned = approvals.with_packages(m.story_id for m in event.moved)
    for moved in event.moved:
        if moved.story_id in concerned:
            on_story_moved(moved)


def on_approval_kept(event: ApprovalKept) -> None:
    """Who agreed learns what changed since, although nothing is asked of them."""
    package = db.session.get_one(Package, event.package_id)
    names = ", ".join(EditField(part).label for part in event.fields)
    if event.post_id is not None:
        post = db.session.get_one(Post, event.post_id)
        names = f"{post.account.name}: {names}"
    _tell(
        package, [d.approver_id for d in package.decisions], K.APPROVAL_KEPT, but=event.actor_id, reason=names,
        key=f"package:{package.id}:kept:{event.post_id or 0}:{event.version_id}", subject=("story", package.story_id),
    )  # fmt: skip


def on_released(event: PackageReleased) -> None:
    """Who could have approved it is asked to agree afterwards; who was asked to decide before is asked no longer."""
    package = db.session.get_one(Package, event.package_id)
    services.settle(ASKING, ("package", package.id))
    release = approvals.get_release_of(package.id)
    people = policy.may_clear(release) if release is not None else frozenset()
    _tell(
        package, people, K.URGENT_RELEASED, but=event.actor_id, reason=event.reason,
        key=f"package:{package.id}:released",
    )  # fmt: skip


def on_cleared(event: UrgentCleared) -> None:
    """Who let it out learns that it is in order now."""
    package = db.session.get_one(Package, event.package_id)
    services.settle((K.URGENT_RELEASED, K.URGENT_OBJECTED), ("package", package.id))
    _tell(
        package, _responsible(package), K.URGENT_CLEARED, but=event.actor_id, key=f"package:{package.id}:cleared",
        subject=("story", package.story_id),
    )  # fmt: skip


def on_objected(event: UrgentObjected) -> None:
    """Who let it out, who holds it, and everybody who can take it down."""
    package = db.session.get_one(Package, event.package_id)
    services.settle((K.URGENT_RELEASED,), ("package", package.id))
    office = db.session.get_one(Unit, package.office_id)
    able = [u.id for u in accounts.list_people_with(Permission.STORY_WITHDRAW, office)]
    _tell(
        package, [*_responsible(package), *able], K.URGENT_OBJECTED, but=event.actor_id, reason=event.reason,
        key=f"package:{package.id}:objected",
    )  # fmt: skip


def on_reminded(event: ReviewReminded) -> None:
    """Whom the step asks today; not those who answered already."""
    package = db.session.get_one(Package, event.package_id)
    people = [u.id for u in approvals.list_deciders(package)]
    _tell(
        package, people, K.REVIEW_REMINDER, but=event.actor_id, actor_id=event.actor_id or package.submitted_by,
        key=f"package:{package.id}:reminder:{event.reminder_id}",
    )  # fmt: skip


def on_escalated(event: ReviewEscalated) -> None:
    """Whom the office named for this. The reason says whom it waits for."""
    package = db.session.get_one(Package, event.package_id)
    step = policy.current_step(package)
    waits_for = ", ".join(u.name for u in approvals.list_deciders(package) if u.id not in event.user_ids)
    words = f"{step.label}: {waits_for}" if step and waits_for else (step.label if step else "")
    _tell(
        package, event.user_ids, K.REVIEW_ESCALATED, actor_id=package.submitted_by, reason=words,
        key=f"package:{package.id}:escalated:{event.reminder_id}",
    )  # fmt: skip


def _tell(
    package: Package,
    user_ids: Iterable[int | None],
    kind: K,
    *,
    key: str,
    but: int | None = None,
    actor_id: int | None = None,
    reason: str = "",
    subject: tuple[str, int] | None = None,
) -> None:
    services.notify(
        accounts.users_of(user_ids, but=[but]), kind, office_id=package.office_id,
        subject=subject or ("package", package.id),
        key=key, title=package.story.title, actor_name=accounts.name_of(actor_id or but), reason=reason,
        story_id=package.story_id, deadline=approvals.next_planned(package) if kind in ASKING else None,
    )  # fmt: skip


def _responsible(package: Package) -> list[int | None]:
    release = approvals.get_release_of(package.id)
    return [package.submitted_by, package.story.owner_id, release.released_by if release else None]


def _is_flagged(package_id: int) -> bool:
    release = approvals.get_release_of(package_id)
    return release is not None and release.state.is_flagged


HANDLERS = [
    (PackageSeatApproved, on_seat_approved),
    (PackageStepApproved, on_decided),
    (PackageApproved, on_decided),
    (PackageReturned, on_decided),
    (PackageVoided, on_decided),
    (StoryMoved, on_story_moved),
    (StoriesMoved, on_stories_moved),
    (ApprovalKept, on_approval_kept),
    (PackageReleased, on_released),
    (UrgentCleared, on_cleared),
    (UrgentObjected, on_objected),
    (ReviewReminded, on_reminded),
    (ReviewEscalated, on_escalated),
]
