"""What a check reads and what it finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from humasflow.channels.adapters.base import Limits
from humasflow.channels.adapters.variant import MediaItem
from humasflow.guidelines.checks.words import masked
from humasflow.guidelines.enums import Consent, RuleCode, Severity
from humasflow.guidelines.texts import plain_blocks

# A sentence is translated when it is read, not when it is found: the same findings serve both languages.
Sentence = Any
Options = Mapping[str, Any]


@dataclass(frozen=True)
class PictureFacts:
    """A picture of the text. ``key`` names the picture itself (the hash of its file), ``name`` is for people."""

    key: str
    name: str
    alt_text: str = ""
    credit: str = ""
    caption: str = ""
    shows_child: bool = False
    faces_blurred: bool = False  # somebody confirmed that no child can be recognised
    consent: Consent = Consent.NOT_NEEDED


@dataclass(frozen=True)
class ChannelText:
    """A post beside the text: where it goes and what it says. ``limits`` None takes the platform's own."""

    key: str
    name: str
    platform: str
    text: str = ""
    title: str = ""
    link: str = ""
    media: tuple[MediaItem, ...] = ()
    limits: Limits | None = None


@dataclass(frozen=True)
class Manuscript:
    """Everything that the checks know of a text. ``content_type`` is the code of its template (``siaran_pers``)."""

    title: str = ""
    kicker: str = ""
    lead: str = ""
    body_html: str = ""
    dateline: str = ""
    contact: str = ""
    claim: str = ""
    claim_source: str = ""
    fact_source: str = ""
    place: str = ""
    people: str = ""
    event_date: date | None = None
    writer_credit: str = ""
    editor_credit: str = ""
    content_type: str = ""
    is_declared: bool = False  # somebody stated that it holds no excluded information
    pictures: tuple[PictureFacts, ...] = ()
    posts: tuple[ChannelText, ...] = ()


@dataclass(frozen=True)
class RuleChoice:
    """What an office set for one rule: None switches it off."""

    severity: Severity | None
    options: Options = field(default_factory=dict)


@dataclass(frozen=True)
class House:
    """What the office set: rules by code (a missing one has its default) and the words that are never flagged,
    folded to lower case.
    """

    rules: Mapping[RuleCode, RuleChoice] = field(default_factory=dict)
    glossary: frozenset[str] = frozenset()

    def allows(self, words: str) -> bool:
        """Whether the office's glossary holds it."""
        return words.casefold() in self.glossary


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``start`` and ``end`` count characters in the plain text of ``field`` (see ``texts``), and
    ``quote`` is what stands there; a finding about something missing has an empty quote and says in ``about`` what it
    was judged by, so that setting it aside holds only as long as that stays.

    ``field``: a name of :class:`Manuscript`; ``caption:<n>``, ``alt:<n>``, ``credit:<n>`` and ``picture:<n>`` count
    pictures from 0, ``post:<key>`` names a post. ``where`` is the field for people when its name alone does not tell.
    """

    code: RuleCode
    severity: Severity
    field: str
    start: int
    end: int
    quote: str
    message: Sentence
    rule_source: Sentence
    suggestion: str | None = None
    about: str = ""
    where: str = ""

    @property
    def passage(self) -> str:
        """What identifies it beside its code: setting it aside holds for exactly this."""
        return "\0".join(part for part in (self.about, self.quote) if part)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check reports; the rule's code, severity and source are added by the runner."""

    field: str
    start: int
    end: int
    message: Sentence
    suggestion: str | None = None
    about: str = ""
    where: str = ""


@dataclass(frozen=True)
class Passage:
    """The plain text of a field. ``where`` names it for people when the field's own name does not."""

    field: str
    text: str
    where: str = ""

    @cached_property
    def masked(self) -> str:
        """Without links, addresses, hashtags and mentions; every other character keeps its place."""
        return masked(self.text)

    def hit(self, start: int, end: int, message: Sentence, suggestion: str | None = None) -> Hit:
        """Something that stands in it."""
        return Hit(self.field, start, end, message, suggestion, where=self.where)


class Reading:
    """A manuscript read once for all checks: its fields as plain text, and the body's blocks."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.manuscript = manuscript

    @cached_property
    def blocks(self) -> list[str]:
        """The body's textblocks."""
        return plain_blocks(self.manuscript.body_html)

    @cached_property
    def body(self) -> str:
        """The body's plain text."""
        return "\n".join(self.blocks)

    @cached_property
    def prose(self) -> list[Passage]:
        """What readers read: headline, body, captions, posts; in the order of the page."""
        m = self.manuscript
        found = [
            Passage("kicker", m.kicker),
            Passage("title", m.title),
            Passage("lead", m.lead),
            Passage("body", self.body),
            Passage("claim", m.claim),
            Passage("fact_source", m.fact_source),
            *(Passage(f"caption:{i}", p.caption, p.name) for i, p in enumerate(m.pictures)),
            *(Passage(f"post:{p.key}", p.text, p.name) for p in m.posts),
        ]
        return [p for p in found if p.text]

    @cached_property
    def public(self) -> list[Passage]:
        """Prose and everything else that goes out."""
        m = self.manuscript
        found = [
            Passage("dateline", m.dateline),
            Passage("place", m.place),
            Passage("people", m.people),
            Passage("claim_source", m.claim_source),
            Passage("contact", m.contact),
            Passage("writer_credit", m.writer_credit),
            Passage("editor_credit", m.editor_credit),
            *(Passage(f"alt:{i}", p.alt_text, p.name) for i, p in enumerate(m.pictures)),
            *(Passage(f"credit:{i}", p.credit, p.name) for i, p in enumerate(m.pictures)),
        ]
        return [*self.prose, *(p for p in found if p.text)]

    def body_blocks(self) -> Iterator[tuple[int, str]]:
        """Each block of the body with where it begins in the body's text."""
        start = 0
        for block in self.blocks:
            yield start, block
            start += len(block) + 1


Check = Callable[[Reading, House, Options], Iterator[Hit]]
"""What an office set for the rule comes with it: most rules know nothing that could be set."""
