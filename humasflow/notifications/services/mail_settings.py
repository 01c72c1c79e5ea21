"""How an office sends mail: kept, tried out, and what failed tried again."""

from dataclasses import dataclass

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import encrypt, new_token
from humasflow.core.versions import expect_version
from humasflow.notifications import queries
from humasflow.notifications.composing import compose_test
from humasflow.notifications.enums import MailSecurity, MailState
from humasflow.notifications.models import MailMessage, MailSettings
from humasflow.notifications.services.holding import release_address
from humasflow.notifications.services.mailing import queue_mail
from humasflow.orgs.models import Unit
from humasflow.outbox import services as outbox

TEST_KEY = "test:"


@dataclass(frozen=True)
class MailForm:
    """What an admin filled in. ``password`` None keeps the stored one."""

    host: str
    port: int
    security: MailSecurity
    username: str
    password: str | None
    from_address: str
    from_name: str


def save_mail_settings(
    office: Unit, filled: MailForm, *, actor: Principal, row_version: int | None = None
) -> MailSettings:
    """Keep an office's settings; what a test said about the former ones no longer holds. Flushes.

    The host may lie in a private network, as mail servers do; which one was set stands in the record.
    """
    require(actor, Permission.OFFICE_MANAGE, office.id)
    settings = db.session.get(MailSettings, office.id)
    if settings is None:
        if row_version is not None:
            raise Conflict(_("Pengaturan surel ini sudah tidak ada. Muat ulang halaman ini."))
        settings = MailSettings(office_id=office.id, password_encrypted="", tested_at=None, test_result="")
        db.session.add(settings)
    else:
        expect_version(settings, row_version)
        moved = (settings.host, settings.port) != (filled.host, filled.port)
        if moved and filled.password is None and settings.password_encrypted and filled.username:
            # Otherwise whoever may edit the settings could have the stored password sent to a server of theirs.
            raise UserError(_("Server atau port berubah. Demi keamanan, ketik kata sandinya sekali lagi."))
    settings.host, settings.port, settings.security = filled.host, filled.port, filled.security
    settings.username, settings.from_address, settings.from_name = (
        filled.username, filled.from_address, filled.from_name,
    )  # fmt: skip
    if not filled.username:
        settings.password_encrypted = ""
    elif filled.password is not None:
        settings.password_encrypted = encrypt(filled.password)
    settings.tested_at, settings.test_result = None, ""
    db.session.flush()
    audit.record(
        AuditAction.MAIL_SETTINGS_CHANGED, ("mail_settings", office.id), office_id=office.id, actor=actor,
        host=filled.host, port=filled.port, security=filled.security.value, username=filled.username,
        from_address=filled.from_address, password_changed=filled.password is not None,
    )  # fmt: skip
    return settings


def queue_test(office: Unit, *, actor: Principal) -> MailMessage:
    """Send a real mail to the admin who asks, through the outbox like any other, tried once."""
    require(actor, Permission.OFFICE_MANAGE, office.id)
    settings = queries.get_mail_settings(office.id)
    if settings is None:
        raise UserError(_("Simpan dahulu pengaturan surel, lalu uji."))
    letter = compose_test(user=actor.user, office=office)
    mail = queue_mail(
        settings, to=actor.user.email, user_id=actor.id, key=f"{TEST_KEY}{office.id}:{new_token(9)}", letter=letter,
        max_attempts=1,
    )  # fmt: skip
    audit.record(
        AuditAction.MAIL_TESTED, ("mail_settings", office.id), office_id=office.id, actor=actor, host=settings.host,
        port=settings.port,
    )  # fmt: skip
    return mail


def resend(office: Unit, mail_id: int, *, actor: Principal) -> MailMessage:
    """Try a failed mail again, as the same mail."""
    require(actor, Permission.OFFICE_MANAGE, office.id)
    mail = db.session.get(MailMessage, mail_id)
    if mail is None or mail.office_id != office.id:
        raise NotFound
    if mail.state not in (MailState.FAILED, MailState.BOUNCED):
        raise UserError(_("Surel ini tidak perlu dikirim ulang."))
    if mail.sealed:
        raise UserError(
            _("Tautan undangan dalam surel ini sudah dihapus. Kirim undangan baru dari halaman Pengguna.")
        )
    job = queries.get_job_of(mail.id)
    release_address(office, mail.to_address, actor=actor)
    mail.state, mail.error, mail.uncertain = MailState.QUEUED, "", 0
    outbox.revive(job, actor=actor)
    return mail
