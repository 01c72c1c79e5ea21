"""Single values of a component from elsewhere, as an agenda keeps them: plain text, of bounded length."""

import html
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import icalendar
import nh3
from flask_babel import lazy_gettext as _l

from humasflow.planning.agenda.enums import EventNeed, EventState
from humasflow.planning.agenda.services.contents import DESCRIPTION, TITLE

_TAG = re.compile(r"<[A-Za-z/!?]")
_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/li)\b[^<>]*>")
_SIMPLE = re.compile(r"<[A-Za-z/!?][^<>]*>")
_HIDDEN = re.compile(r"(?i)<(?:script|style|!--)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
# The last three are kept in columns of this length; the others are as long as a person may write them.
_TEXT_LIMITS: Final = {
    "title": TITLE,
    "description": DESCRIPTION,
    "place": 200,
    "organizer": 200,
    "reason": 300,
}
_NAMES: Final = {
    "title": _l("namanya"), "description": _l("keterangannya"), "place": _l("tempatnya"),
    "organizer": _l("penyelenggaranya"), "reason": _l("alasannya"),
}  # fmt: skip


@dataclass
class Words:
    """Reads texts. ``is_own``: of a file that this product wrote, where an angle bracket is an angle bracket; of any
    other, markup is taken out. ``shortened``: which texts of the event at hand were too long.
    """

    is_own: bool = False
    shortened: set[str] = field(default_factory=set)

    def plain(self, component: icalendar.Event, name: str, limit: str, *, lines: bool = False) -> str:
        """A text without markup, not longer than the agenda keeps it; ``lines``: it may have several."""
        found = component.get(name, "")
        return self._kept(str(found[0] if isinstance(found, list) and found else found or ""), limit, lines)

    def title(self, component: icalendar.Event) -> str:
        """What the event is called. One of ours that waits for a new time says that in SUMMARY, and this beside it."""
        if not self.is_own or "X-HUMASFLOW-TITLE" not in component:
            return self.plain(component, "SUMMARY", "title")
        escaped = str(
            single(component, "X-HUMASFLOW-TITLE")
        )  # the parser leaves what it does not know as it is
        return self._kept(re.sub(r"\\(.)", r"\1", escaped), "title", False)

    def organizer(self, component: icalendar.Event) -> str:
        """Who holds the event: a name rather than an address."""
        found = component.get("ORGANIZER")
        found = found[0] if isinstance(found, list) else found
        if found is None:
            return self.plain(component, "CONTACT", "organizer")
        named = str((getattr(found, "params", None) or {}).get("CN", ""))
        address = re.sub(r"(?i)^mailto:", "", str(found))
        return self._kept(named, "organizer", False) or self._kept(address, "organizer", False)

    def take_shortened(self) -> str:
        """For people, which texts of the event at hand were too long; afterwards none."""
        names = ", ".join(str(word) for name, word in _NAMES.items() if name in self.shortened)
        self.shortened.clear()
        return names

    def _kept(self, text: str, limit: str, lines: bool) -> str:
        most = _TEXT_LIMITS[limit]
        some = text[: 2 * most + 2_000]  # what markup may take away; stripping it is not for free
        read = _seen(some) if self.is_own else _without_markup(some)
        read = read.strip() if lines else " ".join(read.split())
        if len(read) > most or len(some) < len(text):
            self.shortened.add(limit)
        return read[:most].rstrip()


def single(component: icalendar.Event, name: str) -> Any:
    """A property that there may be once; of several the first."""
    found = component[name]
    return found[0] if isinstance(found, list) else found


def sequence_of(component: icalendar.Event) -> int:
    """SEQUENCE, within reason."""
    try:
        return max(0, min(int(component.get("SEQUENCE", 0)), 2_000_000_000))
    except (TypeError, ValueError):
        return 0


def uid_of(component: icalendar.Event) -> str:
    """UID, or one made of what an event without it says, so that the same file is the same event again."""
    found = component.get("UID", "")
    uid = " ".join(_seen(str(found[0] if isinstance(found, list) else found)).split())
    if not uid:
        facts = b"|".join(
            bytes(single(component, n).to_ical()) for n in ("DTSTART", "SUMMARY") if n in component
        )
        return f"{sha256(facts).hexdigest()[:40]}@tanpa-uid"
    return uid if len(uid) <= 255 else f"{uid[:180]}#{sha256(uid.encode()).hexdigest()[:64]}"


def clean(text: str) -> str:
    """Without markup and control characters, on one line."""
    return " ".join(_without_markup(text).split())


def state_of(component: icalendar.Event) -> EventState | None:
    """Whether it takes place; None where nothing is said."""
    own = str(component.get("X-HUMASFLOW-STATE", "")).lower()
    if own in {s.value for s in EventState}:
        return EventState(own)
    return {
        "CANCELLED": EventState.CANCELLED,
        "TENTATIVE": EventState.TENTATIVE,
        "CONFIRMED": EventState.CONFIRMED,
    }.get(str(component.get("STATUS", "")).upper())


def needs_of(component: icalendar.Event) -> tuple[EventNeed, ...] | None:
    """What public relations is asked for; None where nothing is said."""
    if "X-HUMASFLOW-NEEDS" not in component:
        return None
    asked = {n.strip().lower() for n in re.split(r"\\?,", str(component["X-HUMASFLOW-NEEDS"]))}
    return tuple(n for n in EventNeed if n.value in asked)


def is_private(component: icalendar.Event) -> bool:
    """Whether its owner keeps it from others (CLASS, RFC 5545 3.8.1.3: what is unknown counts as private)."""
    said = component.get("CLASS", "")
    return str(said[0] if isinstance(said, list) else said).strip().upper() not in ("", "PUBLIC")


def _seen(text: str) -> str:
    """Without what cannot be seen and turns the rest around."""
    return _UNSEEN.sub("", text)


def _without_markup(text: str) -> str:
    text = _stripped(text)
    if "&" in text:  # what stood escaped is text, but never markup for whoever forgets to escape it
        text = html.unescape(_stripped(html.unescape(text)))
    return _seen(text)


def _stripped(text: str) -> str:
    """Without tags. The parser of markup is slow on many of them, so it gets what simple means leave over."""
    if not _TAG.search(text):
        return text
    text = _BREAK.sub("\n", text)
    if not _HIDDEN.search(text):
        text = _SIMPLE.sub("", text)
    if not _TAG.search(text):
        return text
    return html.unescape(nh3.clean(text, tags=set(), clean_content_tags={"script", "style"}))
