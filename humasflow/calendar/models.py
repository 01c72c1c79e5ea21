"""Subscriptions, shared views and minutes. What is planned itself belongs to the rooms below."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.calendar.enums import Decision, EntryKind, FeedKind
from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.secrets import SEALED


class CalendarFeed(Base):
    """Langganan kalender: a secret address that a calendar program reads again and again. Only the hash of the secret
    is kept to find it, and the encrypted secret to show the address to its owner again.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("(kind = 'channel') = (account_id IS NOT NULL)", name="channel_has_account"),
        Index("ix_calendar_feed_owner", "owner_id", "id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[FeedKind] = mapped_column(EnumText(FeedKind))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(Text, info=SEALED)  # empty once it is revoked
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FeedEntry(Base):
    """What one subscription has told its readers of one thing: so that whatever changes for them raises SEQUENCE, and
    what is gone, for whatever reason, says CANCELLED.

    ``digest`` is of what was told, ``starts_at`` to ``until_at`` (None: without end) when it takes place.
    """

    __tablename__ = "feed_entry"

    feed_id: Mapped[int] = mapped_column(
        ForeignKey("calendar_feed.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[EntryKind] = mapped_column(EnumText(EntryKind), primary_key=True)
    ref_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SharedView(Base):
    """Tautan berbagi: one filtered view that whoever has the address may read until it expires."""

    __tablename__ = "shared_view"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_shared_view_office", "office_id", "id"))

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    title: Mapped[str] = mapped_column(String(120))
    query: Mapped[str] = mapped_column(String(1000))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # last time, to the hour

    owner: Mapped[User] = relationship()


class Meeting(Versioned, Base):
    """Rapat redaksi of one week. ``closed_at``: from then on its minutes do not change."""

    __tablename__ = "editorial_meeting"
    __table_args__ = (UniqueConstraint("office_id", "week"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    week: Mapped[date] = mapped_column(Date)  # its Monday
    attendees: Mapped[str] = mapped_column(String(500), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MeetingNote(Versioned, Base):
    """One line of the minutes, about something or about nothing in particular.

    ``subject_type``: ``pitch``, ``story``, ``post``, ``agenda_event`` or empty; ``subject_title`` as it was then.
    """

    __tablename__ = "meeting_note"
    __table_args__ = (Index("ix_meeting_note_meeting", "meeting_id", "id"),)

    id: Mapped[PrimaryKey]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("editorial_meeting.id"))
    subject_type: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None] = mapped_column(Id)
    subject_title: Mapped[str] = mapped_column(String(200), default="")
    decision: Mapped[Decision] = mapped_column(EnumText(Decision), default=Decision.NOTE)
    text: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[User] = relationship()
