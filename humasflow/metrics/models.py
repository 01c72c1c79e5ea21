"""Counts of readers, a number a story and local day, nothing about the reader; and what channels say of a post."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, Id, PrimaryKey, UTCDateTime


class ReaderCount(Base):
    """How often a story was read in the own newsroom on one local date."""

    __tablename__ = "reader_count"

    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True, autoincrement=False)
    local_date: Mapped[date] = mapped_column(Date, primary_key=True)
    readers: Mapped[int] = mapped_column(Integer, default=0)


class MetricSnapshot(Base):
    """What a channel said of a post at one instant, or a person read there. None is "unknown", never 0.

    ``source``: the adapter's key, or ``manual``. ``named``: every number under the channel's own name, with None for
    those it did not tell. Append-only, but for what an import brought and takes back: the record keeps what it said.
    """

    __tablename__ = "metric_snapshot"
    __table_args__ = (Index("ix_metric_snapshot_post", "post_id", "captured_at"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    captured_at: Mapped[datetime] = mapped_column(UTCDateTime)
    source: Mapped[str] = mapped_column(String(20))
    api_version: Mapped[str] = mapped_column(String(40), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    likes: Mapped[int | None] = mapped_column(Id)
    comments: Mapped[int | None] = mapped_column(Id)
    shares: Mapped[int | None] = mapped_column(Id)
    saves: Mapped[int | None] = mapped_column(Id)
    clicks: Mapped[int | None] = mapped_column(Id)
    views: Mapped[int | None] = mapped_column(Id)
    reach: Mapped[int | None] = mapped_column(Id)
    impressions: Mapped[int | None] = mapped_column(Id)
    followers: Mapped[int | None] = mapped_column(Id)
    named: Mapped[dict[str, Any]] = mapped_column(JSON)
