"""A person says that the mail was theirs: only now is it fetched again and made a pitch. Until then nothing of it is
kept but its subject.
"""

from flask_babel import force_locale

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db, lock
from humasflow.core.errors import NotFound, UserError
from humasflow.core.permissions import Permission
from humasflow.notifications.mailbox import imap, queries
from humasflow.notifications.mailbox.enums import Outcome
from humasflow.notifications.mailbox.models import IncomingMail
from humasflow.notifications.mailbox.parsing import Mail, Unreadable, parse
from humasflow.notifications.mailbox.services.pitching import make_pitch
from humasflow.notifications.mailbox.services.settings import box_of, step_seconds
from humasflow.notifications.mailbox.services.taking import MAX_BYTES, tell_taken
from humasflow.outbox import services as outbox
from humasflow.outbox.handling import RetryLater

TAKE = "notifications.take_confirmed_mail"


def confirm(token: str) -> IncomingMail:
    """The sender presses the button; a job does the rest. Flushes; pressed again, nothing happens. Raises NotFound."""
    found = queries.get_waiting(token)
    if found is None:
        raise NotFound
    lock(found)
    if found.outcome is not Outcome.WAITING:
        return found
    user = db.session.get_one(User, found.user_id)
    found.outcome = Outcome.CONFIRMED
    db.session.flush()
    outbox.enqueue(TAKE, found.id, office_id=found.office_id, key=f"{TAKE}:{found.id}")
    audit.record(
        AuditAction.INCOMING_MAIL_CONFIRMED, ("incoming_mail", found.id), office_id=found.office_id, actor=user,
        title=found.subject,
    )  # fmt: skip
    return found


def take_confirmed(ref: str) -> None:
    """The job: fetch the mail again, make it a pitch. Commits. Raises RetryLater while the mailbox cannot be read."""
    row = db.session.get(IncomingMail, int(ref))
    if row is None or row.outcome is not Outcome.CONFIRMED:
        return
    try:
        mail = _fetch(row)
    except imap.ReadFailed as failed:
        db.session.rollback()
        raise RetryLater(failed.fault.label) from failed
    row = db.session.get_one(IncomingMail, int(ref))
    user = db.session.get(User, row.user_id) if row.user_id else None
    actor = accounts.load_principal(user, office_id=row.office_id) if user and user.is_active else None
    if mail is None or actor is None or not actor.can(Permission.PITCH_CREATE, row.office_id):
        row.outcome = Outcome.GONE if mail is None else Outcome.NO_ROLE
        db.session.commit()
        return
    with force_locale(actor.user.locale):
        _make(row.id, mail, actor.user)


def _make(row_id: int, mail: Mail, user: User) -> None:
    row = db.session.get_one(IncomingMail, row_id)
    office_id = row.office_id
    try:
        made = make_pitch(mail, actor=accounts.load_principal(user, office_id=office_id), office_id=office_id)
    except UserError as refused:
        db.session.rollback()
        row = db.session.get_one(IncomingMail, row_id)
        row.outcome, row.detail = Outcome.UNREADABLE, refused.message
        db.session.commit()
        return
    lock(row)
    if row.outcome is not Outcome.CONFIRMED:  # another worker was faster: one mail is one pitch
        db.session.rollback()
        return
    row.outcome, row.pitch_id, row.detail = Outcome.PITCH, made.pitch.id, "\n".join(made.files.refused)[:2000]
    tell_taken(made, office_id, db.session.get_one(User, user.id), mail.message_id)
    db.session.commit()


def _fetch(row: IncomingMail) -> Mail | None:
    """The very mail again; None when it does not lie there any more. Raises ReadFailed."""
    settings = queries.get_settings(row.office_id)
    if settings is None or settings.box != row.box:
        return None
    box = box_of(row.office_id)
    validity, uid, message_id, from_address = row.uid_validity, row.uid, row.message_id, row.from_address
    db.session.commit()
    if box is None:
        return None
    with imap.opened(box, timeout=step_seconds()) as reader:
        if reader.uid_validity != validity:
            return None
        raw = reader.content(uid, MAX_BYTES)
        if raw:
            reader.mark_read(uid)
    try:
        mail = parse(raw) if raw else None
    except Unreadable:
        return None
    if mail is None or (mail.message_id, mail.sender) != (message_id, from_address):
        return None
    return mail
