"""Whose words are quoted, and what an abbreviation stands for."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from flask_babel import lazy_gettext as _l

from humasflow.guidelines.checks.base import Hit, House, Options, Reading
from humasflow.guidelines.checks.words import WORD, phrases, word_list

# Quotations

# Closed; with straight marks on one line; or opened and never closed, to the end of the block.
_QUOTE: Final = re.compile(r"“([^“”]*)”|\"([^\"\n]*)\"|“([^“”]{40,})$")
_ENDS: Final = (".", ",", "!", "?", "…")
_SPOKEN_WORDS: Final = 3  # with a stop inside the marks even a short quotation is speech
_LONG_WORDS: Final = 7  # without one it has to be longer than a title
_CAPITAL: Final = re.compile(r"\b[A-Z][a-z'’]{2,}|\b[A-Z]{2,}\b")
_POINTS_BACK: Final = re.compile(r"nya\b|\b(?:ia|dia|beliau|kata|ujar)\b", re.IGNORECASE)
_BEFORE: Final = re.compile(r"([^\W\d_]+)[\s,:]*$")


def quotes_unnamed(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """Direct speech without anybody who says it, in its own paragraph or pointing back to one before.

    Titles, themes and terms between quotation marks are no speech.
    """
    speaker_known = False  # somebody named was quoted or spoke in a block before
    blocks = reading.blocks
    offset = 0
    for number, block in enumerate(blocks):
        found = list(_QUOTE.finditer(block)) if "“" in block or '"' in block else []
        if not found and speaker_known:
            offset += len(block) + 1
            continue
        around = _outside(block, found)
        named = _says(around) and (_has_name(around) or phrases("people.txt").search(around) is not None)
        attributed = named or (
            bool(found) and (_is_beside(blocks, number) or (speaker_known and _points_back(around)))
        )
        if not attributed:
            for match in found:
                if _is_speech(block, match):
                    message = _l(
                        "Kutipan ini belum menyebut siapa yang mengucapkannya di paragraf yang sama."
                    )
                    yield Hit("body", offset + match.start(), offset + match.end(), message)
        # Who was named once may be meant by "ujarnya" from then on.
        speaker_known = speaker_known or attributed
        offset += len(block) + 1


def _is_beside(blocks: list[str], number: int) -> bool:
    """Whether the block before introduces the speaker, or the one after names them."""
    before = blocks[number - 1] if number else ""
    after = blocks[number + 1] if number + 1 < len(blocks) else ""
    return _introduces(before) or _follows(after)


def _points_back(around: str) -> bool:
    """With "ujarnya", or nothing at all beside the quotation: the speaker goes on."""
    return not around.strip(" .,;:–-") or _POINTS_BACK.search(around) is not None


def _outside(block: str, quotes: list[re.Match[str]]) -> str:
    parts, position = [], 0
    for match in quotes:
        parts.append(block[position : match.start()])
        position = match.end()
    return " ".join([*parts, block[position:]])


def _says(text: str) -> bool:
    """Whether a verb of saying stands in it, plain or with -nya."""
    return not _speech_verbs().isdisjoint(WORD.findall(text.lower()))


@cache
def _speech_verbs() -> frozenset[str]:
    plain = word_list("speech.txt")
    return plain | {f"{verb}nya" for verb in plain}


def _has_name(text: str) -> bool:
    """A capital that does not merely begin the sentence."""
    for match in _CAPITAL.finditer(text):
        before = text[: match.start()].rstrip()
        if before and before[-1] not in ".!?":
            return True
        # At the beginning of a sentence: a name only when another capital follows ("Budi Santoso berkata").
        if re.match(r"\s+[A-Z][a-z]|\s*,", text[match.end() :]):
            return True
    return False


def _introduces(previous: str) -> bool:
    """The block before ends in a colon after somebody spoke."""
    text = previous.rstrip()
    return (
        text.endswith(":")
        and _says(text)
        and (_has_name(text) or phrases("people.txt").search(text) is not None)
    )


def _follows(following: str) -> bool:
    """The block after begins with "Demikian disampaikan …" and a name."""
    head = following[:160]
    return (
        head.startswith(("Demikian", "Hal itu", "Hal tersebut", "Pernyataan"))
        and _says(head)
        and _has_name(head)
    )


def _is_speech(block: str, match: re.Match[str]) -> bool:
    inside = match[1] or match[2] or match[3] or ""
    words = [m[0] for m in WORD.finditer(inside)]
    stopped = inside.rstrip().endswith(_ENDS)
    if len(words) < (_SPOKEN_WORDS if stopped else _LONG_WORDS):
        return False
    before = _BEFORE.search(block[: match.start()])
    if before and before[1].lower() in word_list("titled.txt") and not stopped:
        return False
    capitals = sum(1 for w in words if w[0].isupper())
    return capitals < 0.6 * len(words)


# Abbreviations

_ACRONYM: Final = re.compile(r"(?<![\w./-])([A-Z][A-Z]{1,9}|[A-Z][A-Z-]{2,10}[A-Z])(?![\w/]|-\w|\.\w)")
_WORDS_BEFORE: Final = re.compile(r"(?:[\w.,&/'’-]+\s+){2,}\($")
_WORDS_INSIDE: Final = re.compile(r"\s*\((?=[^)]{5,})[^()\s]+(?:\s+[^()\s]+)+\)")
_SHOUTING: Final = re.compile(r"(?:\b[A-Z]{2,}\b[\s,]+){2,}\b[A-Z]{2,}\b")
_HEADLINE_PLACE: Final = re.compile(r"^[A-Z][A-Z .'’-]+(?:\s\([^)]*\))?(?:,|\s[-–—])")


def acronyms(reading: Reading, house: House, _options: Options) -> Iterator[Hit]:
    """An abbreviation is spelled out where it first stands. The title may use it before; the office's glossary and
    what every reader knows is never asked for.
    """
    known = word_list("acronyms.txt")
    told: set[str] = set()
    for passage in reading.prose:
        if passage.field not in ("lead", "body"):
            continue
        text = passage.masked
        skipped = [(m.start(), m.end()) for m in _SHOUTING.finditer(text)]
        head = _HEADLINE_PLACE.match(text)
        if head:
            skipped.append(head.span())
        for match in _ACRONYM.finditer(text):
            word = match[1]
            if word in told or word in known or house.allows(word):
                continue
            if any(start <= match.start() < end for start, end in skipped):
                continue
            told.add(word)
            if _is_spelled_out(text, match):
                continue
            message = _l(
                "Kepanjangan “%(word)s” ditulis pada penyebutan pertama, singkatannya di dalam kurung.",
                word=word,
            )
            yield passage.hit(match.start(), match.end(), message)


def _is_spelled_out(text: str, match: re.Match[str]) -> bool:
    """As "Barang Milik Negara (BMN)" or "BMN (barang milik negara)"."""
    opened = text.rfind("(", max(0, match.start() - 12), match.start())
    is_inside = opened >= 0 and ")" not in text[opened : match.start()]
    if is_inside and text[match.end() : match.end() + 1] in (")", ",", ";", " "):
        before = text[max(0, opened - 120) : opened + 1]
        if _WORDS_BEFORE.search(before):
            return True
    return _WORDS_INSIDE.match(text, match.end()) is not None
