"""Putting everything that is kept encrypted under the newest key, whichever room keeps it."""

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.secrets import reencrypt_all
from humasflow.notifications.models import MailSettings


def rotate_secrets() -> int:
    """Encrypt again what the rooms marked as sealed: mail passwords, sealed mails, addresses of calendars. Returns how
    many values were renewed. Safe to repeat. Flushes.

    Raises ``cryptography.fernet.InvalidToken`` when a value fits none of the configured keys: nothing is changed then.
    """
    renewed = 0
    with db.session.no_autoflush:
        rows = list(reencrypt_all(db.session()))
    for row, count in rows:
        renewed += count
        if isinstance(row, MailSettings):
            audit.record(
                AuditAction.MAIL_SETTINGS_CHANGED, ("unit", row.office_id), office_id=row.office_id, actor=None,
                rotated=True,
            )  # fmt: skip
    db.session.flush()
    return renewed
