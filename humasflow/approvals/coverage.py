"""Which posts an agreement covers. Derived each time from what is current, never stored: an edit needs no clean-up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package, PackageItem
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story

# A story that is written, reviewed, held, cancelled or withdrawn has no agreement in force, whatever was agreed once.
IN_FORCE = frozenset({StoryState.APPROVED, StoryState.PUBLISHED, StoryState.ARCHIVED})


@dataclass(frozen=True)
class Approval:
    """Whether a post, exactly as it stands now, may go out. ``package_id``: the package that says so, or asks so."""

    approved: bool
    pending: bool
    package_id: int | None


NOTHING = Approval(approved=False, pending=False, package_id=None)


def approval_of(post_ids: Sequence[int]) -> dict[int, Approval]:
    """Every asked post's approval, in at most three statements whatever their number.

    Approved: an approved package holds the post's current version together with the story's current version; or the
    account follows the story's approval and some approved package holds the story's current version.
    """
    wanted = list(dict.fromkeys(post_ids))
    found = dict.fromkeys(wanted, NOTHING)
    if not wanted:
        return found
    rows = db.session.execute(
        select(Post.id, Post.story_id, Story.state, ChannelAccount.follows_story_approval)
        .join(Story, Post.story_id == Story.id)
        .join(ChannelAccount, Post.account_id == ChannelAccount.id)
        .where(Post.id.in_(wanted), Post.removed_at.is_(None))
    ).all()
    in_force = {post_id for post_id, _story, state, _follows in rows if state in IN_FORCE}
    for post_id, package_id, state in db.session.execute(
        select(PackageItem.post_id, Package.id, Package.state)
        .join(Package, PackageItem.package_id == Package.id)
        .join(Post, PackageItem.post_id == Post.id)
        .join(Story, Package.story_id == Story.id)
        .where(
            PackageItem.post_id.in_(wanted),
            PackageItem.post_version_id == Post.current_version_id,
            Package.story_version_id == Story.current_version_id,
            Package.state.in_((PackageState.APPROVED, PackageState.PENDING)),
            Post.removed_at.is_(None),
        )
        .order_by(Package.id)
    ):
        if state is PackageState.PENDING:
            if not found[post_id].approved:
                found[post_id] = Approval(approved=False, pending=True, package_id=package_id)
        elif post_id in in_force:
            found[post_id] = Approval(approved=True, pending=False, package_id=package_id)
    following = {
        post_id: story_id
        for post_id, story_id, _state, follows in rows
        if follows and post_id in in_force and not found[post_id].approved
    }
    if following:
        agreed = agreed_stories(following.values())
        for post_id, story_id in following.items():
            if story_id in agreed:
                found[post_id] = Approval(approved=True, pending=False, package_id=agreed[story_id])
    return found


def agreed_stories(story_ids: Iterable[int]) -> dict[int, int]:
    """Stories whose current version is in an approved package, each with the newest such package."""
    rows = db.session.execute(
        select(Package.story_id, func.max(Package.id))
        .join(Story, Package.story_id == Story.id)
        .where(
            Package.story_id.in_(set(story_ids)),
            Package.state == PackageState.APPROVED,
            Package.story_version_id == Story.current_version_id,
        )
        .group_by(Package.story_id)
    )
    return dict(rows.all())
