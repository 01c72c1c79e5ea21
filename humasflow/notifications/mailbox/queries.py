"""Reading the mailbox's settings, what came in, and what is held."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.paging import Page, cut, newest_first
from humasflow.core.secrets import hash_token
from humasflow.notifications import queries as notifications
from humasflow.notifications.mailbox.enums import Outcome
from humasflow.notifications.mailbox.models import IncomingMail, MailboxSettings
from humasflow.notifications.models import MailHold, MailMessage
from humasflow.orgs.models import Unit

PAGE_SIZE = 30


class IncomingLine(NamedTuple):
    """An incoming mail as the page lists it."""

    id: int
    from_address: str
    subject: str
    outcome: Outcome
    detail: str
    person: str | None
    pitch_id: int | None
    seen_at: datetime


class HoldLine(NamedTuple):
    """A held address with whom it belongs to, where that is known."""

    id: int
    address: str
    fault: str
    since: datetime
    person: str | None
    user_id: int | None

    @property
    def problem(self) -> str:
        """Why, in the reader's language."""
        return notifications.explain(self.fault)


def get_settings(office_id: int) -> MailboxSettings | None:
    """The mailbox of an office, if it has one."""
    return db.session.get(MailboxSettings, office_id)


def list_to_read() -> Sequence[int]:
    """The offices whose mailbox is read."""
    return db.session.scalars(
        select(MailboxSettings.office_id)
        .join(Unit, Unit.id == MailboxSettings.office_id)
        .where(Unit.is_active.is_(True))
        .order_by(MailboxSettings.office_id)
    ).all()


def list_incoming(
    office_id: int, *, outcome: Outcome | None = None, cursor: str | None = None
) -> Page[IncomingLine]:
    """What came in, newest first. One statement."""
    statement: Any = (
        select(
            IncomingMail.id, IncomingMail.from_address, IncomingMail.subject, IncomingMail.outcome,
            IncomingMail.detail, User.name, IncomingMail.pitch_id, IncomingMail.seen_at,
        )
        .outerjoin(User, User.id == IncomingMail.user_id)
        .where(IncomingMail.office_id == office_id)
    )  # fmt: skip
    if outcome is not None:
        statement = statement.where(IncomingMail.outcome == outcome)
    rows = db.session.execute(
        newest_first(statement, IncomingMail.seen_at, IncomingMail.id, cursor, PAGE_SIZE)
    ).all()
    return cut([IncomingLine._make(row) for row in rows], lambda line: (line.seen_at, line.id), PAGE_SIZE)


def is_known(office_id: int, box: int, uid_validity: int, uid: int) -> bool:
    """Whether the mail with this number was dealt with before."""
    found = select(IncomingMail.id).where(
        IncomingMail.office_id == office_id, IncomingMail.box == box, IncomingMail.uid_validity == uid_validity,
        IncomingMail.uid == uid,
    )  # fmt: skip
    return db.session.scalar(found) is not None


def has_taken(office_id: int, message_id: str) -> bool:
    """Whether this mail was dealt with before, whatever its number is now."""
    if not message_id:
        return False
    found = select(IncomingMail.id).where(
        IncomingMail.office_id == office_id, IncomingMail.message_id == message_id
    )
    return db.session.scalar(found.limit(1)) is not None


def list_sent_as(office_id: int, message_ids: Sequence[str]) -> Sequence[MailMessage]:
    """The office's own mails with these Message-IDs."""
    if not message_ids:
        return []
    return db.session.scalars(
        select(MailMessage)
        .where(MailMessage.message_id.in_(message_ids), MailMessage.office_id == office_id)
        .order_by(MailMessage.id)
    ).all()


def get_waiting(token: str) -> IncomingMail | None:
    """The mail whose sender holds this token and may still say that it was them."""
    found = db.session.scalar(select(IncomingMail).where(IncomingMail.token_hash == hash_token(token)))
    if found is None or found.expires_at is None or found.expires_at <= clock.now():
        return None
    return found if found.outcome in (Outcome.WAITING, Outcome.CONFIRMED, Outcome.PITCH) else None


def list_holds(office_id: int, *, limit: int = 100) -> Sequence[HoldLine]:
    """The addresses to which nothing is sent now, newest first."""
    rows = db.session.execute(
        select(MailHold.id, MailHold.address, MailHold.fault, MailHold.since, User.name, User.id)
        .outerjoin(User, User.email == MailHold.address)
        .where(MailHold.office_id == office_id, MailHold.released_at.is_(None))
        .order_by(MailHold.since.desc(), MailHold.id.desc())
        .limit(limit)
    ).all()
    return [HoldLine._make(row) for row in rows]


def held_addresses(office_id: int) -> dict[str, HoldLine]:
    """The same by address, for pages that show people. One statement."""
    return {line.address: line for line in list_holds(office_id, limit=1_000)}
