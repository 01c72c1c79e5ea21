"""A package is put together and sent on its way, or taken back."""

from collections.abc import Sequence
from typing import Any

from humasflow.accounts.policy import Principal, require_here
from humasflow.approvals import policy, queries
from humasflow.approvals.contents import Content, content_to_submit
from humasflow.approvals.enums import PackageMove
from humasflow.approvals.events import PackageApproved, PackageSubmitted
from humasflow.approvals.models import ApprovalStep, Package, PackageItem, PackageStep
from humasflow.approvals.services.locking import lock_package, lock_story
from humasflow.approvals.workflow import PACKAGE
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.core.events import emit
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
    steps = queries.steps_for(story.office_id, story.content_type_id)
    package = _pack(content, steps, actor=actor, note=note)
    _record(
        AuditAction.PACKAGE_SUBMITTED, package, actor=actor, version=content.story_version.number,
        posts=len(content.items), steps=len(steps), digest=package.digest, note=package.note,
    )  # fmt: skip
    if story.state is StoryState.DRAFT:
        move_story(story, StoryMove.SUBMIT, actor=actor)
    emit(PackageSubmitted(package_id=package.id, story_id=story.id, actor_id=actor.id))
    if not steps:
        _agree_at_once(package, story, actor=actor)
    return package


def _pack(content: Content, steps: Sequence[ApprovalStep], *, actor: Principal, note: str) -> Package:
    now = clock.now()
    package = Package(
        office_id=content.story.office_id, story_id=content.story.id, story_version_id=content.story_version.id,
        digest=content.digest, state=PACKAGE.initial, step=1, note=note.strip()[:NOTE_LENGTH],
        submitted_by=actor.id, submitted_at=now, step_since=now, closed_at=None,
    )  # fmt: skip
    package.items = [PackageItem(post_id=i.post.id, post_version_id=i.version.id) for i in content.items]
    package.steps = [
        PackageStep(position=s.position, label=s.label, scope=s.scope, user_id=s.user_id) for s in steps
    ]
    db.session.add(package)
    db.session.flush()
    return package


def _agree_at_once(package: Package, story: Story, *, actor: Principal) -> None:
    """The office chose to ask nobody; the record says so instead of naming a person."""
    package.state = PACKAGE.target(package.state, PackageMove.APPROVE)
    package.closed_at = clock.now()
    db.session.flush()
    _record(
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
    _record(AuditAction.PACKAGE_RECALLED, package, actor=actor)
    if package.story.state is StoryState.IN_REVIEW:
        move_story(package.story, StoryMove.RECALL, actor=actor)


def _record(
    action: AuditAction,
    package: Package,
    *,
    actor: Principal | None,
    acting_as: str | None = None,
    **detail: Any,
) -> None:
    audit.record(
        action, ("package", package.id), office_id=package.office_id, actor=actor, context=("story", package.story_id),
        acting_as=acting_as, **detail,
    )  # fmt: skip
