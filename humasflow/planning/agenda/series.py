"""The occurrences of an event as its rule gives them: instants, from a first one on a wall clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import islice
from zoneinfo import ZoneInfo

from humasflow.planning.agenda.recurrence import Frequency, Rule, days_of, last_day, parse_rule


@dataclass(frozen=True)
class Series:
    """``starts_at`` to ``ends_at`` is the first; ``rule`` empty: the only one. An occurrence lasts exactly as long as
    the first, one of all-day events as many days.
    """

    starts_at: datetime
    ends_at: datetime
    zone: str
    all_day: bool
    rule: str

    @cached_property
    def parsed(self) -> Rule | None:
        """The rule, understood."""
        return parse_rule(self.rule) if self.rule else None

    @cached_property
    def tz(self) -> ZoneInfo:
        """Where its clock hangs."""
        return ZoneInfo(self.zone)

    @property
    def is_yearly(self) -> bool:
        """Whether its periods are years."""
        return self.parsed is not None and self.parsed.freq is Frequency.YEARLY

    @property
    def local_start(self) -> datetime:
        """The first start on the wall clock, naive."""
        return self.local(self.starts_at)

    def local(self, instant: datetime) -> datetime:
        """An instant on the wall clock, naive."""
        return instant.astimezone(self.tz).replace(tzinfo=None)

    def instant(self, local: datetime) -> datetime:
        """The other way; a time that summer time skips counts from before."""
        return local.replace(tzinfo=self.tz).astimezone(UTC)

    def end_of(self, start: datetime) -> datetime:
        """When an occurrence that starts then is over."""
        return self.after(start, self._length)

    @cached_property
    def _length(self) -> timedelta:
        return self.length_of(self.starts_at, self.ends_at)

    def length_of(self, start: datetime, end: datetime) -> timedelta:
        """How long something lasts: hours, or days of its calendar, which summer time makes longer or shorter."""
        return self.local(end) - self.local(start) if self.all_day else end - start

    def after(self, start: datetime, length: timedelta) -> datetime:
        """When something that starts then and lasts so long is over."""
        return self.instant(self.local(start) + length) if self.all_day else start + length

    def between(
        self, start: datetime, end: datetime, *, until: datetime | None = None, limit: int = 2000
    ) -> list[datetime]:
        """Starts of what takes place from ``start`` to ``end`` (exclusive), in order, at most ``limit``. ``until``:
        when the last is over, where it is known; then a rule with a COUNT needs no counting.
        """
        rule = self.parsed
        if rule is None:
            return [self.starts_at] if self.starts_at < end and self.ends_at > start else []
        if until is None and rule.count is not None:
            until = self.until_at()
        length = self.ends_at - self.starts_at
        first = self.local(start - length).date() - timedelta(days=1)
        last = self.local(end).date()
        found: list[datetime] = []
        for at in self._starts(first, last):
            if at >= end or len(found) >= limit or (until is not None and self.end_of(at) > until):
                break
            if found or at >= start or self.end_of(at) > start:  # behind one that counts, every one does
                found.append(at)
        return found

    def _starts(self, first: date, last: date) -> Iterator[datetime]:
        """From day to day, without minding COUNT."""
        rule = self.parsed
        if rule is None:
            return
        begin = self.local_start
        bound = rule.last_moment(self.starts_at.astimezone(self.tz), begin)
        for day in days_of(rule, begin.date(), first, last):
            local = datetime.combine(day, begin.time())
            if local > bound:
                return
            yield self.instant(local)

    def on_days(self, first: date, last: date) -> list[datetime]:
        """Starts on the days from ``first`` to ``last`` (inclusive) of the wall clock; at most one a day."""
        begin = self.local_start
        if self.parsed is None:
            return [self.starts_at] if first <= begin.date() <= last else []
        until = self._until if self.parsed.count is not None else None
        return [at for at in self._starts(first, last) if until is None or self.end_of(at) <= until]

    def first(self) -> datetime | None:
        """The first start that the rule gives on or after its own; None when it never comes true."""
        if self.parsed is None:
            return self.starts_at
        day = self.local_start.date()
        return next(self._starts(day, date(2100, 12, 31)), None)

    def has(self, occurrence: datetime) -> bool:
        """Whether the rule gives this instant."""
        day = self.local(occurrence).date()
        return occurrence in self.on_days(day - timedelta(days=1), day)  # summer time may skip over midnight

    def before(self, occurrence: datetime) -> int:
        """How many start before it."""
        if self.parsed is None:
            return int(self.starts_at < occurrence)
        day = self.local(occurrence).date()
        return sum(1 for at in self._starts(self.local_start.date(), day) if at < occurrence)

    def last_before(self, occurrence: datetime) -> datetime | None:
        """The start next before it."""
        found = None
        stretch = 400
        day, begin = self.local(occurrence).date(), self.local_start.date()
        while found is None:
            first = max(begin, day - timedelta(days=stretch))
            for at in self._starts(first, day):
                if at < occurrence:
                    found = at
            if first == begin:
                break
            stretch *= 8
        return found

    def last(self) -> datetime | None:
        """The last start; None while it goes on for ever."""
        rule = self.parsed
        if rule is None:
            return self.starts_at
        if rule.count is None and rule.until is None:
            return None
        begin = self.local_start
        bound = rule.last_moment(self.starts_at.astimezone(self.tz), begin)
        day = last_day(rule, begin.date(), bound, begin)
        return self.starts_at if day is None else self.instant(datetime.combine(day, begin.time()))

    def until_at(self) -> datetime | None:
        """When the last one is over; None while it goes on for ever."""
        return self._until

    @cached_property
    def _until(self) -> datetime | None:
        last = self.last()
        return None if last is None else self.end_of(last)

    def take(self, count: int) -> list[datetime]:
        """The first few."""
        return list(
            islice(self.between(self.starts_at, datetime(2101, 1, 1, tzinfo=UTC), limit=count), count)
        )
