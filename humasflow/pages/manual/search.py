"""Looking for words in the topics: title before heading before text, in a fixed order, with the hits marked."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from humasflow.pages.manual.library import Block, Topic

LONGEST = 80  # characters of a query
SHOWN = 200  # characters of an excerpt
_WORD = re.compile(r"\w{2,}")
_IN_TITLE, _IN_HEADING, _IN_TEXT = 100, 10, 1
_WHOLE_TITLE = 1000


@dataclass(frozen=True)
class Hit:
    """A topic that was found, with the words marked; ``anchor`` is the part that holds the excerpt."""

    topic: Topic
    title: Markup
    excerpt: Markup
    anchor: str


@dataclass(frozen=True)
class Found:
    """``is_partial``: no topic holds every word, so these hold some."""

    hits: list[Hit]
    is_partial: bool = False


def words_of(query: str) -> list[str]:
    """The words of a query that are looked for: folded, of two letters or more, each once."""
    return list(dict.fromkeys(_WORD.findall(fold(query[:LONGEST])[0])))


def fold(text: str) -> tuple[str, list[int]]:
    """Without case and accents, and for each character the place in ``text`` that it comes from."""
    out: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character.casefold()):
            if not unicodedata.combining(part):
                out.append(part)
                places.append(place)
    return "".join(out), places


def search(topics: Iterable[Topic], query: str) -> Found:
    """What holds every word, the best first; when nothing does, what holds most of them."""
    words = words_of(query)
    if not words:
        return Found([])
    ranked = []
    for position, topic in enumerate(topics):
        held, score = _weigh(topic, words, " ".join(query.split()))
        if held:
            ranked.append((-held, -score, position, topic))
    ranked.sort(key=lambda row: row[:3])
    whole = [row for row in ranked if -row[0] == len(words)]
    return Found([_hit(row[3], words) for row in whole or ranked], is_partial=not whole and bool(ranked))


def _weigh(topic: Topic, words: list[str], query: str) -> tuple[int, int]:
    """How many of the words it holds, and how much they weigh."""
    title = fold(topic.title)[0]
    headings = fold("\n".join(topic.headings))[0]
    text = fold("\n".join((topic.summary, *(b.text for b in topic.blocks if not b.is_heading))))[0]
    held = score = 0
    for word in words:
        found = (
            _IN_TITLE * (word in title)
            + _IN_HEADING * (word in headings)
            + _IN_TEXT * min(text.count(word), 9)
        )
        held += bool(found)
        score += found
    return held, score + _WHOLE_TITLE * (fold(query)[0] == title)


def _hit(topic: Topic, words: list[str]) -> Hit:
    titles = {block.anchor: _count(block.text, words) for block in topic.blocks if block.is_heading}
    texts = [Block(topic.summary, "", False), *(block for block in topic.blocks if not block.is_heading)]
    # The first of the best: what a paragraph says counts more than what its part is called.
    best = max(texts, key=lambda block: 2 * _count(block.text, words) + titles.get(block.anchor, 0))
    return Hit(topic, marked(topic.title, words), marked(_around(best.text, words), words), best.anchor)


def _count(text: str, words: list[str]) -> int:
    folded = fold(text)[0]
    return sum(word in folded for word in words)


def _around(text: str, words: list[str]) -> str:
    """The part of a long paragraph that stands around the first hit, cut between words."""
    if len(text) <= SHOWN:
        return text
    folded, places = fold(text)
    first = min((places[at] for word in words if (at := folded.find(word)) >= 0), default=0)
    start = max(0, min(first - SHOWN // 3, len(text) - SHOWN))
    cut = text[start : start + SHOWN]
    if start:
        cut = "… " + cut.partition(" ")[2]
    return cut if start + SHOWN >= len(text) else cut.rpartition(" ")[0] + " …"


def marked(text: str, words: list[str]) -> Markup:
    """The text, escaped, with each place of a word in ``<mark>``; places that touch are one."""
    folded, places = fold(text)
    hit = [False] * len(text)
    for word in words:
        at = folded.find(word)
        while at >= 0:
            for place in range(places[at], places[at + len(word) - 1] + 1):
                hit[place] = True
            at = folded.find(word, at + 1)
    out, start = Markup(), 0
    for place in range(1, len(text) + 1):
        if place == len(text) or hit[place] != hit[start]:
            piece = escape(text[start:place])
            out += Markup("<mark>{}</mark>").format(piece) if hit[start] else piece
            start = place
    return out
