"""Posting times as people write them: ``Sen Rab Jum 09.00; Sel 13.30``.

Reading is generous (long and short names, ``Sen–Jum``, ``Setiap hari``, several times, ``.`` or ``:``); showing is one
fixed form, which reads back as the same times. Pure: the clock is the office's own.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import time

from flask_babel import get_locale
from flask_babel import gettext as _

from humasflow.core.errors import UserError
from humasflow.core.localtime import ZONE_LABELS

Slot = tuple[int, time]
"""Weekday (Monday is 0) and clock time."""

MAX_SLOTS = 84  # twelve a day
WEEKDAYS = 7
SHORT_ID = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
SHORT_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES = (
    ("sen", "senin", "mon", "monday"),
    ("sel", "selasa", "tue", "tues", "tuesday"),
    ("rab", "rabu", "wed", "wednesday"),
    ("kam", "kamis", "thu", "thur", "thurs", "thursday"),
    ("jum", "jumat", "jum'at", "fri", "friday"),
    ("sab", "sabtu", "sat", "saturday"),
    ("min", "ming", "minggu", "ahad", "sun", "sunday"),
)
_DAY = {name: number for number, names in enumerate(_NAMES) for name in names}
_EVERY = {"setiap", "tiap", "every", "daily"}
_SILENT = {"hari", "day", "dan", "and", "&", "pukul", "jam", "pkl", "at", ":"}
_TO = {"-", "sampai", "s.d", "s/d", "to"}
_TOKEN = re.compile(r"s\.d\.?|s/d|[0-9][0-9.:]*|[^\W\d_]+(?:'[^\W\d_]+)?|[-;&]|[^\s,]")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[.:]([0-9]{2}))?")


class UnreadableSlots(UserError):
    """What was typed is no list of posting times; the message names the first thing that is not understood."""


def parse_slots(text: str, *, zone_label: str = "") -> list[Slot]:
    """The times in ``text``, each once, in the order of the week. ``zone_label``: the one zone that may stand behind a
    time, as people write it (WIB). Raises :class:`UnreadableSlots`.
    """
    found: set[Slot] = set()
    for days, clocks in _groups(_plain(text), zone_label.casefold()):
        found |= {(day, clock) for day in days for clock in clocks}
        if len(found) > MAX_SLOTS:
            raise UnreadableSlots(_("Paling banyak %(n)s slot untuk satu akun.", n=MAX_SLOTS))
    return sorted(found)


def show_slots(slots: Iterable[Slot]) -> str:
    """The times as one text that :func:`parse_slots` reads back: days with the same times stand together."""
    english = str(get_locale() or "id").startswith("en")
    names = SHORT_EN if english else SHORT_ID
    by_day: dict[int, set[time]] = {}
    for day, clock in slots:
        by_day.setdefault(day, set()).add(clock)
    together: dict[tuple[time, ...], list[int]] = {}
    for day in sorted(by_day):
        together.setdefault(tuple(sorted(by_day[day])), []).append(day)
    return "; ".join(
        f"{_days_text(days, names)} {', '.join(show_clock(c, english=english) for c in clocks)}"
        for clocks, days in together.items()
    )


def show_clock(clock: time, *, english: bool = False) -> str:
    """``09.00``, in English ``09:00``."""
    return clock.strftime("%H:%M" if english else "%H.%M")


def _days_text(days: list[int], names: tuple[str, ...]) -> str:
    if len(days) == WEEKDAYS:
        return _("Setiap hari")
    parts: list[str] = []
    for run in _runs(days):
        if len(run) > 2:
            parts.append(f"{names[run[0]]}–{names[run[-1]]}")
        else:
            parts += [names[day] for day in run]
    return " ".join(parts)


def _runs(days: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for day in days:
        if run and day != run[-1] + 1:
            yield run
            run = []
        run.append(day)
    yield run


def _plain(text: str) -> str:
    for dash in "‐‑‒–—−":
        text = text.replace(dash, "-")
    return text.replace("’", "'").replace("ʼ", "'").replace("\r", "\n").replace("\n", ";")


def _groups(text: str, zone: str) -> Iterator[tuple[list[int], list[time]]]:
    """Days followed by times. A day after a time begins the next group, as does ``;`` or a new line.

    "Setiap" alone means all seven days; before a weekday ("setiap Senin") it means that weekday.
    """
    days: list[int] = []
    clocks: list[time] = []
    spanning = every = False
    for token in [*_TOKEN.findall(text), ";"]:
        word = token.casefold()
        weekday = _DAY.get(word)
        begins = weekday is not None or word in _EVERY
        if every and not days and (word == ";" or token[0].isdigit()):
            days = list(range(WEEKDAYS))
        if spanning and weekday is None:
            raise UnreadableSlots(_("Tulis hari terakhirnya, contohnya “Sen–Jum 09.00”."))
        if word == ";" or (begins and clocks):
            if days and not clocks:
                raise UnreadableSlots(
                    _("Jam untuk %(days)s belum ditulis. Contoh: “Sen Rab Jum 09.00”.",
                      days=_days_text(sorted(set(days)), SHORT_ID))
                )  # fmt: skip
            if clocks:
                yield days, clocks
            days, clocks, every = [], [], False
        if weekday is not None:
            days += _from_to(days.pop(), weekday) if spanning else [weekday]
            spanning = False
        elif word in _EVERY:
            every = True
        elif word.rstrip(".") in _TO and days and not clocks:
            spanning = True
        elif token[0].isdigit():
            clocks.append(_clock(token, has_day=bool(days)))
        elif word not in _SILENT and word != ";" and not (zone and word == zone):
            raise _unknown(token)


def _unknown(token: str) -> UnreadableSlots:
    if token.upper() in ZONE_LABELS.values():
        return UnreadableSlots(_("Jam slot memakai jam kantor; hapus “%(word)s”.", word=token))
    return UnreadableSlots(
        _("“%(word)s” tidak dikenal. Tulis hari lalu jamnya, contohnya “Sen Rab Jum 09.00; Sel 13.30”.",
          word=token[:20])
    )  # fmt: skip


def _from_to(first: int, last: int) -> list[int]:
    """From one weekday to another, over Sunday where need be."""
    return [(first + n) % WEEKDAYS for n in range((last - first) % WEEKDAYS + 1)]


def _clock(token: str, *, has_day: bool) -> time:
    match = _CLOCK.fullmatch(token.rstrip(".:"))
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise UnreadableSlots(_("Jam “%(text)s” tidak dikenal. Contoh: 09.30.", text=token[:20]))
    if not has_day:
        raise UnreadableSlots(
            _("Hari untuk jam %(clock)s belum ditulis. Contoh: “Sen Rab Jum 09.00”.", clock=token)
        )
    return time(int(match[1]), int(match[2] or 0))
