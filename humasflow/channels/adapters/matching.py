"""Recognising our own post in what a channel shows of an account.

Channels re-render a text: links are cut for the eye, the host of a mention is dropped, white space moves. What is left
after all that is the same for the text that was sent and for what is shown, and differs for two different posts.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from html.parser import HTMLParser

CLOCKS = timedelta(minutes=10)  # how far the clock of a channel may be from ours

_ALIKE = 0.9
_COMPARED = 600  # characters; comparing costs the square of them

_MENTION = re.compile(r"@([\w.-]+)@[\w.-]+")
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def text_key(text: str) -> str:
    """What stays of a plain text: no white space, nothing invisible, one case, mentions without their host."""
    plain = unicodedata.normalize("NFKC", _MENTION.sub(r"@\1", text)).casefold()
    return "".join(char for char in plain if unicodedata.category(char) not in _UNSEEN and char != "\ufe0f")


def html_key(html: str) -> str:
    """What stays of a text shown as HTML. A link counts as it is written, cut ends included: they are only hidden."""
    words = _Words()
    words.feed(html)
    words.close()
    return text_key("".join(words.found))


def resembles(one: str, other: str) -> bool:
    """Whether two keys are so much alike that one may be the other, rendered in a way nobody foresaw: then only a
    person can tell.
    """
    first, second = one[:_COMPARED], other[:_COMPARED]
    if not first or not second:
        return False
    alike = SequenceMatcher(None, first, second, autojunk=False)
    return alike.quick_ratio() >= _ALIKE and alike.ratio() >= _ALIKE


def earliest(committing_at: datetime) -> datetime:
    """From when on a post can be the one that was sent at ``committing_at``."""
    return committing_at - CLOCKS


def instant_of(told: object) -> datetime | None:
    """An instant as channels write it (ISO 8601 with an offset, also ``+0000``), aware; None for anything else."""
    if not isinstance(told, str):
        return None
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)
