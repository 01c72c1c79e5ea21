"""What was signed: lines of closed periods, and the results that their pages show, as the audit trail knows them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.periods import parse_period
from humasflow.scoring.models import PeriodClose
from humasflow.scoring.services.closing import digest_of, digest_of_result


def check_closes(office_id: int) -> Iterator[str]:
    """Every close says what was signed; the lines of those in force are what they were."""
    closes = db.session.scalars(
        select(PeriodClose).where(PeriodClose.office_id == office_id).order_by(PeriodClose.id)
    ).all()
    signed = _signed(office_id, {close.scheme_id for close in closes})
    for close in closes:
        which = f"{close.period} of scheme {close.scheme_id}, close {close.number}"
        entry = signed.get((close.scheme_id, close.period, close.number))
        if entry is None:
            yield f"{which}: the audit trail does not know of it"
        else:
            if (entry.get("digest"), entry.get("lines")) != (close.digest, close.lines):
                yield f"{which}: it has {close.lines} lines and digest {close.digest}, signed were others"
            if entry.get("result") != digest_of_result(close.result):
                yield f"{which}: the result that it shows is not the one that was signed"
        if not close.is_in_force:
            continue
        now, number = digest_of(close.scheme_id, parse_period(close.period))
        if (now, number) != (close.digest, close.lines):
            yield (
                f"{which}: it was closed with {close.lines} lines and digest {close.digest}, "
                f"now it has {number} and {now}"
            )


def _signed(office_id: int, scheme_ids: set[int]) -> dict[tuple[int, str, int], dict[str, Any]]:
    if not scheme_ids:
        return {}
    rows = db.session.execute(
        select(AuditEntry.subject_id, AuditEntry.detail).where(
            AuditEntry.subject_type == "score_scheme", AuditEntry.subject_id.in_(scheme_ids),
            AuditEntry.office_id == office_id, AuditEntry.action == AuditAction.PERIOD_CLOSED,
        )
    )  # fmt: skip
    return {(row[0], row[1]["period"], row[1]["number"]): row[1] for row in rows}
