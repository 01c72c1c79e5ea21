"""Looking into the mailboxes: what is new is taken, one mail a transaction, and nothing is open while a server answers.

How far a mailbox has been read is kept by UIDVALIDITY and UID (RFC 3501 2.3.1.1). When a server numbers its mails anew,
those of the last days are looked at again, and what was taken before is known by its Message-ID. A mailbox that is new
here is read from what comes next on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, update

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.mailbox import imap, queries
from humasflow.notifications.mailbox.enums import MailboxFault, Outcome
from humasflow.notifications.mailbox.models import IncomingMail, MailboxSettings
from humasflow.notifications.mailbox.services.settings import box_of, note_read, step_seconds
from humasflow.notifications.mailbox.services.taking import MAX_BYTES, Found, take
from humasflow.outbox import lease

log = structlog.get_logger(__name__)

AT_ONCE = 50  # mails of one look; the rest has its turn with the next
KEPT_FOR = timedelta(days=180)
# Somebody has dealt with it here; everything else is left for people to find unread.
_DONE = frozenset({Outcome.BOUNCE, Outcome.PITCH})


@dataclass(frozen=True)
class _Look:
    office_id: int
    box: int
    uid_validity: int | None
    last_uid: int
    read_at: datetime | None


def read_mailboxes() -> int:
    """The entry of the timetable. Returns how many mails were taken. Commits."""
    return sum(read_mailbox(office_id) for office_id in queries.list_to_read())


def read_mailbox(office_id: int) -> int:
    """One office's. Commits; what goes wrong stands on its page."""
    fault: MailboxFault | None = None
    taken = 0
    try:
        taken = _read(office_id)
    except imap.ReadFailed as failed:
        db.session.rollback()
        fault = failed.fault
        log.info("mailbox not read", office=office_id, fault=fault.value)
    note_read(office_id, fault)
    db.session.commit()
    return taken


def _read(office_id: int) -> int:
    settings = queries.get_settings(office_id)
    if settings is None:
        return 0
    box = box_of(office_id)
    look = _Look(office_id, settings.box, settings.uid_validity, settings.last_uid, settings.read_at)
    db.session.commit()
    if box is None:
        return 0
    with imap.opened(box, timeout=step_seconds()) as reader:
        numbers = _numbers(reader, look)
        return sum(_take_one(reader, look, uid) for uid in numbers[:AT_ONCE])


def _numbers(reader: imap.Reader, look: _Look) -> list[int]:
    if look.uid_validity == reader.uid_validity:
        return reader.list_after(look.last_uid)
    since = (look.read_at or clock.now()).date() - timedelta(days=1)
    numbers = reader.list_since(since)
    if look.uid_validity is None and look.read_at is None:
        begin = reader.uid_next - 1 if reader.uid_next else max(numbers, default=0)
        _begin(look, reader.uid_validity, begin)
        return []
    first = min(numbers, default=reader.uid_next or 1)
    _begin(look, reader.uid_validity, first - 1)
    return numbers


def _begin(look: _Look, uid_validity: int, last_uid: int) -> None:
    db.session.execute(
        update(MailboxSettings)
        .where(MailboxSettings.office_id == look.office_id, MailboxSettings.box == look.box)
        .values(uid_validity=uid_validity, last_uid=max(last_uid, 0))
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def _take_one(reader: imap.Reader, look: _Look, uid: int) -> int:
    """Size before content: what is too large is known by its header alone. Raises ReadFailed."""
    size = reader.size(uid)
    if size is None:
        return 0
    raw = reader.content(uid, MAX_BYTES) if size <= MAX_BYTES else reader.header(uid)
    lease.keep()
    db.session.commit()
    outcome = take(Found(look.office_id, look.box, reader.uid_validity, uid, size, raw))
    db.session.expire_all()
    if outcome in _DONE:
        reader.mark_read(uid)
    return int(outcome is not None)


def prune() -> int:
    """A job: links that nobody pressed end, and what came in long ago is forgotten. Returns how many rows."""
    now = clock.now()
    ended = db.session.execute(
        update(IncomingMail)
        .where(IncomingMail.outcome == Outcome.WAITING, IncomingMail.expires_at < now)
        .values(outcome=Outcome.EXPIRED, token_hash=None)
    )
    gone = db.session.execute(
        delete(IncomingMail).where(IncomingMail.seen_at < now - KEPT_FOR, IncomingMail.pitch_id.is_(None))
    )
    return int(getattr(ended, "rowcount", 0)) + int(getattr(gone, "rowcount", 0))
