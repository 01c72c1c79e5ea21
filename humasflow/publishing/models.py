"""Deliveries and evidence."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.media.models import Asset
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState


class Delivery(Versioned, Base):
    """One generation of a post on its way to the channel, and the facts of its publication.

    ``payload`` is the snapshot as it appears, with its SHA-256. ``title``, ``summary`` and ``cover_asset_id`` repeat
    parts of it, so that lists never read the payload. At most one row a post and generation.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("post_id", "generation"),
        UniqueConstraint("idempotency_key"),
        Index("ix_delivery_office_state_published", "office_id", "state", "published_at", "id"),
        Index("ix_delivery_account_state_published", "account_id", "state", "published_at", "id"),
        Index(
            "ix_delivery_account_type_published",
            "account_id",
            "state",
            "content_type_id",
            "published_at",
            "id",
        ),
        Index("ix_delivery_office_canonical", "office_id", "canonical_url"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_has_time"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    content_type_id: Mapped[int] = mapped_column(ForeignKey("content_type.id"))
    post_version_id: Mapped[int | None] = mapped_column(ForeignKey("post_version.id"))
    story_version_id: Mapped[int | None] = mapped_column(ForeignKey("story_version.id"))
    generation: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[DeliveryState] = mapped_column(EnumText(DeliveryState), default=DeliveryState.QUEUED)
    title: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(String(500), default="")
    cover_asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    payload_sha256: Mapped[str | None] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(80))
    committing_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    external_id: Mapped[str | None] = mapped_column(String(200))
    permalink: Mapped[str | None] = mapped_column(String(1000))
    canonical_url: Mapped[str | None] = mapped_column(String(1000))
    published_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # when it became visible on the channel
    retracted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retract_reason: Mapped[str] = mapped_column(Text, default="")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    error: Mapped[str] = mapped_column(Text, default="")
    # The approved correction that this channel does not show yet.
    correcting_to_id: Mapped[int | None] = mapped_column(ForeignKey("story_version.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    post: Mapped[Post] = relationship()
    account: Mapped[ChannelAccount] = relationship()
    assignee: Mapped[User | None] = relationship()
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.id")


class Evidence(Base):
    """Bukti tayang: address, time, screenshot and its hash. Append-only: what comes later is a further row."""

    __tablename__ = "evidence"

    id: Mapped[PrimaryKey]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    url: Mapped[str] = mapped_column(String(1000))
    canonical_url: Mapped[str] = mapped_column(String(1000))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)  # as seen on the channel
    captured_at: Mapped[datetime] = mapped_column(UTCDateTime)
    captured_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))  # None: the product itself
    screenshot_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    payload_sha256: Mapped[str | None] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(
        String(200), default=""
    )  # for what was imported: which list vouches for it
    note: Mapped[str] = mapped_column(Text, default="")

    screenshot: Mapped[Asset | None] = relationship()
    captured_by_user: Mapped[User | None] = relationship()
