"""Which pitches and stories may be about the same thing. Pure: texts and dates in, explained matches out.

Words are compared after dropping Indonesian stop words and the commonest affixes. The stripping is deliberately light:
it only has to bring "melelang", "dilelang" and "pelelangan" together, and a wrong stem hurts nothing as long as it is
the same wrong stem on both sides. A short title inside a long one counts fully (containment), otherwise overlap over
union (Jaccard). The same date or place can only strengthen what the words already suggest: an office has many
activities on one day and in one room.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from flask_babel import lazy_gettext as _l

THRESHOLD = 0.45
NEAR_DAYS = 1  # an activity is often pitched with yesterday's or tomorrow's date
_SAME_DATE = 0.2
_NEAR_DATE = 0.1
_SAME_PLACE = 0.15
_OTHER_DATE = 0.15  # the weekly exercise of another week is another exercise
_TEXT_WEIGHT = 0.6
_MIN_WORDS_ALONE = 2  # one word in common is a coincidence

_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(_WORD.findall(
    "ada adalah agar akan antara apa atas atau bagi bahwa baik bapak beberapa bersama bisa bukan dalam dan dapat dari "
    "dengan di dia guna hal hari hingga ia ibu ini itu juga jadi jam kami kamu karena ke kegiatan kepada kita lagi "
    "lain lalu lebih maka melalui mereka milik mulai namun nya oleh pada para pula pun saat saja sambil sampai sangat "
    "saya sebagai sebuah sehingga sejak sekitar selama seluruh semua seorang seperti serta setelah sudah suatu tadi "
    "tahun tanggal tapi telah tentang tersebut tetapi tidak untuk usai usulan yaitu yang"
))  # fmt: skip
_PREFIXES = (
    "menge", "penge", "meng", "meny", "peng", "peny", "mem", "men", "pem", "pen", "ber", "ter", "per", "me", "pe",
    "di", "ke", "se",
)  # fmt: skip
_SUFFIXES = ("kannya", "annya", "inya", "kan", "nya", "lah", "kah", "an", "i")
_SHORTEST_STEM = 4


class Likeness(StrEnum):
    """What two things have in common; reads after "mirip:"."""

    TITLE = "title"
    TEXT = "text"
    DATE = "date"
    PLACE = "place"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LIKENESSES[self])


_LIKENESSES = {
    Likeness.TITLE: _l("judul"),
    Likeness.TEXT: _l("isi"),
    Likeness.DATE: _l("tanggal"),
    Likeness.PLACE: _l("tempat"),
}


@dataclass(frozen=True)
class Described:
    """What is known about a pitch or a story, as far as likeness goes."""

    title: str
    text: str = ""
    happened_on: date | None = None
    place: str = ""


@dataclass(frozen=True)
class Match:
    """How alike two things are, from 0 to 1, and in what."""

    score: float
    likenesses: tuple[Likeness, ...]

    @property
    def explanation(self) -> str:
        """``judul, tanggal``."""
        return ", ".join(each.label for each in self.likenesses)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The word without one prefix and one suffix, as long as at least four letters remain."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word.removesuffix(suffix)
            break
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
            return word.removeprefix(prefix)
    return word


def tokens(text: str) -> frozenset[str]:
    """The stems of a text's telling words. Numbers count; single letters do not."""
    words = (w for w in _WORD.findall(text.casefold()) if len(w) > 1 and w not in _STOP_WORDS)
    return frozenset(stem(w) for w in words)


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    shared = len(left & right)
    if shared == 0:
        return 0.0
    smaller, union = min(len(left), len(right)), len(left | right)
    if smaller < _MIN_WORDS_ALONE:
        # A title of one word is only alike when the other says nothing else.
        return shared / union
    return max(shared / union, 0.9 * shared / smaller if shared >= _MIN_WORDS_ALONE else 0.0)


def compare(one: Described, other: Described) -> Match | None:
    """How alike the two are, or None below the threshold."""
    title = _overlap(tokens(one.title), tokens(other.title))
    everything = _overlap(tokens(f"{one.title} {one.text}"), tokens(f"{other.title} {other.text}"))
    words = max(title, _TEXT_WEIGHT * everything)
    if words == 0:
        return None
    likenesses = [Likeness.TITLE] if title >= _TEXT_WEIGHT * everything else [Likeness.TEXT]
    score = words
    if one.happened_on and other.happened_on:
        apart = abs((one.happened_on - other.happened_on).days)
        if apart <= NEAR_DAYS:
            score += _NEAR_DATE if apart else _SAME_DATE
            likenesses.append(Likeness.DATE)
        else:
            score -= _OTHER_DATE
    if one.place and other.place and _overlap(tokens(one.place), tokens(other.place)) >= 0.5:
        score += _SAME_PLACE
        likenesses.append(Likeness.PLACE)
    return Match(min(score, 1.0), tuple(likenesses)) if score >= THRESHOLD else None


def most_alike(
    one: Described, others: Iterable[tuple[int, Described]], *, limit: int = 5
) -> Sequence[tuple[int, Match]]:
    """The keys of the most alike, best first; among equals the higher key (the newer one) first."""
    found = [(key, match) for key, other in others if (match := compare(one, other)) is not None]
    return sorted(found, key=lambda pair: (-pair[1].score, -pair[0]))[:limit]
