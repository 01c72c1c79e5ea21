"""What the weeks of some days still lack, in a line or two: said above the month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from humasflow.accounts.policy import Principal
from humasflow.calendar.pace.quarter import get_quarter_pace
from humasflow.channels.models import ChannelAccount
from humasflow.core.periods import Quarter
from humasflow.orgs.models import Unit

NAMED = 2  # accounts that are named; the rest is counted


@dataclass(frozen=True)
class Lack:
    """What one account lacks in some weeks."""

    account: ChannelAccount
    missing: int
    sentence: str


@dataclass(frozen=True)
class Shortage:
    """Accounts that lack something in these days, those that lack the most in them first."""

    quarter: Quarter
    rows: tuple[Lack, ...] = ()

    @property
    def named(self) -> Sequence[Lack]:
        """Whose sentence is said."""
        return self.rows[:NAMED]

    @property
    def more(self) -> int:
        """How many accounts are not named."""
        return len(self.rows) - len(self.named)


def get_shortage(
    actor: Principal, office: Unit, first: date, last: date, *, account_ids: Sequence[int] = ()
) -> Shortage:
    """Which accounts lack something in the weeks that touch ``first`` to ``last`` (both included), and only what those
    weeks lack, in the quarter in which ``first`` lies. A constant number of statements.
    """
    quarter = Quarter.from_local_date(first)
    pace = get_quarter_pace(actor, office, quarter, account_ids=account_ids)
    weeks = [w for w in pace.weeks if w.start <= last and w.end > first]
    lacking = [
        Lack(row.account, row.missing_in(weeks), row.sentence_of(weeks))
        for row in pace.short_rows
        if row.sentence_of(weeks)
    ]
    return Shortage(quarter, tuple(sorted(lacking, key=lambda lack: -lack.missing)))
