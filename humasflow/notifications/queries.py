"""Reading notices and mails."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, String, cast, func, literal, select

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.paging import Page, cut, newest_first
from humasflow.notifications.enums import MailFault, MailState, NoticeKind
from humasflow.notifications.links import path_of_subject
from humasflow.notifications.models import MailMessage, MailSettings, Notification
from humasflow.notifications.routing.enums import NoticeTopic, kinds_of, topic_of
from humasflow.outbox.models import Job

PAGE_SIZE = 30
MAIL_JOB = "notifications.send_mail"


class Notice(NamedTuple):
    """A notice as the inbox shows it: a plain row."""

    id: int
    kind: NoticeKind
    params: dict[str, str]
    created_at: datetime
    read_at: datetime | None

    @property
    def sentence(self) -> str:
        """What it says, in the reader's language."""
        said: str = self.kind.label % {"title": "", "actor": "", "reason": "", **self.params}
        return said.strip()

    @property
    def is_new(self) -> bool:
        """Not read yet."""
        return self.read_at is None

    @property
    def topic(self) -> NoticeTopic:
        """What it is about, as far as people choose by it."""
        return topic_of(self.kind)


def unread_of(user_id: int) -> Select[int]:
    """The statement behind :func:`count_unread`, to be asked together with others."""
    return (
        select(func.count())
        .select_from(Notification)
        .where(
            Notification.user_id == user_id, Notification.read_at.is_(None), Notification.is_silent.is_(False)
        )
    )


def count_unread(user_id: int) -> int:
    """How many notices a person has not read."""
    return db.session.scalar(unread_of(user_id)) or 0


def list_notices(
    user_id: int, *, unread_only: bool = False, topic: NoticeTopic | None = None, cursor: str | None = None
) -> Page[Notice]:
    """A page of a person's notices, newest first."""
    statement = select(
        Notification.id, Notification.kind, Notification.params, Notification.created_at, Notification.read_at
    ).where(Notification.user_id == user_id, Notification.is_silent.is_(False))
    if unread_only:
        statement = statement.where(Notification.read_at.is_(None))
    if topic is not None:
        statement = statement.where(Notification.kind.in_(kinds_of(topic)))
    rows = db.session.execute(
        newest_first(statement, Notification.created_at, Notification.id, cursor, PAGE_SIZE)
    ).all()
    return cut([Notice(*row) for row in rows], lambda n: (n.created_at, n.id), PAGE_SIZE)


def url_for_notice(notification: Notification) -> str:
    """Where a notice leads: the page of the thing it is about."""
    return path_of_subject(notification.subject_type, notification.subject_id)


def list_asked(package_id: int) -> Sequence[int]:
    """Ids of the people who were asked to decide on a package, at any of its steps."""
    return db.session.scalars(
        select(Notification.user_id)
        .where(
            Notification.subject_type == "package",
            Notification.subject_id == package_id,
            Notification.kind == NoticeKind.REVIEW_WANTED,
        )
        .distinct()
    ).all()


def get_mail_settings(office_id: int) -> MailSettings | None:
    """How an office sends mail, if it does."""
    return db.session.get(MailSettings, office_id)


class MailLine(NamedTuple):
    """A mail as the settings page lists it: never its text. ``next_try_at`` only means something while it waits."""

    id: int
    to_address: str
    subject: str
    state: MailState
    error: str
    sealed: bool
    created_at: datetime
    sent_at: datetime | None
    person: str | None
    tries: int | None
    next_try_at: datetime | None

    @property
    def problem(self) -> str:
        """Why it did not go out, in the reader's language."""
        return explain(self.error)

    @property
    def can_be_resent(self) -> bool:
        """A failed mail goes out again on request; one with a secret link does not."""
        return self.state in (MailState.FAILED, MailState.BOUNCED) and not self.sealed


def list_mails(office_id: int, *, limit: int = 20) -> Sequence[MailLine]:
    """The newest mails of an office, with how often each was tried and when it is tried next."""
    rows = db.session.execute(
        select(
            MailMessage.id, MailMessage.to_address, MailMessage.subject, MailMessage.state, MailMessage.error,
            MailMessage.sealed, MailMessage.created_at, MailMessage.sent_at, User.name, Job.attempts, Job.due_at,
        )
        .outerjoin(User, User.id == MailMessage.user_id)
        .outerjoin(Job, Job.key == literal(f"{MAIL_JOB}:") + cast(MailMessage.id, String))
        .where(MailMessage.office_id == office_id)
        .order_by(MailMessage.id.desc())
        .limit(limit)
    ).all()  # fmt: skip
    return [MailLine._make(row) for row in rows]


def explain(error: str) -> str:
    """The plain sentence of a stored failure (``fault code said``), in the reader's language."""
    if not error:
        return ""
    name, code, said = [*error.split(" ", 2), "", ""][:3]
    fault = MailFault(name)
    if said:
        return _("%(what)s Jawaban server: %(code)s %(said)s", what=fault.label, code=code, said=said)
    return fault.label


def get_last_test(office_id: int) -> MailMessage | None:
    """The newest test mail of an office."""
    return db.session.scalar(
        select(MailMessage)
        .where(MailMessage.office_id == office_id, MailMessage.key.startswith(f"test:{office_id}:"))
        .order_by(MailMessage.id.desc())
        .limit(1)
    )


def get_job_of(mail_id: int) -> Job:
    """The job that sends a mail."""
    return db.session.scalars(select(Job).where(Job.key == f"{MAIL_JOB}:{mail_id}")).one()
