"""What the cells of a content calendar name: channels, people, content types, and how far the office is. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Final

from humasflow.accounts.models import User
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.imports.kinds.words import CHANNEL_ALIASES

_ALIASES: Final[Mapping[str, str]] = {
    **CHANNEL_ALIASES, "tt": "tiktok",
    "twitter": "x", "x (twitter)": "x",
}  # fmt: skip
_BETWEEN: Final = re.compile(r"\s*[,/+;&|\n•]\s*|\s+dan\s+", re.IGNORECASE)
_BETWEEN_PEOPLE: Final = re.compile(r"\s*[/+;&|\n•]\s*|\s+dan\s+", re.IGNORECASE)
_TITLES: Final = re.compile(
    r",?\s*\b(?:[smda]\.[a-z]{1,4}\b\.?(?:[a-z]{1,4}\.)*|amd|drs?|dra|ir|h|hj|bpk|bapak|ibu|sdri?|pak|bu|mas|mbak)"
    r"(?:\.|(?=\s|$|,))",
    re.IGNORECASE,
)


class Progress(Enum):
    """How far a row is, by the office's own words."""

    PLANNED = "planned"
    IDEA = "idea"
    LIVE = "live"
    CALLED_OFF = "called off"
    MAYBE_LIVE = "maybe live"  # "selesai": the text, or the publication
    UNKNOWN = "unknown"


_NOT_YET: Final = re.compile(
    r"\b(?:belum|blm|akan|siap|rencana|\w*jadwal\w*|menunggu|ready|to be|not|tunggu|untuk|utk|\w*tunda)\b"
)
_ALREADY: Final = re.compile(
    r"\b(?:sudah|sdh|udah|telah)\s+(?:tayang|terbit|naik|rilis|live|post(?:ed|ing)?|publish(?:ed)?|upload(?:ed)?|unggah|"
    r"(?:di|ter)(?:tayangkan|terbitkan|publikasi(?:kan)?|posting|unggah|rilis))\b"
)
_PROGRESS: Final = (
    (
        Progress.CALLED_OFF,
        re.compile(r"\b(?:batal|dibatalkan|cancel(?:led|ed)?|drop|ditiadakan|tidak (?:jadi|tayang|dipakai))\b"),
    ),
    (
        Progress.LIVE,
        re.compile(
            r"\b(?:(?:di)?(?:tayang|terbit|publikasi|rilis)(?:kan)?|terpublikasi|publish(?:ed)?|posted|post|"
            r"(?:di|ter)?posting|live|upload(?:ed)?|(?:di|ter)?unggah|naik)\b"
        ),
    ),
    (Progress.MAYBE_LIVE, re.compile(r"\b(?:selesai|done|ok|oke|beres|tuntas|final|complete[d]?|finish(?:ed)?)\b")),
    (Progress.IDEA, re.compile(r"\b(?:ide|idea|ideas|usul|usulan|gagasan|konsep|brainstorm\w*|bank ide|wacana)\b")),
    (
        Progress.PLANNED,
        re.compile(
            r"\b(?:rencana|direncanakan|planned|plan|\w*jadwal\w*|\w*tunda|scheduled|schedule|draf|draft|proses|"
            r"on progress|in progress|progress|progres|dikerjakan|desain|design|review|reviu|revisi|approval|"
            r"persetujuan|menunggu|belum|akan|siap|ready|todo|to do|produksi|editing|copywriting|pending|acc|approved|"
            r"disetujui)\b"
        ),
    ),
)  # fmt: skip


def read_progress(text: str) -> Progress:
    """``Sudah tayang`` is live, ``siap tayang`` and ``belum tayang`` are not. Empty: planned."""
    wanted = fold(text)
    if not wanted:
        return Progress.PLANNED
    for progress, pattern in _PROGRESS:
        if not pattern.search(wanted):
            continue
        waits = progress in (Progress.LIVE, Progress.MAYBE_LIVE) and _NOT_YET.search(wanted)
        return Progress.PLANNED if waits and not _ALREADY.search(wanted) else progress
    return Progress.UNKNOWN


