"""Addresses whose mail came back. Nothing more is sent there until the person's address changes or an admin says to try
again; what was to be sent meanwhile waits, visibly, and goes out then.
"""

import re
from datetime import timedelta

from sqlalchemy import func, select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission
from humasflow.notifications import queries
from humasflow.notifications.enums import MailFault, MailState, NoticeKind
from humasflow.notifications.models import MailHold, MailMessage
from humasflow.orgs.models import Unit
from humasflow.outbox import services as outbox

STILL_WANTED = timedelta(days=7)  # what waited longer is no news any more
AT_ONCE = 200
# Bad mailbox, bad domain, moved, disabled (RFC 3463 3.2, 3.3): about the address, not about this mail.
_ABOUT_THE_ADDRESS = re.compile(r"\A5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")


def is_about_the_address(said: str) -> bool:
    """Whether an enhanced status code, at the beginning of what a server said, speaks of the address itself."""
    return _ABOUT_THE_ADDRESS.match(said) is not None


def is_held(office_id: int, address: str) -> bool:
    """Whether an office sends nothing to this address now."""
    return _held(office_id, address) is not None


def _held(office_id: int, address: str) -> MailHold | None:
    return db.session.scalar(
        select(MailHold)
        .where(
            MailHold.office_id == office_id,
            MailHold.address == address.lower(),
            MailHold.released_at.is_(None),
        )
        .order_by(MailHold.id)
        .limit(1)
    )


def hold(mail: MailMessage) -> MailHold | None:
    """Stop sending to where this mail came back from; the admins are told, once. Flushes. None: held already."""
    address = mail.to_address.lower()
    if is_held(mail.office_id, address):
        return None
    made = MailHold(
        office_id=mail.office_id, address=address, fault=mail.error, mail_id=mail.id, since=clock.now()
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        AuditAction.MAIL_ADDRESS_HELD, ("mail_hold", made.id), office_id=mail.office_id, actor=None, address=address,
        why=mail.error,
    )  # fmt: skip
    from humasflow.notifications.services.notices import notify  # noqa: PLC0415 - notices write mails, mails are held

    office = db.session.get_one(Unit, mail.office_id)
    notify(
        accounts.list_people_with(Permission.OFFICE_MANAGE, office), NoticeKind.ADDRESS_BOUNCED, office_id=office.id,
        subject=("mail_settings", office.id), key=f"address:{made.id}", title=address,
        reason=queries.explain(mail.error)[:300],
    )  # fmt: skip
    return made


def release(office: Unit, hold_id: int, *, actor: Principal) -> MailHold:
    """An admin says: try again. What waited goes out. Flushes; repeated, nothing happens."""
    require(actor, Permission.OFFICE_MANAGE, office.id)
    found = db.session.get(MailHold, hold_id)
    if found is None or found.office_id != office.id:
        raise NotFound
    release_address(office, found.address, actor=actor)
    return found


def release_address(office: Unit, address: str, *, actor: Principal | None) -> None:
    """The same by address; nothing happens where none is held. Flushes."""
    found = _held(office.id, address)
    if found is None:
        return
    found.released_at, found.released_by = clock.now(), actor.id if actor else None
    db.session.flush()
    audit.record(
        AuditAction.MAIL_ADDRESS_RELEASED, ("mail_hold", found.id), office_id=office.id, actor=actor,
        address=found.address,
    )  # fmt: skip
    for mail in db.session.scalars(
        select(MailMessage)
        .where(
            MailMessage.office_id == office.id,
            MailMessage.state == MailState.HELD,
            func.lower(MailMessage.to_address) == found.address,
        )
        .order_by(MailMessage.id)
        .limit(AT_ONCE)
    ):
        _send_on(mail)


def follow_people() -> int:
    """A job: what waits for somebody whose address has changed since goes to the new one. Returns how many."""
    moved = db.session.execute(
        select(MailMessage, User.email)
        .join(User, User.id == MailMessage.user_id)
        .where(MailMessage.state == MailState.HELD, func.lower(MailMessage.to_address) != User.email)
        .order_by(MailMessage.id)
        .limit(AT_ONCE)
    ).all()
    for mail, address in moved:
        mail.to_address = address
        _send_on(mail)
    return len(moved)


def _send_on(mail: MailMessage) -> None:
    """It was never sent, so it goes out as the mail that it is; what is too old says so."""
    if mail.created_at < clock.now() - STILL_WANTED or not mail.text:
        mail.state, mail.error = MailState.FAILED, MailFault.ADDRESS_HELD.value
        db.session.flush()
        return
    mail.state, mail.error = MailState.QUEUED, ""
    outbox.reschedule(queries.get_job_of(mail.id), due_at=clock.now())
