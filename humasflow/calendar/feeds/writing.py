"""A subscription as an iCalendar file: lasting UIDs, SEQUENCE that rises with whatever its readers see change,
CANCELLED for whatever they were told of and is gone, zones defined.

What was told stands in a ledger of each subscription. So nothing can be forgotten: another account's name, a task that
went to somebody else or a story that became confidential is noticed by comparing, not by an event somebody remembered.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from humasflow.calendar.enums import FeedKind
from humasflow.calendar.feeds import queries
from humasflow.calendar.feeds.entries import Entry, Key, Lost, Stamp, current_entries, lost_entries
from humasflow.calendar.models import CalendarFeed, FeedEntry
from humasflow.channels.queries import get_account
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.ics_writing import calendar_of

REFRESH = timedelta(hours=1)
LOSSES_TOLD = timedelta(days=60)  # a program that was off for longer reads the whole calendar anew anyway
_FORM = 3  # of the file: raised when the same plan is written otherwise, so that programs fetch it again


@dataclass(frozen=True)
class _Told:
    """A line of the ledger."""

    digest: str
    starts_at: datetime
    until_at: datetime | None
    sequence: int
    changed_at: datetime
    cancelled_at: datetime | None


@dataclass(frozen=True)
class _Line:
    """An entry and its edition. ``is_news``: the ledger does not have it so."""

    entry: Entry
    stamp: Stamp
    is_lost: bool
    is_known: bool
    is_news: bool


class Edition:
    """What a subscription says now."""

    def __init__(self, feed: CalendarFeed, office: Unit, lines: list[_Line]) -> None:
        self._feed_id, self._name, self._lines = feed.id, name_of(feed, office), lines

    @property
    def has_news(self) -> bool:
        """Whether something is said that the ledger does not have yet."""
        return any(line.is_news for line in self._lines)

    @property
    def etag(self) -> str:
        """The same for the same file, without writing it."""
        told = [
            (line.entry.kind.value, line.entry.ref_id, line.stamp.sequence, line.entry.digest)
            for line in self._lines
        ]
        return sha256(repr((_FORM, self._name, told)).encode()).hexdigest()[:40]

    def write(self) -> bytes:
        """The whole file. The same plan gives the same bytes."""
        components = [c for line in self._lines for c in line.entry.write(line.stamp)]
        return calendar_of(self._name, components, refresh=REFRESH)

    def note(self) -> None:
        """Put the news into the ledger. The feed must be locked since before the edition was composed. Flushes."""
        now = clock.now()
        added: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for line in self._lines:
            if not line.is_news:
                continue
            values = {
                "feed_id": self._feed_id, "kind": line.entry.kind, "ref_id": line.entry.ref_id,
                "digest": line.entry.digest, "starts_at": line.entry.starts_at, "until_at": line.entry.until_at,
                "sequence": line.stamp.sequence, "changed_at": line.stamp.changed_at,
                "cancelled_at": now if line.is_lost else None,
            }  # fmt: skip
            (changed if line.is_known else added).append(values)
        if added:
            db.session.execute(insert(FeedEntry), added)
        if changed:
            db.session.execute(update(FeedEntry), changed)
        db.session.flush()


def compose(feed: CalendarFeed, office: Unit) -> Edition:
    """What the subscription says now, in the reader's language. Only reads; a constant number of statements."""
    told = _ledger(feed)
    now = clock.now()
    shown, edges = current_entries(feed, office)
    begin = now - queries.BACK
    present = {e.key for e in shown}
    lost = [
        Lost(kind, ref_id, was.starts_at, was.until_at)
        for (kind, ref_id), was in told.items()
        if (kind, ref_id) not in present
        and (
            was.cancelled_at >= now - LOSSES_TOLD
            if was.cancelled_at is not None
            # Else it is over, or cut off, not gone.
            else (was.until_at is None or was.until_at >= begin) and was.starts_at > edges[kind]
        )
    ]
    lines = [_line(e, told, now, is_lost=False) for e in shown]
    lines += [_line(e, told, now, is_lost=True) for e in lost_entries(lost, feed, office)]
    lines.sort(key=lambda line: (line.entry.starts_at, line.entry.kind, line.entry.ref_id))
    return Edition(feed, office, lines)


def _line(entry: Entry, told: dict[Key, _Told], now: datetime, *, is_lost: bool) -> _Line:
    was = told.get(entry.key)
    if was is None:
        return _Line(entry, Stamp(entry.sequence, now), is_lost, is_known=False, is_news=True)
    if was.digest == entry.digest and (was.cancelled_at is not None) is is_lost:
        return _Line(entry, Stamp(was.sequence, was.changed_at), is_lost, is_known=True, is_news=False)
    stamp = Stamp(max(was.sequence + 1, entry.sequence), now)
    return _Line(entry, stamp, is_lost, is_known=True, is_news=True)


def _ledger(feed: CalendarFeed) -> dict[Key, _Told]:
    rows = db.session.execute(
        select(
            FeedEntry.kind, FeedEntry.ref_id, FeedEntry.digest, FeedEntry.starts_at, FeedEntry.until_at,
            FeedEntry.sequence, FeedEntry.changed_at, FeedEntry.cancelled_at,
        ).where(FeedEntry.feed_id == feed.id)
    )  # fmt: skip
    return {(row[0], row[1]): _Told(*row[2:]) for row in rows}


def name_of(feed: CalendarFeed, office: Unit) -> str:
    """How the subscription is called in a calendar program."""
    if feed.kind is FeedKind.PERSON:
        return _("Pekerjaan saya · %(office)s", office=office.short_name)
    if feed.kind is FeedKind.CHANNEL and feed.account_id is not None:
        account = get_account(office.id, feed.account_id)
        return _("%(account)s · %(office)s", account=account.name, office=office.short_name)
    return _("Kalender %(office)s", office=office.short_name)
