"""Events, what differs at single occurrences, and subscribed calendars."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.fulltext.indexing import index_words
from humasflow.core.secrets import SEALED
from humasflow.planning.agenda.enums import EventState, FeedState, ImportState


class AgendaEvent(Versioned, Base):
    """Agenda. ``starts_at`` to ``ends_at`` (exclusive) is the first occurrence; ``rule`` (an RRULE without DTSTART)
    repeats it on the wall clock of ``zone``. An all-day event runs from midnight to midnight there.

    ``until_at``: when the last occurrence is over, None while it goes on for ever; so a span is found by one index.
    """

    __tablename__ = "agenda_event"
    __table_args__ = (
        UniqueConstraint("office_id", "uid"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("length(title) > 0", name="has_title"),
        Index("ix_agenda_event_office_starts", "office_id", "starts_at", "id"),
        Index("ix_agenda_event_office_until", "office_id", "until_at", "id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    uid: Mapped[str] = mapped_column(String(255))
    sequence: Mapped[int] = mapped_column(Integer, default=0)  # RFC 5545 3.8.7.4
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_feed.id"), index=True)
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_event.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    organizer: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    zone: Mapped[str] = mapped_column(String(64))
    all_day: Mapped[bool] = mapped_column(Boolean, default=False)
    rule: Mapped[str] = mapped_column(String(500), default="")
    until_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    state: Mapped[EventState] = mapped_column(EnumText(EventState), default=EventState.CONFIRMED)
    reason: Mapped[str] = mapped_column(String(300), default="")
    is_private: Mapped[bool] = mapped_column(
        Boolean, default=False
    )  # its calendar keeps it from others (CLASS)
    source_digest: Mapped[str] = mapped_column(
        String(64), default=""
    )  # of what a file or feed said of it last
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    exceptions: Mapped[list["AgendaException"]] = relationship(order_by="AgendaException.occurrence")


class AgendaException(Base):
    """What is different at one occurrence of a repeating event. ``occurrence`` is the instant the rule gives it
    (RECURRENCE-ID); what is None is as in the event. ``is_dropped``: it never was one (EXDATE).
    """

    __tablename__ = "agenda_exception"
    __table_args__ = (
        UniqueConstraint("event_id", "occurrence"),
        CheckConstraint(
            "ends_at IS NULL OR starts_at IS NULL OR ends_at > starts_at", name="ends_after_start"
        ),
        Index("ix_agenda_exception_starts", "starts_at"),
    )

    id: Mapped[PrimaryKey]
    event_id: Mapped[int] = mapped_column(ForeignKey("agenda_event.id"))
    occurrence: Mapped[datetime] = mapped_column(UTCDateTime)
    is_dropped: Mapped[bool] = mapped_column(Boolean, default=False)
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    title: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str | None] = mapped_column(String(200))
    needs: Mapped[list[str] | None] = mapped_column(JSON)
    state: Mapped[EventState | None] = mapped_column(EnumText(EventState))
    reason: Mapped[str] = mapped_column(String(300), default="")


class AgendaFeed(Versioned, Base):
    """A calendar that somebody else keeps, read again and again. Its address may be a secret: it is encrypted, and
    empty once the calendar is not followed any more. ``told``: what a person reads about the last look, as JSON.
    """

    __tablename__ = "agenda_feed"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(Text, info=SEALED)
    host: Mapped[str] = mapped_column(String(255))  # shown; never the whole address
    state: Mapped[FeedState] = mapped_column(EnumText(FeedState), default=FeedState.WAITING)
    error: Mapped[str] = mapped_column(String(300), default="")
    etag: Mapped[str] = mapped_column(String(300), default="")
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AgendaImport(Versioned, Base):
    """A calendar file that a person brought, from its upload until it is taken or forgotten.

    ``data``: the file, compressed, empty once it was taken. ``told``: what a person reads about it, as JSON.
    """

    __tablename__ = "agenda_import"
    __table_args__ = (Index("ix_agenda_import_owner", "created_by", "id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    filename: Mapped[str] = mapped_column(String(200), default="")
    data: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[ImportState] = mapped_column(EnumText(ImportState), default=ImportState.WAITING)
    problem: Mapped[str] = mapped_column(String(300), default="")
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


# What is searched.
EVENT_WORDS = index_words(AgendaEvent, "title", "place", "organizer", "description")
