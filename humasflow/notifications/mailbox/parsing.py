"""What a mail from anywhere says. Knows neither Flask nor the database. Everything in it may be malformed, huge or
hostile: what cannot be read is empty, what is too much is cut off, and only :class:`Unreadable` is ever raised.

The lenient old policy of the library is used on purpose: the new one raises on headers that real mail has.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from humasflow.core.html import clean_html, text_from_html

MAX_NESTING = 60  # containers; each costs the parser a look at every line
MAX_DEPTH = 20
MAX_PARTS = 2_000
MAX_TEXT = 200_000  # bytes of one text that are looked at
MAX_WHAT = 9_500  # characters that are kept of a text
MAX_NAMED = 2_000  # attachments that are named
_ID = re.compile(r"<[^<>\s]{1,250}>")
_PREFIX = re.compile(
    r"\A\s*(?:re|fwd?|bls|balas|trs|terusan|aw|wg|sv|tr)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE
)
_BOX_END = re.compile(r"(?i)</(?:div|tr|center|section)\s*>")
_CONTAINER = re.compile(rb"(?i)boundary\s*=|content-type:\s*message/")
_QUOTED_FROM = re.compile(
    r"\A(?:>|On .{5,200} wrote:|Pada .{5,200} menulis:|-{2,} ?(?:Original|Forwarded|Pesan))"
)


class Unreadable(ValueError):
    """Nested so deep, or so broken, that nobody wrote it to be read."""


@dataclass(frozen=True)
class Attachment:
    """A file of a mail, still encoded: it is opened one at a time."""

    filename: str
    _part: Message

    def data(self) -> bytes:
        """Its bytes; empty when they cannot be decoded."""
        return _payload(self._part)


@dataclass(frozen=True)
class Mail:
    """What matters of a mail. Addresses are in lower case; ``sender`` is empty unless there is exactly one author."""

    message: Message
    message_id: str
    sender: str
    subject: str
    refers_to: tuple[str, ...]

    @property
    def title(self) -> str:
        """The subject without what replying and forwarding put before it."""
        return without_prefixes(self.subject)

    def header(self, name: str) -> str:
        """One header as readable text; the first of several."""
        return _text_of(self.message.get(name))

    def headers(self, name: str) -> list[str]:
        """All headers of this name, from the top."""
        return [_text_of(value) for value in self.message.get_all(name, [])]


def parse(raw: bytes) -> Mail:
    """The mail in these bytes. Raises :class:`Unreadable`."""
    if sum(1 for _found in zip(_CONTAINER.finditer(raw), range(MAX_NESTING + 1), strict=False)) > MAX_NESTING:
        raise Unreadable("too many containers")
    try:
        message = message_from_bytes(raw)
    except (
        RecursionError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
    ) as error:
        raise Unreadable("not a mail") from error
    return _mail(message)


def _mail(message: Message) -> Mail:
    ids = _ID.findall(_text_of(message.get("Message-ID")))
    references = " ".join((_text_of(message.get("In-Reply-To")), _text_of(message.get("References"))))
    return Mail(
        message=message,
        message_id=ids[0][:300] if ids else "",
        sender=_sender_of(message),
        subject=" ".join(_text_of(message.get("Subject")).split())[:300],
        refers_to=tuple(dict.fromkeys(_ID.findall(references)))[:100],
    )


def _sender_of(message: Message) -> str:
    froms = message.get_all("From", [])
    if len(froms) != 1:
        return ""
    found = [address for _name, address in getaddresses([_raw_text(froms[0])]) if address]
    if len(found) != 1 or found[0].count("@") != 1 or len(found[0]) > 254:
        return ""
    return found[0].strip().lower()


def without_prefixes(subject: str) -> str:
    """``Re: Fwd: Lelang`` → ``Lelang``."""
    for _again in range(20):
        shorter = _PREFIX.sub("", subject)
        if shorter == subject:
            break
        subject = shorter
    return subject.strip()


def parts_of(message: Message) -> Iterator[Message]:
    """The leaves, in order, as far as they are looked at; mails within a mail are leaves of their own."""
    stack: list[tuple[Message, int]] = [(message, 0)]
    seen = 0
    while stack and seen < MAX_PARTS:
        part, depth = stack.pop()
        seen += 1
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list) and part.get_content_maintype() == "multipart":
            if depth < MAX_DEPTH:
                stack.extend((p, depth + 1) for p in reversed(payload) if isinstance(p, Message))
        else:
            yield part


def text_of(mail: Mail) -> str:
    """What its author wrote, as plain text: the plain part, else what is readable of the HTML. Quoted replies go."""
    plain = html = ""
    for part in parts_of(mail.message):
        if _filename_of(part):
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and not plain:
            plain = _decoded(part)
        elif kind == "text/html" and not html:
            html = _decoded(part)
    if not plain.strip() and html:
        # Cleaned first: what a script or style says is not text. Mail programs part lines by boxes.
        plain = text_from_html(clean_html(_BOX_END.sub("<br>", html)))
    return _without_quotes(plain)[:MAX_WHAT]


def _without_quotes(text: str) -> str:
    kept = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n"):
        if line.rstrip("\r") in ("-- ", "--"):  # a signature
            break
        if not _QUOTED_FROM.match(line.strip()):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def attachments_of(mail: Mail) -> list[Attachment]:
    """Its files, in order. Pictures that stand in an HTML text are files too."""
    found = []
    for part in parts_of(mail.message):
        name = _filename_of(part)
        kind = part.get_content_maintype()
        if not name and kind not in ("image", "video"):
            continue
        if part.get_content_type() in (
            "text/calendar",
            "application/pgp-signature",
            "application/pkcs7-signature",
        ):
            continue
        found.append(Attachment(name or f"lampiran.{part.get_content_subtype()}"[:60], part))
    return found[:MAX_NAMED]


def _filename_of(part: Message) -> str:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, HeaderParseError):
        return "lampiran"
    if name is None:
        return "lampiran" if part.get_content_disposition() == "attachment" else ""
    plain = _text_of(name).replace("\\", "/").rpartition("/")[2]
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[-120:]


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return b""
    return data if isinstance(data, bytes) else b""


def _decoded(part: Message) -> str:
    """A text in whatever it says it is written in, else in what it looks like."""
    data = _payload(part)[:MAX_TEXT]
    try:
        charset = part.get_content_charset() or "utf-8"
    except (ValueError, LookupError, TypeError, AttributeError, UnicodeError):
        charset = "utf-8"
    for attempt in (charset, "utf-8"):
        try:
            return data.decode(attempt)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def readable(part: Message) -> str:
    """The text of a part, whatever it is."""
    return _decoded(part)


def _raw_text(value: object) -> str:
    return str(value).replace("\r", " ").replace("\n", " ")[:2_000]


def _text_of(value: object) -> str:
    """A header or parameter as text: encoded words opened, one line, printable."""
    if value is None:
        return ""
    raw = _raw_text(value)
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError, LookupError, TypeError, AssertionError):
        pieces = [(raw, None)]
    said = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            said.append(piece)
            continue
        try:
            said.append(piece.decode(charset or "utf-8"))
        except (UnicodeError, LookupError, ValueError):
            said.append(piece.decode("cp1252", "replace"))
    text = "".join(said).encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else " " for c in text).strip()
