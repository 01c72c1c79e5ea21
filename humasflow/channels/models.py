"""Kinds of channel and an office's accounts on them: all data."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Integer, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.core.db import Base, PrimaryKey, UTCDateTime, Versioned


class ChannelKind(Versioned, Base):
    """Jenis kanal of an office, seeded from the bundled presets. ``limits`` may be edited; an account may override.

    ``limits``: ``{"text": 2200, "title": 100, "hashtags": 5, "links": 5, "media_min": 1, "media_max": 10}``; a
    missing key means no limit. ``hosts``: where an address of this kind may point to.
    """

    __tablename__ = "channel_kind"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    icon: Mapped[str] = mapped_column(String(40))
    adapter: Mapped[str] = mapped_column(String(20))
    counter: Mapped[str] = mapped_column(String(20))
    limits: Mapped[dict[str, Any]] = mapped_column(JSON)
    hosts: Mapped[list[str]] = mapped_column(JSON)
    limits_as_of: Mapped[str] = mapped_column(String(20), default="")
    limits_source: Mapped[str] = mapped_column(String(200), default="")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)


class ChannelAccount(Versioned, Base):
    """Akun kanal: an outlet of the office. The own newsroom is one too."""

    __tablename__ = "channel_account"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("channel_kind.id"))
    name: Mapped[str] = mapped_column(String(80))
    handle: Mapped[str] = mapped_column(String(120), default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    adapter: Mapped[str] = mapped_column(String(20))
    limits: Mapped[dict[str, Any]] = mapped_column(JSON)  # overrides of the kind's
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))  # who posts by hand
    follows_story_approval: Mapped[bool] = mapped_column(Boolean, default=False)
    grace_minutes: Mapped[int] = mapped_column(Integer, default=360)  # how late it may still go out by itself
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    min_gap_minutes: Mapped[int] = mapped_column(Integer, default=60)  # nearer than this the calendar warns
    weekly_quota: Mapped[int | None] = mapped_column(Integer)  # None: derived from the quarter's targets
    position: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Dijeda: what comes due waits, nothing is given up. Not the same as switched off.
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    pause_reason: Mapped[str] = mapped_column(String(300), default="")

    kind: Mapped[ChannelKind] = relationship(lazy="joined", innerjoin=True)


class PostingSlot(Base):
    """Slot tayang: when an account likes to post, on the office's wall clock. ``weekday``: Monday is 0."""

    __tablename__ = "posting_slot"
    __table_args__ = (
        UniqueConstraint("account_id", "weekday", "clock"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    weekday: Mapped[int] = mapped_column(Integer)
    clock: Mapped[time] = mapped_column(Time)
