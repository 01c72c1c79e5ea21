"""A package is put together and sent on its way, or taken back."""

from collections.abc import Sequence

from humasflow.accounts.policy import Principal, require_here
from humasflow.approvals import policy, queries
from humasflow.approvals.contents import Content, content_to_submit
from humasflow.approvals.enums import PackageMove
from humasflow.approvals.events import PackageApproved, PackageSubmitted
from humasflow.approvals.models import ApprovalStep, Package, PackageItem, PackageSeat, PackageStep
from humasflow.approvals.services.locking import lock_package, lock_story
from humasflow.approvals.services.recording import record
from humasflow.approvals.workflow import PACKAGE
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.orgs.queries import get_office
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import move_story

NOTE_LENGTH = 500


def submit_package(story: Story, *, actor: Principal, note: str = "") -> Package:
    """Submit what no approval covers yet: the whole draft, or what was added to an approved or published story.

    The chain's steps are copied, so that a later change of the chain leaves this package alone. A chain without steps
    agrees at once. Raises Refused with every reason. Emits PackageSubmitted, then perhaps PackageApproved. Flushes.
    """
    require_here(actor, story.office_id)
    story = lock_story(story.id)
    content = content_to_submit(story)
    reasons = policy.reasons_against(actor, content, policy.pending_package_id(story.id))
    if reasons:
        raise Refused(reasons)
    package = pack(content, actor=actor, note=note)
    emit(PackageSubmitted(package_id=package.id, story_id=story.id, actor_id=actor.id))
    if not package.steps:
        _agree_at_once(package, story, actor=actor)
    return package


def pack(content: Content, *, actor: Principal, note: str = "") -> Package:
    """Put a package together and record it; a draft's story is then in review. The caller checked everything and has
    locked the story. Flushes.
    """
    story, now = content.story, clock.now()
    chain = queries.chain_for(story.office_id, story.content_type_id)
    steps = chain.steps if chain else []
    package = Package(
        office_id=story.office_id, story_id=story.id, story_version_id=content.story_version.id,
        covers_version_id=content.story_version.id, digest=content.digest, field_digests=content.field_digests,
        state=PACKAGE.initial, step=1, note=note.strip()[:NOTE_LENGTH], allows_bulk=bool(chain and chain.allows_bulk),
        submitted_by=actor.id, submitted_at=now, step_since=now, closed_at=None,
    )  # fmt: skip
    package.items = [
        PackageItem(
            post_id=i.post.id, post_version_id=i.version.id, covers_version_id=i.version.id,
            field_digests=i.field_digests,
        )
        for i in content.items
    ]  # fmt: skip
    package.steps = [PackageStep(position=s.position, label=s.label, rule=s.rule) for s in steps]
    db.session.add(package)
    db.session.flush()
    package.seats = _seats(story.office_id, steps)
    db.session.flush()
    record(
        AuditAction.PACKAGE_SUBMITTED, package, actor=actor, version=content.story_version.number,
        posts=len(content.items), steps=len(steps), digest=package.digest, note=package.note,
    )  # fmt: skip
    if story.state is StoryState.DRAFT:
        move_story(story, StoryMove.SUBMIT, actor=actor)
    return package


def _seats(office_id: int, steps: Sequence[ApprovalStep]) -> list[PackageSeat]:
    """A copy of whom the chain asks, with the names of then."""
    if not steps:
        return []
    seating = queries.seat(get_office(office_id), steps)
    return [
        PackageSeat(
            position=step.position, askee=s.askee, seat=s.seat, label=s.name[:120], scope=s.scope, user_id=s.user_id,
            group_id=s.group_id, guest_id=s.guest_id,
        )
        for step in steps
        for s in seating.seats_of(step)
    ]  # fmt: skip


def _agree_at_once(package: Package, story: Story, *, actor: Principal) -> None:
    """The office chose to ask nobody; the record says so instead of naming a person."""
    package.state = PACKAGE.target(package.state, PackageMove.APPROVE)
    package.closed_at = package.approved_at = clock.now()
    db.session.flush()
    record(
        AuditAction.PACKAGE_APPROVED, package, actor=None, acting_as="Alur tanpa persetujuan", without_steps=True,
        digest=package.digest,
    )  # fmt: skip
    if story.state is StoryState.IN_REVIEW:
        move_story(story, StoryMove.APPROVE, actor=None)
    emit(PackageApproved(package_id=package.id, story_id=story.id, actor_id=actor.id))


def recall(package: Package, *, actor: Principal) -> None:
    """Take a waiting package back, by its submitter or another editor. A story in review becomes a draft again.

    Raises Refused when it was decided meanwhile, saying by whom.
    """
    require_here(actor, package.office_id)
    package = lock_package(package)
    reasons = policy.reasons_not_to_recall(actor, package)
    if reasons:
        raise Refused(reasons)
    package.state = PACKAGE.target(package.state, PackageMove.RECALL)
    package.closed_at = clock.now()
    db.session.flush()
    record(AuditAction.PACKAGE_RECALLED, package, actor=actor)
    if package.story.state is StoryState.IN_REVIEW:
        move_story(package.story, StoryMove.RECALL, actor=actor)
