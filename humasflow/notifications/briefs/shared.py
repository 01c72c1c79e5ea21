"""What a brief tells everybody of an office alike: read once, however many briefs are written with it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from sqlalchemy import func, select

from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.models import Connection
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import from_local, to_local
from humasflow.notifications.models import MailHold
from humasflow.orgs.models import Unit
from humasflow.outbox import queries as outbox
from humasflow.pitches import queries as pitches
from humasflow.pitches.queries import PoolCounts
from humasflow.planning.agenda.queries import Occurrence, occurrences_between
from humasflow.planning.days import queries as days
from humasflow.scoring.standing import Standing, standing_now

LOOKED_BACK: Final = 14  # days before today whose holidays are known: since the last working day
LOOKED_AHEAD: Final = 21
_DAY: Final = timedelta(days=1)


def is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= 5


class Shared:
    """One office on one day. Every property is one statement at most, asked for once; the standing is a fixed few."""

    def __init__(self, office: Unit) -> None:
        self.office = office
        self.now = clock.now()
        self.today = to_local(self.now, office.zone_name).date()

    def start_of(self, day: date) -> datetime:
        """When a day begins at the office."""
        return from_local(day, time.min, self.office.zone_name)

    @cached_property
    def _holidays(self) -> frozenset[date]:
        marks = days.list_days(
            self.office.id, self.today - LOOKED_BACK * _DAY, self.today + LOOKED_AHEAD * _DAY
        )
        return frozenset(day for day, found in marks.items() if any(mark.is_closed for mark in found))

    def is_closed(self, day: date) -> bool:
        """Whether nobody works at the office on a day not far from today."""
        return is_weekend(day) or day in self._holidays

    @property
    def last_working_day(self) -> date:
        """The one before today."""
        back = (self.today - n * _DAY for n in range(1, LOOKED_BACK))
        return next((day for day in back if not self.is_closed(day)), self.today - _DAY)

    @property
    def is_first_of_week(self) -> bool:
        """Whether today is the first working day of its week."""
        monday = self.today - self.today.weekday() * _DAY
        before = (monday + n * _DAY for n in range(self.today.weekday()))
        return not self.is_closed(self.today) and all(self.is_closed(day) for day in before)

    def working_days(self) -> Iterator[date]:
        """From today on."""
        ahead = (self.today + n * _DAY for n in range(LOOKED_AHEAD))
        return (day for day in ahead if not self.is_closed(day))

    @cached_property
    def standing(self) -> Standing | None:
        """How the office stands in the running period."""
        return standing_now(self.office)

    @cached_property
    def pool(self) -> PoolCounts:
        """Ideas by state."""
        return pitches.count_pool(self.office.id)

    @cached_property
    def agenda(self) -> list[Occurrence]:
        """What takes place today and asks to be covered."""
        found = occurrences_between(
            self.office.id, self.start_of(self.today), self.start_of(self.today + _DAY)
        )
        return [one for one in found if one.takes_place and not one.is_private]

    @cached_property
    def broken_accounts(self) -> Sequence[tuple[int, str]]:
        """Accounts in use that a person has to connect anew: id and name."""
        rows = db.session.execute(
            select(ChannelAccount.id, ChannelAccount.name)
            .join(Connection, Connection.account_id == ChannelAccount.id)
            .where(
                Connection.office_id == self.office.id, Connection.state == ConnectionState.NEEDS_REAUTH,
                ChannelAccount.is_active.is_(True),
            )
            .order_by(ChannelAccount.position, ChannelAccount.id)
        )  # fmt: skip
        return [(account_id, name) for account_id, name in rows]

    @cached_property
    def dead_jobs(self) -> int:
        """How many jobs gave up."""
        return outbox.count_dead(self.office.id)

    @cached_property
    def held_addresses(self) -> int:
        """How many addresses get no mail because it came back."""
        held = select(func.count(func.distinct(MailHold.address))).where(
            MailHold.office_id == self.office.id, MailHold.released_at.is_(None)
        )
        return db.session.scalar(held) or 0
