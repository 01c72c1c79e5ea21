"""Mails as they come from elsewhere, and ways to have an office read them."""

import hashlib
from email.message import EmailMessage

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.mailbox.models import IncomingMail, MailboxSettings
from humasflow.notifications.mailbox.services import MailboxForm, save_mailbox
from humasflow.notifications.mailbox.services.reading import read_mailbox
from humasflow.notifications.models import MailMessage
from tests.factories.world import World
from tests.notifications.mailbox.server import PASSWORD, USER, Mailbox

TRUSTED = "mx.kantor-uji.example"


def use_mailbox(world: World, box: Mailbox, **changes: object) -> MailboxSettings:
    """The office reads this mailbox; what lies in it already is not read. Commits."""
    values = {
        "host": "127.0.0.1", "port": box.port, "security": MailSecurity.NONE, "username": USER, "password": PASSWORD,
        "folder": "INBOX", "takes_pitches": False, "trusted_server": "",
    } | changes  # fmt: skip
    kept = db.session.get(MailboxSettings, world.office.id)
    settings = save_mailbox(
        world.office, MailboxForm(**values), actor=world.as_(world.admin), row_version=kept.row_version if kept else None,  # type: ignore[arg-type]
    )  # fmt: skip
    db.session.commit()
    read_mailbox(world.office.id)
    return settings


def read(world: World) -> int:
    """Look into the mailbox now."""
    return read_mailbox(world.office.id)


def taken() -> list[IncomingMail]:
    """Everything that was taken, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(IncomingMail).order_by(IncomingMail.id)))


def sent() -> list[MailMessage]:
    """Every mail of ours, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(MailMessage).order_by(MailMessage.id)))


def report(
    message_id: str, to: str, *, action: str = "failed", status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 User unknown", headers: str = "",
) -> bytes:  # fmt: skip
    """A delivery report as RFC 3464 has it."""
    returned = headers or f"From: humas@kantor-uji.example\nTo: {to}\nMessage-ID: {message_id}\n"
    number = hashlib.sha256(repr((message_id, to, status, action)).encode()).hexdigest()[:20]
    return f"""From: MAILER-DAEMON@mx.example
To: humas@kantor-uji.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="batas"

--batas
Content-Type: text/plain; charset=us-ascii

This is the mail system.

--batas
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--batas
Content-Type: text/rfc822-headers

{returned}
--batas--
""".replace("\n", "\r\n").encode()


def letter(
    sender: str, *, subject: str = "Lelang UMKM laku semua", text: str = "Kemarin di aula, 12 peserta.\n", html: str = "",
    genuine: bool = False, number: int = 1, **headers: str,
) -> EmailMessage:  # fmt: skip
    """A mail as a person writes it. ``genuine``: the trusted server vouches for it."""
    mail = EmailMessage()
    if genuine:
        domain = sender.rpartition("@")[2]
        mail["Authentication-Results"] = f"{TRUSTED}; dmarc=pass header.from={domain}"
    mail["From"] = f"Seseorang <{sender}>"
    mail["To"] = "humas@kantor-uji.example"
    if subject:
        mail["Subject"] = subject
    mail["Message-ID"] = f"<{number}.{len(subject)}.{sender.replace('@', '.')}@ponsel.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail
