"""Notifications, mails and an office's mail settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.secrets import SEALED, sealed_if
from humasflow.notifications.enums import MailSecurity, MailState, NoticeKind


class Notification(Base):
    """One thing told to one person. ``key`` makes telling it twice impossible."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notification_user_created", "user_id", "created_at", "id"),
        Index("ix_notification_user_read", "user_id", "read_at"),
        Index("ix_notification_subject", "subject_type", "subject_id"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[NoticeKind] = mapped_column(EnumText(NoticeKind))
    key: Mapped[str] = mapped_column(String(120))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(Id)
    params: Mapped[dict[str, Any]] = mapped_column(
        JSON
    )  # title, actor, reason; says, story where they are needed
    is_silent: Mapped[bool] = mapped_column(Boolean, default=False)  # by other ways only, not in the inbox
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # what it asks for is done, by whomever


class MailSettings(Versioned, Base):
    """How an office sends mail. The password is encrypted."""

    __tablename__ = "mail_settings"

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    host: Mapped[str] = mapped_column(String(200))
    port: Mapped[int] = mapped_column(Integer)
    security: Mapped[MailSecurity] = mapped_column(EnumText(MailSecurity))
    username: Mapped[str] = mapped_column(String(200), default="")
    password_encrypted: Mapped[str] = mapped_column(Text, default="", info=SEALED)
    from_address: Mapped[str] = mapped_column(String(254))
    from_name: Mapped[str] = mapped_column(String(120), default="")
    tested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    test_result: Mapped[str] = mapped_column(Text, default="")


class MailMessage(Base):
    """One mail to one person, sent by a job. ``key`` makes queuing it twice impossible.

    ``message_id`` never changes, so a receiving server can recognise a repetition. ``thread`` is the Message-ID that
    all mails about one story refer to. A ``sealed`` mail carries a secret link: its text is encrypted, and gone once
    the mail is out. ``calendar`` is an iCalendar file that goes with it; ``unsubscribe`` the address for its
    List-Unsubscribe header, empty for mail that somebody needs. Both are kept so that each try sends the same bytes.
    """

    __tablename__ = "mail_message"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_mail_message_office_state", "office_id", "state", "id"),
        Index("ix_mail_message_message_id", "message_id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    key: Mapped[str] = mapped_column(String(160))
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, info=sealed_if("sealed"))
    html: Mapped[str] = mapped_column(Text, default="", info=sealed_if("sealed"))
    message_id: Mapped[str] = mapped_column(String(200))
    thread: Mapped[str] = mapped_column(String(200), default="")
    topic: Mapped[str] = mapped_column(String(200), default="")  # what its conversation is called
    calendar: Mapped[str] = mapped_column(Text, default="")
    unsubscribe: Mapped[str] = mapped_column(String(600), default="")
    sealed: Mapped[bool] = mapped_column(Boolean, default=False)
    uncertain: Mapped[int] = mapped_column(
        Integer, default=0
    )  # how often the content went out and no answer came back
    state: Mapped[MailState] = mapped_column(EnumText(MailState), default=MailState.QUEUED)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sending_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MailHold(Base):
    """An address whose mail came back: nothing more is sent there until it is released. ``fault`` is stored like the
    error of a mail (``fault code said``). A released one stays as the record of what was.
    """

    __tablename__ = "mail_hold"
    __table_args__ = (Index("ix_mail_hold_office_address", "office_id", "address"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    address: Mapped[str] = mapped_column(String(254))
    fault: Mapped[str] = mapped_column(Text)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail_message.id"))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
