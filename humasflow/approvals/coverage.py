"""Which posts an agreement covers. Derived each time from what is current: an edit needs no clean-up.

An agreement covers the versions it was given for, and later ones in which nothing marked changed (see
``services.keeping``, which writes down that a package covers a later version; what it did not look at is not covered).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package, PackageItem
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story

# A story that is written, reviewed, held, cancelled or withdrawn has no agreement in force, whatever was agreed once.
IN_FORCE = frozenset({StoryState.APPROVED, StoryState.PUBLISHED, StoryState.ARCHIVED})

# Packages whose content may go out: agreed to, or let out because it was urgent (and flagged).
MAY_GO_OUT = frozenset({PackageState.APPROVED, PackageState.RELEASED})


@dataclass(frozen=True)
class Approval:
    """Whether a post, exactly as it stands now, may go out. ``package_id``: the package that says so, or asks so.
    ``urgent``: it may, but nobody has agreed to it yet.
    """

    approved: bool
    pending: bool
    package_id: int | None
    urgent: bool = False


NOTHING = Approval(approved=False, pending=False, package_id=None)


def covers_story() -> ColumnElement[bool]:
    """A condition on Package joined to its Story: the story's current version is covered."""
    return Package.covers_version_id == Story.current_version_id


def covers_post() -> ColumnElement[bool]:
    """A condition on PackageItem joined to its Post: the post's current version is covered, and the post is there."""
    return (PackageItem.covers_version_id == Post.current_version_id) & Post.removed_at.is_(None)


def approval_of(post_ids: Sequence[int]) -> dict[int, Approval]:
    """Every asked post's approval, in at most three statements whatever their number.

    Approved: a package in force covers the post's current version together with the story's current version; or the
    account follows the story's approval and some approved package covers the story's current version.
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
            covers_post(),
            covers_story(),
            Package.state.in_((*MAY_GO_OUT, PackageState.PENDING)),
        )
        .order_by(Package.id)
    ):
        known = found[post_id]
        if state is PackageState.PENDING:
            if not known.approved:
                found[post_id] = Approval(approved=False, pending=True, package_id=package_id)
        elif post_id in in_force and (state is PackageState.APPROVED or not known.approved):
            urgent = state is PackageState.RELEASED
            found[post_id] = Approval(approved=True, pending=False, package_id=package_id, urgent=urgent)
    following = {
        post_id: story_id
        for post_id, story_id, _state, follows in rows
        if follows and post_id in in_force and (not found[post_id].approved or found[post_id].urgent)
    }
    if following:
        agreed = agreed_stories(following.values())
        for post_id, story_id in following.items():
            if story_id in agreed:
                found[post_id] = Approval(approved=True, pending=False, package_id=agreed[story_id])
    return found


def agreed_stories(story_ids: Iterable[int]) -> dict[int, int]:
    """Stories whose current version an approved package covers, each with the newest such package."""
    rows = db.session.execute(
        select(Package.story_id, func.max(Package.id))
        .join(Story, Package.story_id == Story.id)
        .where(
            Package.story_id.in_(set(story_ids)),
            Package.state == PackageState.APPROVED,
            covers_story(),
        )
        .group_by(Package.story_id)
    )
    return dict(rows.all())
