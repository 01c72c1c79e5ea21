"""What a reader of a package sees: the change since they last knew it, the whole text, and each channel's preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _

from humasflow.approvals import queries
from humasflow.approvals.contents import Content, Outgoing, content_of, named
from humasflow.approvals.enums import PackageState, StepRule, Verdict
from humasflow.approvals.models import Decision, Package
from humasflow.approvals.queries import Baseline
from humasflow.approvals.seats import is_complete
from humasflow.approvals.wording import listed, seat_words
from humasflow.channels.adapters.counters import count, find_hashtags, find_links
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import Variant
from humasflow.channels.policy import limits_of
from humasflow.posts import comparison as post_comparison
from humasflow.posts import policy as post_policy
from humasflow.posts import queries as posts
from humasflow.posts.models import PostVersion
from humasflow.posts.policy import PostProblem
from humasflow.stories import queries as stories
from humasflow.stories.comparison import Difference, compare_versions, differs_in_form_only
from humasflow.stories.edit_fields import EditField
from humasflow.stories.edit_policy import edit_rules
from humasflow.stories.enums import StoryState


@dataclass(frozen=True)
class Run:
    """A run of a post's text: ``text``, ``tag`` (hashtag) or ``link``."""

    kind: str
    text: str


@dataclass(frozen=True, eq=False)
class Preview:
    """One account and exactly what would appear on it."""

    item: Outgoing
    variant: Variant
    on_newsroom: bool  # shows the story's own body; ``item.version.text`` is only its summary
    summary: str
    problems: Sequence[PostProblem]
    known: PostVersion | None  # the version the reader knows

    @cached_property
    def text(self) -> str:
        """Word for word what goes out, with the link and the hashtags where they will stand."""
        return self.summary if self.on_newsroom else compose_text(self.variant)

    @cached_property
    def runs(self) -> list[Run]:
        """The text with its hashtags and links set apart."""
        spans = [(s.start, s.end, "tag") for s in find_hashtags(self.text)]
        spans += [(s.start, s.end, "link") for s in find_links(self.text)]
        found: list[Run] = []
        at = 0
        for start, end, kind in sorted(spans):
            if start < at:
                continue  # a # inside an address is part of the address
            if start > at:
                found.append(Run("text", self.text[at:start]))
            found.append(Run(kind, self.text[start:end]))
            at = end
        if at < len(self.text):
            found.append(Run("text", self.text[at:]))
        return found

    @cached_property
    def size(self) -> tuple[int, int | None]:
        """How long the text is and how long it may be, as the channel counts."""
        limits = limits_of(self.item.post.account)
        most = limits.text
        if self.variant.media and limits.text_with_media is not None:
            most = limits.text_with_media
        return count(self.text, limits.counter, url_length=limits.url_length), most

    @property
    def checks(self) -> list[tuple[bool, str]]:
        """What the automatic checks found: whether it blocks, and the sentence with the account's name in it."""
        return [(p.blocks, named(self.item.post.account.name, p.message)) for p in self.problems]

    @property
    def is_new(self) -> bool:
        """The reader has not seen this post before."""
        return self.known is None

    @property
    def is_same(self) -> bool:
        """Its own words and pictures are those the reader knows."""
        return self.known is not None and not self.changes

    @cached_property
    def changes(self) -> Sequence[Difference]:
        """What changed since the version the reader knows."""
        return post_comparison.compare_versions(self.known, self.item.version) if self.known else ()


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything on the review page about the content."""

    content: Content
    previews: Sequence[Preview]
    baseline: Baseline | None
    baseline_number: int
    story_changes: Sequence[Difference]
    form_only: bool
    since_approval: bool = False  # compared with the last approval, whatever the reader said in between
    can_compare_approval: bool = False  # the reader's own verdict is newer than the last approval

    @property
    def since(self) -> str:
        """What the comparison is with, in words; empty when all is new to the reader."""
        if self.baseline is None:
            return ""
        n = self.baseline_number
        if self.since_approval:
            return _("Berubah sejak versi %(n)s yang disetujui", n=n)
        if self.baseline.decided_by_reader is Verdict.RETURN:
            return _("Berubah sejak versi %(n)s yang Anda kembalikan", n=n)
        if self.baseline.decided_by_reader is Verdict.APPROVE:
            return _("Berubah sejak versi %(n)s yang Anda setujui", n=n)
        return _("Berubah sejak versi %(n)s yang disetujui", n=n)

    @property
    def is_addition(self) -> bool:
        """The story's text is approved as it stands; this is about posts made or changed since."""
        in_review = self.content.story.state is StoryState.IN_REVIEW
        return self.baseline is not None and self.baseline.text_approved and not in_review

    @property
    def changed_posts(self) -> list[Preview]:
        """Posts the reader knows in another version."""
        return [p for p in self.previews if p.changes]


