"""What a package holds: a story version with post versions, bound by one digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.accounts.policy import Principal
from humasflow.approvals.coverage import approval_of
from humasflow.approvals.models import Package, PackageItem
from humasflow.core.db import db
from humasflow.core.digests import canonical_digest
from humasflow.planning import queries as planning
from humasflow.planning.models import ContentType
from humasflow.posts import contents as post_contents
from humasflow.posts import policy as post_policy
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.posts.enums import PostChange
from humasflow.posts.models import Post, PostVersion
from humasflow.posts.policy import PostProblem
from humasflow.posts.texts import channel_texts
from humasflow.stories import queries as stories
from humasflow.stories import services as story_services
from humasflow.stories.edit_fields import field_digests, post_digests
from humasflow.stories.enums import StoryState
from humasflow.stories.guidance import Guidance
from humasflow.stories.models import Story, StoryChange, StoryVersion
from humasflow.stories.queries.guidelines import get_guidance


def digest_of(story_digest: str, items: Iterable[tuple[int, int, str]]) -> str:
    """SHA-256 (hex) over the canonical JSON of a story version's digest and (post, account, post version's digest)."""
    facts = {"story": story_digest, "posts": sorted(list(item) for item in items)}
    return canonical_digest(facts)


@dataclass(frozen=True)
class Outgoing:
    """One post with the version that is meant."""

    post: Post
    version: PostVersion

    @property
    def field_digests(self) -> dict[str, str]:
        """A digest for each part of the post that an office can mark."""
        return digests_of_post(self.version)


def digests_of_post(version: PostVersion) -> dict[str, str]:
    """A digest for each part of a post version."""
    pictures = tuple((p.asset_id, p.alt_text, p.credit, p.crop) for p in version.pictures)
    extras = post_contents.extras_of(post_services.content_of(version))
    return post_digests(version.text, version.link, pictures, extras)


@dataclass(frozen=True, eq=False)
class Content:
    """A story version with the post versions beside it, as submitted or as they would be."""

    story: Story
    story_version: StoryVersion
    body_html: str
    items: Sequence[Outgoing]
    types: Sequence[ContentType] = ()  # of the office, when they were read already for several contents

    @cached_property
    def digest(self) -> str:
        """What an approval binds."""
        return digest_of(
            self.story_version.digest,
            ((i.post.id, i.post.account_id, i.version.digest) for i in self.items),
        )

    @cached_property
    def is_genuine(self) -> bool:
        """Whether every stored digest is that of the content stored beside it: nobody went around the versions."""
        told = story_services.content_of(self.story_version, self.body_html)
        files = [p.asset.sha256 for p in self.story_version.pictures]
        return story_services.content_digest(told, files) == self.story_version.digest and all(
            post_services.content_digest(
                post_services.content_of(i.version), [p.asset.sha256 for p in i.version.pictures]
            )
            == i.version.digest
            for i in self.items
        )

    @cached_property
    def field_digests(self) -> dict[str, str]:
        """A digest for each part of the story that an office can mark."""
        return field_digests(story_services.content_of(self.story_version, self.body_html))

    @cached_property
    def change(self) -> StoryChange | None:
        """What goes out with a correction: its kind, and the note to readers."""
        return stories.get_change_to(self.story_version.id)

    @cached_property
    def _guidance(self) -> dict[int | None, Guidance]:
        return {}

    def guidance_for(self, actor: Principal | None = None) -> Guidance:
        """What the office's guidelines say about all of this, with what this person may answer; read once. Without a
        person: whatever was read already.
        """
        if actor is None and self._guidance:
            return next(iter(self._guidance.values()))
        key = actor.id if actor is not None else None
        if key not in self._guidance:
            title = self.story_version.title
            texts = [t for i in self.items for t in channel_texts(i.post, i.version, title=title)]
            self._guidance[key] = get_guidance(
                self.story, self.story_version, self.body_html, actor=actor, posts=texts
            )
        return self._guidance[key]

    @cached_property
    def problems(self) -> dict[int, list[PostProblem]]:
        """What the channels' rules say about each post, by post id; errors first."""
        # Kept until the end of the loop, so that each post finds its type without asking again.
        types = self.types or planning.list_content_types(self.story.office_id, with_inactive=True)
        found = {
            i.post.id: post_policy.problems_of(i.post, i.version, self.story_version, self.body_html)
            for i in self.items
        }
        del types
        return found

    @cached_property
    def editors(self) -> dict[int, list[str]]:
        """Who last edited what is here: user id → what it was ("" for the story, else the account's name)."""
        found: dict[int, list[str]] = {}
        if self.story_version.author_id is not None:
            found.setdefault(self.story_version.author_id, []).append("")
        for item in self.items:
            if item.version.author_id is not None:
                found.setdefault(item.version.author_id, []).append(item.post.account.name)
        return found


