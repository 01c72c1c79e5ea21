"""Something unapproved goes out because it is urgent; another person agrees to it afterwards, or does not."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.approvals import policy, queries
from humasflow.approvals.asking import capacity_of
from humasflow.approvals.contents import Content, content_of, content_to_submit, is_unchanged
from humasflow.approvals.enums import PackageMove, PackageState, UrgentMove
from humasflow.approvals.events import PackageReleased, UrgentCleared, UrgentObjected
from humasflow.approvals.models import Package, UrgentRelease
from humasflow.approvals.services.deciding import REASON_LENGTH
from humasflow.approvals.services.locking import lock_package, lock_story
from humasflow.approvals.services.recording import person, record
from humasflow.approvals.services.submitting import pack
from humasflow.approvals.workflow import PACKAGE, URGENT
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.posts import policy as post_policy
from humasflow.posts import services as posts
from humasflow.posts.enums import PostChange
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import move_story

SHORTEST_REASON = 20  # characters: enough for a sentence, too long for "mendesak"


class ReasonTooShort(UserError):
    """Whoever reads the flag later has to understand why nobody was asked."""


def release_urgently(
    story: Story, *, actor: Principal, digest: str, reason: str, at_once: bool = True
) -> UrgentRelease:
    """Let out what waits, or what would be submitted, without the approvals: with a reason, and flagged until another
    person clears it. ``digest`` is that of what was shown. With ``at_once`` its posts come due now (under embargo when
    it ends), as far as the person may schedule. Raises Refused with every reason, Conflict, ReasonTooShort. Emits
    PackageReleased. Flushes.
    """
    require(actor, Permission.STORY_READ, story.office_id)
    reason = _checked_reason(reason)
    story = lock_story(story.id)
    pending_id = policy.pending_package_id(story.id)
    pending = lock_package(db.session.get_one(Package, pending_id)) if pending_id is not None else None
    content = content_of(pending) if pending is not None else content_to_submit(story)
    steps = (
        pending.steps if pending is not None else queries.steps_for(story.office_id, story.content_type_id)
    )
    reasons = policy.reasons_not_to_release(actor, content, pending=pending, has_steps=bool(steps))
    if reasons:
        raise Refused(reasons)
    unchanged = pending is None or is_unchanged(pending)
    if digest != content.digest or not unchanged or not content.is_genuine:
        raise Conflict(_("Isi sudah berubah sejak halaman ini dibuka. Muat ulang, lalu baca sekali lagi."))
    for item in content.items:
        lock(
            item.post
        )  # before the record, as whoever saves a post does: two who wait for each other would end both
    package = pending if pending is not None else pack(content, actor=actor)
    release = _release(package, actor, reason)
    if story.state is StoryState.IN_REVIEW:
        move_story(story, StoryMove.RELEASE, actor=actor, reason=reason)
    emit(PackageReleased(package_id=package.id, story_id=story.id, actor_id=actor.id, reason=reason))
    if at_once:
        _schedule_now(content, actor)
    return release


def _release(package: Package, actor: Principal, reason: str) -> UrgentRelease:
    now = clock.now()
    package.state = PACKAGE.target(package.state, PackageMove.RELEASE)
    package.closed_at = now
    signed = actor.capacity_for(Permission.STORY_PUBLISH_URGENTLY, package.office_id)[:300]
    release = UrgentRelease(
        office_id=package.office_id, story_id=package.story_id, package_id=package.id, state=URGENT.initial,
        released_by=actor.id, released_as=signed, released_at=now, reason=reason,
    )  # fmt: skip
    db.session.add(release)
    db.session.flush()
    record(
        AuditAction.PACKAGE_RELEASED, package, actor=actor, acting_as=signed, reason=reason, digest=package.digest,
        approvals=len(package.decisions), steps=len(package.steps),
    )  # fmt: skip
    return release


def _schedule_now(content: Content, actor: Principal) -> None:
    """What has no time yet, or a later one, comes due now. Whoever may not schedule leaves that to those who may.
    Urgency skips the approvals and nothing else: an embargo holds.
    """
    now = clock.now()
    first = max(now, content.story.embargo_until or now)
    for item in content.items:
        later = item.post.scheduled_at is None or item.post.scheduled_at > first
        if later and not post_policy.reasons_not_to_change(actor, item.post, PostChange.SCHEDULE):
            posts.schedule_post(item.post, actor=actor, due_at=first)


def clear_urgent(release: UrgentRelease, *, actor: Principal, digest: str) -> None:
    """Agree afterwards to exactly what went out. The package counts as approved from now on, unless an edit has made it
    void since. Raises Refused, Conflict. Emits UrgentCleared. Flushes.
    """
    package = _open(release, actor, UrgentMove.CLEAR, digest)
    now = clock.now()
    signed = _signed(package, actor)
    release.state = URGENT.target(release.state, UrgentMove.CLEAR)
    release.cleared_by, release.cleared_as, release.closed_at = actor.id, signed, now
    if package.state is PackageState.RELEASED:
        package.state = PACKAGE.target(package.state, PackageMove.APPROVE)
        package.approved_at = now
    db.session.flush()
    record(AuditAction.URGENT_CLEARED, package, actor=actor, acting_as=signed, digest=package.digest)
    emit(UrgentCleared(package_id=package.id, story_id=package.story_id, actor_id=actor.id))


def object_to_urgent(release: UrgentRelease, *, actor: Principal, digest: str, reason: str) -> None:
    """Say that it should not have gone out. It stays flagged, and those who can are asked to take it down. Raises
    Refused, Conflict, UserError. Emits UrgentObjected. Flushes.
    """
    reason = reason.strip()
    if not reason:
        raise UserError(_("Tuliskan keberatan Anda, supaya yang menerbitkan tahu apa yang harus diperbaiki."))
    if len(reason) > REASON_LENGTH:
        raise _too_long(reason)
    package = _open(release, actor, UrgentMove.OBJECT, digest)
    signed = _signed(package, actor)
    release.state = URGENT.target(release.state, UrgentMove.OBJECT)
    release.objected_by, release.objected_as, release.objected_at = actor.id, signed, clock.now()
    release.objection = reason
    db.session.flush()
    record(
        AuditAction.URGENT_OBJECTED,
        package,
        actor=actor,
        acting_as=signed,
        reason=reason,
        digest=package.digest,
    )
    emit(UrgentObjected(package_id=package.id, story_id=package.story_id, actor_id=actor.id, reason=reason))


def close_withdrawn(story_id: int, *, actor_id: int | None) -> None:
    """The story was taken down or called off: nothing is left to agree to. The record keeps who let it out. Flushes."""
    for release in queries.list_releases_of(story_id):
        if URGENT.allows(release.state, UrgentMove.WITHDRAW):
            release.state = URGENT.target(release.state, UrgentMove.WITHDRAW)
            release.closed_at = clock.now()
            db.session.flush()
            record(AuditAction.URGENT_WITHDRAWN, release.package, actor=person(actor_id))


def _open(release: UrgentRelease, actor: Principal, move: UrgentMove, digest: str) -> Package:
    require(actor, Permission.STORY_READ, release.office_id)
    package = lock_package(release.package)
    lock(release)
    reasons = policy.reasons_not_to_clear(actor, release, move)
    if reasons:
        raise Refused(reasons)
    if digest != package.digest or not content_of(package).is_genuine:
        raise Conflict(policy.changed().message)
    return package


def _signed(package: Package, actor: Principal) -> str:
    """In the capacity in which the person would have approved, or else in which they approve at all."""
    office = get_office(package.office_id)
    roster = policy.roster_of(package, office)
    section_id = package.story.section_id
    labels = {s.position: s.label for s in package.steps}
    told = [
        capacity_of(s, actor.id, actor.name, section_id, roster, label=labels[s.position])
        for s in package.seats
    ]
    own = actor.capacity_for(Permission.STORY_APPROVE, package.office_id, section_id)
    return next((words for words in told if words != actor.name), own)[:300]


def _checked_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort(
            _(
                "Tuliskan alasannya sedikitnya %(n)s karakter: apa yang mendesak, dan mengapa tidak dapat menunggu.",
                n=SHORTEST_REASON,
            )
        )
    if len(reason) > REASON_LENGTH:
        raise _too_long(reason)
    return reason


def _too_long(reason: str) -> UserError:
    return UserError(
        _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=REASON_LENGTH, size=len(reason))
    )
