"""Which words there are that begin so, on PostgreSQL: its index of words finds a whole word many times sooner than all
that has its beginning, which it gathers first.

``story_search_word`` holds every word of every text once or more, and never fewer than the texts have: triggers add,
nothing takes away. Numbers are not held one by one: "kata4711" stands there as "kata0", which says that no list of
words with this beginning is whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, Text, bindparam, text

from humasflow.core.db import db
from humasflow.core.fulltext.words import Term

MOST = 60  # words of one beginning; with more of them the index is asked for the beginning

# Of each word its stem, and what begins with either.
_ASKED = text(
    """
    SELECT typed.word, typed.stem,
        ARRAY(SELECT known.word FROM story_search_word known
              WHERE known.word >= typed.word AND known.word < typed.word || chr(1114111) LIMIT :most),
        ARRAY(SELECT known.word FROM story_search_word known
              WHERE known.word >= typed.stem AND known.word < typed.stem || chr(1114111) LIMIT :most)
    FROM (SELECT t.word COLLATE "C" AS word, s.stems[1] COLLATE "C" AS stem
          FROM unnest(:words) AS t(word),
          LATERAL (SELECT tsvector_to_array(to_tsvector('indonesian', t.word)) AS stems) s
          WHERE cardinality(s.stems) = 1) typed
    """
).bindparams(bindparam("words", type_=ARRAY(Text)))


@dataclass(frozen=True)
class Spelt:
    """A word that was typed: its stem, and every word that begins with it or with its stem, where these are few."""

    word: str
    stem: str
    written: tuple[str, ...]
    stemmed: tuple[str, ...]


def spellings(terms: Sequence[Term]) -> Mapping[str, Spelt]:
    """The words of the terms, of which all that begins so is known. One statement."""
    words = sorted({word for term in terms for word in term.words if word})
    rows = db.session.execute(_ASKED, {"words": words, "most": MOST + 1})
    return {
        word: Spelt(word, stem, tuple(sorted(set(written))), tuple(sorted(set(stemmed))))
        for word, stem, written, stemmed in rows
    }


def is_listed(words: Sequence[str]) -> bool:
    """Whether these are all there are; of none the index says so as soon."""
    return 0 < len(words) <= MOST and not any(word[-1].isdigit() for word in words)


def by_title(terms: Sequence[Term], known: Mapping[str, Spelt]) -> str:
    """The terms in PostgreSQL's language, as they are written."""
    return " & ".join(_term(term, known, stemmed=False) for term in terms)


def by_text(terms: Sequence[Term], known: Mapping[str, Spelt]) -> str | None:
    """The same, as they are written or by their stems; nothing where a stem is not known."""
    if any(word and word not in known for term in terms for word in term.words):
        return None
    both = ({_term(term, known, stemmed=stemmed): None for stemmed in (True, False)} for term in terms)
    return " & ".join("(" + " | ".join(either) + ")" for either in both)


def _term(term: Term, known: Mapping[str, Spelt], *, stemmed: bool) -> str:
    # Words hold letters and digits only, so the quotes around them cannot be broken out of.
    *whole, begun = term.words
    parts = [f"'{known[word].stem if stemmed else word}'" for word in whole]
    if begun:
        spelt = known.get(begun)
        listed = () if spelt is None else spelt.stemmed if stemmed else spelt.written
        beginning = spelt.stem if stemmed and spelt is not None else begun
        parts.append(
            "(" + " | ".join(f"'{word}'" for word in listed) + ")"
            if is_listed(listed)
            else f"'{beginning}':*"
        )
    return "(" + " <-> ".join(parts) + ")"


def listed(known: Mapping[str, Spelt]) -> frozenset[str]:
    """Beginnings of which every word is known, by either way to write it."""
    return frozenset(s.word for s in known.values() if is_listed(s.written) and is_listed(s.stemmed))
