"""Putting everything that is kept encrypted under the newest key, whichever room keeps it."""

from collections import Counter

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.secrets import reencrypt_all


def rotate_secrets() -> int:
    """Encrypt again what the rooms marked as sealed: passwords and tokens of channels, app keys, mail passwords, sealed
    mails, addresses of calendars. Recorded in each office that has some. Returns how many values were renewed. Safe to
    repeat. Flushes.

    Raises FitsNoKey when a value fits none of the configured keys: nothing is changed then.
    """
    with db.session.no_autoflush:
        rows = list(reencrypt_all(db.session()))
    renewed: Counter[int | None] = Counter()
    for row, count in rows:
        renewed[getattr(row, "office_id", None)] += count
    offices = sorted(office_id for office_id in renewed if office_id is not None)
    audit.await_turn(offices)
    for office_id in offices:
        audit.record(
            AuditAction.SECRETS_ROTATED,
            ("unit", office_id),
            office_id=office_id,
            actor=None,
            values=renewed[office_id],
        )
    db.session.flush()
    return renewed.total()
