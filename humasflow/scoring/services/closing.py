"""Closing a period under a scheme, and opening it again.

A close keeps three things: a digest over the period's lines, the result as it was shown, and who signed in which
capacity with an answer to everything that was still open. From then on no line is booked into the period
(:mod:`.booking`); what was kept is what is shown.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, Reason, Refused, UserError
from humasflow.core.localtime import zone
from humasflow.core.periods import Period
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import JobState
from humasflow.scoring import queries
from humasflow.scoring.models import LedgerEntry, Measurement, PeriodClose, SchemeVersion, ScoreScheme
from humasflow.scoring.open_questions import Question, open_questions
from humasflow.scoring.queries.closing import unfinished_scoring
from humasflow.scoring.services.booking import close_of, hold_alone
from humasflow.scoring.services.schemes import RESCORE
from humasflow.scoring.standing import Standing, frozen, get_standing

BATCH = 1000
ANSWER_LIMIT = 300

# What a line says, in this order. ``created_at`` is part of it: a line written later, however alike, is another one.
_SAID = (
    LedgerEntry.id,
    LedgerEntry.office_id,
    LedgerEntry.scheme_version_id,
    LedgerEntry.component_key,
    LedgerEntry.delivery_id,
    LedgerEntry.measurement_id,
    LedgerEntry.subject_key,
    LedgerEntry.beneficiary,
    LedgerEntry.beneficiary_id,
    LedgerEntry.role,
    LedgerEntry.share,
    LedgerEntry.quantity,
    LedgerEntry.sequence,
    LedgerEntry.deciding_date,
    LedgerEntry.period,
    LedgerEntry.adjusts,
    LedgerEntry.stands_alone,
    LedgerEntry.reverses_id,
    LedgerEntry.reason,
    LedgerEntry.actor_id,
    LedgerEntry.created_at,
    Measurement.facts,
)


class Digest(NamedTuple):
    """``sha256`` in hex over the canonical text of so many ``lines``."""

    sha256: str
    lines: int


class Unanswered(UserError):
    """Open questions without an answer; ``codes`` says which, for the form."""

    def __init__(self, questions: list[Question]) -> None:
        self.codes = tuple(q.code for q in questions)
        super().__init__(
            _(
                "Masih ada yang perlu dijawab sebelum ditandatangani: %(labels)s.",
                labels=", ".join(q.label for q in questions),
            )
        )


class ChangedSince(Conflict):
    """The period is no longer what the person had before them."""


def digest_of(scheme_id: int, period: Period) -> Digest:
    """The SHA-256 over every line of a period under any version of a scheme, in the order of their ids.

    The text of a line is one compact JSON array with a newline after it, UTF-8: the columns in the order of
    ``docs/scoring.md``; exact numbers without trailing zeros as text, dates as ISO 8601, instants in UTC with
    microseconds, nothing as ``null``; last the facts of its measurement with sorted keys. The same on both databases.
    Read in batches: memory does not grow with the period.
    """
    digest = hashlib.sha256()
    number = 0
    for row in _rows(scheme_id, period.key):
        digest.update(text_of_line(row).encode())
        number += 1
    return Digest(digest.hexdigest(), number)


def digest_of_result(result: Mapping[str, Any]) -> str:
    """The SHA-256 in hex over what a close shows: compact JSON with sorted keys, UTF-8."""
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def text_of_line(row: Any) -> str:
    """The canonical text of one line: its values in the order of ``_SAID``."""
    return json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":")) + "\n"


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value if not isinstance(value, str) else str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return value.isoformat() if hasattr(value, "isoformat") else format(value, "f")


def _rows(scheme_id: int, period: str) -> Iterator[Any]:
    office_id = db.session.scalar(select(ScoreScheme.office_id).where(ScoreScheme.id == scheme_id))
    versions = select(SchemeVersion.id).where(SchemeVersion.scheme_id == scheme_id)
    statement = (
        select(*_SAID)
        .outerjoin(Measurement, Measurement.id == LedgerEntry.measurement_id)
        .where(
            LedgerEntry.office_id == office_id,
            LedgerEntry.period == period,
            LedgerEntry.scheme_version_id.in_(versions),
        )
        .order_by(LedgerEntry.id)
        .limit(BATCH)
    )
    last = 0
    while rows := db.session.execute(statement.where(LedgerEntry.id > last)).all():
        yield from rows
        last = rows[-1][0]


def reasons_not_to_close(actor: Principal, scheme: ScoreScheme, period: Period) -> list[Reason]:
    """Why this person cannot close this period now: all reasons at once."""
    office = get_office(scheme.office_id)
    reasons = []
    if not actor.can(Permission.SCORE_CLOSE, scheme.office_id):
        reasons.append(
            Reason(
                "role", _("Peran Anda belum mencakup penutupan. Bila perlu, mintalah kepada admin kantor.")
            )
        )
    if period.type is not scheme.period_type:
        reasons.append(Reason("type", _("Skema ini dihitung %(type)s.", type=scheme.period_type.adverb)))
    elif queries.version_at(scheme, period.end) is None:
        reasons.append(Reason("version", _("Belum ada aturan skema ini yang berlaku pada periode itu.")))
    if today_at(office) <= period.end:
        reasons.append(
            Reason("running", _("%(period)s masih berjalan. Tutuplah setelah berakhir.", period=period.label))
        )
    if close_of(scheme.id, period.key) is not None:
        reasons.append(Reason("closed", _("%(period)s sudah ditutup.", period=period.label)))
    else:
        reasons += _unscored(scheme, period, office)
    return reasons


def _unscored(scheme: ScoreScheme, period: Period, office: Unit) -> list[Reason]:
    """Rules that were activated, or a period that was opened, a moment ago: a worker is still counting by them."""
    versions = [v.id for v in queries.active_versions(scheme) if v.effective_from <= period.end]
    waits = unfinished_scoring(RESCORE, office.id, versions, period.utc_bounds(zone(office.zone_name)))
    if waits is None:
        return []
    if waits is JobState.DEAD:
        return [Reason("scoring", _(
            "Penghitungan ulang nilai berhenti sebelum selesai. Mintalah admin menjalankannya lagi di "
            "Pengaturan → Pekerjaan, lalu tutup periodenya.",
        ))]  # fmt: skip
    return [Reason("scoring", _(
        "Nilai masih dihitung ulang menurut aturan yang baru diberlakukan. Tunggu beberapa menit, lalu muat ulang "
        "halamannya.",
    ))]  # fmt: skip


def close_period(
    scheme: ScoreScheme,
    period: Period,
    *,
    actor: Principal,
    answers: Mapping[str, str],
    shown: str | None = None,
) -> PeriodClose:
    """Freeze a period that is over: its lines by a digest, its result as it stands, signed by ``actor``. Flushes.

    ``answers``: for every open question (:func:`open_questions`) what the signer says to it, by the question's code.
    ``shown``: the digest that the signer had before them; None: not asked. Needs ``score:close``. Raises Refused,
    Unanswered, ChangedSince. Whoever signs proves who they are before (:mod:`.signing`).
    """
    require(actor, Permission.SCORE_CLOSE, scheme.office_id)
    hold_alone(scheme)  # nobody books into it meanwhile, and of two who sign at once the second is told
    reasons = reasons_not_to_close(actor, scheme, period)
    if reasons:
        raise Refused(reasons)
    office = get_office(scheme.office_id)
    standing = _standing(office, scheme, period)
    asked = open_questions(office, scheme, period, standing)
    digest = digest_of(scheme.id, period)
    if shown is not None and shown != digest.sha256:
        raise ChangedSince(
            _(
                "Ada catatan nilai yang masuk sejak halaman ini dibuka. Periksa sekali lagi, lalu tandatangani."
            )
        )
    open_ones = [q for q in asked if q.number and not answers.get(q.code, "").strip()]
    if open_ones:
        raise Unanswered(open_ones)
    label = actor.capacity_for(Permission.SCORE_CLOSE, office.id)
    close = PeriodClose(
        office_id=office.id, scheme_id=scheme.id, scheme_version_id=standing.version.id, period=period.key,
        number=_next_number(scheme.id, period.key), closed_by=actor.id, closed_label=label, closed_at=clock.now(),
        answers={
            q.code: {"label": q.label, "number": q.number, "answer": answers[q.code].strip()[:ANSWER_LIMIT]}
            for q in asked if q.number
        },
        lines=digest.lines, digest=digest.sha256, result=frozen.to_json(standing),
    )  # fmt: skip
    db.session.add(close)
    db.session.flush()
    audit.record(
        AuditAction.PERIOD_CLOSED, ("score_scheme", scheme.id), office_id=office.id, actor=actor, acting_as=label,
        label=scheme.name, period=period.key, lines=digest.lines, digest=digest.sha256, number=close.number,
        result=digest_of_result(close.result),
    )  # fmt: skip
    return close


def _standing(office: Unit, scheme: ScoreScheme, period: Period) -> Standing:
    standing = get_standing(office, period, scheme_id=scheme.id)
    if standing is None or standing.scheme.id != scheme.id:
        raise Refused([Reason("version", _("Belum ada aturan skema ini yang berlaku pada periode itu."))])
    return standing


def _next_number(scheme_id: int, period: str) -> int:
    last = select(func.max(PeriodClose.number)).where(
        PeriodClose.scheme_id == scheme_id, PeriodClose.period == period
    )
    return (db.session.scalar(last) or 0) + 1


def reopen_period(
    close: PeriodClose, *, actor: Principal, reason: str, row_version: int | None = None
) -> PeriodClose:
    """Open a signed period again, with a reason; the close stays as a record. Flushes.

    What was booked elsewhere meanwhile stays there. What the period missed (rules that changed, say) is scored again by
    a job. Needs ``score:reopen``. None is written twice: a period that is open already raises Conflict.
    """
    require(actor, Permission.SCORE_REOPEN, close.office_id)
    if not reason.strip():
        raise UserError(_("Tuliskan alasannya."))
    hold_alone(db.session.get_one(ScoreScheme, close.scheme_id))
    lock(close)
    if not close.is_in_force or (row_version is not None and row_version != close.row_version):
        raise Conflict(_("Periode ini sudah dibuka kembali. Muat ulang halamannya."))
    close.reopened_by, close.reopened_at, close.reopen_reason = actor.id, clock.now(), reason.strip()
    db.session.flush()
    audit.record(
        AuditAction.PERIOD_REOPENED, ("score_scheme", close.scheme_id), office_id=close.office_id, actor=actor,
        acting_as=actor.capacity_for(Permission.SCORE_REOPEN, close.office_id), period=close.period,
        digest=close.digest, reason=close.reopen_reason,
    )  # fmt: skip
    outbox.enqueue(
        RESCORE, close.scheme_version_id, office_id=close.office_id, key=f"{RESCORE}:reopened:{close.id}"
    )
    return close
