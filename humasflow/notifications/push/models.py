"""The key with which this installation signs, and the devices that asked to be reached."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, PrimaryKey, UTCDateTime
from humasflow.core.secrets import SEALED


class PushKey(Base):
    """One row: browsers bind a subscription to the key it was made for, so it stays as it is. ``private`` is an
    encrypted PEM, ``public`` the uncompressed point in unpadded base64url, as a browser wants it.
    """

    __tablename__ = "push_key"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    private: Mapped[str] = mapped_column(Text, info=SEALED)
    public: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PushDevice(Base):
    """A browser of a person. Whoever knows the address can send to it, so it is encrypted; its hash recognises it.

    ``session_id``: the sign-in in which it was switched on. Nothing is shown on a device that was signed out.
    """

    __tablename__ = "push_device"
    __table_args__ = (Index("ix_push_device_user", "user_id", "id"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("user_session.id"), index=True)
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str] = mapped_column(Text, info=SEALED)
    p256dh: Mapped[str] = mapped_column(String(100))  # the browser's public key, base64url
    auth: Mapped[str] = mapped_column(String(40))  # the browser's shared secret, base64url
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reached_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(
        String(60), default=""
    )  # the last refusal: a fault or ``status 403``
