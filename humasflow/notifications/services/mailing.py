"""Writing mails into the outbox, in the transaction of what they tell about."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.secrets import encrypt, new_token
from humasflow.notifications.composing import Letter, compose_invitation, compose_notice
from humasflow.notifications.enums import MailState, NoticeKind
from humasflow.notifications.invitations_to_calendar import compose_calendar
from humasflow.notifications.letters import OWN_LETTERS
from humasflow.notifications.models import MailMessage, MailSettings
from humasflow.notifications.queries import MAIL_JOB
from humasflow.orgs.models import Unit
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import Priority

SUBJECT_LIMIT = 300
TOPIC_LIMIT = 200


def domain_of(settings: MailSettings) -> str:
    """The right-hand side of our Message-IDs: the sender's domain in ASCII."""
    name = settings.from_address.rpartition("@")[2].lower()
    return name.encode("idna").decode("ascii") if not name.isascii() else name


def helo_name(settings: MailSettings) -> str:
    """How we greet: this installation's public name where it has one, else the sender's domain."""
    host = urlsplit(str(current_app.config["PUBLIC_URL"])).hostname or ""
    is_name = "." in host and any(c.isalpha() for c in host) and ":" not in host
    return host if is_name else domain_of(settings)


def queue_mail(
    settings: MailSettings,
    *,
    to: str,
    user_id: int | None,
    key: str,
    letter: Letter,
    thread: str = "",
    topic: str = "",
    sealed: bool = False,
    max_attempts: int = 10,
    is_pressing: bool = False,
) -> MailMessage:
    """Put a mail into the outbox; ``is_pressing``: before other mail. ``key`` must be new. ``thread`` is the
    Message-ID that its conversation hangs on, ``topic`` what the conversation is called. Flushes.
    """
    mail = MailMessage(
        office_id=settings.office_id, user_id=user_id, key=key, to_address=to,
        subject=" ".join(letter.subject.split())[:SUBJECT_LIMIT],
        text=encrypt(letter.text) if sealed else letter.text, html=encrypt(letter.html) if sealed else letter.html,
        message_id=f"<{new_token(15)}@{domain_of(settings)}>", thread=thread,
        topic=" ".join(topic.split())[:TOPIC_LIMIT],
        calendar=letter.calendar, unsubscribe="" if sealed else letter.unsubscribe, sealed=sealed, uncertain=0,
        state=MailState.QUEUED, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(mail)
    db.session.flush()
    outbox.enqueue(
        MAIL_JOB,
        mail.id,
        office_id=settings.office_id,
        key=f"{MAIL_JOB}:{mail.id}",
        max_attempts=max_attempts,
        priority=Priority.TIMETABLE if is_pressing else Priority.ORDINARY,
    )
    return mail


def queue_notice_mail(
    told: Iterable[tuple[int, User]],
    kind: NoticeKind,
    *,
    office_id: int,
    subject: tuple[str, int],
    title: str,
    actor_name: str,
    story_id: int | None,
    says: str = "",
    letter_of: Callable[[User, Unit], Letter | None] | None = None,
) -> None:
    """Mail a notice to those who want mail, each in their own language. Does nothing without mail settings.
    ``letter_of``: what writes the letter, for kinds that have letters of their own.

    An empty title: what it is about is confidential, and is said after signing in only.
    """
    recipients = [(notice_id, user) for notice_id, user in told if user.wants_email and not user.is_sample]
    settings = db.session.get(MailSettings, office_id) if recipients else None
    if settings is None:
        return
    office = db.session.get_one(Unit, office_id)
    own = letter_of or OWN_LETTERS.get(kind)
    thread = f"<story-{story_id}@{domain_of(settings)}>" if story_id else ""
    for notice_id, user in recipients:
        with force_locale(user.locale):
            if own is None:
                letter: Letter | None = compose_notice(
                    kind,
                    title=title or _("naskah rahasia"),
                    actor_name=actor_name,
                    subject=subject,
                    user=user,
                    office=office,
                    says=says,
                )
            else:
                letter = own(user, office)
            if letter is None:
                continue
            calendar = compose_calendar(
                kind, subject, settings=settings, domain=domain_of(settings), to=(user.name, user.email)
            )
        queue_mail(
            settings, to=user.email, user_id=user.id, key=f"notice:{notice_id}",
            letter=replace(letter, calendar=calendar), thread=thread, topic=title if story_id else "",
            is_pressing=kind.is_trouble,
        )  # fmt: skip


def queue_invitation(user: User, *, office: Unit, url: str) -> MailMessage | None:
    """Mail a person the link that opens their account; None without mail settings. ``url`` is a secret."""
    settings = db.session.get(MailSettings, office.id)
    if settings is None or user.is_sample:
        return None
    with force_locale(user.locale):
        letter = compose_invitation(user=user, office=office, url=url)
    return queue_mail(
        settings, to=user.email, user_id=user.id, key=f"invitation:{new_token(9)}", letter=letter, sealed=True
    )
