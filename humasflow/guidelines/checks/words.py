"""Word lists and the tokens that several checks share."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

LISTS = "humasflow.guidelines.data"

# A word with what is joined to it by hyphens or apostrophes: "anak-anak", "Jum'at".
WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

# Not prose: links, mail addresses, hashtags, mentions.
_OPAQUE: Final = re.compile(
    r"https?://[^\s<>\"“”]+|www\.[^\s<>\"“”]+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,80}|[#@]\w+",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """The text with links, mail addresses, hashtags and mentions as spaces: every other character keeps its place."""
    if not any(sign in text for sign in ("#", "@", "://", "www.", "WWW.")):
        return text
    return _OPAQUE.sub(lambda m: " " * len(m[0]), text)


def lines(name: str) -> Iterator[str]:
    """The entries of a list; ``#`` begins a comment."""
    text = files(LISTS).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        entry = line.partition("#")[0].strip()
        if entry:
            yield entry


@cache
def word_list(name: str) -> frozenset[str]:
    """A list as a set, one or several entries a line, parted by white space."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def phrases(name: str) -> re.Pattern[str]:
    """A list as one pattern, a word or several a line, in any case."""
    return re.compile(rf"\b(?:{'|'.join(re.escape(entry) for entry in lines(name))})\b", re.IGNORECASE)


@cache
def spellings() -> MappingProxyType[str, str]:
    """Nonstandard → standard spelling, both as in the list."""
    text = files(LISTS).joinpath("standard-spellings.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {row["nonstandard"]: row["standard"] for row in csv.DictReader(text.splitlines())}
    )


def like(model: str, word: str) -> str:
    """``word`` in the case of ``model``: ANALISA → ANALISIS, Analisa → Analisis. Capitals of its own stay."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    if model[:1].isupper():
        return word[:1].upper() + word[1:]
    return word
