"""What changed since a story was last approved: its text, its facts, its pictures, and each of its posts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask_login import current_user
from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager

from humasflow.approvals import queries as approvals
from humasflow.approvals.models import Package, PackageItem
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.guards import signed_in
from humasflow.orgs import queries as orgs
from humasflow.pages.blueprint import blueprint
from humasflow.posts import queries as posts
from humasflow.posts.comparison import compare_versions
from humasflow.posts.models import Post
from humasflow.stories import queries as stories
from humasflow.stories.comparison import Difference
from humasflow.stories.presenting import compare_stored


@dataclass(frozen=True)
class ChangedPost:
    """A post that is not as it was approved: new, with other words, or gone."""

    post: Post
    is_new: bool
    changes: Sequence[Difference]
    is_removed: bool = False


@blueprint.get("/naskah/<int:story_id>/versi/sejak-persetujuan")
@signed_in
def changes_since_approval(story_id: int) -> str:
    """The difference between what was approved last and what stands now."""
    story = stories.get_story(current_user, story_id)
    package = approvals.last_approved_package(story.id)
    comparison = None
    changed: Sequence[ChangedPost] = ()
    if package is not None:
        old = stories.get_version(package.story_version_id)
        comparison = compare_stored(old, stories.get_current_version(story))
        changed = [*_changed_posts(story.id, package), *_removed_posts(story.id, package)]
    return render_template(
        "pages/story_changes.html", story=story, package=package, comparison=comparison, posts=changed,
        where=orgs.get_office(story.office_id),
    )  # fmt: skip


def _changed_posts(story_id: int, package: Package) -> list[ChangedPost]:
    """Posts that differ from every approved package up to this one; a constant number of statements."""
    approved = {
        item.post_id: item.post_version_id
        for earlier in reversed(approvals.list_packages_of(story_id))
        if earlier.approved_at is not None and earlier.id <= package.id
        for item in earlier.items
    }
    now = {p.id: p for p in posts.list_posts_of(story_id) if p.current_version_id is not None}
    wanted = {v for p in now.values() if (v := p.current_version_id) is not None} | set(approved.values())
    versions = {v.id: v for v in posts.get_versions(wanted)}
    found = []
    for post in now.values():
        before, after = approved.get(post.id), post.current_version_id
        if before is None:
            found.append(ChangedPost(post, True, ()))
        elif after is not None and before != after:
            found.append(ChangedPost(post, False, compare_versions(versions[before], versions[after])))
    return found


def _removed_posts(story_id: int, package: Package) -> list[ChangedPost]:
    """Posts that were approved by then, and removed since. One statement."""
    was_approved = exists().where(
        PackageItem.post_id == Post.id, PackageItem.package_id == Package.id, Package.id <= package.id,
        Package.approved_at.is_not(None),
    )  # fmt: skip
    gone = db.session.scalars(
        select(Post)
        .join(Post.account)
        .options(contains_eager(Post.account))
        .where(Post.story_id == story_id, Post.removed_at > package.approved_at, was_approved)
        .order_by(ChannelAccount.position, Post.id)
    )
    return [ChangedPost(post, is_new=False, changes=(), is_removed=True) for post in gone]
