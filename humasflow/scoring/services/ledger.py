"""Writing the ledger: lines for a live publication, reversing lines, the dated states of its point. Append-only.

A publication counts for the office once a component, however often it is told of; beside the office's line stand those
of the section and the people who made it. What comes to light after a period was closed is booked in the open one.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import (
    Component,
    LedgerEntry,
    PeriodClose,
    PointEvent,
    SchemeVersion,
    ScoreScheme,
)
from humasflow.scoring.selection import counts_for, facts_of
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.attribution import Share, shares_of
from humasflow.scoring.services.booking import (
    Booking,
    book,
    close_of,
    closed_periods,
    hold_open,
    open_period,
)
from humasflow.scoring.services.holding import hold

WHOLE = Decimal(100)


class Due(NamedTuple):
    """What a publication should count for: a component of a version, and how much."""

    scheme: ScoreScheme
    version: SchemeVersion
    component: Component
    quantity: Decimal


def score_delivery(delivery: Delivery) -> list[LedgerEntry]:
    """Write the lines of a live publication: a matching component of each scheme in effect on its local date.

    Safe to repeat, also at the same moment: an address that already counts gets no further line, whether it comes again
    by a retry, a second import or a repost of the same address. A repost under a new address counts where the component
    says so. What a closed period froze stays as it is. Returns the new lines of the office. Flushes.
    """
    hold(delivery)
    return _score(delivery)


def _score(delivery: Delivery) -> list[LedgerEntry]:
    if delivery.state is not DeliveryState.PUBLISHED or delivery.published_at is None:
        return []
    office = get_office(delivery.office_id)
    local_date = to_local(delivery.published_at, office.zone_name).date()
    state = adding_up.state_of(delivery.id)
    if state is PointState.REVERSED:
        return []  # a person decided that it does not count
    if state is None:
        state = PointState.LIVE_UNVERIFIED
        note_state(delivery, state, at=clock.now(), is_first=True)
    due = list(_due(delivery, local_date))
    if not due:
        return []
    writing = _Writing(delivery, office, local_date, state)
    written = [line for item in due if (line := writing.write(item)) is not None]
    _note_written(delivery, written)
    return written


def rescore_delivery(delivery: Delivery, *, actor: audit.Actor | None, reason: str) -> list[LedgerEntry]:
    """Bring a publication's lines up to what it is now, after its type or the rules of a scheme changed: lines that it
    no longer counts for, or counts for differently, are reversed with the reason; new ones are written. What else is
    live at its address counts for what this one leaves. What is booked in a closed period stays. Safe to repeat.
    Returns the office's new lines. Flushes.
    """
    hold(delivery)
    if delivery.state is not DeliveryState.PUBLISHED or delivery.published_at is None:
        return []
    office = get_office(delivery.office_id)
    local_date = to_local(delivery.published_at, office.zone_name).date()
    schemes = queries.list_schemes(delivery.office_id)
    judged = {version.id: scheme for scheme in schemes for version in scheme.versions}
    wanted = {(d.version.id, d.component.key): d.quantity for d in _due(delivery, local_date)}
    standing = queries.standing_lines(delivery.id)
    closed: dict[int, set[str]] = {}
    outdated: set[tuple[int, str]] = set()
    for line in standing:
        scheme, key = judged.get(line.scheme_version_id), (line.scheme_version_id, line.component_key)
        if scheme is None or line.beneficiary is not Beneficiary.OFFICE:
            continue
        if wanted.get(key) == line.quantity and line.deciding_date == local_date:
            continue
        if scheme.id not in closed:
            hold_open(office.id, scheme.id)
            closed[scheme.id] = closed_periods(scheme.id)
        if line.period not in closed[scheme.id]:
            outdated.add(key)
    if outdated:
        lines = [line for line in standing if (line.scheme_version_id, line.component_key) in outdated]
        _reverse(lines, delivery, office, actor=actor, reason=reason)
        _note_reversed(delivery, actor, reason)
    written = _score(delivery)
    if outdated:
        _score_others(delivery)
    return written


def _due(delivery: Delivery, local_date: date) -> Iterable[Due]:
    facts = facts_of([delivery.id])[delivery.id]
    for component, version, scheme in queries.components_on(delivery.office_id, local_date):
        quantity = counts_for(component, facts)
        if quantity:
            yield Due(scheme, version, component, quantity)


class _Writing:
    """The lines of one publication, with what is asked once for all of them."""

    def __init__(self, delivery: Delivery, office: Unit, local_date: date, state: PointState) -> None:
        self.delivery, self.office, self.local_date, self.state = delivery, office, local_date, state
        self.here = queries.lines_at_address(delivery)
        self.counting = standing_among(self.here)
        self.bookings: dict[int, Booking] = {}

    @cached_property
    def shares(self) -> list[Share]:
        """Who made it."""
        return shares_of(self.delivery, self.local_date)

    @cached_property
    def subject(self) -> str:
        """What makes a publication the same publication: its canonical address, else the post itself.

        One delivery has one subject for life. Many channels tell the address only after the receipt; what was booked
        before stays under the key it was booked with, and counts for that address.
        """
        own = [line.subject_key for line in self.here if line.delivery_id == self.delivery.id]
        booked = own or [line.subject_key for line in self.here]
        return booked[0] if booked else self.delivery.canonical_url or self._post

    @property
    def _post(self) -> str:
        return f"post:{self.delivery.post_id}"

    def write(self, due: Due) -> LedgerEntry | None:
        """The office's line, with those of the section and the people beside it; None where the address counts."""
        key = (due.version.id, due.component.key)
        if any((line.scheme_version_id, line.component_key) == key for line in self.counting):
            return None
        if due.scheme.id not in self.bookings:
            self.bookings[due.scheme.id] = book(due.scheme, self.office, self.local_date)
        booking = self.bookings[due.scheme.id]
        if self._is_frozen(due.scheme, booking):
            return None
        there = [
            x
            for x in self.here
            if (x.scheme_version_id, x.component_key, x.subject_key) == (*key, self.subject)
        ]
        made = self._insert(due, booking, self.subject, there)
        if not made:
            made = self._insert_after_all(due, booking)
        if not made:
            return None
        adding_up.apply(made, self.state)
        return made[0]

    def _insert_after_all(self, due: Due, booking: Booking) -> list[LedgerEntry]:
        """The subject's line is there. Another worker may have written it for this address at the same moment, and it
        stands; or it is of a publication that has another address by now, and this one is not it.
        """
        key = (due.version.id, due.component.key)
        counting = standing_among(queries.lines_at_address(self.delivery))
        if any((line.scheme_version_id, line.component_key) == key for line in counting):
            return []
        lines = queries.lines_of(*key, self.subject)
        if standing_among(lines):
            return self._insert(due, booking, self._post, queries.lines_of(*key, self._post))
        return self._insert(due, booking, self.subject, lines)

    def _insert(
        self, due: Due, booking: Booking, subject: str, before: Sequence[LedgerEntry]
    ) -> list[LedgerEntry]:
        """The lines, the office's first; none when there is one with that number already."""
        sequence = max((line.sequence for line in before), default=0) + 1

        def line(beneficiary: Beneficiary, id_: int, role: str, share: Decimal) -> dict[str, Any]:
            return {
                "office_id": self.delivery.office_id, "scheme_version_id": due.version.id,
                "component_key": due.component.key, "delivery_id": self.delivery.id, "subject_key": subject,
                "beneficiary": beneficiary, "beneficiary_id": id_, "role": role, "share": share,
                "quantity": due.quantity, "sequence": sequence, "deciding_date": self.local_date,
                "period": booking.period.key, "adjusts": booking.adjusts.key if booking.adjusts else None,
                "stands_alone": False, "created_at": clock.now(), "reason": late_reason(booking),
            }  # fmt: skip

        wanted = [
            line(Beneficiary.OFFICE, self.delivery.office_id, "", WHOLE),
            *(line(s.beneficiary, s.beneficiary_id, s.part.value, s.per_cent) for s in self.shares),
        ]
        made = db.session.scalars(new_lines(db.engine.dialect.name), wanted).all()
        if len(made) not in (0, len(wanted)):  # the office's line is never without those beside it
            raise RuntimeError(f"some lines of {subject} are there and others are not")
        return sorted(made, key=lambda entry: entry.beneficiary is not Beneficiary.OFFICE)

    def _is_frozen(self, scheme: ScoreScheme, booking: Booking) -> bool:
        """Whether a close has settled what the address counts for in this period; what it is now changes nothing."""
        if not self.counting or not booking.closed:
            return False
        versions = {version.id for version in scheme.versions}
        return any(
            line.period in booking.closed
            and booking.own.key in (line.period, line.adjusts)
            and line.scheme_version_id in versions
            for line in self.counting
        )


