"""Measurements: facts that no publication tells, entered by a named person, each with a line in the ledger.

A newer entry about the same subject supersedes the older one: a reversing line and a new one in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Reason, Refused, UserError
from humasflow.core.localtime import to_local
from humasflow.core.periods import Period, parse_period
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.calculation import Facts
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.measured import MEASURED, subject_of, to_store
from humasflow.scoring.models import Component, LedgerEntry, Measurement, SchemeVersion, ScoreScheme
from humasflow.scoring.naming import names_in
from humasflow.scoring.queries.measurements import in_force
from humasflow.scoring.selection import facts_of, selects
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.booking import close_of, hold_alone, next_sequence
from humasflow.scoring.wording import describe_selection

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Basis:
    """What a measurement rests on. ``measured_on``: local date, today unless given."""

    note: str = ""
    document: str = ""
    asset_id: int | None = None
    measured_on: date | None = None


def record_measurement(
    scheme: ScoreScheme,
    component_key: str,
    period: Period,
    *,
    actor: Principal,
    facts: Facts,
    basis: Basis = Basis(),
    post_id: int | None = None,
    shown: int | None = None,
) -> Measurement | None:
    """Enter what was measured in a period; what stood before is superseded. None when nothing changed. Flushes.

    ``post_id``: the publication that a rubric's mark is about. ``shown``: id of the entry that the person had before
    them, 0 for none; None: not asked. Needs ``score:measure``. Raises Refused (closed, not begun, a publication that
    the component does not judge), Conflict (somebody entered another one), WrongFacts, UserError, NotFound.
    """
    require(actor, Permission.SCORE_MEASURE, scheme.office_id)
    office = get_office(scheme.office_id)
    version, component = component_at(scheme, component_key, period)
    stored = to_store(component, facts)
    if component.kind is ComponentKind.RUBRIC and not basis.note.strip():
        raise UserError(_("Tulis catatan singkat: apa yang membuat nilainya begitu."))
    day = _day(basis.measured_on, period, office)
    if post_id is not None:
        _check_post(version, component, post_id, period, office)
    hold_alone(scheme)  # nobody closes the period meanwhile, and of two entries one comes first
    _ensure_open(scheme, period)
    before = in_force(office.id, scheme.id, component.key, period.key, post_id)
    if shown is not None and shown != (before.id if before is not None and before.facts else 0):
        raise Conflict(_("Ada isian lain yang masuk sejak halaman ini dibuka. Periksa dahulu isian itu."))
    made = Measurement(
        office_id=office.id, scheme_id=scheme.id, component_key=component.key, kind=component.kind,
        period=period.key, post_id=post_id, facts=stored, note=basis.note.strip(), document=basis.document.strip(),
        asset_id=basis.asset_id, measured_on=day,
    )  # fmt: skip
    if before is not None and _says(before) == _says(made):
        return None
    _keep(made, before, actor)
    _reverse(before, actor=actor, reason=_("Diganti oleh isian yang lebih baru."))
    _write(made, version, period, actor)
    _note(AuditAction.MEASUREMENT_RECORDED, made, actor)
    return made


def take_back_measurement(measurement: Measurement, *, actor: Principal, reason: str) -> Measurement | None:
    """Take an entry back without another in its place: a row without facts, and a reversing line. None when it was
    superseded or taken back already. Flushes. Needs ``score:measure`` and a reason. Raises Refused, UserError.
    """
    require(actor, Permission.SCORE_MEASURE, measurement.office_id)
    if not reason.strip():
        raise UserError(_("Tuliskan alasannya."))
    scheme = db.session.get_one(ScoreScheme, measurement.scheme_id)
    hold_alone(scheme)
    _ensure_open(scheme, parse_period(measurement.period))
    newest = in_force(
        measurement.office_id, scheme.id, measurement.component_key, measurement.period, measurement.post_id
    )
    if newest is None or newest.id != measurement.id or not newest.facts:
        return None
    made = Measurement(
        office_id=measurement.office_id, scheme_id=scheme.id, component_key=measurement.component_key,
        kind=measurement.kind, period=measurement.period, post_id=measurement.post_id, facts={},
        note=reason.strip(), measured_on=measurement.measured_on,
    )  # fmt: skip
    _keep(made, measurement, actor)
    _reverse(measurement, actor=actor, reason=reason.strip())
    _note(AuditAction.MEASUREMENT_TAKEN_BACK, made, actor, reason=reason.strip())
    return made


def component_at(scheme: ScoreScheme, key: str, period: Period) -> tuple[SchemeVersion, Component]:
    """A measured component as it is in a period. Raises NotFound."""
    version = queries.version_at(scheme, period.end)
    for component in version.components if version is not None else ():
        if version is not None and component.key == key and component.kind in MEASURED:
            return version, component
    raise NotFound


def _ensure_open(scheme: ScoreScheme, period: Period) -> None:
    if close_of(scheme.id, period.key) is not None:
        raise Refused([Reason("closed", _(
            "%(period)s sudah ditutup, jadi isiannya tidak berubah lagi. Yang berupa jumlah ditulis di halaman "
            "Penyesuaian; selain itu, periodenya perlu dibuka kembali dahulu.",
            period=period.label,
        ))])  # fmt: skip


def _day(measured_on: date | None, period: Period, office: Unit) -> date:
    today = today_at(office)
    day = measured_on or today
    if today < period.start:
        raise Refused([Reason("early", _("%(period)s belum dimulai.", period=period.label))])
    if day > today:
        raise UserError(_("Tanggal pengukuran belum tiba."))
    if day < period.start:
        raise UserError(
            _("Tanggal pengukuran mendahului %(period)s. Periksa lagi tanggalnya.", period=period.label)
        )
    return day


def _check_post(
    version: SchemeVersion, component: Component, post_id: int, period: Period, office: Unit
) -> None:
    """Of a publication that is live, of the period, and of what the component judges."""
    if component.kind is not ComponentKind.RUBRIC:
        raise UserError(_("Komponen ini diukur untuk seluruh periode, bukan per publikasi."))
    live = db.session.execute(
        select(Delivery.id, Delivery.published_at).where(
            Delivery.post_id == post_id, Delivery.office_id == office.id,
            Delivery.state == DeliveryState.PUBLISHED,
        )
    ).all()  # fmt: skip
    if not live:
        raise NotFound
    here = [id_ for id_, at in live if at is not None and to_local(at, office.zone_name).date() in period]
    if not here:
        raise UserError(_("Publikasi ini tidak tayang pada %(period)s.", period=period.label))
    if not any(selects(component, facts) for facts in facts_of(here).values()):
        judged = describe_selection(component, names_in(office.id, [version]), whole=True)
        raise Refused([Reason("not_judged", _(
            "Publikasi ini di luar yang dinilai “%(label)s”. Komponen itu %(judged)s",
            label=component.label, judged=f"{judged[:1].lower()}{judged[1:]}",
        ))])  # fmt: skip


def _says(row: Measurement) -> tuple[object, ...]:
    return (row.facts, row.note, row.document, row.asset_id, row.measured_on)


def _keep(made: Measurement, before: Measurement | None, actor: Principal) -> None:
    made.recorded_by, made.recorded_at = actor.id, clock.now()
    made.recorded_label = actor.capacity_for(Permission.SCORE_MEASURE, made.office_id)
    made.supersedes_id = before.id if before is not None else None
    db.session.add(made)
    db.session.flush()


def _write(made: Measurement, version: SchemeVersion, period: Period, actor: Principal) -> None:
    """The line that proves the measurement was there: one, whatever it says. It stands alone."""
    subject = subject_of(made.component_key, made.period, made.post_id)
    line = LedgerEntry(
        office_id=made.office_id, scheme_version_id=version.id, component_key=made.component_key,
        measurement_id=made.id, subject_key=subject, beneficiary=Beneficiary.OFFICE, beneficiary_id=made.office_id,
        role="", share=WHOLE, quantity=Decimal(1), sequence=next_sequence(version.id, made.component_key, subject),
        deciding_date=min(made.measured_on, period.end), period=period.key, stands_alone=True, reason=made.note,
        actor_id=actor.id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    adding_up.apply([line], PointState.VERIFIED)


def _reverse(before: Measurement | None, *, actor: Principal, reason: str) -> None:
    written = []
    for line in _standing(before.id) if before is not None else ():
        back = LedgerEntry(
            office_id=line.office_id, scheme_version_id=line.scheme_version_id, component_key=line.component_key,
            measurement_id=line.measurement_id, subject_key=line.subject_key, beneficiary=line.beneficiary,
            beneficiary_id=line.beneficiary_id, role=line.role, share=line.share, quantity=-line.quantity,
            sequence=next_sequence(line.scheme_version_id, line.component_key, line.subject_key),
            deciding_date=line.deciding_date, period=line.period, stands_alone=True, reverses_id=line.id,
            reason=reason, actor_id=actor.id, created_at=clock.now(),
        )  # fmt: skip
        db.session.add(back)
        db.session.flush()
        written.append(back)
    adding_up.apply(written, PointState.VERIFIED)


def _standing(measurement_id: int) -> Sequence[LedgerEntry]:
    later = aliased(LedgerEntry)
    return db.session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.measurement_id == measurement_id,
            LedgerEntry.reverses_id.is_(None),
            ~select(later.id).where(later.reverses_id == LedgerEntry.id).exists(),
        )
    ).all()


def _note(action: AuditAction, made: Measurement, actor: Principal, *, reason: str = "") -> None:
    audit.record(
        action, ("score_scheme", made.scheme_id), office_id=made.office_id, actor=actor,
        acting_as=made.recorded_label, component=made.component_key, period=made.period, post=made.post_id,
        facts=made.facts, reason=reason, document=made.document,
    )  # fmt: skip
