"""Numbers that a person read on the channel and types in. What is left empty is unknown."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import METRICS
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.policy import reasons_not_to_record
from humasflow.publishing.models import Delivery

BY_HAND: Final = "manual"
TOLERANCE: Final = timedelta(minutes=5)  # clocks of phones and servers differ a little


class NothingRecorded(UserError):
    """Every number was left empty."""


class WrongTime(UserError):
    """Nobody can have read it then."""


def record_numbers(
    delivery: Delivery, *, actor: Principal, numbers: Mapping[str, int | None], seen_at: datetime
) -> MetricSnapshot:
    """Append what a person read at ``seen_at`` (aware): whole numbers by the names of METRICS. Earlier rows stay.

    The assignee may, and whoever holds ``metric:record``. Flushes. Raises Refused, NothingRecorded, WrongTime.
    """
    reasons = reasons_not_to_record(actor, delivery)
    if reasons:
        raise Refused(reasons)
    known = {name: numbers.get(name) for name in METRICS}
    if all(value is None for value in known.values()):
        raise NothingRecorded(_("Isi sedikitnya satu angka. Yang tidak terlihat di kanal, biarkan kosong."))
    if seen_at > clock.now() + TOLERANCE:
        raise WrongTime(_("Waktu ini belum terjadi. Periksa tanggal dan jamnya."))
    if delivery.published_at is not None and seen_at < delivery.published_at - TOLERANCE:
        raise WrongTime(_("Waktu ini sebelum publikasinya tayang. Periksa tanggal dan jamnya."))
    row = MetricSnapshot(
        office_id=delivery.office_id, post_id=delivery.post_id, delivery_id=delivery.id, captured_at=seen_at,
        source=BY_HAND, api_version="", recorded_by=actor.id,
        named={name: value for name, value in known.items() if value is not None}, **known,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        AuditAction.METRICS_RECORDED, ("post", delivery.post_id), office_id=delivery.office_id, actor=actor,
        context=("story", delivery.story_id), label=delivery.account.name,
    )  # fmt: skip
    return row
