"""The first pass over a calendar file from elsewhere: cut to the few lines that an agenda has, within a fixed amount of
work, before a parser sees it. Attachments, alarms, a zone that repeats every second or a million of anything cost what
it costs to walk past them once; more than that is refused.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import available_timezones

from flask_babel import gettext as _
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from humasflow.core.errors import UserError
from humasflow.planning.agenda.ics_zones import FileZone, read_zone

MAX_BYTES: Final = 10_000_000
MAX_LINES: Final = 300_000
MAX_EVENTS: Final = 5_000
MAX_KEPT: Final = 60_000  # lines for the parser, a fortieth of a millisecond each
MAX_DATES: Final = 20_000  # of EXDATE and RDATE, all together
MAX_EXCEPTIONS: Final = 1_000  # dates, or changed occurrences, of one event
MAX_DEPTH: Final = 20
MAX_VALUE: Final = (
    50_000  # characters of one line with dates or texts: the longest description, escaped; of another
)
MAX_SHORT: Final = 1_000
MAX_ZONES: Final = 20
MAX_ZONE_LINES: Final = 250
# What a line may have besides its text, and how much more of it a file may have than that: names, parameters, rules.
USUAL_FRAME: Final = 120
MAX_FRAMES: Final = 200_000
_KEPT = frozenset(
    {
        "UID", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "ORGANIZER", "CONTACT", "STATUS", "DTSTART", "DTEND",
        "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "COMMENT", "CLASS", "X-HUMASFLOW-NEEDS",
        "X-HUMASFLOW-STATE", "X-HUMASFLOW-TITLE",
    }
)  # fmt: skip
_SEVERAL = frozenset({"EXDATE", "RDATE"})
_TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", *_SEVERAL})
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT", "COMMENT", "UID", "X-HUMASFLOW-TITLE"})
_NAME = re.compile(r"[A-Za-z0-9-]+")
_ZONED = re.compile(r';TZID=((?:"[^"]*"|[^;:"])*)', re.IGNORECASE)
_OF_A_KIND = re.compile(r";VALUE=DATE(?:-TIME)?(?=[;:])", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})Z?)?(?:/[0-9A-Z+-]+)?")
PRODUCT: Final = "-//humasflow//ID"  # PRODID of what we write
LOST: Final = (
    "X-LOST-DATES"  # put into an event by the cutter alone: how many dates it could not read, and left out
)


class IcsRefused(UserError):
    """The file cannot be taken at all."""


@dataclass
class Cut:
    """What is left of a file, the zones it defines, and what it cost: lines walked past, lines and dates kept, and
    characters of unusual length in what is not text.

    A zone that is not one of the world's has a name of ours in the text, so that no parser looks for it anywhere;
    ``names`` says what it was called. ``zones`` goes by our names. ``is_own``: this product wrote it.
    """

    text: str = ""
    zones: dict[str, FileZone] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    is_own: bool = False
    events: int = 0
    lines: int = 0
    kept: int = 0
    dates: int = 0
    frames: int = 0
    is_cut_off: bool = False


def cut(data: bytes) -> Cut:
    """Cut a file down. Raises :class:`IcsRefused` for what is no calendar or too much of one."""
    check_size(data)
    if data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:
        raise _too_much()
    # Unfolded as bytes: a line may be folded in the middle of a letter.
    whole = (
        data.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    )
    lines = _lines(whole.replace(b"\n ", b"").replace(b"\n\t", b""))
    if len(lines) > MAX_LINES:
        raise _too_much()
    return _Cutter().run(lines)


def check_size(data: bytes) -> None:
    """Refuse at a glance what is too large or no calendar. Raises :class:`IcsRefused`."""
    if len(data) > MAX_BYTES:
        raise IcsRefused(
            _("Berkas kalender paling besar 10 MB. Pecah menjadi beberapa berkas, lalu impor satu per satu.")
        )
    if not re.search(rb"^(?:\xef\xbb\xbf)?BEGIN:VCALENDAR[ \t\r]*$", data, re.MULTILINE | re.IGNORECASE):
        raise IcsRefused(
            _("Ini bukan berkas kalender (.ics). Ekspor lagi dari aplikasi kalender, lalu coba lagi.")
        )


def known_zone(name: str) -> str:
    """The zone of the world that a name stands for, Windows' names and paths among them; empty for none."""
    if name.startswith("/"):  # /mozilla.org/20050126_1/Asia/Jakarta
        name = "/".join(name.split("/")[-2:])
    name = WINDOWS_TO_OLSON.get(name, name)
    return name if name in world_zones() else ""


def _too_much() -> IcsRefused:
    return IcsRefused(
        _("Berkas kalender ini terlalu rumit untuk dibaca. Ekspor lagi dengan rentang lebih pendek.")
    )


def _lines(data: bytes) -> list[str]:
    """As text. A line that is no UTF-8 is of a Windows program; the others stay what they are."""
    try:
        return data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return [_line(one) for one in data.split(b"\n")]


