"""A post as its channel would show it: the exact words in runs, where they fold, its pictures and its link's card.

Resembles, never pretends: the page says that it is a preview. Pure; addresses are made by the templates.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from humasflow.channels.adapters.counters import count, find_hashtags, find_links
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import MediaItem, Variant
from humasflow.channels.models import ChannelAccount
from humasflow.channels.policy import limits_of
from humasflow.core.urls import NotHttpUrl, host_of
from humasflow.posts.policy import uses_story_body

LAYOUTS = {
    "website_own": "newsroom", "website_portal": "newsroom", "facebook": "facebook", "instagram": "instagram",
    "x": "x", "threads": "threads", "bluesky": "bluesky", "mastodon": "mastodon", "telegram": "telegram",
    "youtube": "youtube", "tiktok": "tiktok", "whatsapp": "whatsapp",
}  # fmt: skip
GENERIC = "generic"

# Where a platform hides the rest behind "more": characters and lines.
_FOLDS = {
    "facebook": (480, 5), "instagram": (125, 3), "youtube": (150, 3), "tiktok": (80, 2), "whatsapp": (700, 12),
}  # fmt: skip
_COLOURED_TAGS = frozenset(LAYOUTS.values()) - {"newsroom", "whatsapp"}
# Instagram and TikTok show addresses in captions as plain words.
_COLOURED_LINKS = frozenset(LAYOUTS.values()) - {"instagram", "tiktok"} | {GENERIC}
_COLOURED_MENTIONS = frozenset({"x", "instagram", "threads", "tiktok", "telegram", "mastodon", "youtube"})
# Those that draw a card for a link when there is no picture.
_CARDS = frozenset(
    {"facebook", "x", "threads", "bluesky", "mastodon", "telegram", "whatsapp", GENERIC}
)  # fmt: skip
_GRID = {"x": 4, "bluesky": 4, "mastodon": 4, "facebook": 4, "telegram": 4, "whatsapp": 4, GENERIC: 4}

_MENTION = re.compile(r"(?<![\w@/.])@\w(?:[\w.-]*\w)?(?:@\w[\w.-]*\w)?")
_MARKED = re.compile(r"(?<!\w)([*_~])(?=\S)([^*_~\n]*[^*_~\s])\1(?!\w)")
_MARKS = {"*": "bold", "_": "italic", "~": "strike"}


@dataclass(frozen=True)
class Run:
    """A run of a text: ``text``, ``tag``, ``link``, ``mention``, and on WhatsApp ``bold``, ``italic``, ``strike``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Card:
    """A link as platforms draw it. ``title`` is the story's: what its page is called is not asked."""

    host: str
    title: str
    url: str


@dataclass(frozen=True, eq=False)
class ChannelPreview:
    """One account and exactly what would appear on it. ``summary``: of what shows the story's own body; ``posters``:
    the videos and PDF files, by asset id, that have a picture to look at.
    """

    account: ChannelAccount
    variant: Variant
    summary: str = ""
    posters: frozenset[int] = frozenset()

    @property
    def layout(self) -> str:
        """The template that draws it."""
        return LAYOUTS.get(self.account.kind.code, GENERIC)

    @property
    def handle(self) -> str:
        """With its sign; empty when the account has none."""
        bare = self.account.handle.strip().lstrip("@")
        return f"@{bare}" if bare else ""

    @property
    def initials(self) -> str:
        """In place of the account's picture."""
        words = [word for word in re.findall(r"\w+", self.account.name) if word]
        return "".join(word[0] for word in words[:2]).upper() or "·"

    @cached_property
    def text(self) -> str:
        """Word for word what goes out, with the link and the hashtags where they will stand."""
        return self.summary if uses_story_body(self.account) else compose_text(self.variant)

    @cached_property
    def runs(self) -> list[Run]:
        """The whole text."""
        return runs_of(self.text, self.layout)

    @cached_property
    def head(self) -> list[Run]:
        """What is seen without opening it."""
        return runs_of(self.text[: self._fold], self.layout)

    @cached_property
    def rest(self) -> list[Run]:
        """What "more" opens; empty when all is seen."""
        return runs_of(self.text[self._fold :], self.layout)

    @cached_property
    def _fold(self) -> int:
        limits = _FOLDS.get(self.layout)
        return fold_at(self.text, *limits) if limits else len(self.text)

    @cached_property
    def comment(self) -> list[Run]:
        """The first comment."""
        return runs_of(self.variant.first_comment, self.layout)

    @cached_property
    def pictures(self) -> Sequence[MediaItem]:
        """All of them, in order."""
        return self.variant.media

    @property
    def shown(self) -> Sequence[MediaItem]:
        """As many as the platform shows side by side."""
        return self.pictures[: _GRID.get(self.layout, len(self.pictures))]

    @property
    def hidden(self) -> int:
        """How many more there are."""
        return len(self.pictures) - len(self.shown)

    @cached_property
    def card(self) -> Card | None:
        """The link's card, where the platform draws one."""
        if self.pictures or self.layout not in _CARDS:
            return None
        links = [self.variant.link] if self.variant.link else []
        links += [span.value for span in find_links(self.text, bare=False)]
        for link in links:
            try:
                return Card(host_of(link).removeprefix("www."), self.variant.title, link)
            except NotHttpUrl:
                continue
        return None

    @cached_property
    def size(self) -> int:
        """How long the text is, as the channel counts."""
        limits = limits_of(self.account)
        return count(self.text, limits.counter, url_length=limits.url_length)


def runs_of(text: str, layout: str) -> list[Run]:
    """A text cut where its look changes; joined again it is the text (on WhatsApp without the marks)."""
    spans: list[tuple[int, int, str, str]] = []
    if layout in _COLOURED_LINKS:
        spans += [(s.start, s.end, "link", s.value) for s in find_links(text)]
    if layout in _COLOURED_TAGS:
        spans += [(s.start, s.end, "tag", s.value) for s in find_hashtags(text)]
    if layout in _COLOURED_MENTIONS:
        spans += [(m.start(), m.end(), "mention", m[0]) for m in _MENTION.finditer(text)]
    if layout == "whatsapp":
        spans += [(m.start(), m.end(), _MARKS[m[1]], m[2]) for m in _MARKED.finditer(text)]
    return _cut(text, sorted(spans))


def _cut(text: str, spans: Iterable[tuple[int, int, str, str]]) -> list[Run]:
    found: list[Run] = []
    at = 0
    for start, end, kind, shown in spans:
        if start < at:
            continue  # a # inside an address is part of the address
        if start > at:
            found.append(Run("text", text[at:start]))
        found.append(Run(kind, shown))
        at = end
    if at < len(text):
        found.append(Run("text", text[at:]))
    return found


def fold_at(text: str, chars: int, lines: int) -> int:
    """Where a text is cut: after so many lines, or at the last word that ends within so many characters."""
    end = len(text)
    at = -1
    for _line in range(lines):
        at = text.find("\n", at + 1)
        if at < 0:
            break
    else:
        end = at
    if end > chars:
        space = text.rfind(" ", 0, chars + 1)
        end = space if space > chars // 2 else chars
    return end if text[end:].strip() else len(text)
