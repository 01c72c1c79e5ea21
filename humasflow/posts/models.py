"""Posts and their immutable versions. What state a post shows is derived in `publishing`, never stored here."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import Base, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.media.models import Asset
from humasflow.stories.models import Story


class Post(Versioned, Base):
    """Publikasi: one story on one channel account. ``content_type_id`` is what it counts as on that channel."""

    __tablename__ = "post"
    __table_args__ = (
        Index("ix_post_office_scheduled", "office_id", "scheduled_at", "id"),
        Index("ix_post_story", "story_id"),
        # What waits for a time, newest first.
        Index(
            "ix_post_waiting",
            "office_id",
            "created_at",
            "id",
            sqlite_where=text("scheduled_at IS NULL AND removed_at IS NULL"),
            postgresql_where=text("scheduled_at IS NULL AND removed_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"), index=True)
    content_type_id: Mapped[int] = mapped_column(ForeignKey("content_type.id"))
    current_version_id: Mapped[int | None] = mapped_column(Id)
    scheduled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    generation: Mapped[int] = mapped_column(
        Integer, default=1
    )  # rises only after confirmed absence or retraction
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    story: Mapped[Story] = relationship()
    account: Mapped[ChannelAccount] = relationship()


class PostVersion(Base):
    """What would go out on the channel: immutable. The newsroom takes its body from the story version beside it."""

    __tablename__ = "post_version"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    id: Mapped[PrimaryKey]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int] = mapped_column(Integer)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    digest: Mapped[str] = mapped_column(String(64))

    pictures: Mapped[list["PostPicture"]] = relationship(order_by="PostPicture.position")


class PostPicture(Base):
    """A picture of a post version, with the alternative text it had then."""

    __tablename__ = "post_picture"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("post_version.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    alt_text: Mapped[str] = mapped_column(String(1000), default="")
    credit: Mapped[str] = mapped_column(String(120), default="")

    asset: Mapped[Asset] = relationship(lazy="joined", innerjoin=True)
