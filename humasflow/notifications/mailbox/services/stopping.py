"""Stopping mail by the address that stands in it, and starting it again. The signed token decides, nobody is signed in.

Every stop is what the person themselves would set in their preferences, so whatever sends mail asks one place only.
"""

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.notifications.routing.enums import NoticeChannel, NoticeMode, NoticeTopic
from humasflow.notifications.routing.models import NoticePreference
from humasflow.notifications.unsubscribe import Wish, wish_of


class BadToken(UserError):
    """Not an address that stands in a mail of ours, or of somebody who is gone."""

    status = 400

    def __init__(self) -> None:
        super().__init__(
            _("Tautan ini tidak lengkap. Salin utuh dari surelnya, atau atur surel di halaman Profil.")
        )


def read_token(token: str) -> tuple[Wish, User]:
    """Whose mail and about what. Raises :class:`BadToken`."""
    wish = wish_of(token)
    user = db.session.get(User, wish.user_id) if wish else None
    if wish is None or user is None:
        raise BadToken
    return wish, user


def topic_named(text: str) -> NoticeTopic | None:
    """The topic of a token; None: all of them, also for a topic that this version has no longer."""
    return NoticeTopic(text) if text in set(NoticeTopic) else None


def is_stopped(user: User, topic: NoticeTopic | None = None) -> bool:
    """Whether such mail is off already."""
    if not user.wants_email:
        return True
    wish = _wish_about(user, topic) if topic else None
    return wish is not None and wish.mode is NoticeMode.OFF


def stop(user: User, topic: NoticeTopic | None = None) -> None:
    """No more such mail. Flushes; repeated, nothing happens."""
    lock(user)
    if is_stopped(user, topic):
        return
    if topic is None:
        user.wants_email = False
    elif wish := _wish_about(user, topic):
        wish.mode = NoticeMode.OFF
    else:
        db.session.add(
            NoticePreference(user_id=user.id, topic=topic, channel=NoticeChannel.MAIL, mode=NoticeMode.OFF)
        )
    _record(AuditAction.MAIL_STOPPED, user, topic)


def start_again(user: User, topic: NoticeTopic | None = None) -> None:
    """Such mail again, as the office says. Flushes; repeated, nothing happens."""
    lock(user)
    if not is_stopped(user, topic):
        return
    user.wants_email = True
    if topic and (wish := _wish_about(user, topic)) and wish.mode is NoticeMode.OFF:
        db.session.delete(wish)
    _record(AuditAction.MAIL_WANTED, user, topic)


def _wish_about(user: User, topic: NoticeTopic) -> NoticePreference | None:
    return db.session.scalar(
        select(NoticePreference).where(
            NoticePreference.user_id == user.id,
            NoticePreference.topic == topic,
            NoticePreference.channel == NoticeChannel.MAIL,
        )
    )


def _record(action: AuditAction, user: User, topic: NoticeTopic | None) -> None:
    db.session.flush()
    for office in accounts.load_principal(user).offices:
        audit.record(
            action, ("user", user.id), office_id=office.id, actor=user, by="mail", topic=topic.value if topic else "",
        )  # fmt: skip
