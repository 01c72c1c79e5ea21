"""An edit after approval in nothing that the office marks: the agreement holds for the new version too.

Decided once, when the version is saved, by the policy in force then, and written down: a later change of the policy
neither revives nor ends what people were told. What nobody looked at here is not covered.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from humasflow.accounts.queries import load_principal
from humasflow.approvals.contents import digests_of_post
from humasflow.approvals.coverage import MAY_GO_OUT
from humasflow.approvals.events import ApprovalKept
from humasflow.approvals.models import Package, PackageItem
from humasflow.approvals.services.locking import lock_story_now
from humasflow.approvals.services.recording import person, record
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.posts import queries as posts
from humasflow.posts.models import Post
from humasflow.stories import queries as stories
from humasflow.stories import services as story_services
from humasflow.stories.edit_fields import EditField, changed_fields, field_digests
from humasflow.stories.edit_policy import edit_rules
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story, StoryVersion


def keep_story(story_id: int, version_id: int, *, actor_id: int) -> None:
    """After a save of an approved story: the packages that covered the version before cover this one too, when nothing
    marked changed since it was approved. When none of them does any more, the story becomes a draft. Emits
    ApprovalKept.
    """
    story = lock_story_now(story_id)
    if story.state is not StoryState.APPROVED:
        return  # a draft has nothing to keep; a correction of what is live is always agreed to anew
    kept = 0
    packages = _covering(story_id, version_id)
    if packages:
        version = stories.get_version(version_id)
        now = field_digests(story_services.content_of(version, stories.get_body(version_id)))
        for package in packages:
            changed = _unmarked(package.field_digests, now, story.office_id)
            if changed is not None:
                package.covers_version_id = version_id
                kept += 1
                _tell(package, None, version_id, changed, actor_id=actor_id)
    db.session.flush()
    if not kept:
        # The story's own room kept it approved, looking at this edit alone. Together with earlier ones, or under a
        # policy that changed in between, it is too much.
        actor = person(actor_id)
        story_services.move_story(
            story, StoryMove.VOID, actor=load_principal(actor, office_id=story.office_id) if actor else None
        )


def keep_post(post: Post, version_id: int, previous_id: int, *, actor_id: int) -> bool:
    """The same for one post; whether its approval holds on. It never does when the channel shows the story's own body
    now and did not before, or the other way: the same words then read otherwise. Emits ApprovalKept.
    """
    lock_story_now(post.story_id)
    if len({version.shows_story for version in posts.get_versions([version_id, previous_id])}) > 1:
        return False
    found = db.session.execute(
        select(PackageItem, Package)
        .join(Package, PackageItem.package_id == Package.id)
        .where(
            PackageItem.post_id == post.id,
            PackageItem.covers_version_id == previous_id,
            Package.state.in_(MAY_GO_OUT),
        )
        .order_by(Package.id)
    ).all()
    if not found:
        return False
    now = digests_of_post(posts.get_versions([version_id])[0])
    kept = False
    for item, package in found:
        changed = _unmarked(item.field_digests, now, post.office_id)
        if changed is not None:
            item.covers_version_id = version_id
            kept = True
            _tell(package, post, version_id, changed, actor_id=actor_id)
    db.session.flush()
    return kept


def _covering(story_id: int, version_id: int) -> Sequence[Package]:
    """The packages in force that cover the version before this one."""
    before = (
        select(func.max(StoryVersion.id))
        .where(StoryVersion.story_id == story_id, StoryVersion.id < version_id)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(Package)
        .join(Story, Package.story_id == Story.id)
        .where(
            Package.story_id == story_id, Package.state.in_(MAY_GO_OUT), Package.covers_version_id == before
        )
        .order_by(Package.id)
    ).all()


def _unmarked(
    approved: Mapping[str, str], now: Mapping[str, str], office_id: int
) -> frozenset[EditField] | None:
    """What changed since the approval when nothing of it is marked; None when something is."""
    changed = changed_fields(approved, now)
    return None if edit_rules(office_id).voids(changed) else changed


def _tell(
    package: Package, post: Post | None, version_id: int, changed: frozenset[EditField], *, actor_id: int
) -> None:
    parts = tuple(part.value for part in EditField if part in changed)
    names = ", ".join(EditField(p).label for p in parts)
    label = f"{post.account.name}: {names}" if post is not None else names
    record(
        AuditAction.APPROVAL_KEPT, package, actor=person(actor_id), label=label, fields=list(parts),
        post=post.id if post is not None else None, version=version_id,
    )  # fmt: skip
    emit(
        ApprovalKept(
            package_id=package.id, story_id=package.story_id, post_id=post.id if post is not None else None,
            version_id=version_id, actor_id=actor_id, fields=parts,
        )
    )  # fmt: skip