@cache
def new_lines(dialect: str) -> Any:
    """The statement that writes lines unless they are there, made once; all of them go at once."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(LedgerEntry).on_conflict_do_nothing().returning(LedgerEntry)


def late_reason(booking: Booking) -> str:
    """Why a line stands in another period than that of its date; empty when it does not."""
    if booking.adjusts is None:
        return ""
    return _("Baru tercatat setelah %(period)s ditutup.", period=booking.adjusts.label)


def standing_among(lines: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Those that no other one of them takes back."""
    every = list(lines)
    reversed_ids = {line.reverses_id for line in every if line.reverses_id is not None}
    return [line for line in every if line.reverses_id is None and line.id not in reversed_ids]


def reverse_delivery(delivery: Delivery, *, actor: audit.Actor | None, reason: str) -> list[LedgerEntry]:
    """Take back what a publication counted for, by a reversing line each. Safe to repeat. Flushes.

    A line in a closed period is taken back in the open one, and only what counted when it was closed counts against
    the open one. Where the same address is live by another publication, that one counts from now on.
    """
    hold(delivery)
    written = _reverse(
        queries.standing_lines(delivery.id),
        delivery,
        get_office(delivery.office_id),
        actor=actor,
        reason=reason,
    )
    if written:
        note_state(delivery, PointState.REVERSED, at=clock.now(), actor=actor, note=reason)
        _note_reversed(delivery, actor, reason)
        _score_others(delivery)
    return written


