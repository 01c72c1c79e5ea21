"""What a delivery report says (RFC 3464), also where a server writes it in words only. Knows neither Flask nor the
database; whether a report is about a mail of ours is for others to say.
"""

import re
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from enum import StrEnum

from humasflow.notifications.mailbox.parsing import Mail, parts_of, readable

MAX_REPORTS = 50
_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s]{1,200}>")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"\b(5\d\d|4\d\d)[ -]")
_ADDRESS = re.compile(r"[^\s<>\"',;:@]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,}")
_SUBJECTS = re.compile(
    r"undeliver|delivery (?:status|failure|has failed)|returned mail|mail delivery|failure notice|delayed"
    r"|tidak terkirim|gagal terkirim",
    re.IGNORECASE,
)
_ROBOTS = ("mailer-daemon@", "postmaster@", "mail-daemon@")


class Weight(StrEnum):
    """What a report means for the address and the mail."""

    ADDRESS = "address"  # nobody is there
    REFUSED = "refused"  # this mail was not taken; another might be
    FULL = "full"
    DELAYED = "delayed"  # still being tried


@dataclass(frozen=True)
class Report:
    """What became of one mail for one recipient. ``message_ids``: what the report shows of the mail it is about."""

    recipient: str
    status: str
    weight: Weight
    said: str
    message_ids: tuple[str, ...]


def is_report(mail: Mail) -> bool:
    """Whether it is a delivery report, formal or in words."""
    if _status_parts(mail):
        return True
    from_a_robot = mail.sender.startswith(_ROBOTS) or mail.header("Return-Path") == "<>"
    return from_a_robot and bool(_SUBJECTS.search(mail.subject) or mail.header("X-Failed-Recipients"))


def is_formal(mail: Mail) -> bool:
    """Whether it is written for programs (RFC 3464)."""
    return bool(_status_parts(mail))


def reports_in(mail: Mail) -> list[Report]:
    """Every report about a mail that was not, or not yet, delivered. Successes say nothing new."""
    ids = _ids_in(mail)
    formal = [r for part in _status_parts(mail) for r in _formal(part, ids)]
    if formal or _status_parts(mail):
        return formal[:MAX_REPORTS]
    return _in_words(mail, ids)


def _status_parts(mail: Mail) -> list[Message]:
    return [p for p in parts_of(mail.message) if p.get_content_type() == "message/delivery-status"]


def _formal(part: Message, ids: tuple[str, ...]) -> list[Report]:
    payload = part.get_payload()
    blocks = [b for b in payload if isinstance(b, Message)] if isinstance(payload, list) else []
    if not blocks:
        blocks = [message_from_string(text) for text in re.split(r"\n\s*\n", readable(part))]
    found = []
    for block in blocks[: MAX_REPORTS + 1]:
        recipient = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
        action = str(block.get("Action") or "").strip().lower()
        if not recipient or action not in ("failed", "delayed"):
            continue
        status = _first(_STATUS, str(block.get("Status") or ""))
        said = " ".join(str(block.get("Diagnostic-Code") or "").split())
        found.append(
            Report(_address(recipient), status, weigh(action, status, said), _said(said, status), ids)
        )
    return found


def _in_words(mail: Mail, ids: tuple[str, ...]) -> list[Report]:
    """A server of the old kind: which mail stands somewhere in it, and whom it was for in its header or text."""
    text = "\n".join(readable(p) for p in parts_of(mail.message) if p.get_content_maintype() == "text")[
        :100_000
    ]
    addresses = _ADDRESS.findall(mail.header("X-Failed-Recipients")) or _ADDRESS.findall(text)
    status = _first(_STATUS, text)
    code = _first(_REPLY, text)
    is_late = (
        status.startswith("4") or (not status and code.startswith("4")) or "delayed" in mail.subject.lower()
    )
    line = next((x for x in text.splitlines() if status and status in x), "")
    return [
        Report(
            address.lower(),
            status,
            weigh("delayed" if is_late else "failed", status, line),
            _said(line, status),
            ids,
        )
        for address in dict.fromkeys(addresses)
    ][:MAX_REPORTS]


def _ids_in(mail: Mail) -> tuple[str, ...]:
    """The Message-IDs of what was sent back: in the returned header or mail, else in what it answers, else anywhere."""
    found: list[str] = []
    for part in parts_of(mail.message):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(inner, Message):
                found += _ID.findall(str(inner.get("Message-ID") or ""))
        elif kind in ("text/rfc822-headers", "message/rfc822-headers", "text/plain"):
            text = readable(part)[:100_000]
            found += [i for line in re.findall(r"(?im)^message-id:\s*(\S+)", text) for i in _ID.findall(line)]
    found += mail.refers_to
    return tuple(dict.fromkeys(found))[:20]


def weigh(action: str, status: str, said: str) -> Weight:
    """What a report means; by RFC 3463 where it gives a status, by the words of servers where it does not."""
    if action == "delayed" or (status.startswith("4") and action != "failed"):
        return Weight.DELAYED
    if re.match(r"[45]\.2\.[23]\b", status):
        return Weight.FULL
    if re.match(r"5\.(?:1\.(?:0|1|2|3|6|10)|2\.1|4\.4)\b", status):
        return Weight.ADDRESS
    plain = re.search(
        r"(?i)user unknown|unknown user|no such user|does not exist|host(?: or domain)? not found", said
    )
    if plain and (not status or status in ("5.0.0", "5.4.4")):
        return Weight.ADDRESS
    return Weight.REFUSED


def _address(field: str) -> str:
    return field.rpartition(";")[2].strip().strip("<>").lower()[:254]


def _said(text: str, status: str) -> str:
    """Fit to be stored and shown beside the plain sentence."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    plain = re.sub(r"\Asmtp;\s*", "", plain, flags=re.IGNORECASE)
    return (plain or status)[:300]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
