"""Local time at the edge: parsing what people type and showing instants in an office's zone.

Dates read ``Sabtu, 21 November 2026 09.00 WITA``; the English form is ``Saturday, 21 November 2026 09:00 WITA``.
"""

from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

from flask_babel import format_date as babel_date
from flask_babel import get_locale

ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


class HasZone(Protocol):
    """An office, as far as time is concerned."""

    @property
    def timezone(self) -> str:
        """IANA zone name."""


def zone(office: HasZone | str) -> ZoneInfo:
    """The office's zone."""
    return ZoneInfo(office if isinstance(office, str) else office.timezone)


def zone_label(office: HasZone | str) -> str:
    """WIB, WITA or WIT."""
    name = office if isinstance(office, str) else office.timezone
    return ZONE_LABELS.get(name, name)


def to_local(instant: datetime, office: HasZone | str) -> datetime:
    """The instant on the office's wall clock (aware)."""
    return instant.astimezone(zone(office))


def from_local(day: date, clock_time: time, office: HasZone | str) -> datetime:
    """The UTC instant of a wall-clock time at the office. Indonesian zones have no daylight saving: never ambiguous."""
    return datetime.combine(day, clock_time, tzinfo=zone(office)).astimezone(UTC)


def _is_english() -> bool:
    return str(get_locale() or "id").startswith("en")


def show_time(instant: datetime, office: HasZone | str, *, with_zone: bool = False) -> str:
    """``09.00`` (Indonesian) or ``09:00`` (English), with the zone when asked."""
    text = to_local(instant, office).strftime("%H:%M" if _is_english() else "%H.%M")
    return f"{text} {zone_label(office)}" if with_zone else text


def show_date(
    value: datetime | date, office: HasZone | str | None = None, *, style: str = "d MMM yyyy"
) -> str:
    """A date in the reader's language; an instant is first put on the office's clock."""
    if isinstance(value, datetime):
        if office is None:
            raise ValueError("an instant needs an office's zone to have a date")
        value = to_local(value, office).date()
    return str(babel_date(value, style))


def show_instant(instant: datetime, office: HasZone | str, *, full: bool = False) -> str:
    """``21 Nov 2026 09.00 WITA``; with ``full`` the weekday and the month are spelled out."""
    style = "EEEE, d MMMM yyyy" if full else "d MMM yyyy"
    return f"{show_date(instant, office, style=style)} {show_time(instant, office, with_zone=True)}"
