"""A story held against its office's guidelines: what was found, what is asked, what was answered, and what is missing.

Worked out from what stands, never stored: a tick or a statement made for another text, or a finding whose passage
changed, is simply not in force any more.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.guidelines.checks.base import ChannelText, Finding, Manuscript, PictureFacts
from humasflow.guidelines.checks.catalogue import CATALOGUE, Rule
from humasflow.guidelines.enums import ItemLevel, RuleCode, Severity, Ticker
from humasflow.guidelines.models import ChecklistItem
from humasflow.stories.contents import StoryContent
from humasflow.stories.enums import OVER
from humasflow.stories.models import Story
from humasflow.stories.models.guidelines import ChecklistTick, FindingOverride, StoryDeclaration

LONGEST_QUOTE = 300


def manuscript_from(
    content: StoryContent,
    *,
    content_type: str,
    pictures: Sequence[PictureFacts] = (),
    posts: Sequence[ChannelText] = (),
    is_declared: bool = False,
) -> Manuscript:
    """A story's content as the checks read it. ``content_type`` is a code."""
    return Manuscript(
        title=content.title, kicker=content.kicker, lead=content.lead, body_html=content.body_html,
        dateline=content.dateline, contact=content.contact, claim=content.claim, claim_source=content.claim_source,
        fact_source=content.fact_source, place=content.place, people=content.people, event_date=content.event_date,
        writer_credit=content.writer_credit, editor_credit=content.editor_credit, content_type=content_type,
        is_declared=is_declared, pictures=tuple(pictures), posts=tuple(posts),
    )  # fmt: skip


def passage_hash(finding: Finding) -> str:
    """SHA-256 (hex) of the passage that a finding is about; the field does not matter, a moved passage is the same."""
    return hashlib.sha256(finding.passage.encode()).hexdigest()


@dataclass(frozen=True)
class FindingLine:
    """A finding on a story, and whether somebody set it aside. ``may_override``: this person may do or undo it."""

    finding: Finding
    override: FindingOverride | None
    may_override: bool

    @property
    def key(self) -> str:
        """Names it in a form, together with its code."""
        return passage_hash(self.finding)

    @property
    def quote(self) -> str:
        """The passage, shortened to what helps to find it."""
        text = self.finding.quote
        return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"

    @property
    def blocks(self) -> bool:
        """Whether the story cannot be submitted like this."""
        return self.finding.severity is Severity.BLOCK and self.override is None


@dataclass(frozen=True)
class ItemLine:
    """A checklist item on a story. ``tick`` may belong to an earlier text: then it is asked again."""

    item: ChecklistItem
    tick: ChecklistTick | None
    is_ticked: bool
    may_tick: bool

    @property
    def is_asked_again(self) -> bool:
        """It was ticked, and the text changed since."""
        return self.tick is not None and not self.is_ticked

    @property
    def is_required(self) -> bool:
        """Whether the story cannot go on without it."""
        return self.item.level is ItemLevel.REQUIRED


@dataclass(frozen=True)
class RuleGroup:
    """Findings of one rule and one severity, with the rule's explanation and source said once."""

    rule: Rule
    severity: Severity
    lines: list[FindingLine]


@dataclass(frozen=True, eq=False)
class Guidance:
    """Everything that the guidelines say about a story as it stands."""

    story: Story | None
    findings: Sequence[FindingLine]
    items: Sequence[ItemLine]
    declaration: StoryDeclaration | None = None
    is_declared: bool = False
    asks_declaration: bool = False
    may_declare: bool = False

    @cached_property
    def open_findings(self) -> list[FindingLine]:
        """What nobody set aside, the heaviest first."""
        return [f for f in self.findings if f.override is None]

    @cached_property
    def set_aside(self) -> list[FindingLine]:
        """What somebody set aside, with reason; the approver reads these first."""
        return [f for f in self.findings if f.override is not None]

    @cached_property
    def groups(self) -> list[tuple[Severity, list[RuleGroup]]]:
        """Open findings by severity, the heaviest first, and within by rule; empty groups are left out."""
        by_rule: dict[tuple[Severity, RuleCode], list[FindingLine]] = {}
        for line in self.open_findings:
            by_rule.setdefault((line.finding.severity, line.finding.code), []).append(line)
        found = []
        for severity in sorted(Severity, key=lambda s: s.rank):
            groups = [
                RuleGroup(rule, severity, by_rule[severity, code])
                for code, rule in CATALOGUE.items()
                if (severity, code) in by_rule
            ]
            if groups:
                found.append((severity, groups))
        return found

    @cached_property
    def counts(self) -> Counter[Severity]:
        """How many open findings of each severity."""
        return Counter(f.finding.severity for f in self.open_findings)

    @cached_property
    def missing(self) -> list[ItemLine]:
        """Required items that are not ticked."""
        return [i for i in self.items if i.is_required and not i.is_ticked]

    @property
    def ticked(self) -> int:
        """How many items are ticked."""
        return sum(i.is_ticked for i in self.items)

    def reasons_not_to_submit(self) -> list[Reason]:
        """Blocking findings and required items, all at once. What approvers tick is asked of them, not before."""
        return self._blocked() + [_unticked(i) for i in self.missing if i.item.ticker is not Ticker.APPROVER]

    def reasons_not_to_approve(self) -> list[Reason]:
        """What still stands against agreeing: a blocking finding that came up since, and what approvers tick."""
        return self._blocked() + [_unticked(i) for i in self.missing if i.item.ticker is Ticker.APPROVER]

    def _blocked(self) -> list[Reason]:
        return [Reason(f"finding_{f.finding.code}", _told(f.finding)) for f in self.findings if f.blocks]


