"""An office's deviations, people's wishes and habits, and what is to reach whom by which way."""

from datetime import datetime, time

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.accounts.enums import Role
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.routing.enums import DeliveryState, NoticeChannel, NoticeMode, NoticeTopic


class NoticeRule(Base):
    """Where an office does otherwise than the product by itself."""

    __tablename__ = "notice_rule"
    __table_args__ = (UniqueConstraint("office_id", "kind", "role", "channel"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[NoticeKind] = mapped_column(EnumText(NoticeKind))
    role: Mapped[Role] = mapped_column(EnumText(Role))
    channel: Mapped[NoticeChannel] = mapped_column(EnumText(NoticeChannel))
    mode: Mapped[NoticeMode] = mapped_column(EnumText(NoticeMode))


class NoticePreference(Base):
    """What a person chose about a topic and a way; without a row it is as the office says."""

    __tablename__ = "notice_preference"
    __table_args__ = (UniqueConstraint("user_id", "topic", "channel"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    topic: Mapped[NoticeTopic] = mapped_column(EnumText(NoticeTopic))
    channel: Mapped[NoticeChannel] = mapped_column(EnumText(NoticeChannel))
    mode: Mapped[NoticeMode] = mapped_column(EnumText(NoticeMode))


class NoticeHabit(Base):
    """A person's hours, ``21:00`` on the clock of the office that tells something; no row: the usual ones. Both ends
    empty: no quiet hours.
    """

    __tablename__ = "notice_habit"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    quiet_from: Mapped[str] = mapped_column(String(5), default="")
    quiet_until: Mapped[str] = mapped_column(String(5), default="")
    quiet_days: Mapped[bool] = mapped_column(Boolean, default=False)  # weekends and holidays
    digest_at: Mapped[str] = mapped_column(String(5))
    brief_at: Mapped[str] = mapped_column(String(5), default="07:15")
    brief_day: Mapped[bool] = mapped_column(Boolean, default=True)
    brief_week: Mapped[bool] = mapped_column(Boolean, default=True)

    @staticmethod
    def clock(text: str) -> time | None:
        """The time in such a column."""
        return time.fromisoformat(text) if text else None


class NoticeDelivery(Base):
    """One notice to its person by one way. A technical row: it says what is still to be done, and goes after a while.

    ``mode``: by itself (now, or when quiet hours end) or within a digest.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notification_id", "channel"),
        Index("ix_notice_delivery_state_due", "state", "due_at"),
        Index("ix_notice_delivery_moment", "user_id", "office_id", "channel", "state"),
        Index("ix_notice_delivery_office_state", "office_id", "state", "created_at"),
    )

    id: Mapped[PrimaryKey]
    notification_id: Mapped[int] = mapped_column(ForeignKey("notification.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    channel: Mapped[NoticeChannel] = mapped_column(EnumText(NoticeChannel))
    mode: Mapped[NoticeMode] = mapped_column(EnumText(NoticeMode))
    state: Mapped[DeliveryState] = mapped_column(EnumText(DeliveryState), default=DeliveryState.WAITING)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
