"""Words that stand twice, and words that the dictionary writes otherwise."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from flask_babel import lazy_gettext as _l

from humasflow.guidelines.checks.base import Hit, House, Options, Reading
from humasflow.guidelines.checks.words import WORD, like, spellings, word_list

# One word, blanks (never a line break), the same word.
_TWICE: Final = re.compile(r"(?<![\w-])([^\W\d_]{2,}(?:-[^\W\d_]+)?)[ \u00a0]+(\1)(?![\w-])", re.IGNORECASE)


def doubled_words(reading: Reading, house: House, _options: Options) -> Iterator[Hit]:
    """The same word twice in a row. Reduplication is written with a hyphen and never matches."""
    for passage in reading.prose:
        for match in _TWICE.finditer(passage.masked):
            first, second = match[1], match[2]
            if house.allows(match[0]) or house.allows(f"{first}-{second}"):
                continue
            slip = first.lower() in word_list("function-words.txt")
            if not slip and first[0].isupper() and second[0].isupper():
                continue  # a name: "Baden Baden"
            if slip:
                message = _l("Kata “%(word)s” tertulis dua kali berturut-turut.", word=first)
                right = first
            else:
                right = f"{first}-{second}"
                message = _l(
                    "“%(words)s” ditulis dengan tanda hubung bila memang diulang (“%(right)s”), atau cukup satu kali.",
                    words=match[0], right=right,
                )  # fmt: skip
            yield passage.hit(match.start(), match.end(), message, suggestion=right)


@cache
def _known() -> dict[str, str]:
    """Nonstandard forms in lower case, with and without -nya."""
    found = dict(spellings())
    found |= {
        f"{wrong}nya": f"{right}nya" for wrong, right in spellings().items() if not wrong.endswith("nya")
    }
    return found


def nonstandard_spellings(reading: Reading, house: House, _options: Options) -> Iterator[Hit]:
    """Words that the list knows in another form, kept in the case in which they stand."""
    known = _known()
    for passage in reading.prose:
        text = passage.masked
        for match in WORD.finditer(text):
            word = match[0]
            standard = known.get(word.lower())
            if standard is None or house.allows(word):
                continue
            right = like(word, standard)
            message = _l("Bentuk bakunya “%(right)s”, bukan “%(word)s”.", right=right, word=word)
            yield passage.hit(match.start(), match.end(), message, right)
