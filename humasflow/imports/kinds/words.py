"""Words for channels and content types, as lists write them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from humasflow.channels.models import ChannelKind
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType

# Lists say "website" for the pages of the ministry's portal; the own newsroom publishes by itself.
CHANNEL_ALIASES: Final[Mapping[str, str]] = {
    "website": "website_portal",
    "web": "website_portal",
    "situs": "website_portal",
    "portal": "website_portal",
    "twitter": "x",
    "ig": "instagram",
    "fb": "facebook",
    "yt": "youtube",
}


def kinds_by_words(kinds: Sequence[ChannelKind]) -> dict[str, ChannelKind]:
    """Channel kinds by label, code and alias, in lower case."""
    found = {k.label.lower(): k for k in kinds} | {k.code: k for k in kinds}
    return found | {alias: found[code] for alias, code in CHANNEL_ALIASES.items() if code in found}


def types_by_words(types: Sequence[ContentType]) -> dict[str, ContentType]:
    """Content types by label and code, in lower case."""
    return (
        {t.label.lower(): t for t in types}
        | {t.code: t for t in types}
        | {t.code.replace("_", " "): t for t in types}
    )


_CALCULATES: Final = re.compile(r"[=\t\r]|[+\-@][\w.]*[(|!]")


def looks_like_formula(text: str) -> bool:
    """A cell that a spreadsheet would run instead of show: ``=1+1``, ``@SUM(A1)``, ``+cmd|…``. A title may begin with a
    sign (``+62 Panggilan``, ``@djkn: lelang``); whatever leaves here as a table has its texts as texts anyway.
    """
    return _CALCULATES.match(text) is not None


def units_by_words(units: Sequence[Unit]) -> dict[str, Unit | None]:
    """Units by name and short name, case-folded; None where a short name stands for two. A name goes before it."""
    found: dict[str, Unit | None] = {}
    for unit in units:
        word = plain_word(unit.short_name)
        found[word] = None if word in found else unit
    return found | {plain_word(u.name): u for u in units}


def plain_word(text: str) -> str:
    """For comparing: case-folded, single spaces."""
    return " ".join(text.casefold().split())
