"""What differs between two versions, word by word, as pieces that a template marks with <ins> and <del>.

Paragraphs are matched first and only the changed ones are compared word by word: readable, and fast on long texts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from flask_babel import gettext as _

from humasflow.core.html import text_from_html
from humasflow.core.localtime import show_date
from humasflow.stories.contents import StoryContent, content_of
from humasflow.stories.models import StoryVersion

# Two paragraphs that share less than this are shown as one taken out and one put in, not as a mosaic of words.
ALIKE = 0.35
LONGEST_COMPARED = 4000  # words of one paragraph; a longer one is shown as replaced


class Mark(StrEnum):
    """What happened to a piece of text on the way from the old to the new version."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"

    @property
    def label(self) -> str:
        """For those who cannot see the marking."""
        return {Mark.SAME: _("tetap"), Mark.INSERTED: _("ditambahkan"), Mark.DELETED: _("dihapus")}[self]


@dataclass(frozen=True)
class Piece:
    """A run of text with one mark."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Difference:
    """One part of a version: its name, and its paragraphs as pieces."""

    label: str
    paragraphs: Sequence[Sequence[Piece]]

    @property
    def changed(self) -> bool:
        """Whether anything in it differs."""
        return any(piece.mark is not Mark.SAME for paragraph in self.paragraphs for piece in paragraph)


def compare_words(old: str, new: str) -> list[Piece]:
    """Word by word; white space belongs to the word before it."""
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) > LONGEST_COMPARED:
        return _replaced(old, new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Mark.SAME, "".join(after[c:d])))
            continue
        pieces += _replaced("".join(before[a:b]), "".join(after[c:d]))
    return pieces


def compare_texts(old: str, new: str) -> list[list[Piece]]:
    """Paragraph by paragraph, changed ones word by word. Paragraphs are parted by line breaks."""
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[list[Piece]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [[Piece(Mark.SAME, p)] for p in after[c:d]]
        else:
            found += _changed_paragraphs(before[a:b], after[c:d])
    return found


def compare_versions(old: StoryVersion, old_body: str, new: StoryVersion, new_body: str) -> list[Difference]:
    """Every part of two stored versions in the order of the page; unchanged parts are there too."""
    names = {p.asset_id: p.asset.filename for v in (old, new) for p in v.pictures}
    return compare_contents(content_of(old, old_body), content_of(new, new_body), names)


def compare_contents(old: StoryContent, new: StoryContent, names: Mapping[int, str]) -> list[Difference]:
    """The same for contents that may not be stored yet; ``names`` are file names of pictures by asset id."""
    pairs = zip(_parts(old, names), _parts(new, names), strict=True)
    return [compare_part(label, before, after) for (label, before), (_label, after) in pairs]


def compare_part(label: str, old: str, new: str) -> Difference:
    """One part, by name."""
    return Difference(label, compare_texts(old, new))


def _parts(content: StoryContent, names: Mapping[int, str]) -> list[tuple[str, str]]:
    pictures = "\n".join(
        " · ".join(part for part in (names.get(p.asset_id, ""), p.credit, p.alt_text, p.caption) if part)
        for p in content.pictures
    )
    return [
        (_("Judul"), content.title),
        (_("Teras"), content.lead),
        (_("Isi naskah"), text_from_html(content.body_html)),
        (_("Foto"), pictures),
        (_("Sumber"), " · ".join(p for p in (content.source.label, content.source_note) if p)),
        (_("Tujuan"), content.goal),
        (_("Khalayak"), content.audience),
        (_("Tanggal kegiatan"), show_date(content.event_date) if content.event_date else ""),
        (_("Tempat"), content.place),
        (_("Tokoh"), content.people),
        (_("Penulis"), content.writer_credit),
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _replaced(old: str, new: str) -> list[Piece]:
    return [Piece(mark, text) for mark, text in ((Mark.DELETED, old), (Mark.INSERTED, new)) if text]


def _changed_paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterable[list[Piece]]:
    """Pair changed paragraphs in order where they are alike; the rest is taken out or put in whole."""
    waiting = list(before)
    if not any(_alike(old, new) for old in before for new in after):
        # Nothing in common: what stood there first, then what took its place.
        yield from ([Piece(Mark.DELETED, gone)] for gone in before)
        waiting = []
    for paragraph in after:
        position = next((i for i, old in enumerate(waiting) if _alike(old, paragraph)), None)
        if position is None:
            yield [Piece(Mark.INSERTED, paragraph)]
            continue
        for gone in waiting[:position]:
            yield [Piece(Mark.DELETED, gone)]
        yield compare_words(waiting[position], paragraph)
        del waiting[: position + 1]
    for gone in waiting:
        yield [Piece(Mark.DELETED, gone)]


def _alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(None, _words(old), _words(new), autojunk=False)
    return matcher.quick_ratio() >= ALIKE
