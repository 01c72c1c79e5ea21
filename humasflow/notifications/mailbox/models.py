"""An office's mailbox, and every mail that was taken from it."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.secrets import SEALED
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.mailbox.enums import MailboxFault, Outcome


class MailboxSettings(Versioned, Base):
    """Where an office reads what comes back. The password is encrypted.

    ``box`` counts the mailboxes that the office has had: the numbers of mails mean something in one only.
    ``uid_validity`` and ``last_uid`` (RFC 3501 2.3.1.1) say how far it has been read; None: not yet.
    ``trusted_server`` is the name under which the office's own server says whether a sender is genuine (RFC 8601).
    """

    __tablename__ = "mailbox_settings"

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    host: Mapped[str] = mapped_column(String(200))
    port: Mapped[int] = mapped_column(Integer)
    security: Mapped[MailSecurity] = mapped_column(EnumText(MailSecurity))
    username: Mapped[str] = mapped_column(String(200))
    password_encrypted: Mapped[str] = mapped_column(Text, default="", info=SEALED)
    folder: Mapped[str] = mapped_column(String(200))
    takes_pitches: Mapped[bool] = mapped_column(Boolean, default=False)
    trusted_server: Mapped[str] = mapped_column(String(200), default="")
    box: Mapped[int] = mapped_column(Integer, default=1)
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fault: Mapped[MailboxFault | None] = mapped_column(EnumText(MailboxFault))
    test_wanted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    test_fault: Mapped[MailboxFault | None] = mapped_column(EnumText(MailboxFault))


class IncomingMail(Base):
    """One mail as it was found; its text is never kept. The two constraints make taking it twice impossible.

    ``token_hash`` belongs to the link with which the sender says that it was them, until ``expires_at``.
    """

    __tablename__ = "incoming_mail"
    __table_args__ = (
        UniqueConstraint("office_id", "box", "uid_validity", "uid"),
        UniqueConstraint("token_hash"),
        Index("ix_incoming_mail_office_seen", "office_id", "seen_at", "id"),
        Index("ix_incoming_mail_office_message_id", "office_id", "message_id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    box: Mapped[int] = mapped_column(Integer)
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[str] = mapped_column(String(300))
    from_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[Outcome] = mapped_column(EnumText(Outcome))
    detail: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    pitch_id: Mapped[int | None] = mapped_column(ForeignKey("pitch.id"), index=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail_message.id"))
    token_hash: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
