"""Sending one mail: the job behind every mail.

``sending_at`` is committed before the server is called. A worker that dies after the server took the mail leaves it
``QUEUED`` with ``sending_at`` set, and the next try sends the same bytes under the same Message-ID: servers and mail
programs that meet a known Message-ID show it once. For mail that is the right side to err on; a lost request for
approval costs more than a second copy. When the server keeps swallowing the content without an answer, the third try
is the last one.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import structlog
from flask import current_app
from sqlalchemy import update

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.secrets import decrypt
from humasflow.notifications import queries, smtp
from humasflow.notifications.enums import MailFault, MailState
from humasflow.notifications.models import MailMessage, MailSettings
from humasflow.notifications.services.holding import hold, is_about_the_address, is_held
from humasflow.notifications.services.mail_settings import TEST_KEY
from humasflow.notifications.services.mailing import helo_name
from humasflow.outbox.handling import RetryLater

log = structlog.get_logger(__name__)

MAX_UNCERTAIN = 3
SETTINGS_DELAY = timedelta(hours=1)
STEPS_IN_LEASE = 8  # a lease covers eight exchanges that all run into their time-out
MAX_STEP = 15.0  # seconds


@dataclass(frozen=True)
class _Prepared:
    """Everything the call needs, so that no transaction is open while it runs."""

    mail_id: int
    office_id: int
    is_test: bool
    uncertain: int
    server: smtp.Server
    envelope: smtp.Envelope


def send_mail(ref: str) -> None:
    """Run the job of the mail with this id. Commits. Raises :class:`RetryLater` when it did not go out."""
    prepared = _prepare(int(ref))
    if prepared is None:
        return
    step = min(MAX_STEP, current_app.config["OUTBOX_LEASE"].total_seconds() / STEPS_IN_LEASE)
    try:
        smtp.send(prepared.server, prepared.envelope, step_timeout=step, budget=3 * step)
    except smtp.SendFailed as failure:
        _note_failure(prepared, failure)
    else:
        _note_sent(prepared)


def _prepare(mail_id: int) -> _Prepared | None:
    mail = db.session.get(MailMessage, mail_id)
    if mail is None or mail.state in (MailState.SENT, MailState.BOUNCED):
        return None
    if not mail.key.startswith(TEST_KEY) and is_held(mail.office_id, mail.to_address):
        mail.state, mail.error = MailState.HELD, MailFault.ADDRESS_HELD.value
        db.session.commit()
        return None
    mail.state = MailState.QUEUED
    settings = db.session.get(MailSettings, mail.office_id)
    if settings is None:
        raise _given_up(mail, MailFault.NO_SETTINGS)
    if not mail.text:
        raise _given_up(mail, MailFault.TEXT_GONE)
    try:
        password = decrypt(settings.password_encrypted) if settings.password_encrypted else ""
        bodies = (decrypt(mail.text), decrypt(mail.html)) if mail.sealed else (mail.text, mail.html)
    except ValueError as error:
        raise _given_up(mail, MailFault.KEY_LOST) from error
    try:
        content = build_message(mail, settings, *bodies)
    except (MessageError, ValueError) as error:
        raise _given_up(mail, MailFault.RECIPIENT_REFUSED) from error  # an address that no header can carry
    mail.sending_at = clock.now()
    prepared = _Prepared(
        mail_id=mail.id, office_id=mail.office_id, is_test=mail.key.startswith(TEST_KEY), uncertain=mail.uncertain,
        server=smtp.Server(
            host=settings.host, port=settings.port, security=settings.security, username=settings.username,
            password=password, helo=helo_name(settings),
        ),
        envelope=smtp.Envelope(settings.from_address, mail.to_address, content),
    )  # fmt: skip
    db.session.commit()
    return prepared


def build_message(mail: MailMessage, settings: MailSettings, text: str, html: str) -> bytes:
    """The mail as bytes; the same mail gives the same bytes every time."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=settings.from_name, addr_spec=settings.from_address)
    message["To"] = Address(addr_spec=mail.to_address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    if mail.thread:
        message["In-Reply-To"] = mail.thread
        message["References"] = mail.thread
        # What Exchange and Outlook group by; a root that nobody has is enough for all others.
        message["Thread-Topic"] = mail.topic or mail.subject
        message["Thread-Index"] = _thread_index(mail.thread)
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Loop"] = settings.from_address
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if mail.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in mail.calendar else "REQUEST"
        message.add_alternative(mail.calendar, subtype="calendar", params={"method": method}, cte="base64")
    message.set_boundary("=_" + hashlib.sha256(mail.message_id.encode()).hexdigest()[:32])
    return message.as_bytes()


def _thread_index(thread: str) -> str:
    """22 bytes of [MS-OXOMSG] 2.2.1.3: a reserved byte, a time (none: it must not differ), and the thread's number."""
    return base64.b64encode(b"\x01" + bytes(5) + hashlib.sha256(thread.encode()).digest()[:16]).decode()


def _note_sent(prepared: _Prepared) -> None:
    mail = db.session.get_one(MailMessage, prepared.mail_id)
    mail.state, mail.sent_at, mail.error = MailState.SENT, clock.now(), ""
    _forget_secret(mail)
    if prepared.is_test:
        _note_test(prepared.office_id, "")
    db.session.commit()


def _note_failure(prepared: _Prepared, failure: smtp.SendFailed) -> None:
    """Write the cause on the mail, then tell the outbox whether to try again."""
    fault = failure.fault
    mail = db.session.get_one(MailMessage, prepared.mail_id)
    job = queries.get_job_of(mail.id)
    mail.uncertain = prepared.uncertain + (fault is MailFault.UNCERTAIN)
    mail.error = str(failure)
    final = fault.is_permanent or mail.uncertain >= MAX_UNCERTAIN or job.attempts >= job.max_attempts
    if final:
        mail.state = MailState.FAILED
        if (
            fault is MailFault.RECIPIENT_REFUSED
            and is_about_the_address(failure.said)
            and not prepared.is_test
        ):
            hold(mail)
        _forget_secret(mail)
    if prepared.is_test:
        _note_test(prepared.office_id, mail.error)
    db.session.commit()
    log.warning("mail not sent", mail=prepared.mail_id, fault=fault.value, code=failure.code)
    raise RetryLater(
        queries.explain(str(failure)), final=final, delay=SETTINGS_DELAY if fault.lies_in_settings else None
    )


def _given_up(mail: MailMessage, fault: MailFault) -> RetryLater:
    """For what no server has to be asked about."""
    mail.state, mail.error = MailState.FAILED, fault.value
    _forget_secret(mail)
    if mail.key.startswith(TEST_KEY):
        _note_test(mail.office_id, fault.value)
    db.session.commit()
    return RetryLater(fault.label, final=True)


def _forget_secret(mail: MailMessage) -> None:
    """Once the mail is out or given up, its secret link must not lie about, not even encrypted."""
    if mail.sealed:
        mail.text = mail.html = ""


def _note_test(office_id: int, result: str) -> None:
    """Not through the object: the result must not turn an admin's open form stale."""
    db.session.execute(
        update(MailSettings)
        .where(MailSettings.office_id == office_id)
        .values(tested_at=clock.now(), test_result=result)
        .execution_options(synchronize_session=False)
    )