def _score_others(delivery: Delivery) -> None:
    """What else is live at its address may count now. The office's turn is held, so nobody else writes lines; to wait
    for these as well would be to wait crosswise.
    """
    for other in queries.list_live_at_address(delivery):
        _score(other)


def _reverse(
    lines: Sequence[LedgerEntry], delivery: Delivery, office: Unit, *, actor: audit.Actor | None, reason: str
) -> list[LedgerEntry]:
    schemes = queries.schemes_of_versions({line.scheme_version_id for line in lines})
    for scheme_id in sorted(set(schemes.values())):
        hold_open(office.id, scheme_id)
    written = [_reversing(line, office, actor, reason) for line in lines]
    db.session.add_all(written)
    db.session.flush()
    state = adding_up.state_of(delivery.id)
    if written and state is not None:
        kept = adding_up.kept_by(written)
        adding_up.keep([line for line in lines if line.id in kept], state)
        adding_up.apply(written, state)
    return written


def _reversing(line: LedgerEntry, office: Unit, actor: audit.Actor | None, reason: str) -> LedgerEntry:
    version = db.session.get_one(SchemeVersion, line.scheme_version_id)
    closed = close_of(version.scheme_id, line.period)
    period = line.period if closed is None else open_period(version.scheme, office).key
    return LedgerEntry(
        office_id=line.office_id, scheme_version_id=line.scheme_version_id, component_key=line.component_key,
        delivery_id=line.delivery_id, subject_key=line.subject_key, beneficiary=line.beneficiary,
        beneficiary_id=line.beneficiary_id, role=line.role, share=line.share, quantity=-line.quantity,
        sequence=line.sequence + 1, deciding_date=line.deciding_date, period=period,
        adjusts=line.adjusts if closed is None else line.period,
        stands_alone=closed is not None and _counted(line, version, closed), reverses_id=line.id,
        reason=reason, actor_id=actor.id if actor else None, created_at=clock.now(),
    )  # fmt: skip


def _counted(line: LedgerEntry, version: SchemeVersion, closed: PeriodClose) -> bool:
    """Whether a line counted when its period was closed."""
    if line.delivery_id is None or line.stands_alone:
        return True
    state = queries.state_at(line.delivery_id, closed.closed_at)
    if state is PointState.LIVE_UNVERIFIED:
        return any(c.key == line.component_key and c.counts_unverified for c in version.components)
    return state is PointState.VERIFIED


def _note_written(delivery: Delivery, written: Sequence[LedgerEntry]) -> None:
    if written:
        audit.record(
            AuditAction.LEDGER_LINE_WRITTEN, ("post", delivery.post_id), office_id=delivery.office_id, actor=None,
            context=("story", delivery.story_id), components=[line.component_key for line in written],
        )  # fmt: skip


def _note_reversed(delivery: Delivery, actor: audit.Actor | None, reason: str) -> None:
    audit.record(
        AuditAction.LEDGER_LINE_REVERSED, ("post", delivery.post_id), office_id=delivery.office_id, actor=actor,
        context=("story", delivery.story_id), reason=reason,
    )  # fmt: skip


def note_state(
    delivery: Delivery,
    state: PointState,
    *,
    at: datetime,
    actor: audit.Actor | None = None,
    label: str = "",
    document: str = "",
    note: str = "",
    is_first: bool = False,
) -> PointEvent:
    """Append a dated state to a publication, and take its lines to the sums of that state. ``is_first``: whoever calls
    holds the publication and knows that it has none. Flushes.
    """
    event = PointEvent(
        delivery_id=delivery.id,
        state=state,
        at=at,
        actor_id=actor.id if actor else None,
        actor_label=label or (actor.name if actor else ""),
        document=document,
        note=note,
    )
    db.session.add(event)
    if is_first:
        adding_up.begin(delivery, state, at=at)
    else:
        adding_up.move(delivery, state, at=at)
    return event
