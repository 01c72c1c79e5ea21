"""The office's bot, the chats people linked with it, and what it says there."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.secrets import SEALED
from humasflow.notifications.telegram.enums import BotFault, MessageState


class TelegramBot(Versioned, Base):
    """One an office. ``username`` is empty until Telegram has answered for the token. ``offset`` is the number of the
    next update to hear.
    """

    __tablename__ = "telegram_bot"

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    token_encrypted: Mapped[str] = mapped_column(Text, info=SEALED)
    username: Mapped[str] = mapped_column(String(64), default="")
    fault: Mapped[BotFault | None] = mapped_column(EnumText(BotFault))
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TelegramChat(Base):
    """A person's chat with the office's bot. ``blocked_at``: they blocked the bot there."""

    __tablename__ = "telegram_chat"
    __table_args__ = (UniqueConstraint("office_id", "user_id"), UniqueConstraint("office_id", "chat_id"))

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TelegramInvite(Base):
    """A one-time code: whoever sends it to the bot is this person."""

    __tablename__ = "telegram_invite"
    __table_args__ = (Index("ix_telegram_invite_office_expires", "office_id", "expires_at"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TelegramMessage(Base):
    """Something the bot says in a chat. ``key`` makes saying it twice impossible."""

    __tablename__ = "telegram_message"
    __table_args__ = (UniqueConstraint("key"), Index("ix_telegram_message_created", "created_at"))

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[MessageState] = mapped_column(EnumText(MessageState), default=MessageState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sending_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
