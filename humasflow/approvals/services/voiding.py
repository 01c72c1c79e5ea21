"""Content changed: what was agreed or asked is not what stands here any more."""

from collections.abc import Sequence

from sqlalchemy import func, select

from humasflow.approvals.contents import is_unchanged
from humasflow.approvals.coverage import MAY_GO_OUT, agreed_stories, covers_post, covers_story
from humasflow.approvals.enums import PackageMove, PackageState
from humasflow.approvals.events import PackageVoided
from humasflow.approvals.models import Package, PackageItem
from humasflow.approvals.services.locking import lock_story_now
from humasflow.approvals.services.recording import person, record
from humasflow.approvals.workflow import PACKAGE
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.posts.models import Post, PostVersion
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import move_story


def void_waiting(story_id: int, *, actor_id: int | None, recalled: bool = False) -> None:
    """The story left the states in which anything can be decided on it: nothing waits on anybody's desk any more."""
    for package in _packages(story_id, PackageState.PENDING):
        if recalled:
            package.state = PACKAGE.target(package.state, PackageMove.RECALL)
            package.closed_at = clock.now()
            db.session.flush()
            record(AuditAction.PACKAGE_RECALLED, package, actor=person(actor_id))
        else:
            _void(package, actor_id)


def void_stale(story_id: int, *, actor_id: int) -> None:
    """After a change of content: waiting packages whose content changed, and approved ones that cover nothing current.

    A story in review whose package fell becomes a draft again, because nobody is asked about it any more. Emits
    PackageVoided for each. Flushes.
    """
    story = lock_story_now(story_id)
    waiting = _packages(story_id, PackageState.PENDING)
    fallen = [p for p in waiting if not is_unchanged(p)]
    for package in fallen:
        _void(package, actor_id)
    if fallen and len(fallen) == len(waiting) and story.state is StoryState.IN_REVIEW:
        move_story(story, StoryMove.RECALL, actor=None)
    # A draft has no agreement in force, whatever its packages cover; otherwise what covers nothing current falls.
    is_draft = story.state is StoryState.DRAFT
    for package in _packages(story_id, *MAY_GO_OUT) if is_draft else _without_cover(story_id):
        _void(package, actor_id)


def note_lost_cover(post: Post, previous_version_id: int, *, actor_id: int) -> None:
    """The post's timeline says that the version before was approved and this one is not."""
    package_id = db.session.scalar(
        select(func.max(Package.id))
        .join(PackageItem, PackageItem.package_id == Package.id)
        .join(Story, Package.story_id == Story.id)
        .where(
            PackageItem.post_id == post.id,
            PackageItem.covers_version_id == previous_version_id,
            Package.state.in_(MAY_GO_OUT),
            covers_story(),
        )
    )
    if package_id is not None:
        audit.record(
            AuditAction.PACKAGE_VOIDED, ("post", post.id), office_id=post.office_id, actor=person(actor_id),
            context=("story", post.story_id), package=package_id, whole=False,
        )  # fmt: skip


def version_before(post_id: int, version_id: int) -> int | None:
    """The version of a post that was current until this one was saved."""
    return db.session.scalar(
        select(func.max(PostVersion.id)).where(PostVersion.post_id == post_id, PostVersion.id < version_id)
    )


def _packages(story_id: int, *states: PackageState) -> Sequence[Package]:
    return db.session.scalars(
        select(Package)
        .where(Package.story_id == story_id, Package.state.in_(states))
        .order_by(Package.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _without_cover(story_id: int) -> list[Package]:
    """Packages in force that cover nothing current. The newest one agreed to for the story's current text stays even
    when all its posts were changed: the text itself is still agreed, and accounts may follow it.
    """
    in_force = _packages(story_id, *MAY_GO_OUT)
    if not in_force:
        return []
    holding = set(
        db.session.scalars(
            select(PackageItem.package_id)
            .join(Package, PackageItem.package_id == Package.id)
            .join(Post, PackageItem.post_id == Post.id)
            .join(Story, Package.story_id == Story.id)
            .where(Package.story_id == story_id, Package.state.in_(MAY_GO_OUT), covers_story(), covers_post())
        )
    )
    holding |= {agreed_stories([story_id]).get(story_id, 0)} if not holding else set()
    return [p for p in in_force if p.id not in holding]


def _void(package: Package, actor_id: int | None) -> None:
    before = package.state
    package.state = PACKAGE.target(before, PackageMove.VOID)
    package.closed_at = package.closed_at or clock.now()
    db.session.flush()
    record(AuditAction.PACKAGE_VOIDED, package, actor=person(actor_id), before=before.value, whole=True)
    emit(
        PackageVoided(
            package_id=package.id, story_id=package.story_id, actor_id=actor_id or package.submitted_by
        )
    )
