"""Handing one mail to a mail server. Knows neither Flask nor the database: what goes in is sent, or a typed fault
comes out.

Certificates are verified, always. A server with a certificate of the office's own authority is trusted through the
operating system's store (or ``SSL_CERT_FILE``), not by switching the check off. Addresses in private networks are
allowed on purpose: that is where an office's mail server usually lives. What a server says is repeated only once it
has proved to be a mail server, so that a settings page cannot be used to read other services' banners.
"""

import contextlib
import re
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass, field

from humasflow.notifications.enums import MailFault, MailSecurity

MAX_SAID = 200
_LEADING_DOT = re.compile(rb"(?m)^\.")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\uffff]+")


@dataclass(frozen=True)
class Server:
    """Where to and as whom. ``helo`` is the name we greet with."""

    host: str
    port: int
    security: MailSecurity
    username: str = ""
    password: str = field(default="", repr=False)
    helo: str = "localhost"


@dataclass(frozen=True)
class Envelope:
    """One sender, one recipient, the finished message in bytes (CRLF)."""

    sender: str
    recipient: str
    content: bytes = field(repr=False)


class SendFailed(Exception):
    """The mail did not go out (or, for ``UNCERTAIN``, it may have). ``code`` and ``said`` are the server's answer.

    Its text (``fault code said``) is what is stored; it becomes a sentence where somebody reads it.
    """

    def __init__(self, fault: MailFault, *, code: int = 0, said: str = "") -> None:
        self.fault, self.code, self.said = fault, code, said
        super().__init__(f"{fault.value} {code} {said}".strip() if said else fault.value)


def send(server: Server, envelope: Envelope, *, step_timeout: float, budget: float) -> None:
    """Hand the mail over. Returns when the server has taken responsibility; raises :class:`SendFailed` otherwise.

    ``step_timeout`` (seconds) is for each exchange; when more than ``budget`` seconds have gone by before the content
    would be sent, nothing is sent, so that the caller's lease still covers the one step that cannot be taken back.
    """
    started = time.monotonic()
    smtp = _connect(server, step_timeout)
    try:
        _sign_in(smtp, server)
        _offer(smtp, envelope)
        if time.monotonic() - started > budget:
            raise SendFailed(MailFault.BUSY)
        _hand_over(smtp, envelope.content)
        # The mail is out; how the farewell goes changes nothing.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    finally:
        smtp.close()


def _connect(server: Server, timeout: float) -> smtplib.SMTP:
    """A greeted, encrypted connection."""
    context = ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if server.security is MailSecurity.TLS:
            smtp = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=server.helo, timeout=timeout, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, local_hostname=server.helo, timeout=timeout)
        smtp.ehlo_or_helo_if_needed()
        if server.security is MailSecurity.STARTTLS:
            _encrypt(smtp, context)
    except BaseException as error:
        if smtp is not None:
            smtp.close()
        fault = _connect_fault(error)
        if fault is None:
            raise
        raise fault from error
    return smtp


def _encrypt(smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
    """Nothing, not even a name, goes over a connection that was to be encrypted and cannot be."""
    if not smtp.has_extn("starttls"):
        raise SendFailed(MailFault.NO_ENCRYPTION)
    smtp.starttls(context=context)
    smtp.ehlo()


def _connect_fault(error: BaseException) -> SendFailed | None:
    if isinstance(error, SendFailed):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return SendFailed(MailFault.CERTIFICATE)
    if isinstance(error, socket.gaierror | UnicodeError):
        return SendFailed(MailFault.UNKNOWN_HOST)
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return SendFailed(MailFault.BUSY if error.smtp_code == 421 else MailFault.NOT_A_MAIL_SERVER)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return SendFailed(MailFault.UNREACHABLE)
    # A TLS error, a hang-up or nonsense instead of a greeting: the other side does not speak what we do there.
    if isinstance(error, ssl.SSLError | smtplib.SMTPException):
        return SendFailed(MailFault.NOT_A_MAIL_SERVER)
    if isinstance(error, OSError):
        return SendFailed(MailFault.UNREACHABLE)
    return None


def _sign_in(smtp: smtplib.SMTP, server: Server) -> None:
    if not server.username:
        return
    try:
        smtp.login(server.username, server.password)
    except smtplib.SMTPAuthenticationError as error:
        temporary = error.smtp_code == 421 or 450 <= error.smtp_code < 460
        raise SendFailed(
            MailFault.BUSY if temporary else MailFault.PASSWORD,
            code=error.smtp_code,
            said=_said(error.smtp_error),
        ) from error
    except smtplib.SMTPServerDisconnected as error:
        raise SendFailed(MailFault.CUT_OFF) from error
    except smtplib.SMTPException as error:  # before OSError, which it is a kind of
        raise SendFailed(MailFault.NO_SIGN_IN) from error
    except OSError as error:
        raise SendFailed(MailFault.CUT_OFF) from error
    except UnicodeError as error:
        raise SendFailed(MailFault.PASSWORD) from error


def _offer(smtp: smtplib.SMTP, envelope: Envelope) -> None:
    try:
        code, said = smtp.mail(envelope.sender)
        _expect(code, said, MailFault.SENDER_REFUSED)
        code, said = smtp.rcpt(envelope.recipient)
        _expect(code, said, MailFault.RECIPIENT_REFUSED)
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise SendFailed(MailFault.CUT_OFF) from error
    except UnicodeError as error:
        raise SendFailed(MailFault.RECIPIENT_REFUSED) from error


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> None:
    """The one step that cannot be taken back: once the content is on its way, silence means "perhaps"."""
    body = _LEADING_DOT.sub(b"..", content)
    try:
        code, said = smtp.docmd("DATA")
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise SendFailed(MailFault.CUT_OFF) from error
    _expect(code, said, MailFault.CONTENT_REFUSED, wanted=(354,))
    try:
        smtp.send(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, said = smtp.getreply()
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError) as error:
        raise SendFailed(MailFault.UNCERTAIN) from error
    _expect(code, said, MailFault.CONTENT_REFUSED, wanted=(250,))


def _expect(code: int, said: bytes, fault: MailFault, *, wanted: tuple[int, ...] = (250, 251, 252)) -> None:
    if code in wanted:
        return
    if 400 <= code < 500:
        fault = MailFault.BUSY
    elif code == 530:
        fault = MailFault.SIGN_IN_WANTED
    raise SendFailed(fault, code=code, said=_said(said))


def _said(text: bytes | str) -> str:
    """What the server said, fit to be shown: one line, printable, not long."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(_UNPRINTABLE.sub(" ", plain).split())[:MAX_SAID]