def _told(finding: Finding) -> str:
    message = str(finding.message)
    if finding.quote and len(finding.quote) <= 60:
        return _(
            "%(rule)s: “%(quote)s”. %(message)s",
            rule=finding.code.label,
            quote=finding.quote,
            message=message,
        )
    if finding.where:
        return _(
            "%(rule)s (%(where)s). %(message)s", rule=finding.code.label, where=finding.where, message=message
        )
    return _("%(rule)s. %(message)s", rule=finding.code.label, message=message)


def _unticked(line: ItemLine) -> Reason:
    facts = {"text": line.item.text, "who": line.item.asked_of}
    if line.is_asked_again:
        message = _("Daftar periksa: “%(text)s” ditanyakan lagi karena isinya berubah (%(who)s).", **facts)
    else:
        message = _("Daftar periksa: “%(text)s” belum dicentang (%(who)s).", **facts)
    return Reason(f"item_{line.item.id}", message)


# Who may answer


def may_override(actor: Principal, story: Story, severity: Severity) -> bool:
    """A warning is set aside by whoever writes or approves; what blocks, only by those who are trusted with it."""
    if story.state in OVER:
        return False
    if actor.can(Permission.GUIDELINE_OVERRIDE, story.office_id):
        return True
    return severity is not Severity.BLOCK and actor.can(Permission.STORY_WRITE, story.office_id)


def reasons_not_to_override(actor: Principal, story: Story, severity: Severity) -> list[Reason]:
    """Why this person cannot set a finding aside."""
    if severity is Severity.INFO:
        return [Reason("info", _("Saran tidak perlu dikesampingkan; naskah dapat diajukan dengannya."))]
    if story.state in OVER:
        return [_over(story)]
    if may_override(actor, story, severity):
        return []
    if severity is Severity.BLOCK:
        message = _("Temuan yang menghalangi pengajuan dikesampingkan oleh penyetuju atau ketua tim.")
    else:
        message = _("Temuan dikesampingkan oleh redaktur atau penyetuju.")
    return [Reason("permission", message)]


def reasons_not_to_tick(
    actor: Principal, story: Story, item: ChecklistItem, roles: frozenset[int]
) -> list[Reason]:
    """Why this person cannot tick (or untick) an item; ``roles`` are the production roles they hold on the story."""
    if story.state in OVER:
        return [_over(story)]
    if not item.is_active:
        return [Reason("inactive", _("Butir ini sudah tidak dipakai."))]
    fits = {
        Ticker.WRITER: actor.can(Permission.STORY_WRITE, story.office_id),
        Ticker.APPROVER: actor.can(Permission.STORY_APPROVE, story.office_id),
        Ticker.ROLE: item.production_role_id in roles,
    }[item.ticker]
    return [] if fits else [Reason("permission", _("Butir ini dicentang oleh %(who)s.", who=item.asked_of))]


def reasons_not_to_declare(actor: Principal, story: Story) -> list[Reason]:
    """Why this person cannot state that nothing excluded is in the text."""
    if story.state in OVER:
        return [_over(story)]
    fits = actor.can(Permission.STORY_WRITE, story.office_id) or actor.can(
        Permission.STORY_APPROVE, story.office_id
    )
    return [] if fits else [Reason("permission", _("Pernyataan dibuat oleh redaktur atau penyetuju."))]


def _over(story: Story) -> Reason:
    return Reason("state", _("Naskah berstatus “%(state)s” tidak diperiksa lagi.", state=story.state.label))
