"""Office hours: counting back working minutes and finding working days. Dates with an Indonesian wording."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS = time(8, 0)
CLOSES = time(16, 30)
WORKING_MINUTES = 510
SATURDAY = 5

# Holidays on a fixed date. The movable ones do not matter for a made-up office.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)})

DAY_NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTH_NAMES = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def is_workday(day: date) -> bool:
    """Monday to Friday, no fixed holiday."""
    return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS


def workday_before(day: date, count: int = 1) -> date:
    """The ``count``-th working day strictly before a date."""
    while count:
        day -= timedelta(days=1)
        count -= is_workday(day)
    return day


def workday_after(day: date, count: int = 1) -> date:
    """The ``count``-th working day strictly after a date."""
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def at(day: date, hour: int, minute: int, tz: ZoneInfo) -> datetime:
    """An aware instant on the office's clock."""
    return datetime.combine(day, time(hour, minute), tzinfo=tz)


def back(moment: datetime, minutes: int) -> datetime:
    """So many working minutes before a moment; the result always lies within office hours."""
    tz = moment.tzinfo
    day, clock = moment.date(), moment.time()
    while True:
        if is_workday(day) and clock > OPENS:
            end = datetime.combine(day, min(clock, CLOSES), tzinfo=tz)
            open_minutes = int((end - datetime.combine(day, OPENS, tzinfo=tz)).total_seconds() // 60)
            if minutes <= open_minutes:
                return end - timedelta(minutes=minutes)
            minutes -= open_minutes
        day, clock = day - timedelta(days=1), time(23, 59)


def news_day(day: date) -> str:
    """A day as news writes it: ``Rabu (12/3)``."""
    return f"{DAY_NAMES[day.weekday()]} ({day.day}/{day.month})"


def month_name(day: date) -> str:
    """The Indonesian name of the month."""
    return MONTH_NAMES[day.month - 1]