def previews_of(content: Content, known: Mapping[int, PostVersion] | None = None) -> list[Preview]:
    """A preview of each post."""
    found = []
    for item in content.items:
        variant = post_policy.variant_of(item.post, item.version, content.story_version, content.body_html)
        found.append(
            Preview(
                item=item,
                variant=variant,
                on_newsroom=post_policy.uses_story_body(item.post.account),
                summary=post_policy.summary_of(item.version, content.story_version),
                problems=content.problems[item.post.id],
                known=(known or {}).get(item.post.id),
            )
        )
    return found


def read_package(package: Package, reader_id: int | None, *, since_approval: bool = False) -> Reading:
    """The package for a reader, compared with what they know already, or (``since_approval``) with what was approved
    last. A constant number of statements.
    """
    content = content_of(package)
    baseline = queries.get_baseline(package, None if since_approval else reader_id)
    if baseline is None:
        return Reading(content, previews_of(content), None, 0, (), form_only=False)
    versions = {v.id: v for v in posts.get_versions(baseline.post_versions.values())}
    known = {post_id: versions[v] for post_id, v in baseline.post_versions.items()}
    before = stories.get_versions([baseline.package.story_version_id])[baseline.package.story_version_id]
    body = stories.get_body(before.id)
    now = content.story_version
    return Reading(
        content=content,
        previews=previews_of(content, known),
        baseline=baseline,
        baseline_number=before.number,
        story_changes=compare_versions(before, body, now, content.body_html),
        form_only=differs_in_form_only(body, content.body_html),
        since_approval=since_approval,
        can_compare_approval=baseline.older_approval and not since_approval,
    )


@dataclass(frozen=True)
class SeatLine:
    """One of those whom a step asks, and what they said."""

    words: str
    decision: Decision | None


@dataclass(frozen=True)
class StepLine:
    """A step of a package as its page shows it."""

    position: int
    label: str
    rule: StepRule
    seats: Sequence[SeatLine]
    is_now: bool
    is_done: bool
    is_returned: bool

    @property
    def shows_seats(self) -> bool:
        """More than one is asked, so that it matters who has answered."""
        return len(self.seats) > 1


def step_lines(package: Package) -> list[StepLine]:
    """The steps of a package with the answers so far. No statement when the package was loaded for its page."""
    found = []
    for step in package.steps:
        decisions = {(d.askee, d.seat): d for d in package.decisions if d.position == step.position}
        seats = [s for s in package.seats if s.position == step.position]
        agreed = [place for place, d in decisions.items() if d.verdict is Verdict.APPROVE]
        found.append(
            StepLine(
                position=step.position, label=step.label, rule=step.rule,
                seats=[SeatLine(seat_words(s), decisions.get((s.askee, s.seat))) for s in seats],
                is_now=package.state is PackageState.PENDING and step.position == package.step,
                is_done=is_complete(seats, agreed, step.rule),
                is_returned=any(d.verdict is Verdict.RETURN for d in decisions.values()),
            )
        )  # fmt: skip
    return found


def rules_in_words(office_id: int) -> str:
    """What a later edit would do to the approval that is asked for now."""
    rules = edit_rules(office_id)
    unmarked = [p.label for p in EditField if p not in rules.marked]
    if not unmarked:
        return _("Bila nanti diubah, persetujuannya gugur dan diminta lagi.")
    return _(
        "Bila nanti diubah, persetujuannya gugur dan diminta lagi, kecuali yang berubah hanya %(parts)s; penyetuju "
        "diberi tahu.",
        parts=listed(unmarked, _("atau")),
    )