def fold(text: str) -> str:
    """For comparing: no case, single spaces."""
    return " ".join(text.casefold().split())


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like it, as it is written; empty where none is."""
    written = {fold(k): k for k in known}
    found = get_close_matches(fold(word), list(written), n=1, cutoff=0.6)
    return written[found[0]] if found else ""


@dataclass(frozen=True)
class Channels:
    """``accounts``: those a word may mean; ``labels``: what may be written, for the nearest one; ``bare``: kinds that
    the office has no account of, by word.
    """

    accounts: Mapping[str, tuple[ChannelAccount, ...]]
    labels: tuple[str, ...]
    bare: Mapping[str, str]


def channels_by_words(kinds: Sequence[ChannelKind], accounts: Sequence[ChannelAccount]) -> Channels:
    """Accounts by name, handle, and by their kind's label, code and usual words."""
    of_kind: dict[str, list[ChannelAccount]] = {}
    for account in accounts:
        of_kind.setdefault(account.kind.code, []).append(account)
    if "website_portal" not in of_kind and "website_own" in of_kind:
        of_kind["website_portal"] = of_kind["website_own"]  # "website" is the one that the office has
    found: dict[str, tuple[ChannelAccount, ...]] = {}
    bare: dict[str, str] = {}
    for kind in kinds:
        words = {fold(kind.label), kind.code, kind.code.replace("_", " ")}
        words |= {alias for alias, code in _ALIASES.items() if code == kind.code}
        words |= {fold(part) for part in re.split(r"[/()]", kind.label) if part.strip()}
        mine = tuple(of_kind.get(kind.code, ()))
        for word in words:
            if mine:
                found.setdefault(word, mine)
            else:
                bare.setdefault(word, kind.label)
    for account in accounts:
        handle = fold(account.handle).lstrip("@")
        for word in filter(None, (handle, f"@{handle}" if handle else "")):
            others = [a for a in found.get(word, ()) if fold(a.handle).lstrip("@") == handle]
            found[word] = (*[a for a in others if a is not account], account)
    for account in accounts:
        named = [a for a in accounts if fold(a.name) == fold(account.name)]
        found[fold(account.name)] = tuple(named)
    return Channels(
        found, tuple(dict.fromkeys([*(a.name for a in accounts), *(k.label for k in kinds)])), bare
    )


def split_channels(text: str, known: Iterable[str]) -> list[str]:
    """``Instagram, FB / Web + YouTube``, one a line, or with nothing but spaces between words that are known."""
    words = set(known)
    if fold(text) in words:
        return [text.strip()]
    parts: list[str] = []
    for part in filter(None, (p.strip(" -") for p in _BETWEEN.split(text))):
        parts += [part] if fold(part) in words else _by_spaces(part, words)
    return list({fold(p): p for p in parts}.values())


def _by_spaces(part: str, words: set[str]) -> list[str]:
    """The known words that it is made of, the longest first; the part as it is where something else is among them."""
    rest, found = part.split(), list[str]()
    while rest:
        size = next((n for n in range(len(rest), 0, -1) if fold(" ".join(rest[:n])) in words), 0)
        if not size:
            return [part]
        found.append(" ".join(rest[:size]))
        rest = rest[size:]
    return found


@dataclass(frozen=True)
class People:
    """``everybody``: who may be asked here; by address, by folded name, and by name without titles."""

    everybody: tuple[User, ...]
    exact: Mapping[str, tuple[User, ...]]

    def find(self, word: str) -> tuple[User, ...]:
        """Whom a word may mean: by address, by name, by name without titles, by a part of the name."""
        for wanted in (fold(word), untitled(word)):
            if wanted in self.exact:
                return self.exact[wanted]
        parts = set(untitled(word).split())
        return tuple(u for u in self.everybody if parts and parts <= set(untitled(u.name).split()))


def people_by_words(everybody: Sequence[User]) -> People:
    """Those of an office."""
    exact: dict[str, tuple[User, ...]] = {}
    for person in everybody:
        for word in {fold(person.name), untitled(person.name), fold(person.email)}:
            if word:
                exact[word] = (*exact.get(word, ()), person)
    return People(tuple(everybody), exact)


def untitled(name: str) -> str:
    """``Drs. Budi Santoso, S.E., M.M.`` and ``Pak Budi Santoso`` without what is no name."""
    kept = _TITLES.sub(" ", f" {name.partition(',')[0] if ',' in name else name} ")
    return fold(re.sub(r"[.,]", " ", kept))


def split_people(text: str, people: People) -> list[str]:
    """One or several; a comma stands before titles as well, so it divides only where both sides are known."""
    found: list[str] = []
    for part in filter(None, (p.strip(" -") for p in _BETWEEN_PEOPLE.split(text))):
        pieces = [p.strip() for p in part.split(",") if p.strip()]
        several = len(pieces) > 1 and all(people.find(p) for p in pieces)
        found += pieces if several else [part]
    return found
