"""What the calendar's address asks for: the view, the day it stands on, and the filters. Read, changed, written again.

What means nothing in an address is left out, never refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from humasflow.calendar.enums import CalendarView, ItemKind
from humasflow.calendar.spans import FIRST_DAY, LAST_DAY, Span, span_of, step
from humasflow.core.converters import row_number
from humasflow.core.forms import trimmed
from humasflow.publishing.enums import PostState

_E = TypeVar("_E", bound=StrEnum)
MOST = 20  # values of one filter
LONGEST_SEARCH = 100  # characters
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Narrowing:
    """A view of the calendar. Filters of one sort are alternatives; of different sorts all have to hold.

    An empty filter lets everything through. ``today`` is the office's.
    """

    view: CalendarView
    day: date
    today: date
    account_ids: tuple[int, ...] = ()
    pillar_ids: tuple[int, ...] = ()
    campaign_ids: tuple[int, ...] = ()
    section_ids: tuple[int, ...] = ()
    person_id: int | None = None
    states: tuple[PostState, ...] = ()
    kinds: tuple[ItemKind, ...] = field(default=())
    search: str = ""

    @classmethod
    def from_args(
        cls, args: MultiDict[str, str], today: date, *, otherwise: CalendarView = CalendarView.MONTH
    ) -> Self:
        """From the words of an address; one that names no view gets ``otherwise``. ``bulan=2026-11`` is understood
        too, as older addresses say it.
        """
        return cls(
            view=next(iter(_members(CalendarView, args.getlist("tampilan"))), otherwise),
            day=_day(args.get("hari", "")) or _first_of(args.get("bulan", "")) or today,
            today=today,
            account_ids=_numbers(args.getlist("kanal")),
            pillar_ids=_numbers(args.getlist("pilar")),
            campaign_ids=_numbers(args.getlist("kampanye")),
            section_ids=_numbers(args.getlist("seksi")),
            person_id=next(iter(_numbers(args.getlist("orang"))), None),
            states=_members(PostState, args.getlist("keadaan")),
            kinds=_members(ItemKind, args.getlist("jenis")),
            search=" ".join(trimmed(args.get("cari", "")).split())[:LONGEST_SEARCH].rstrip(),
        )

    @classmethod
    def from_query(cls, query: str, today: date) -> Self:
        """From a kept query."""
        return cls.from_args(MultiDict(parse_qsl(query)), today)

    @property
    def span(self) -> Span:
        """The days it shows."""
        return span_of(self.view, self.day)

    @property
    def is_narrow(self) -> bool:
        """Whether anything is filtered."""
        return bool(self._filters())

    def _filters(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, Any]] = [("kanal", n) for n in self.account_ids]
        pairs += [("pilar", n) for n in self.pillar_ids]
        pairs += [("kampanye", n) for n in self.campaign_ids]
        pairs += [("seksi", n) for n in self.section_ids]
        if self.person_id is not None:
            pairs.append(("orang", self.person_id))
        pairs += [("keadaan", s.value) for s in self.states]
        pairs += [("jenis", k.value) for k in self.kinds]
        if self.search:
            pairs.append(("cari", self.search))
        return [(key, str(value)) for key, value in pairs]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The address's words in the one order that makes two equal calendars one address."""
        day = [] if self.day == self.today else [("hari", self.day.isoformat())]
        return [("tampilan", self.view.value), *day, *self._filters()]

    def query(self, **changes: Any) -> str:
        """The query of the same calendar with something changed."""
        return urlencode((replace(self, **changes) if changes else self).pairs)

    @property
    def kept(self) -> str:
        """What a saved view keeps: everything but the day, so that it opens on today."""
        return self.query(day=self.today)

    def moved(self, steps: int) -> str:
        """The query of the span before (−1) or after (1)."""
        return self.query(day=step(self.view, self.day, steps))

    def without(self, key: str, value: str) -> str:
        """The query with one filter less: a pair of :attr:`pairs`."""
        return urlencode([pair for pair in self.pairs if pair != (key, value)])

    def shows(self, kind: ItemKind) -> bool:
        """Whether items of this kind are asked for: chosen, and able to answer every filter that is on.

        An event of the agenda has no channel: with a channel chosen it is out of the picture. Days always stand.
        """
        if self.kinds and kind not in self.kinds:
            return False
        return not (self._asked() - _ANSWERS[kind])

    def _asked(self) -> set[str]:
        return {key for key, _value in self._filters()} - {"jenis"}


_EVERY = {"kanal", "pilar", "kampanye", "seksi", "orang", "keadaan", "cari"}
# What each kind of item can be filtered by.
_ANSWERS: dict[ItemKind, set[str]] = {
    ItemKind.POST: _EVERY,
    ItemKind.DEADLINE: _EVERY - {"keadaan"},
    ItemKind.EVENT: {"kampanye", "seksi", "cari"},
    ItemKind.CAMPAIGN: {"kampanye", "cari"},
    ItemKind.DAY: _EVERY,
}


def _numbers(values: Iterable[str]) -> tuple[int, ...]:
    found = set()
    for value in values:
        try:
            found.add(row_number(value))
        except ValueError:
            continue
    return tuple(sorted(found))[:MOST]


def _members(kind: type[_E], values: Iterable[str]) -> tuple[_E, ...]:
    wanted = set(values)
    return tuple(member for member in kind if member.value in wanted)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else None


def _first_of(text: str) -> date | None:
    return _day(f"{text}-01") if _MONTH.fullmatch(text) else None
