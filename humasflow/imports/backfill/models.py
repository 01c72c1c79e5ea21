"""Runs, the posts they found, and which category counts as which content type."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.secrets import SEALED
from humasflow.imports.backfill.enums import ItemState, PictureState, RunState, Source


class BackfillRun(Versioned, Base):
    """One reading of one source. ``address`` is encrypted: what follows the host may be a secret. ``file_key``: the
    export file, until it is read. ``cursor``: where the reading goes on, as its source understands it.
    """

    __tablename__ = "backfill_run"
    __table_args__ = (Index("ix_backfill_run_office", "office_id", "id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    source: Mapped[Source] = mapped_column(EnumText(Source))
    name: Mapped[str] = mapped_column(String(200))  # the host or the file, for people
    address: Mapped[str] = mapped_column(Text, default="", info=SEALED)
    file_key: Mapped[str] = mapped_column(String(100), default="")
    other_types: Mapped[bool] = mapped_column(Boolean, default=False)  # not only posts of WordPress
    zone: Mapped[str] = mapped_column(String(64))  # for times that name none
    state: Mapped[RunState] = mapped_column(EnumText(RunState), default=RunState.FETCHING)
    cursor: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    pages: Mapped[int] = mapped_column(Integer, default=0)  # read so far
    total: Mapped[int | None] = mapped_column(Integer)  # posts, where the source tells
    failures: Mapped[int] = mapped_column(Integer, default=0)  # in a row
    problem: Mapped[str] = mapped_column(String(500), default="")  # it stopped, and why
    note: Mapped[str] = mapped_column(String(500), default="")  # what a person should know of the reading
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    since: Mapped[date | None] = mapped_column(Date)  # local dates, both included
    until: Mapped[date | None] = mapped_column(Date)
    with_pictures: Mapped[bool] = mapped_column(Boolean, default=False)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[ChannelAccount | None] = relationship()


class BackfillItem(Base):
    """One post that a run found. ``address_key`` is its canonical address (or, without a good one, a digest of what it
    says); ``other_key`` the address by which the site also knows it (``?p=12``).
    """

    __tablename__ = "backfill_item"
    __table_args__ = (
        UniqueConstraint("run_id", "address_key"),
        Index("ix_backfill_item_run_state", "run_id", "state", "id"),
        Index("ix_backfill_item_run_other", "run_id", "other_key"),
        Index("ix_backfill_item_run_picture", "run_id", "picture_state"),
    )

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("backfill_run.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(String(1000), default="")
    address_key: Mapped[str] = mapped_column(String(1000))
    other_key: Mapped[str | None] = mapped_column(String(1000))
    title: Mapped[str] = mapped_column(String(200), default="")
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    category: Mapped[str] = mapped_column(String(120), default="")
    excerpt: Mapped[str] = mapped_column(String(500), default="")
    picture_url: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[ItemState] = mapped_column(EnumText(ItemState), default=ItemState.FOUND)
    reason: Mapped[str] = mapped_column(String(300), default="")
    content_type_id: Mapped[int | None] = mapped_column(ForeignKey("content_type.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    picture_state: Mapped[PictureState] = mapped_column(EnumText(PictureState), default=PictureState.NONE)
    picture_note: Mapped[str] = mapped_column(String(300), default="")


class BackfillCategory(Base):
    """What an office decided about a category of its site: which content type, or None: not taken."""

    __tablename__ = "backfill_category"
    __table_args__ = (UniqueConstraint("office_id", "category"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    category: Mapped[str] = mapped_column(String(120))  # in lower case
    content_type_id: Mapped[int | None] = mapped_column(ForeignKey("content_type.id"))
