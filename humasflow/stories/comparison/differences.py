"""What differs between two versions, word by word, as pieces that a template marks with <ins> and <del>.

Paragraphs are matched first and only the changed ones are compared word by word: readable, and fast on long texts.
Pieces are plain text; whoever prints them escapes them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.core.html import text_from_html
from humasflow.core.localtime import show_date
from humasflow.stories.comparison.aligning import pairs_between, steps_between
from humasflow.stories.contents import StoryContent, content_of
from humasflow.stories.enums import StorySource
from humasflow.stories.models import StoryVersion

# Words, marks and gaps that differ in one paragraph; above it they are shown as replaced.
LONGEST_COMPARED = 8000

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
_BLANK_LINE = re.compile(r"\n\s*\n")


# The facts of a story, in the order in which they are read.
FIELDS = {
    "kicker": _l("Kicker"),
    "title": _l("Judul"),
    "lead": _l("Teras"),
    "source": _l("Sumber"),
    "source_note": _l("Asal rilis atau kiriman"),
    "goal": _l("Tujuan"),
    "audience": _l("Khalayak"),
    "agenda": _l("Agenda"),
    "event_date": _l("Tanggal kegiatan"),
    "place": _l("Tempat"),
    "people": _l("Tokoh"),
    "writer_credit": _l("Penulis"),
    "editor_credit": _l("Editor"),
    "dateline": _l("Titimangsa"),
    "contact": _l("Narahubung"),
    "claim": _l("Klaim"),
    "claim_source": _l("Asal klaim"),
    "fact_source": _l("Sumber fakta"),
}


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
class Paragraph:
    """A changed paragraph as pieces, or the number of unchanged ones that were left out in its place."""

    pieces: Sequence[Piece] = ()
    skipped: int = 0


@dataclass(frozen=True)
class Difference:
    """A changed part of a version: its name and its paragraphs."""

    label: str
    paragraphs: Sequence[Paragraph]


def compare_words(old: str, new: str) -> list[Piece]:
    """Word by word. Joining what is not deleted gives the new text, joining what is not inserted the old one."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    middle = _compare_tokens(before[start : len(before) - end], after[start : len(after) - end])
    first, last = "".join(after[:start]), "".join(after[len(after) - end :])
    pieces = [Piece(Mark.SAME, first), *middle, Piece(Mark.SAME, last)]
    return _joined([piece for piece in pieces if piece.text])


def compare_texts(old: str, new: str) -> list[Paragraph]:
    """The changed paragraphs, word by word, with a count where unchanged ones were left out; empty for equal texts.

    Paragraphs are parted by blank lines; a single line break is a part of its paragraph and compared with it.
    """
    old, new = _tidy(old), _tidy(new)
    if old == new:
        return []
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[Paragraph] = []
    for tag, a, b, c, d in steps_between(before, after):
        if tag == "equal":
            found.append(Paragraph(skipped=b - a))
        else:
            found += _changed_paragraphs(before[a:b], after[c:d])
    return found


def compare_parts(*parts: tuple[str, str, str]) -> list[Difference]:
    """Those of some parts (name, old text, new text) that differ, in their order."""
    compared = [(label, compare_texts(old, new)) for label, old, new in parts]
    return [Difference(label, paragraphs) for label, paragraphs in compared if paragraphs]


def compare_versions(old: StoryVersion, old_body: str, new: StoryVersion, new_body: str) -> list[Difference]:
    """The changed parts of two stored versions, in the order in which they are read."""
    names = {p.asset_id: p.asset.filename for v in (old, new) for p in v.pictures}
    return compare_contents(content_of(old, old_body), content_of(new, new_body), names)


def compare_contents(old: StoryContent, new: StoryContent, names: Mapping[int, str]) -> list[Difference]:
    """The same for contents that may not be stored yet; ``names`` are file names of pictures by asset id."""
    pairs = zip(_parts(old, names), _parts(new, names), strict=True)
    return compare_parts(*((label, before, after) for (label, before), (_same, after) in pairs))


