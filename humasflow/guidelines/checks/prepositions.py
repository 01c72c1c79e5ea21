"""di and ke: apart from the place they point at, joined to the verb they make.

A preposition stands apart ("di rumah", "ke sana"); the prefix di- is joined ("ditulis"). Both directions work with word
lists, because the same letters may be right ("dirumahkan", "di balik"); what no list knows is left alone.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from flask_babel import lazy_gettext as _l

from humasflow.guidelines.checks.base import Hit, House, Options, Passage, Reading
from humasflow.guidelines.checks.words import like, word_list

_JOINED: Final = re.compile(r"\b([Dd]i|[Kk]e|DI|KE)([^\W\d_]{3,})((?:-[^\W\d_]+)?)\b")
_APART: Final = re.compile(r"\b([Dd]i)[ \u00a0]([a-z]{4,})\b(?!-)")
_KE_PADA: Final = re.compile(r"\b([Kk]e)[ \u00a0](pada)\b")
# "keluar rumah" has the verb; what lies outside a territory is written apart: "ke luar negeri".
_KE_LUAR: Final = re.compile(r"\b([Kk])eluar[ \u00a0](?=(?:negeri|kota|daerah|pulau|wilayah)\b)")
_CLITICS: Final = ("nya", "lah")
# Set phrases in which the "verb" is a noun: di lepas pantai, di tanya jawab.
_PHRASES: Final = {"lepas": "pantai", "tanya": "jawab", "jual": "beli", "gelar": "perkara"}
_CONSONANT_KAN: Final = re.compile(r"[a-z]{2,}(?:[bcdfghjlmnpqrstvwxyz]|asi)kan")


def di_ke(reading: Reading, house: House, _options: Options) -> Iterator[Hit]:
    """Every di or ke that is joined or parted by mistake."""
    for passage in reading.prose:
        text = passage.masked
        for hit in (*_joined(passage, text), *_parted(passage, text)):
            if not house.allows(passage.text[hit.start : hit.end]):
                yield hit


@cache
def _places(preposition: str) -> dict[str, str]:
    """Place as it is typed in lower case → as it is written."""
    found = {place: place for place in word_list("places.txt")}
    if preposition == "di":
        found |= {place: place for place in word_list("places-di.txt")}
    return found | {place.lower(): place for place in word_list("places-proper.txt")}


def _place(prefix: str, rest: str) -> str | None:
    """What stands after the preposition, as it is written; None when it is no place."""
    preposition, lower = prefix.lower(), rest.lower()
    known = _places(preposition)
    if preposition == "ke" and lower == "luar":
        return None
    if rest[0].isupper() and not rest.isupper() and (prefix[0].islower() or lower in known):
        return rest  # "diMakassar": a capital inside a word is a name, but "DiCaprio" is one by itself
    if lower in known:
        return known[lower]
    for clitic in _CLITICS:
        base = lower.removesuffix(clitic)
        if base != lower and base in known and not (preposition == "ke" and base == "luar"):
            return known[base] + clitic
    return None


def _joined(passage: Passage, text: str) -> Iterator[Hit]:
    for match in _JOINED.finditer(text):
        prefix, rest, tail = match.groups()
        place = _place(prefix, rest)
        if place is None:
            continue
        right = f"{prefix} {like(rest, place) if rest.isupper() else place}{tail}"
        yield passage.hit(
            match.start(), match.end(),
            _l(
                "“%(word)s” menunjuk tempat, arah, atau waktu, jadi ditulis terpisah: “%(right)s”.",
                word=match[0], right=right,
            ),
            right,
        )  # fmt: skip
    for match in _KE_LUAR.finditer(text):
        right = f"{match[1]}e luar"
        yield passage.hit(
            match.start(), match.end() - 1,
            _l(
                "“keluar” adalah kata kerja; arah ke luar suatu tempat ditulis terpisah: “%(right)s”.", right=right
            ),
            right,
        )  # fmt: skip


def _parted(passage: Passage, text: str) -> Iterator[Hit]:
    verbs = word_list("verbs.txt")
    for match in _APART.finditer(text):
        word = match[2]
        base = word.removesuffix("nya")
        if word not in verbs and base not in verbs and not _is_causative(base):
            continue
        phrase = _PHRASES.get(word)
        if phrase is None or not text.startswith(phrase, match.end() + 1):
            yield _join(passage, match)
    for match in _KE_PADA.finditer(text):
        yield _join(passage, match)


def _is_causative(word: str) -> bool:
    """-kan after a consonant makes a verb ("tuliskan"), and so does -asikan ("realisasikan"); nouns in -kan end their
    stem in k after a vowel ("gerakan").
    """
    return (
        len(word) >= 7
        and _CONSONANT_KAN.fullmatch(word) is not None
        and word not in word_list("nouns-kan.txt")
    )


def _join(passage: Passage, match: re.Match[str]) -> Hit:
    right = f"{match[1]}{match[2]}"
    return passage.hit(
        match.start(), match.end(),
        _l("“%(word)s” adalah satu kata berawalan, jadi ditulis serangkai: “%(right)s”.", word=match[0], right=right),
        right,
    )  # fmt: skip
