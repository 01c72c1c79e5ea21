"""What a calendar file holds once it was read: plain values, ready to be judged and kept."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from humasflow.planning.agenda.enums import EventNeed, EventState

MAX_NOTES: Final = 50
_STEM: Final = 200  # characters of a UID that one made from it keeps


@dataclass(frozen=True)
class ReadException:
    """What differs at one occurrence; None is as in the event."""

    occurrence: datetime
    is_dropped: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    title: str | None = None
    place: str | None = None
    needs: tuple[EventNeed, ...] | None = None
    state: EventState | None = None
    reason: str = ""


@dataclass(frozen=True)
class ReadEvent:
    """An event of a file, ready to be kept. ``rule`` is empty or one that :func:`parse_rule` understands."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    all_day: bool = False
    description: str = ""
    place: str = ""
    organizer: str = ""
    rule: str = ""
    needs: tuple[EventNeed, ...] = ()
    state: EventState = EventState.CONFIRMED
    reason: str = ""
    is_private: bool = False
    exceptions: tuple[ReadException, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """What was left out, and why."""

    title: str
    why: str


@dataclass
class ReadCalendar:
    """What a file holds. ``notes``: sentences about what was taken otherwise than written."""

    events: list[ReadEvent] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    uids: set[str] = field(default_factory=set)  # of everything in it, also of what was left out
    partly: set[str] = field(default_factory=set)  # beginnings of UIDs of which not every date was understood
    is_cut_off: bool = False
    _places: dict[str, int] = field(default_factory=dict, repr=False)

    def note(self, sentence: str) -> None:
        """Once each, and not without end."""
        if sentence not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(sentence)

    def keep(self, event: ReadEvent) -> None:
        """Add an event; of several with one UID the latest edition counts, of one edition the last."""
        self.uids.add(event.uid)
        place = self._places.setdefault(event.uid, len(self.events))
        if place == len(self.events):
            self.events.append(event)
        elif event.sequence >= self.events[place].sequence:
            self.events[place] = event

    def has(self, uid: str) -> bool:
        """Whether the file may hold an event: it names it, or there is something of it that nobody understood."""
        return uid in self.uids or uid.rpartition("/")[0] in self.partly


def stem_of(uid: str) -> str:
    """The beginning of the UIDs of what stands for single dates of an event."""
    return uid if len(uid) <= _STEM else f"{uid[:150]}#{sha256(uid.encode()).hexdigest()[:40]}"


def lone_uid(uid: str, at: datetime) -> str:
    """The UID of what stands for one date of an event: the same whenever the file is read."""
    return f"{stem_of(uid)}/{at:%Y%m%dT%H%M%SZ}"