def compare_facts(old: StoryContent, new: StoryContent) -> list[Difference]:
    """The facts alone: what is neither body nor picture."""
    return compare_parts(
        *((str(label), words_of(getattr(old, n)), words_of(getattr(new, n))) for n, label in FIELDS.items())
    )


def words_of(value: object) -> str:
    """A fact as it is read."""
    if isinstance(value, StorySource):
        return value.label
    return show_date(value) if isinstance(value, date) else str(value or "")


def differs_in_form_only(old_body: str, new_body: str) -> bool:
    """Whether the words of two bodies are the same and their form (headings, bold, lists) is not."""
    return old_body != new_body and readable(old_body) == readable(new_body)


def readable(html: str) -> str:
    """Text of some clean HTML for comparing, with the address of each link, because an address is content too."""
    return text_from_html(_LINK.sub(r"\2 (\1)", html))


def picture_words(filename: str, *, alt_text: str, credit: str, caption: str = "") -> str:
    """A picture in a line of words, so that it can be compared like a text."""
    parts = [filename, alt_text, caption, _("Foto: %(name)s", name=credit) if credit else ""]
    return " · ".join(part for part in parts if part)


def _parts(content: StoryContent, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """The facts, with body and pictures after the lead as a reader meets them."""
    pictures = "\n\n".join(
        picture_words(names.get(p.asset_id, ""), alt_text=p.alt_text, credit=p.credit, caption=p.caption)
        for p in content.pictures
    )
    found: list[tuple[str, str]] = []
    for name, label in FIELDS.items():
        found.append((str(label), words_of(getattr(content, name))))
        if name == "lead":
            found += [(_("Isi naskah"), readable(content.body_html)), (_("Foto"), pictures)]
    return found


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in _BLANK_LINE.split(text) if paragraph.strip()]


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """How many tokens at the start are the same."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((i for i, (old, new) in pairs if old != new), min(len(before), len(after)))


def _compare_tokens(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if max(len(before), len(after)) > LONGEST_COMPARED:
        yield from _replaced("".join(before), "".join(after))
        return
    for tag, a, b, c, d in steps_between(before, after):
        if tag == "equal":
            yield Piece(Mark.SAME, "".join(after[c:d]))
        else:
            yield from _replaced("".join(before[a:b]), "".join(after[c:d]))


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join marks that only white space parts: two words replaced one after the other read as one change."""
    joined: list[Piece] = []
    run: list[Piece] = []
    for position, piece in enumerate(pieces):
        is_gap = bool(run) and piece.text.isspace() and position + 1 < len(pieces)
        if piece.mark is not Mark.SAME or is_gap:
            run.append(piece)
            continue
        joined += [*_one_change(run), piece]
        run = []
    return joined + _one_change(run)


def _one_change(run: list[Piece]) -> list[Piece]:
    old = "".join(p.text for p in run if p.mark is not Mark.INSERTED)
    new = "".join(p.text for p in run if p.mark is not Mark.DELETED)
    # Where nothing but gaps stands on one side, marking those would say that a blank was put in.
    return _replaced(old, new) if old.strip() and new.strip() else run


def _replaced(old: str, new: str) -> list[Piece]:
    return [Piece(mark, text) for mark, text in ((Mark.DELETED, old), (Mark.INSERTED, new)) if text]


def _changed_paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that are alike word by word; between them what is gone, then what came in its place."""
    a = b = 0
    for i, j in pairs_between(_vocabularies(before), _vocabularies(after)):
        yield from _whole(before[a:i], after[b:j])
        yield Paragraph(compare_words(before[i], after[j]))
        a, b = i + 1, j + 1
    yield from _whole(before[a:], after[b:])


def _whole(gone: Sequence[str], come: Sequence[str]) -> Iterator[Paragraph]:
    for mark, paragraphs in ((Mark.DELETED, gone), (Mark.INSERTED, come)):
        yield from (Paragraph([Piece(mark, paragraph)]) for paragraph in paragraphs)


def _vocabularies(paragraphs: Sequence[str]) -> list[tuple[str, Counter[str]]]:
    return [("", Counter(re.findall(r"\w+", paragraph))) for paragraph in paragraphs]
