"""How long a text is, in the units of the platforms, and the links and hashtags in it.

The weighted count follows the published configuration v3 of X (ranges, weights, 23 for a link, 2 for an emoji, NFC
first). Links without ``https://`` count where the name ends in a top-level domain that exists (``tlds.txt``).
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import regex

from humasflow.channels.adapters.base import Counter

WEIGHTED_URL = 23
WEIGHTED_EMOJI = 2

# Code points that cost one; everything else (CJK, most symbols) costs two.
_LIGHT_RANGES = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

_MAX_LINK = 4096

# UTS #51, read as the platforms do: a pictograph with its modifier, variation selector, tags and joined partners is
# one emoji; so are a flag and a keycap. A pictograph followed by the text selector (FE0E) is text; ©, ® and ™
# are emoji only with the emoji selector.
_PICTOGRAPH = (
    r"(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}"
    r"|[\u00A9\u00AE\u2122]\uFE0F"
    r"|(?![\u00A9\u00AE\u2122#*0-9\U0001F1E6-\U0001F1FF])\p{Emoji}(?!\uFE0E)\uFE0F?)"
    r"(?:[\U000E0020-\U000E007E]+\U000E007F)?"
)
_EMOJI = regex.compile(
    rf"(?:[\U0001F1E6-\U0001F1FF]{{2}}|[#*0-9]\uFE0F?\u20E3|{_PICTOGRAPH}(?:\u200D{_PICTOGRAPH})*)"
)
_GRAPHEME = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: ``text[start:end]`` is ``value``."""

    start: int
    end: int
    value: str


# Links
#
# A host after https:// may be written in any script; without it only Latin names count, so that the emoji, the
# bracket or the Chinese sentence before an address never becomes part of it. A run of labels is read once, without
# backtracking, and then cut at its last top-level domain: a hostile text costs no more than its length.

_MAX_HOST = 253
_ANY_CHAR = r"[^\p{P}\p{Z}\p{C}$+<=>^`|~]"
_LATIN_CHAR = r"[\p{Latin}0-9]"
_PATH_CHAR = r"[\p{Latin}\p{Cyrillic}\p{M}0-9!*';:=+,.$/%#\[\]\u2013_~@|&\-]"
_PATH_END = r"[\p{Latin}\p{Cyrillic}\p{M}0-9=_#/+\-]"
_PARENS = rf"\((?:{_PATH_CHAR}++|{_PATH_CHAR}*+\({_PATH_CHAR}++\){_PATH_CHAR}*+)\)"


def _run_of_labels(char: str) -> str:
    label = rf"{char}(?:[_-]*{char}){{0,62}}+"
    return rf"{label}(?:\.{label})++"


_CANDIDATE = regex.compile(
    rf"(?<![\p{{Latin}}0-9@＠$#＃])"
    rf"(?:(?P<scheme>https?://)(?P<host>{_run_of_labels(_ANY_CHAR)})"
    rf"|(?P<bare>{_run_of_labels(_LATIN_CHAR)}))",
    regex.IGNORECASE,
)
_TAIL = regex.compile(
    rf"(?::\d+)?"
    rf"(?:/(?:(?:{_PATH_CHAR}|{_PARENS})*(?:{_PATH_END}|{_PARENS}))?)?"
    rf"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?",
    regex.IGNORECASE,
)
_LATIN_START = regex.compile(r"[\p{Latin}0-9-]+")
_BEFORE_NO_BARE_LINK = frozenset({"-", "_", ".", "/"})
_AFTER_NO_HOST = frozenset({"-", "_", "@", "+"})


@cache
def _top_level_domains() -> frozenset[str]:
    text = files("humasflow.channels.presets").joinpath("tlds.txt").read_text(encoding="utf-8")
    names = [line for line in text.splitlines() if line and not line.startswith("#")]
    return frozenset([*names, *(name.encode("ascii").decode("idna") for name in names)])


def find_links(text: str, *, bare: bool = True) -> list[Span]:
    """The links of a text, in order. ``bare``: also names without ``https://`` (``kantor.go.id/berita``).

    A full stop that ends the sentence is not part of a link; an e-mail address is none.
    """
    found: list[Span] = []
    position = 0
    while (candidate := _CANDIDATE.search(text, position)) is not None:
        position = candidate.end()
        start = candidate.start()
        before = text[max(start - 1, 0) : start]
        if candidate["bare"] is not None and (not bare or before in _BEFORE_NO_BARE_LINK):
            continue
        group = "host" if candidate["bare"] is None else "bare"
        length = _host_length(candidate[group], text[position : position + 1])
        if length is None:
            continue
        tail = _TAIL.match(text, candidate.start(group) + length)
        position = candidate.start(group) + length if tail is None else tail.end()
        if position - start <= _MAX_LINK:
            found.append(Span(start, position, text[start:position]))
    return found