def content_to_submit(story: Story) -> Content:
    """What a submission would hold now: everything of a draft; later only the posts that no approval covers and that
    are not out already (past publications that were recorded never had one); with a correction also what is live and
    will be corrected. A constant number of statements.
    """
    current = stories.get_current_version(story)
    every = posts.list_posts_of(story.id)
    if story.state is not StoryState.DRAFT:
        covered = approval_of([p.id for p in every])
        correcting = stories.get_prepared_change(story.id) is not None
        out = _out_among(every)
        every = [p for p in every if (correcting if p.id in out else not covered[p.id].approved)]
    versions = _versions(p.current_version_id for p in every)
    items = [Outgoing(p, versions[p.current_version_id]) for p in every if p.current_version_id]
    return Content(story, current, stories.get_body(current.id), items)


def _versions(version_ids: Iterable[int | None]) -> dict[int, PostVersion]:
    return {v.id: v for v in posts.get_versions([i for i in version_ids if i is not None])}


def _out_among(every: Sequence[Post]) -> set[int]:
    """Those that are out already or on their way. What is live is, also while its words may be changed."""
    locked = post_policy.reasons_not_to_change_each(None, every, PostChange.EDIT)
    return {i for i, reasons in locked.items() if reasons} | post_policy.live_among([p.id for p in every])


def content_of(package: Package) -> Content:
    """What a package holds, as it was submitted. A constant number of statements."""
    return contents_of([package])[package.id]


def contents_of(packages: Sequence[Package], types: Sequence[ContentType] = ()) -> dict[int, Content]:
    """The same of several packages, by package id, in as many statements. ``types``: all of their office, so that the
    channels' rules can be asked without another statement.
    """
    told = stories.get_versions(p.story_version_id for p in packages)
    bodies = stories.get_bodies(told)
    found = {p.id: p for p in _posts_with_accounts(i.post_id for p in packages for i in p.items)}
    versions = _versions(i.post_version_id for p in packages for i in p.items)
    contents = {}
    for package in packages:
        items = [Outgoing(found[i.post_id], versions[i.post_version_id]) for i in package.items]
        items.sort(key=lambda i: (i.post.account.position, i.post.id))
        version = told[package.story_version_id]
        contents[package.id] = Content(package.story, version, bodies.get(version.id, ""), items, types)
    return contents


def _posts_with_accounts(post_ids: Iterable[int]) -> Sequence[Post]:
    """Also the removed ones: a package keeps what it held."""
    return db.session.scalars(
        select(Post).where(Post.id.in_(list(post_ids))).options(joinedload(Post.account, innerjoin=True))
    ).all()


def is_unchanged(package: Package) -> bool:
    """Whether what stands now is, word for word, what was submitted: the same current versions, and the digest worked
    out again from them. Two statements.
    """
    current, story_digest = db.session.execute(
        select(Story.current_version_id, StoryVersion.digest)
        .join(StoryVersion, StoryVersion.id == Story.current_version_id)
        .where(Story.id == package.story_id)
    ).one()
    if current != package.story_version_id:
        return False
    rows = db.session.execute(
        select(Post.id, Post.account_id, PostVersion.digest, PackageItem.post_version_id, PostVersion.id)
        .join(PackageItem, PackageItem.post_id == Post.id)
        .join(PostVersion, PostVersion.id == Post.current_version_id)
        .where(PackageItem.package_id == package.id, Post.removed_at.is_(None))
    ).all()
    same = len(rows) == len(package.items) and all(held == now for *_rest, held, now in rows)
    return same and digest_of(story_digest, ((p, a, d) for p, a, d, *_rest in rows)) == package.digest


def named(account: str, message: str) -> str:
    """A sentence about a post, with the name of its account unless it stands there already."""
    return message if account in message else f"{account}: {message}"
