"""Dates and numbers as people write them in tables. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from humasflow.core.periods import MAX_YEAR, MIN_YEAR

_MONTHS: Final[Mapping[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january", "feb febr februari february peb pebruari", "mar mrt maret march", "apr april",
            "mei may", "jun juni june", "jul juli july", "agu agt ags agus agust agustus aug august",
            "sep sept september", "okt oct oktober october", "nov nop november nopember", "des dec desember december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = r"(?:(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min)\.?\s*,?\s+)?"
_CLOCK = (
    r"(?:[t,\s]+(?:(?:pukul|pkl|jam)\.?\s*)?(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<ap>[ap]m)?)?(?:\s*(?P<zone>wib|wita|wit))?"
)
_NUMERIC = re.compile(
    rf"{_DAYS}(?P<a>\d{{1,4}})\s*[-/. ]\s*(?P<b>\d{{1,2}})\s*[-/. ]\s*(?P<c>\d{{1,4}}){_CLOCK}"
)
_WORDED = re.compile(
    rf"{_DAYS}(?P<a>\d{{1,2}})\s*[-/. ]?\s*(?P<b>[a-z]{{3,10}})\.?\s*[-/., ]?\s*(?P<c>\d{{4}}|\d{{2}}){_CLOCK}"
)
_CLOCK_ALONE = re.compile(
    r"(?P<h>\d{1,2})(?:[:.](?P<m>\d{2})(?:[:.]\d{2}(?:\.\d+)?)?)?\s*(?P<part>am|pm|pagi|siang|sore|malam)?"
    r"\s*(?:wib|wita|wit)?"
    r"(?:\s*(?:-|–|—|s\.?d\.?|s/d|sampai|hingga)\s*(?:\d{1,2}(?:[:.]\d{2}){0,2}|selesai)\s*(?:wib|wita|wit)?)?"
)
_SERIAL = re.compile(r"(?P<day>[1-9]\d{4})(?:[.,](?P<part>\d{1,15}))?")
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_GROUPED_ENGLISH = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+|-?\d{1,3}(?:,\d{3}){2,}")
_EPOCH: Final = date(1899, 12, 30)  # day 0 of Excel, whose 1900 had a 29 February
NOON: Final = time(12)
# Marks without a width: those that turn the direction of what follows, as a disguise; those that come along when a text
# is copied from a page, and make an unlike word of a like one. Arabic needs neither.
_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")


def without_overrides(text: str) -> str:
    """A text as it is read from left to right, without marks that nobody sees."""
    return _OVERRIDES.sub("", text).strip() if not text.isascii() else text


def read_moment(text: str, *, without_time: time = NOON) -> datetime | None:
    """A wall clock time, naive: ``2020-12-31 09:00``, ``31/12/20``, ``31.12.2020 09.00``, ``31 Des 2020``, ``Kamis, 31
    Desember 2020 pukul 08.30 WIB``, ``44196``. The day comes before the month. None: no date of the calendar, or of a
    year in which no office counted (1020 for 2020).
    """
    wanted = " ".join(text.strip().lower().split())
    serial = _SERIAL.fullmatch(wanted)
    if serial is not None:
        return _from_serial(int(serial["day"]), serial["part"], without_time)
    match = _NUMERIC.fullmatch(wanted) or _WORDED.fullmatch(wanted)
    if match is None:
        return None
    a, b, c = match["a"], match["b"], match["c"]
    month = int(b) if b.isdigit() else _MONTHS.get(b, 0)
    year, day = (a, c) if len(a) == 4 else (c, a)
    if len(a) == 3 or len(year) not in (2, 4) or len(day) > 2:
        return None
    full = _full_year(year)
    if not MIN_YEAR <= full <= MAX_YEAR:
        return None
    try:
        return datetime.combine(date(full, month, int(day)), _clock_of(match) or without_time)
    except ValueError:
        return None


def read_zone(text: str) -> str:
    """``WIB``, ``WITA`` or ``WIT`` where a time says so at its end; else empty."""
    match = re.search(r"\b(wib|wita|wit)\s*$", text.strip().lower())
    return match[1].upper() if match else ""


def read_date(text: str) -> date | None:
    """The day of :func:`read_moment`."""
    moment = read_moment(text)
    return moment.date() if moment is not None else None


def read_clock(text: str) -> time | None:
    """``09:30``, ``9.30``, ``pukul 09.30 WIB``, ``pukul 9``, ``7 malam``, ``9 am``, ``0,39583`` (a part of a day); of a
    span (``09.00-10.30``) when it begins. None: no time of a clock.
    """
    wanted = re.sub(r"^(?:pukul|pkl|jam)\.?\s*", "", " ".join(text.strip().lower().split()))
    part = re.fullmatch(r"0?[.,](\d{3,15})", wanted)
    if part is not None:
        return time(*divmod(round(float(f"0.{part[1]}") * 1440) % 1440, 60))
    match = _CLOCK_ALONE.fullmatch(wanted)
    if match is None:
        return None
    hour, part_of_day = int(match["h"]), match["part"] or ""
    if part_of_day in ("am", "pm"):
        hour = hour % 12 + (12 if part_of_day == "pm" else 0)
    elif (part_of_day in ("sore", "malam") and hour < 12) or (part_of_day == "siang" and hour < 6):
        hour += 12
    elif part_of_day == "malam" and hour == 12:
        hour = 0
    try:
        return time(hour, int(match["m"] or 0))
    except ValueError:
        return None


def _clock_of(match: re.Match[str]) -> time | None:
    if match["h"] is None:
        return None
    hour = int(match["h"])
    if match["ap"]:
        hour = hour % 12 + (12 if match["ap"] == "pm" else 0)
    return time(hour, int(match["m"]), int(match["s"] or 0))


def _full_year(text: str) -> int:
    """Two digits mean this century up to 79: nothing that is imported is older than 1980."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 80 else 1900)


def _from_serial(day: int, part: str | None, without_time: time) -> datetime | None:
    if not 25_569 <= day <= 80_000:  # 1970 to 2119; other numbers are no dates
        return None
    found = _EPOCH + timedelta(days=day)
    if not part or not int(part):
        return datetime.combine(found, without_time)
    return datetime.combine(found, time()) + timedelta(minutes=round(float(f"0.{part}") * 1440))


def read_number(text: str, *, may_group: bool = True) -> Decimal | None:
    """``1.250``, ``1.250,5``, ``12,5``, ``60%``. ``may_group``: ``1.250`` is a thousand and more; of what is never that
    large it is a decimal. None: no number.
    """
    wanted = re.sub(r"^rp\.?\s*|\s|%$", "", text.strip().lower())
    if may_group and _GROUPED.fullmatch(wanted):
        wanted = wanted.replace(".", "")
    elif may_group and _GROUPED_ENGLISH.fullmatch(wanted):
        wanted = wanted.replace(",", "")
    wanted = wanted.replace(",", ".")
    return Decimal(wanted) if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", wanted) else None
