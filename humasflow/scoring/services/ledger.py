"""Writing the ledger: a line a component that a live publication counts for, and reversing lines. Append-only."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.core.periods import Quarter
from humasflow.orgs.queries import get_office
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, PointEvent, SchemeVersion
from humasflow.scoring.policy import matches

ONE = Decimal(1)


def score_delivery(delivery: Delivery) -> list[LedgerEntry]:
    """Write the lines of a live publication: one a matching component of each scheme in effect on its local date.

    Safe to repeat: a subject (its canonical address) that already counts gets no further line, whether it comes again
    by a retry, a second import or a repost of the same address. A repost under a new address counts where the
    component says so. Returns the new lines. Flushes.
    """
    if delivery.state is not DeliveryState.PUBLISHED or delivery.published_at is None:
        return []
    office = get_office(delivery.office_id)
    local_date = to_local(delivery.published_at, office.zone_name).date()
    content_type = queries.content_type_code_of(delivery)
    written = []
    for scheme in queries.list_schemes(office.id):
        version = queries.version_at(scheme, local_date)
        if version is None:
            continue
        for component in version.components:
            if matches(
                component, content_type=content_type, channel_kind=delivery.account.kind.code,
                is_repost=delivery.post.repost_of_id is not None,
            ):  # fmt: skip
                line = _write_line(delivery, version, component.key, local_date)
                if line is not None:
                    written.append(line)
    if delivery.id not in queries.point_state_of([delivery.id]):
        note_state(delivery, PointState.LIVE_UNVERIFIED, at=clock.now())
    if written:
        audit.record(
            AuditAction.LEDGER_LINE_WRITTEN,
            ("post", delivery.post_id),
            office_id=office.id,
            actor=None,
            context=("story", delivery.story_id),
            components=[line.component_key for line in written],
        )
    return written


def subject_key_of(delivery: Delivery) -> str:
    """What makes a publication the same publication: its canonical address, else the post itself.

    One delivery has one subject for life. Many channels tell the address only after the receipt; what was booked before
    stays under the key it was booked with, and counts for that address.
    """
    booked = queries.booked_subjects([delivery.id]).get(delivery.id)
    return booked or delivery.canonical_url or f"post:{delivery.post_id}"


def _write_line(
    delivery: Delivery, version: SchemeVersion, component_key: str, local_date: date
) -> LedgerEntry | None:
    subject = subject_key_of(delivery)
    lines = queries.lines_of(version.id, component_key, subject)
    if sum((line.quantity for line in lines), Decimal(0)) > 0:
        return None
    if delivery.canonical_url and queries.counts_by_address(version.id, component_key, delivery):
        return None
    line = LedgerEntry(
        office_id=delivery.office_id,
        scheme_version_id=version.id,
        component_key=component_key,
        delivery_id=delivery.id,
        subject_key=subject,
        beneficiary=Beneficiary.OFFICE,
        beneficiary_id=delivery.office_id,
        role="",
        share=Decimal(100),
        quantity=ONE,
        sequence=len(lines) + 1,
        deciding_date=local_date,
        quarter=Quarter.from_local_date(local_date).key,
        created_at=clock.now(),
        reason="",
    )
    try:
        with db.session.begin_nested():
            db.session.add(line)
            db.session.flush()
    except IntegrityError:
        return None  # another worker wrote the same line at the same moment: that one stands
    return line


def reverse_delivery(delivery: Delivery, *, actor: audit.Actor | None, reason: str) -> list[LedgerEntry]:
    """Take back what a publication counted for, by a reversing line each. Safe to repeat. Flushes."""
    lines = queries.list_lines_of_delivery(delivery.id)
    reversed_ids = {line.reverses_id for line in lines if line.reverses_id}
    written = []
    for line in lines:
        if line.quantity <= 0 or line.id in reversed_ids:
            continue
        sequence = len(queries.lines_of(line.scheme_version_id, line.component_key, line.subject_key)) + 1
        back = LedgerEntry(
            office_id=line.office_id,
            scheme_version_id=line.scheme_version_id,
            component_key=line.component_key,
            delivery_id=line.delivery_id,
            subject_key=line.subject_key,
            beneficiary=line.beneficiary,
            beneficiary_id=line.beneficiary_id,
            role=line.role,
            share=line.share,
            quantity=-line.quantity,
            sequence=sequence,
            deciding_date=line.deciding_date,
            quarter=line.quarter,
            reverses_id=line.id,
            reason=reason,
            actor_id=actor.id if actor else None,
            created_at=clock.now(),
        )
        db.session.add(back)
        db.session.flush()
        written.append(back)
    if written:
        note_state(delivery, PointState.REVERSED, at=clock.now(), actor=actor, note=reason)
        audit.record(
            AuditAction.LEDGER_LINE_REVERSED,
            ("post", delivery.post_id),
            office_id=delivery.office_id,
            actor=actor,
            context=("story", delivery.story_id),
            reason=reason,
        )
    return written


def note_state(
    delivery: Delivery,
    state: PointState,
    *,
    at: datetime,
    actor: audit.Actor | None = None,
    label: str = "",
    document: str = "",
    note: str = "",
) -> PointEvent:
    """Append a dated state to a publication. Flushes."""
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
    db.session.flush()
    return event
