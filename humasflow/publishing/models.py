"""Deliveries and evidence."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.fulltext.indexing import index_words
from humasflow.core.secrets import SEALED
from humasflow.media.models import Asset
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState, FollowUp, LinkState

# What went wrong with live posts and nobody has heard of, in the words of both databases: a question that contains them
# is answered by an index of the few rows there are.
LIVE_TROUBLE_UNTOLD: Final = (
    "told_at IS NULL AND (retract_state IN ('failed', 'unknown') "
    "OR correct_state IN ('failed', 'unknown') OR comment_state IN ('failed', 'unknown') OR link_state = 'gone')"
)

# What a person was asked to do about a live post and has not recorded, in the same way.
BY_HAND: Final = "(correct_state = 'by_hand' OR retract_state = 'by_hand')"


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
        Index("ix_delivery_office", "office_id", "id"),
        Index("ix_delivery_office_canonical", "office_id", "canonical_url"),
        Index("ix_delivery_link_checked", "state", "link_checked_at", "id"),
        Index(
            "ix_delivery_live_trouble",
            "office_id",
            sqlite_where=text(LIVE_TROUBLE_UNTOLD),
            postgresql_where=text(LIVE_TROUBLE_UNTOLD),
        ),
        Index("ix_delivery_by_hand", "id", sqlite_where=text(BY_HAND), postgresql_where=text(BY_HAND)),
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
    # As whom, and on which server, it was (or may have been) published: another identity never answers for it.
    identity: Mapped[str] = mapped_column(String(400), default="")
    prepare_state: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # what the adapter keeps between steps
    attempts: Mapped[int] = mapped_column(Integer, default=0)  # tries that ended in a passing error
    first_tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the worker goes on by itself
    absent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # asked once, and it was not there
    committing_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    external_id: Mapped[str | None] = mapped_column(String(300))
    answer_sha256: Mapped[str | None] = mapped_column(String(64))  # of the channel's raw answer
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # seen at its address
    permalink: Mapped[str | None] = mapped_column(String(1000))
    canonical_url: Mapped[str | None] = mapped_column(String(1000))
    published_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # when it became visible on the channel
    retracted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retract_reason: Mapped[str] = mapped_column(Text, default="")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    error: Mapped[str] = mapped_column(Text, default="")  # a sentence for people
    error_code: Mapped[str] = mapped_column(
        String(40), default=""
    )  # of an AdapterError, or of publishing itself
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when people heard of the present trouble
    # The approved correction that this channel does not show yet.
    correcting_to_id: Mapped[int | None] = mapped_column(ForeignKey("story_version.id"), index=True)
    # What a live post still needs on its channel; each goes its own way and undoes nothing.
    correct_state: Mapped[FollowUp] = mapped_column(EnumText(FollowUp), default=FollowUp.NONE)
    retract_state: Mapped[FollowUp] = mapped_column(EnumText(FollowUp), default=FollowUp.NONE)
    retract_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    retract_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    comment_state: Mapped[FollowUp] = mapped_column(EnumText(FollowUp), default=FollowUp.NONE)
    comment_id: Mapped[str] = mapped_column(String(200), default="")
    follow_up_error: Mapped[str] = mapped_column(Text, default="")
    # The weekly look at the address.
    link_state: Mapped[LinkState] = mapped_column(EnumText(LinkState), default=LinkState.UNKNOWN)
    link_checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    link_gone_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    link_gone_times: Mapped[int] = mapped_column(Integer, default=0)
    metrics_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when its numbers were last fetched
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    post: Mapped[Post] = relationship()
    account: Mapped[ChannelAccount] = relationship()
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
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
    answer_sha256: Mapped[str | None] = mapped_column(String(64))  # of the channel's raw answer
    document: Mapped[str] = mapped_column(
        String(200), default=""
    )  # for what was imported: which list vouches for it
    note: Mapped[str] = mapped_column(Text, default="")

    screenshot: Mapped[Asset | None] = relationship()
    captured_by_user: Mapped[User | None] = relationship()


class MediaOpening(Base):
    """An address under which one file of a job can be fetched by its channel, while the job runs and no longer.

    The secret part of the address is stored as its hash.
    """

    __tablename__ = "media_opening"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[PrimaryKey]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    crop: Mapped[str] = mapped_column(String(10), default="")
    token_hash: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(Text, info=SEALED)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


# What is searched.
DELIVERY_WORDS = index_words(Delivery, "title", "summary")