def _host_length(run: str, following: str) -> int | None:
    """How much of a run of labels is a host: up to its last top-level domain, None when it holds none."""
    labels = run.split(".")
    end = len(run)
    for index in range(len(labels) - 1, 0, -1):
        label = labels[index]
        after = following if index == len(labels) - 1 else "."
        latin = _LATIN_START.match(label)
        if after not in _AFTER_NO_HOST and label.lower() in _top_level_domains():
            length = end
        elif latin and latin.end() < len(label) and latin[0].lower() in _top_level_domains():
            length = (
                end - len(label) + latin.end()
            )  # "kantor.comテスト": the name ends where the script changes
        else:
            end -= len(label) + 1
            continue
        # An underscore may stand in a subdomain, not in the name that is registered.
        return length if "_" not in labels[index - 1] and _fits_dns(run[:length]) else None
    return None


def _fits_dns(host: str) -> bool:
    """Whether a name can exist: at most 253 characters, each label 1 to 63, in ASCII form."""
    if len(host) > _MAX_HOST:
        return False
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(ascii_host) <= _MAX_HOST and all(0 < len(label) <= 63 for label in ascii_host.split("."))


# Hashtags

# Besides letters and digits: joiners and the marks that some scripts write inside a word.
_IN_WORD = (
    r"_\u00B7\u05BE\u05F3\u05F4\u0F0B\u0F0C\u200C\u200D\u3003\u301C\u309B\u309C\u30A0\u30FB\uA67E\uFF5E"
)
_TAG_CHAR = rf"[\p{{L}}\p{{M}}\p{{Nd}}{_IN_WORD}]"
# A variation selector ends an emoji, not a word: "📢️#lelang" is a tag.
_HASHTAG = regex.compile(
    rf"(?:(?<=[\uFE0E\uFE0F])|(?<![&\p{{L}}\p{{M}}\p{{Nd}}{_IN_WORD}]))[#＃](?![\uFE0F\u20E3])"
    rf"{_TAG_CHAR}*+(?<=[#＃][\p{{Nd}}{_IN_WORD}]*[\p{{L}}\p{{M}}]{_TAG_CHAR}*)"
)
_AFTER_TAG = regex.compile(r"[#＃]|://")


def find_hashtags(text: str) -> list[Span]:
    """The hashtags of a text, in order, ``value`` with its sign.

    A tag holds letters, digits and underscores and at least one letter: ``#1`` is none, and ``#anak-anak`` is
    ``#anak``, because that is what the platforms make of it. The fragment of a link is no tag.
    """
    links = find_links(text)
    found: list[Span] = []
    for match in _HASHTAG.finditer(text):
        start, end = match.span()
        before = bisect_right(links, start, key=lambda link: link.start)
        in_link = before > 0 and start < links[before - 1].end
        if not in_link and not _AFTER_TAG.match(text, end):
            found.append(Span(start, end, match[0]))
    return found


def as_hashtag(word: str) -> str:
    """A tag typed with or without its sign, as it will stand in the text: ``lelang`` → ``#lelang``."""
    return f"#{word.strip().lstrip('#＃')}"


# Lengths


def count_chars(text: str) -> int:
    """Unicode code points after NFC."""
    return len(unicodedata.normalize("NFC", text))


def count_graphemes(text: str) -> int:
    """What a reader would call characters (extended grapheme clusters): a family emoji is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def count_utf16(text: str) -> int:
    """UTF-16 code units: what JavaScript and Telegram count."""
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def count_bytes(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def count_chars_emoji_bytes(text: str) -> int:
    """Characters, but an emoji counts as its bytes in UTF-8 (Threads)."""
    normal = unicodedata.normalize("NFC", text)
    emoji = [match[0] for match in _EMOJI.finditer(normal)]
    return len(normal) + sum(count_bytes(one) - len(one) for one in emoji)


def count_weighted(text: str) -> int:
    """The weighted length of X: NFC, a link 23, an emoji 2, light ranges 1, everything else 2."""
    normal = unicodedata.normalize("NFC", text)
    total, position = 0, 0
    for link in find_links(normal):
        total += _weigh(normal[position : link.start]) + WEIGHTED_URL
        position = link.end
    return total + _weigh(normal[position:])


def _weigh(text: str) -> int:
    total, position = 0, 0
    for match in _EMOJI.finditer(text):
        total += _weigh_plain(text[position : match.start()]) + WEIGHTED_EMOJI
        position = match.end()
    return total + _weigh_plain(text[position:])


def _weigh_plain(text: str) -> int:
    return sum(1 if any(low <= ord(char) <= high for low, high in _LIGHT_RANGES) else 2 for char in text)


_COUNTERS: dict[Counter, Callable[[str], int]] = {
    Counter.WEIGHTED: count_weighted,
    Counter.GRAPHEMES: count_graphemes,
    Counter.UTF16: count_utf16,
    Counter.BYTES: count_bytes,
    Counter.CHARS: count_chars,
    Counter.CHARS_EMOJI_BYTES: count_chars_emoji_bytes,
}


def count(text: str, counter: Counter, *, url_length: int | None = None) -> int:
    """The length of ``text`` in the unit of ``counter``.

    ``url_length``: what each link with ``https://`` costs instead of its own length (Mastodon: 23). The weighted
    counter has this built in.
    """
    measure = _COUNTERS[counter]
    if url_length is None or counter is Counter.WEIGHTED:
        return measure(text)
    total, position = 0, 0
    for link in find_links(text, bare=False):
        total += measure(text[position : link.start]) + url_length
        position = link.end
    return total + measure(text[position:])
