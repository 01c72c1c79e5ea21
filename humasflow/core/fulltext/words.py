"""What was typed into the search box, as terms. Anything can be typed: nothing here is ever an error."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_TYPED = 400  # characters that are looked at
MAX_TERMS = 10
MAX_WORD = 60

# A quoted passage (an unclosed quote reaches to the end), or what stands between quotes.
_PARTS = re.compile(r'"([^"]*)"?|([^"]+)')
_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\x00": " "})


@dataclass(frozen=True)
class Term:
    """One word, or several that have to stand side by side. Lower case, letters and digits only."""

    words: tuple[str, ...]


def parse_query(typed: str) -> tuple[Term, ...]:
    """The terms of a query; all of them have to be found. Operators of any search language are plain words here."""
    tidy = unicodedata.normalize("NFC", typed[:MAX_TYPED].translate(_QUOTES)).lower()
    found: list[Term] = []
    for quoted, bare in _PARTS.findall(tidy):
        if quoted:
            words = tuple(w[:MAX_WORD] for w in _WORD.findall(quoted))
            found += [Term(words)] if words else []
        else:
            found += [Term((w[:MAX_WORD],)) for w in _WORD.findall(bare)]
    return tuple(dict.fromkeys(found))[:MAX_TERMS]


def folded(text: str) -> str:
    """Lower case without diacritics, as the index of SQLite compares words."""
    apart = unicodedata.normalize("NFKD", text).lower()
    return "".join(c for c in apart if not unicodedata.combining(c))


def has_all(text: str, terms: Iterable[Term]) -> bool:
    """Whether a text has every term: its words side by side, the last one perhaps only begun."""
    words = _WORD.findall(folded(text))
    return all(_has(words, [folded(w) for w in term.words]) for term in terms)


def _has(words: Sequence[str], wanted: Sequence[str]) -> bool:
    *whole, begun = wanted
    size = len(whole)
    return any(
        words[n : n + size] == whole and words[n + size].startswith(begun) for n in range(len(words) - size)
    )
