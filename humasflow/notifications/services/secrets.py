"""Putting everything this room keeps encrypted under the newest key."""

from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.secrets import reencrypt
from humasflow.notifications.models import MailMessage, MailSettings


def rotate_secrets() -> int:
    """Encrypt mail passwords and sealed mails again. Returns how many values were renewed. Safe to repeat. Flushes.

    Raises ``cryptography.fernet.InvalidToken`` when a value fits none of the configured keys: nothing is changed then.
    """
    renewed = 0
    for settings in db.session.scalars(select(MailSettings).where(MailSettings.password_encrypted != "")):
        settings.password_encrypted = reencrypt(settings.password_encrypted)
        renewed += 1
        audit.record(
            AuditAction.MAIL_SETTINGS_CHANGED, ("unit", settings.office_id), office_id=settings.office_id, actor=None,
            rotated=True,
        )  # fmt: skip
    for mail in db.session.scalars(select(MailMessage).where(MailMessage.sealed.is_(True))):
        for part in ("text", "html"):
            value = getattr(mail, part)
            if value:  # emptied once the mail is sent or given up
                setattr(mail, part, reencrypt(value))
                renewed += 1
    db.session.flush()
    return renewed
