"""Who hears of what. Nobody is told about their own act, and what was asked stops being asked once it is done."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.accounts import queries as accounts
from humasflow.accounts.events import UserInvited
from humasflow.accounts.models import User
from humasflow.approvals import queries as approvals
from humasflow.approvals.enums import PackageState
from humasflow.approvals.events import (
    PackageApproved,
    PackageReturned,
    PackageStepApproved,
    PackageSubmitted,
    PackageVoided,
)
from humasflow.approvals.models import Package
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.notifications import queries, services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.orgs.models import Unit
from humasflow.pitches.enums import PitchMove, PitchState
from humasflow.pitches.events import PitchDecided, PitchSent
from humasflow.pitches.models import Pitch
from humasflow.posts.events import PostRemoved, PostScheduled, PostUnscheduled
from humasflow.posts.models import Post
from humasflow.publishing.events import ManualPostDue, PostPublished
from humasflow.publishing.models import Delivery, Evidence
from humasflow.stories.enums import StoryMove
from humasflow.stories.events import StoryAssigned, StoryMoved
from humasflow.stories.models import Story, StoryVersion

NEWS_FOR = timedelta(
    days=7
)  # a publication recorded later than this is history, and nobody is called about it
DECIDED_KINDS = {
    PitchMove.ACCEPT: K.PITCH_ACCEPTED,
    PitchMove.PARK: K.PITCH_PARKED,
    PitchMove.REJECT: K.PITCH_REJECTED,
    PitchMove.REOPEN: K.PITCH_REOPENED,
}
ASKING_ABOUT_A_POST = (
    K.MANUAL_DUE, K.POST_HELD, K.POST_LATE, K.POST_FAILED, K.POST_UNCERTAIN, K.POST_WAITS,
    K.POST_NO_QUOTA, K.MANUAL_LATE,
)  # fmt: skip


# People


def _people_with(permission: Permission, office_id: int, *, but: int | None = None) -> list[User]:
    office = db.session.get_one(Unit, office_id)
    return [u for u in accounts.list_people_with(permission, office) if u.id != but]


# Pitches


def on_pitch_sent(event: PitchSent) -> None:
    """Editors learn of a new idea."""
    pitch = db.session.get_one(Pitch, event.pitch_id)
    services.notify(
        _people_with(Permission.PITCH_TRIAGE, pitch.office_id, but=event.author_id),
        K.PITCH_NEW,
        office_id=pitch.office_id,
        subject=("pitch", pitch.id),
        key=f"pitch:{pitch.id}:new",
        title=pitch.title,
        actor_name=accounts.name_of(event.author_id),
    )


def on_pitch_decided(event: PitchDecided) -> None:
    """The author learns what became of the idea, and why."""
    pitch = db.session.get_one(Pitch, event.pitch_id)
    if event.move is not PitchMove.REOPEN:
        services.settle([K.PITCH_NEW], ("pitch", pitch.id))
    services.notify(
        accounts.users_of([pitch.author_id], but=[event.actor_id]),
        DECIDED_KINDS[event.move],
        office_id=pitch.office_id,
        subject=("pitch", pitch.id),
        key=f"pitch:{pitch.id}:{event.move.value}:{pitch.row_version}",
        title=pitch.title,
        actor_name=accounts.name_of(event.actor_id),
        reason=event.reason,
        story_id=pitch.story_id,
    )


# Stories


def on_story_assigned(event: StoryAssigned) -> None:
    """Whoever gets a story learns of it."""
    story = db.session.get_one(Story, event.story_id)
    services.notify(
        accounts.users_of([event.owner_id], but=[event.actor_id]),
        K.STORY_ASSIGNED,
        office_id=story.office_id,
        subject=("story", story.id),
        key=f"story:{story.id}:assigned:{event.owner_id}:{story.row_version}",
        title=story.title,
        actor_name=accounts.name_of(event.actor_id),
        story_id=story.id,
    )


def on_story_moved(event: StoryMoved) -> None:
    """What was taken back is not asked for any longer."""
    if event.move is StoryMove.RECALL:
        packages = db.session.scalars(select(Package.id).where(Package.story_id == event.story_id)).all()
        for package_id in packages:
            services.settle([K.REVIEW_WANTED], ("package", package_id))


# Packages


def _ask(package: Package, *, but: int | None) -> None:
    """Those whom the current step asks."""
    if package.state is not PackageState.PENDING:
        return
    services.notify(
        [u for u in approvals.list_deciders(package) if u.id != but],
        K.REVIEW_WANTED,
        office_id=package.office_id,
        subject=("package", package.id),
        key=f"package:{package.id}:step:{package.step}",
        title=package.story.title,
        actor_name=accounts.name_of(package.submitted_by),
        story_id=package.story_id,
        deadline=approvals.next_planned(package),
    )


def _tell_about(
    package: Package, kind: K, user_ids: Iterable[int | None], *, actor_id: int | None, reason: str = ""
) -> None:
    decided = (
        package.decisions[-1]
        if package.decisions and kind in (K.REVIEW_APPROVED, K.REVIEW_RETURNED)
        else None
    )
    services.notify(
        accounts.users_of(user_ids, but=[actor_id]),
        kind,
        office_id=package.office_id,
        subject=("story", package.story_id),
        key=f"package:{package.id}:{kind.value}",
        title=package.story.title,
        actor_name=accounts.name_of(actor_id) or (decided.guest_name or "" if decided else ""),
        reason=reason,
        story_id=package.story_id,
    )


def on_package_submitted(event: PackageSubmitted) -> None:
    """The people of the first step are asked."""
    _ask(db.session.get_one(Package, event.package_id), but=event.actor_id)


def on_step_approved(event: PackageStepApproved) -> None:
    """The people of the next step are asked, those of the last one no longer."""
    services.settle([K.REVIEW_WANTED], ("package", event.package_id))
    _ask(db.session.get_one(Package, event.package_id), but=event.actor_id)


def on_package_approved(event: PackageApproved) -> None:
    """Holder and submitter learn that it may go out."""
    package = db.session.get_one(Package, event.package_id)
    services.settle([K.REVIEW_WANTED], ("package", package.id))
    _tell_about(
        package, K.REVIEW_APPROVED, [package.story.owner_id, package.submitted_by], actor_id=event.actor_id
    )


def on_package_returned(event: PackageReturned) -> None:
    """Everybody who worked on it learns what to mend: holder, submitter, writer."""
    package = db.session.get_one(Package, event.package_id)
    services.settle([K.REVIEW_WANTED], ("package", package.id))
    writer = db.session.scalar(
        select(StoryVersion.author_id).where(StoryVersion.id == package.story_version_id)
    )
    people = [package.story.owner_id, package.submitted_by, writer]
    _tell_about(package, K.REVIEW_RETURNED, people, actor_id=event.actor_id, reason=event.reason)


def on_package_voided(event: PackageVoided) -> None:
    """The submitter and everybody who was asked or had agreed learn that it no longer holds."""
    package = db.session.get_one(Package, event.package_id)
    services.settle([K.REVIEW_WANTED], ("package", package.id))
    people = {
        package.submitted_by,
        *(d.approver_id for d in package.decisions),
        *queries.list_asked(package.id),
    }
    _tell_about(package, K.APPROVAL_VOIDED, people, actor_id=event.actor_id)


# Posts


def _post(post_id: int) -> Post:
    return db.session.scalars(
        select(Post).where(Post.id == post_id).options(joinedload(Post.story), joinedload(Post.account))
    ).one()


def _tell_about_post(
    post: Post, users: Iterable[User], kind: K, *, key: str, reason: str = "", actor_name: str = ""
) -> None:
    services.notify(
        users,
        kind,
        office_id=post.office_id,
        subject=("post", post.id),
        key=key,
        title=f"{post.story.title} ({post.account.name})",
        actor_name=actor_name,
        reason=reason,
        story_id=post.story_id,
    )


def on_manual_due(event: ManualPostDue) -> None:
    """The person who posts by hand, or everybody who may when nobody is named who still works here. Asked anew each
    time that it came to them: with another time, another text, or after the connection failed.
    """
    post = _post(event.post_id)
    asked = db.session.get_one(Delivery, event.delivery_id)
    named = [u for u in accounts.users_of([event.assignee_id]) if u.is_active]
    people = named or _people_with(Permission.EVIDENCE_RECORD, post.office_id)
    _tell_about_post(post, people, K.MANUAL_DUE, key=f"delivery:{asked.id}:manual:{asked.row_version}")


def on_post_published(event: PostPublished) -> None:
    """Whoever had the idea learns that it is out (once), and so does the holder (each post)."""
    post = _post(event.post_id)
    services.settle(ASKING_ABOUT_A_POST, ("post", post.id))
    delivery = db.session.get_one(Delivery, event.delivery_id)
    if delivery.published_at is None or clock.now() - delivery.published_at > NEWS_FOR:
        return
    recorder = db.session.scalar(
        select(Evidence.captured_by).where(Evidence.delivery_id == delivery.id).order_by(Evidence.id).limit(1)
    )
    pitches = db.session.scalars(
        select(Pitch)
        .where(Pitch.story_id == event.story_id, Pitch.state == PitchState.ACCEPTED)
        .order_by(Pitch.id)
    ).all()
    told: set[int] = set()
    for pitch in pitches:
        told.update(
            services.notify(
                accounts.users_of([pitch.author_id], but=[recorder]),
                K.PITCH_LIVE,
                office_id=pitch.office_id,
                subject=("pitch", pitch.id),
                key=f"pitch:{pitch.id}:live",
                title=pitch.title,
                story_id=event.story_id,
            )
        )
    holder = accounts.users_of([post.story.owner_id], but=[recorder, *told])
    _tell_about_post(post, holder, K.POST_LIVE, key=f"delivery:{delivery.id}:live")


def on_decided(event: PostScheduled | PostUnscheduled | PostRemoved) -> None:
    """Somebody has decided about a post: it has a time, another one, or none. Nobody is asked about it any longer."""
    services.settle(ASKING_ABOUT_A_POST, ("post", event.post_id))


# Invitations


def on_user_invited(event: UserInvited) -> None:
    """The link by mail, where the office can send mail; otherwise the admin hands it over."""
    user = db.session.get_one(User, event.user_id)
    services.queue_invitation(user, office=db.session.get_one(Unit, event.office_id), url=event.url)


HANDLERS = [
    (PitchSent, on_pitch_sent),
    (PitchDecided, on_pitch_decided),
    (StoryAssigned, on_story_assigned),
    (StoryMoved, on_story_moved),
    (PackageSubmitted, on_package_submitted),
    (PackageStepApproved, on_step_approved),
    (PackageApproved, on_package_approved),
    (PackageReturned, on_package_returned),
    (PackageVoided, on_package_voided),
    (ManualPostDue, on_manual_due),
    (PostPublished, on_post_published),
    (PostScheduled, on_decided),
    (PostUnscheduled, on_decided),
    (PostRemoved, on_decided),
    (UserInvited, on_user_invited),
]
