"""In which period a line is booked: that of its date, or, once that one is closed, the one that is open; and what may
still be decided about a publication whose period is closed.
"""

from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select

from humasflow.accounts.queries import today_at
from humasflow.audit import services as audit
from humasflow.core.db import db, is_read_only, lock
from humasflow.core.errors import Reason, Refused
from humasflow.core.periods import Period, parse_period, period_of
from humasflow.orgs.models import Unit
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary
from humasflow.scoring.models import LedgerEntry, PeriodClose, ScoreScheme


class Booking(NamedTuple):
    """``period``: where a line goes; ``adjusts``: the closed one it should have gone to; ``closed``: all that are."""

    period: Period
    adjusts: Period | None = None
    closed: frozenset[str] = frozenset()

    @property
    def own(self) -> Period:
        """The period in which the date lies."""
        return self.adjusts or self.period


def next_sequence(version_id: int, component_key: str, subject: str) -> int:
    """The number of the next line of a subject under a component, for whoever holds the scheme (:func:`hold_alone`)."""
    last = db.session.scalar(
        select(func.max(LedgerEntry.sequence)).where(
            LedgerEntry.scheme_version_id == version_id, LedgerEntry.component_key == component_key,
            LedgerEntry.subject_key == subject,
        )
    )  # fmt: skip
    return (last or 0) + 1


def hold_open(office_id: int, scheme_id: int) -> None:
    """Keep anybody from closing a period of the scheme until this transaction ends; before the first sum is written.

    Whoever writes to the ledger records an act as well, so the office's turn is taken first, then the scheme, then the
    sums: of two who write at once one waits, and never both for each other. A page that only reads holds nothing.
    """
    if db.engine.dialect.name == "sqlite" or is_read_only():  # SQLite has one writer at a time
        return
    audit.await_turn([office_id])
    db.session.execute(_SHARED, {"id": scheme_id})


_SHARED = select(ScoreScheme.id).where(ScoreScheme.id == bindparam("id")).with_for_update(read=True)


def hold_alone(scheme: ScoreScheme) -> None:
    """The scheme for oneself until this transaction ends: nobody books into it, closes it or changes its rules. In the
    same order as :func:`hold_open`.
    """
    audit.await_turn([scheme.office_id])
    lock(scheme)


def close_of(scheme_id: int, period: str) -> PeriodClose | None:
    """The close in force of a period, or None while it is open."""
    return db.session.scalar(
        select(PeriodClose)
        .where(
            PeriodClose.scheme_id == scheme_id, PeriodClose.period == period, PeriodClose.reopened_at.is_(None)
        )
        .order_by(PeriodClose.number.desc())
        .limit(1)
    )  # fmt: skip


def closed_periods(scheme_id: int) -> set[str]:
    """Keys of the periods whose close is in force."""
    return set(db.session.scalars(_CLOSED, {"id": scheme_id}))


_CLOSED = select(PeriodClose.period).where(
    PeriodClose.scheme_id == bindparam("id"), PeriodClose.reopened_at.is_(None)
)


def book(scheme: ScoreScheme, office: Unit, local_date: date) -> Booking:
    """Where something of that local date is booked now. No close comes in between: see :func:`hold_open`."""
    hold_open(office.id, scheme.id)
    own = period_of(scheme.period_type, local_date)
    closed = closed_periods(scheme.id)
    if own.key not in closed:
        return Booking(own, None, frozenset(closed))
    return Booking(open_period(scheme, office, closed), own, frozenset(closed))


def open_period(scheme: ScoreScheme, office: Unit, closed: set[str] | None = None) -> Period:
    """The period of today, or the first after it that is not closed."""
    taken = closed_periods(scheme.id) if closed is None else closed
    period = period_of(scheme.period_type, today_at(office))
    while period.key in taken:
        period = period.next()
    return period


def closed_for(delivery: Delivery) -> list[Period]:
    """The closed periods in which a publication counts, when it counts in no open one; else none.

    A publication that counts by month and by quarter may still be judged while either is open: what was closed is
    shown as it was then.
    """
    counting = [
        line for line in queries.standing_lines(delivery.id)
        if line.beneficiary is Beneficiary.OFFICE and not line.stands_alone
    ]  # fmt: skip
    if not counting:
        return []
    schemes = queries.schemes_of_versions({line.scheme_version_id for line in counting})
    closed = {id_: _closed_and_held(delivery.office_id, id_) for id_ in sorted(set(schemes.values()))}
    if any(line.period not in closed[schemes[line.scheme_version_id]] for line in counting):
        return []
    return [parse_period(key) for key in sorted({line.period for line in counting})]


def _closed_and_held(office_id: int, scheme_id: int) -> set[str]:
    hold_open(office_id, scheme_id)
    return closed_periods(scheme_id)


def ensure_open(delivery: Delivery) -> None:
    """Refuse a decision about a publication that counts in closed periods only; the message says what is left to do.

    Raises Refused.
    """
    closed = closed_for(delivery)
    if closed:
        names = ", ".join(period.label for period in closed)
        raise Refused([Reason("closed", _(
            "%(period)s sudah ditutup, jadi keputusan tentang publikasi ini tidak mengubahnya lagi. "
            "Yang perlu dibetulkan ditulis sebagai penyesuaian di halaman Penyesuaian.",
            period=names,
        ))])  # fmt: skip
