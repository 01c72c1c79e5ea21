"""What the head office announced: recorded with its document, corrected by a further row, never merged with the
estimate.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.periods import Period
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.models import OfficialResult, ScoreScheme
from humasflow.scoring.queries.official import newest_about

LARGEST_SCORE = Decimal(1000)
LARGEST_RANK = Decimal(1_000_000)
PLACES = 4


@dataclass(frozen=True)
class Subject:
    """What was judged: the total of a scheme (no component, no label), a component, or what only ``label`` names."""

    scheme: ScoreScheme | None
    period: Period
    kind: ResultKind
    component_key: str = ""
    label: str = ""


@dataclass(frozen=True)
class Announcement:
    """What was announced about it, when (local date) and by which document. ``out_of``: of so many, for a rank."""

    value: Decimal
    announced_on: date
    document: str
    out_of: int | None = None
    asset_id: int | None = None
    note: str = ""


def record_official(
    office: Unit, subject: Subject, said: Announcement, *, actor: Principal, shown: int | None = None
) -> OfficialResult | None:
    """Record an announced score or rank. A further one about the same thing in the same period corrects the earlier.
    None when nothing changed. Flushes.

    ``shown``: id of the row that the person had before them, 0 for none; None: not asked. Needs ``score:measure``.
    Raises Conflict, UserError.
    """
    require(actor, Permission.SCORE_MEASURE, office.id)
    _check_subject(subject)
    _check_value(subject.kind, said.value, said.out_of)
    if said.announced_on > today_at(office):
        raise UserError(_("Tanggal pengumuman belum tiba."))
    if not said.document.strip():
        raise UserError(_("Tulis nomor atau nama dokumen yang mengumumkannya."))
    audit.await_turn([office.id])  # of two who record the same announcement, one comes first
    scheme_id = subject.scheme.id if subject.scheme is not None else None
    made = OfficialResult(
        office_id=office.id, scheme_id=scheme_id, component_key=subject.component_key, label=subject.label.strip(),
        kind=subject.kind, period=subject.period.key, value=said.value,
        out_of=said.out_of if subject.kind is ResultKind.RANK else None, announced_on=said.announced_on,
        document=said.document.strip(), asset_id=said.asset_id, note=said.note.strip(),
    )  # fmt: skip
    before = newest_about(made)
    if shown is not None and shown != (before.id if before is not None and before.value is not None else 0):
        raise Conflict(
            _(
                "Sudah ada yang mencatat hasil ini sejak halaman dibuka. Periksa dahulu, lalu koreksi bila perlu."
            )
        )
    if before is not None and _says(before) == _says(made):
        return None
    _keep(made, before, actor)
    _note(AuditAction.OFFICIAL_RECORDED, made, actor, before=before)
    return made


def take_back_official(result: OfficialResult, *, actor: Principal, reason: str) -> OfficialResult | None:
    """Take back what should not have been recorded: a row without a value, with the reason. None when it no longer
    stands. Flushes. Needs ``score:measure``.
    """
    require(actor, Permission.SCORE_MEASURE, result.office_id)
    if not reason.strip():
        raise UserError(_("Tuliskan alasannya."))
    audit.await_turn([result.office_id])
    newest = newest_about(result)
    if newest is None or newest.id != result.id or newest.value is None:
        return None
    made = OfficialResult(
        office_id=result.office_id, scheme_id=result.scheme_id, component_key=result.component_key,
        label=result.label, kind=result.kind, period=result.period, value=None, announced_on=result.announced_on,
        document=result.document, note=reason.strip(),
    )  # fmt: skip
    _keep(made, result, actor)
    _note(AuditAction.OFFICIAL_TAKEN_BACK, made, actor, before=result, reason=reason.strip())
    return made


def _check_subject(subject: Subject) -> None:
    scheme, period = subject.scheme, subject.period
    if subject.component_key and subject.label.strip():
        raise UserError(_("Pilih komponennya, atau tulis nama lain; tidak keduanya."))
    if scheme is None:
        if subject.component_key or not subject.label.strip():
            raise UserError(_("Tulis apa yang dinilai atau diperingkatkan."))
        return
    if period.type is not scheme.period_type:
        raise UserError(_("Skema ini dihitung %(type)s.", type=scheme.period_type.adverb))
    version = queries.version_at(scheme, period.end)
    known = {c.key for c in version.components} if version is not None else set()
    if subject.component_key and subject.component_key not in known:
        raise UserError(_("Komponen ini tidak ada di skema pada %(period)s.", period=period.label))


def _check_value(kind: ResultKind, value: Decimal, out_of: int | None) -> None:
    if kind is ResultKind.SCORE:
        if not value.is_finite() or not 0 <= value <= LARGEST_SCORE:
            raise UserError(_("Nilai antara 0 dan 1.000."))
        if value != round(value, PLACES):
            raise UserError(_("Tulis paling banyak empat angka di belakang koma."))
        return
    if not value.is_finite() or value != value.to_integral_value() or not 1 <= value <= LARGEST_RANK:
        raise UserError(_("Peringkat berupa bilangan bulat mulai dari 1."))
    if out_of is not None and value > out_of:
        raise UserError(
            _("Peringkat %(p)s tidak mungkin dari %(n)s. Periksa lagi keduanya.", p=int(value), n=out_of)
        )


def _says(row: OfficialResult) -> tuple[object, ...]:
    return (row.value, row.out_of, row.announced_on, row.document, row.asset_id, row.note)


def _keep(made: OfficialResult, before: OfficialResult | None, actor: Principal) -> None:
    made.recorded_by, made.recorded_at = actor.id, clock.now()
    made.supersedes_id = before.id if before is not None else None
    db.session.add(made)
    db.session.flush()


def _note(
    action: AuditAction,
    made: OfficialResult,
    actor: Principal,
    *,
    before: OfficialResult | None,
    reason: str = "",
) -> None:
    audit.record(
        action, ("official_result", made.id), office_id=made.office_id, actor=actor, kind=made.kind.value,
        period=made.period, component=made.component_key, label=made.label, document=made.document, reason=reason,
        value=None if made.value is None else format(made.value, "f"),
        before=None if before is None or before.value is None else format(before.value, "f"),
    )  # fmt: skip