def _line(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


@dataclass
class _Cutter:
    made: Cut = field(default_factory=Cut)
    kept: list[str] = field(default_factory=lambda: ["BEGIN:VCALENDAR"])
    stack: list[str] = field(default_factory=list)
    zone: list[str] = field(default_factory=list)  # the definition at hand
    aliases: dict[str, str] = field(
        default_factory=dict
    )  # of zones that are not of the world, by their names
    defined: dict[str, FileZone] = field(default_factory=dict)
    dates: int = 0  # of the event at hand; of them unreadable, and more than there may be
    unreadable: int = 0
    beyond: int = 0

    def run(self, lines: list[str]) -> Cut:
        """One pass."""
        for line in lines:
            self.made.lines += 1
            # Nearly every line of a hostile file is one of these; they must cost nothing.
            start = line[:1]
            if not start:
                continue
            if start in "Bb" and line[:6].upper() == "BEGIN:":
                self._begin(line[6:].strip().upper())
            elif start in "Ee" and line[:4].upper() == "END:":
                self._end()
            elif len(self.stack) > 1 and self.stack[0] == "VCALENDAR":
                self._property(line)
            elif start in "Pp" and self.stack == ["VCALENDAR"] and line[:7].upper() == "PRODID:":
                self.made.is_own = line[7:].strip() == PRODUCT
        while self.stack:  # a file that was cut off
            self.made.is_cut_off |= self.stack[-1] in ("VCALENDAR", "VEVENT", "VTIMEZONE")
            self._end()
        self.kept.append("END:VCALENDAR")
        self.made.names = {alias: name for name, alias in self.aliases.items()}
        self.made.zones = {self.aliases[n]: zone for n, zone in self.defined.items() if n in self.aliases}
        self.made.text, self.made.kept = "\r\n".join(self.kept), len(self.kept)
        return self.made

    def _begin(self, name: str) -> None:
        self.stack.append(name)
        if len(self.stack) > MAX_DEPTH:
            raise IcsRefused(_("Susunan berkas kalender ini rusak."))
        if self.stack == ["VCALENDAR", "VEVENT"]:
            self.made.events += 1
            self.dates = self.unreadable = self.beyond = 0
            if self.made.events > MAX_EVENTS:
                raise IcsRefused(
                    _("Berkas ini memuat lebih dari %(limit)s agenda. Ekspor lagi dengan rentang lebih pendek.",
                      limit=f"{MAX_EVENTS:,}".replace(",", "."))
                )  # fmt: skip
            self._keep("BEGIN:VEVENT")
        elif self._in_zone:
            self._keep_zone(f"BEGIN:{name}")

    def _end(self) -> None:
        if self.stack == ["VCALENDAR", "VEVENT"]:
            if self.unreadable or self.beyond:
                self._keep(f"{LOST}:{self.unreadable} {self.beyond}")
            self._keep("END:VEVENT")
        elif self._in_zone:
            self._keep_zone(f"END:{self.stack[-1]}")
            if len(self.stack) == 2:
                self._close_zone()
        if self.stack:
            self.stack.pop()

    def _property(self, line: str) -> None:
        found = _NAME.match(line)
        name = found[0].upper() if found else ""
        if self.stack[1] == "VEVENT":
            if len(self.stack) > 2 or name not in _KEPT:
                return
            if name in _TIMES:
                line = _ZONED.sub(self._zone_named, line[:MAX_VALUE])
            limit = MAX_VALUE if name in _TEXTS else MAX_SHORT
            line = self._some_dates(line) if name in _SEVERAL else line[:limit]
            frame = line.find(":") if name in _TEXTS or name in _SEVERAL else len(line)
            self.made.frames += max(0, frame - USUAL_FRAME)
            if self.made.frames > MAX_FRAMES:
                raise _too_much()
            if line:
                self._keep(line)
        elif self._in_zone:
            self._keep_zone(line[:200])

    def _zone_named(self, found: re.Match[str]) -> str:
        """A zone by a name that needs no looking for."""
        name = _plain(found[1])
        known = known_zone(name)
        return f";TZID={known or self.aliases.setdefault(name, f'X-ZONE-{len(self.aliases) + 1}')}"

    def _some_dates(self, line: str) -> str:
        """The line with as many dates as the event, and the file, may still have, without those that are none: one
        bad date would spoil all of its line.
        """
        left = max(0, min(MAX_EXCEPTIONS - self.dates, MAX_DATES - self.made.dates))
        head, sign, values = line.partition(":")
        some = values.split(",", left)
        self.beyond += len(some) > left
        some = some[:left]
        self.dates += len(some)
        self.made.dates += len(some)
        good = [one for one in map(str.strip, some) if _is_date(one)]
        self.unreadable += len(some) - len(good)
        return _OF_A_KIND.sub("", head + sign) + ",".join(good) if good else ""

    @property
    def _in_zone(self) -> bool:
        return len(self.stack) > 1 and self.stack[0] == "VCALENDAR" and self.stack[1] == "VTIMEZONE"

    def _keep(self, line: str) -> None:
        self.kept.append(line)
        if len(self.kept) > MAX_KEPT:
            raise _too_much()

    def _keep_zone(self, line: str) -> None:
        if len(self.zone) <= MAX_ZONE_LINES and len(self.stack) <= 3:
            self.zone.append(line)

    def _close_zone(self) -> None:
        """Understand a definition that is needed. Without it the zone is an unknown one, which is told."""
        lines, self.zone = self.zone, []
        named = next((line for line in lines if line[:4].upper() == "TZID"), "")
        name = _plain(named.partition(":")[2])
        if not name or known_zone(name) or len(lines) > MAX_ZONE_LINES or len(self.defined) >= MAX_ZONES:
            return
        zone = read_zone(lines)
        if zone is not None:
            self.defined[name] = zone


def _plain(name: str) -> str:
    """The name of a zone without quotes and escapes: it stands with the ones here and with the others there."""
    return re.sub(r"\\([\\,;])", r"\1", name.strip().strip('"')).strip()


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    try:
        datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - not kept
    except ValueError:
        return False
    return True


def world_zones() -> frozenset[str]:
    """The names of all zones."""
    global _zones  # noqa: PLW0603 - read once from the disk
    if not _zones:
        _zones = frozenset(available_timezones())
    return _zones


_zones: frozenset[str] = frozenset()
