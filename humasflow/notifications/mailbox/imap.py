"""Reading a mailbox over IMAP. Knows neither Flask nor the database: what was found comes out, or a typed fault.

Certificates are verified, always, as for sending (:mod:`humasflow.notifications.smtp`); addresses in private
networks are allowed for the same reason. Nothing is ever deleted or moved; a mail is marked as read only when somebody
asks for it. Sizes are asked for before contents, and no more than asked for is taken, whatever a server says of a size.
"""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.mailbox.enums import MailboxFault

HEADER_BYTES = 64 * 1024
ANSWER_BYTES = 32 * 1024 * 1024  # of all that a server says to one command; a mail that is fetched is smaller
_NUMBER = re.compile(rb"RFC822\.SIZE (\d{1,15})")
_UID_VALIDITY = re.compile(rb"\d{1,12}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Box:
    """Where to, as whom, and which folder."""

    host: str
    port: int
    security: MailSecurity
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"


class ReadFailed(Exception):
    """The mailbox could not be read."""

    def __init__(self, fault: MailboxFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


class _Bounded(imaplib.IMAP4):
    """A connection that ends where a server says more than it was asked for: the library would take whatever length an
    answer announces, and as many answers as come.
    """

    _left = ANSWER_BYTES

    def send(self, data: Any) -> None:
        """A command: what follows answers it."""
        self._left = ANSWER_BYTES
        super().send(data)

    def read(self, size: int) -> bytes:
        """As much as was announced, before it is taken."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """A line; the library bounds one, not how many there are."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("more than was asked for")


class _BoundedTLS(_Bounded, imaplib.IMAP4_SSL):
    """The same, encrypted from the first byte on."""


class Reader:
    """An opened folder. Every call may raise :class:`ReadFailed`."""

    def __init__(self, imap: imaplib.IMAP4, uid_validity: int, uid_next: int) -> None:
        self._imap = imap
        self.uid_validity, self.uid_next = uid_validity, uid_next

    def list_after(self, uid: int) -> list[int]:
        """The numbers of the mails that came after this one, in order."""
        return [found for found in self._search("UID", f"{uid + 1}:*") if found > uid]

    def list_since(self, day: date) -> list[int]:
        """The numbers of the mails that the server took in on this day or later, in order."""
        return self._search("SINCE", f"{day.day:02}-{_MONTHS[day.month - 1]}-{day.year:04}")

    def size(self, uid: int) -> int | None:
        """How large a mail is, in bytes; None when it is not there any more."""
        for line in self._fetch(uid, "(RFC822.SIZE)"):
            raw = line if isinstance(line, bytes) else b" ".join(line)
            found = _NUMBER.search(raw)
            if found:
                return int(found[1])
        return None

    def header(self, uid: int) -> bytes:
        """The beginning of its header, at most 64 KiB."""
        return self._content(uid, f"(BODY.PEEK[HEADER]<0.{HEADER_BYTES}>)")

    def content(self, uid: int, most: int) -> bytes:
        """The whole mail, cut off after ``most`` bytes; empty when it is not there any more."""
        return self._content(uid, f"(BODY.PEEK[]<0.{most}>)")

    def mark_read(self, uid: int) -> None:
        """Say that somebody has dealt with it."""
        with _faults():
            self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _search(self, *criteria: str) -> list[int]:
        with _faults():
            state, data = self._imap.uid("SEARCH", *criteria)
        if state != "OK":
            raise ReadFailed(MailboxFault.NOT_A_MAILBOX)
        words = b" ".join(d for d in data if isinstance(d, bytes)).split()
        return sorted(int(w) for w in words if w.isdigit() and len(w) <= 12)

    def _fetch(self, uid: int, what: str) -> list[bytes | tuple[bytes, bytes]]:
        with _faults():
            state, data = self._imap.uid("FETCH", str(uid), what)
        if state != "OK":
            raise ReadFailed(MailboxFault.CUT_OFF)
        return list(filter(None, data))

    def _content(self, uid: int, what: str) -> bytes:
        for part in self._fetch(uid, what):
            if isinstance(part, tuple):
                return part[1]
        return b""


@contextlib.contextmanager
def opened(box: Box, *, timeout: float) -> Iterator[Reader]:
    """Sign in, open the folder, and sign out at the end. ``timeout``: seconds for each exchange. Raises
    :class:`ReadFailed`.
    """
    imap = _connect(box, timeout)
    try:
        _sign_in(imap, box)
        yield _select(imap, box.folder)
    finally:
        # What was read is read; how the farewell goes changes nothing.
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            imap.logout()
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            imap.shutdown()


def _connect(box: Box, timeout: float) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    imap: imaplib.IMAP4 | None = None
    try:
        if box.security is MailSecurity.TLS:
            return _BoundedTLS(box.host, box.port, ssl_context=context, timeout=timeout)
        imap = _Bounded(box.host, box.port, timeout=timeout)
        if box.security is MailSecurity.STARTTLS:
            _encrypt(imap, context)
    except (ReadFailed, OSError, imaplib.IMAP4.error, UnicodeError) as error:
        if imap is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                imap.shutdown()
        raise _connect_fault(error) from error
    return imap


def _encrypt(imap: imaplib.IMAP4, context: ssl.SSLContext) -> None:
    """No name goes over a connection that was to be encrypted and cannot be."""
    if "STARTTLS" not in imap.capabilities:
        raise ReadFailed(MailboxFault.NO_ENCRYPTION)
    imap.starttls(ssl_context=context)


def _connect_fault(error: Exception) -> ReadFailed:
    if isinstance(error, ReadFailed):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return ReadFailed(MailboxFault.CERTIFICATE)
    if isinstance(error, socket.gaierror | UnicodeError):
        return ReadFailed(MailboxFault.UNKNOWN_HOST)
    if isinstance(error, ssl.SSLError | imaplib.IMAP4.error):
        return ReadFailed(MailboxFault.NOT_A_MAILBOX)
    return ReadFailed(MailboxFault.UNREACHABLE)


def _sign_in(imap: imaplib.IMAP4, box: Box) -> None:
    try:
        imap.login(box.username, box.password)
    except imaplib.IMAP4.abort as error:
        raise ReadFailed(MailboxFault.CUT_OFF) from error
    except (imaplib.IMAP4.error, UnicodeError) as error:
        raise ReadFailed(MailboxFault.PASSWORD) from error
    except OSError as error:
        raise ReadFailed(MailboxFault.CUT_OFF) from error


def _select(imap: imaplib.IMAP4, folder: str) -> Reader:
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    with _faults():
        try:
            state, _data = imap.select(quoted)
        except imaplib.IMAP4.readonly as error:
            raise ReadFailed(MailboxFault.NO_FOLDER) from error
    if state != "OK":
        raise ReadFailed(MailboxFault.NO_FOLDER)
    return Reader(imap, _told(imap, "UIDVALIDITY") or 1, _told(imap, "UIDNEXT") or 0)


def _told(imap: imaplib.IMAP4, name: str) -> int | None:
    _state, data = imap.response(name)
    found = _UID_VALIDITY.search(data[0]) if data and isinstance(data[0], bytes) else None
    return int(found[0]) if found else None


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except imaplib.IMAP4.readonly:
        raise
    except imaplib.IMAP4.abort as error:
        raise ReadFailed(MailboxFault.CUT_OFF) from error
    except imaplib.IMAP4.error as error:
        raise ReadFailed(MailboxFault.NOT_A_MAILBOX) from error
    except OSError as error:
        raise ReadFailed(MailboxFault.CUT_OFF) from error
    except UnicodeError as error:
        raise ReadFailed(MailboxFault.NO_FOLDER) from error
