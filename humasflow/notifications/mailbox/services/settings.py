"""The office's mailbox: kept, tried out, let go."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import decrypt, encrypt, new_token
from humasflow.core.versions import expect_version
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.mailbox import imap, queries
from humasflow.notifications.mailbox.enums import MailboxFault
from humasflow.notifications.mailbox.models import MailboxSettings
from humasflow.orgs.models import Unit
from humasflow.outbox import services as outbox

CHECK = "notifications.check_mailbox"
MAX_STEP = 15.0  # seconds


@dataclass(frozen=True)
class MailboxForm:
    """What an admin filled in. ``password`` None keeps the stored one."""

    host: str
    port: int
    security: MailSecurity
    username: str
    password: str | None
    folder: str
    takes_pitches: bool
    trusted_server: str


def save_mailbox(
    office: Unit, filled: MailboxForm, *, actor: Principal, row_version: int | None = None
) -> MailboxSettings:
    """Keep an office's mailbox; a job tries it out. Another mailbox is read from what comes next on. Flushes.

    The host may lie in a private network, as mail servers do; which one was set stands in the record.
    """
    require(actor, Permission.OFFICE_MANAGE, office.id)
    settings = queries.get_settings(office.id)
    if settings is None:
        if row_version is not None:
            raise Conflict(_("Kotak surat ini sudah dilepas. Muat ulang halaman ini."))
        if filled.password is None:
            raise UserError(_("Bagian ini perlu diisi."))
        settings = MailboxSettings(office_id=office.id, password_encrypted="", box=1, last_uid=0)
        db.session.add(settings)
    else:
        expect_version(settings, row_version)
        if (settings.host, settings.port) != (filled.host, filled.port) and filled.password is None:
            # Otherwise whoever may edit the settings could have the stored password sent to a server of theirs.
            raise UserError(_("Server atau port berubah. Demi keamanan, ketik kata sandinya sekali lagi."))
        place = (settings.host, settings.username, settings.folder)
        if place != (filled.host, filled.username, filled.folder):
            settings.box, settings.uid_validity, settings.last_uid = settings.box + 1, None, 0
    settings.host, settings.port, settings.security = filled.host, filled.port, filled.security
    settings.username, settings.folder = filled.username, filled.folder
    settings.takes_pitches, settings.trusted_server = filled.takes_pitches, filled.trusted_server
    if filled.password is not None:
        settings.password_encrypted = encrypt(filled.password)
    settings.fault = None
    db.session.flush()
    _plan_check(settings)
    audit.record(
        AuditAction.MAILBOX_CHANGED, ("mailbox_settings", office.id), office_id=office.id, actor=actor,
        host=filled.host, port=filled.port, security=filled.security.value, username=filled.username,
        folder=filled.folder, takes_pitches=filled.takes_pitches, trusted_server=filled.trusted_server,
        password_changed=filled.password is not None,
    )  # fmt: skip
    return settings


def remove_mailbox(office: Unit, *, actor: Principal) -> None:
    """Read it no more; what was found in it stays listed. Flushes. Repeated, nothing happens."""
    require(actor, Permission.OFFICE_MANAGE, office.id)
    settings = queries.get_settings(office.id)
    if settings is None:
        return
    db.session.delete(settings)
    db.session.flush()
    audit.record(
        AuditAction.MAILBOX_REMOVED, ("mailbox_settings", office.id), office_id=office.id, actor=actor,
        host=settings.host, username=settings.username,
    )  # fmt: skip


def queue_check(office: Unit, *, actor: Principal) -> None:
    """Have a job sign in and open the folder, once. Flushes."""
    require(actor, Permission.OFFICE_MANAGE, office.id)
    settings = queries.get_settings(office.id)
    if settings is None:
        raise UserError(_("Simpan dahulu kotak suratnya, lalu uji."))
    _plan_check(settings)
    audit.record(
        AuditAction.MAILBOX_TESTED, ("mailbox_settings", office.id), office_id=office.id, actor=actor,
        host=settings.host, port=settings.port,
    )  # fmt: skip


def _plan_check(settings: MailboxSettings) -> None:
    # Not through the object: a test must not turn an admin's open form stale.
    _set(settings.office_id, test_wanted_at=clock.now(), tested_at=None, test_fault=None)
    db.session.expire(settings, ["test_wanted_at", "tested_at", "test_fault"])
    outbox.enqueue(
        CHECK, settings.office_id, office_id=settings.office_id, key=f"{CHECK}:{settings.office_id}:{new_token(9)}",
        max_attempts=1,
    )  # fmt: skip


def check_mailbox(ref: str) -> None:
    """The job of a test. Commits before it calls, and what came of it."""
    office_id = int(ref)
    fault: MailboxFault | None = None
    try:
        box = box_of(office_id)
        if box is None:
            return
        db.session.commit()
        with imap.opened(box, timeout=step_seconds()):
            pass
    except imap.ReadFailed as failed:
        fault = failed.fault
    _set(office_id, tested_at=clock.now(), test_fault=fault)
    db.session.commit()


def box_of(office_id: int) -> imap.Box | None:
    """How to open the office's mailbox; None where there is none. Raises ReadFailed when its key is lost."""
    settings = queries.get_settings(office_id)
    if settings is None:
        return None
    try:
        password = decrypt(settings.password_encrypted)
    except ValueError as error:
        raise imap.ReadFailed(MailboxFault.KEY_LOST) from error
    return imap.Box(
        settings.host, settings.port, settings.security, settings.username, password, settings.folder
    )


def step_seconds() -> float:
    """How long one exchange with the server may take."""
    lease: float = current_app.config["OUTBOX_LEASE"].total_seconds()
    return min(MAX_STEP, lease / 8)


def note_read(office_id: int, fault: MailboxFault | None) -> None:
    """How the last look went. Flushes."""
    _set(office_id, fault=fault, **({} if fault else {"read_at": clock.now()}))


def _set(office_id: int, **values: object) -> None:
    db.session.execute(
        update(MailboxSettings)
        .where(MailboxSettings.office_id == office_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
