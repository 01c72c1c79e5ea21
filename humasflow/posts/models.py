"""Posts and their immutable versions. What state a post shows is derived in `publishing`, never stored here."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
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
    # Tayang ulang: this post shows again what that one showed.
    repost_of_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
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
    title: Mapped[str] = mapped_column(String(300), default="")  # empty: the story's
    hashtags: Mapped[list[str]] = mapped_column(JSON, default=list)  # without "#", in order
    first_comment: Mapped[str] = mapped_column(Text, default="")
    adds_utm: Mapped[bool] = mapped_column(Boolean, default=False)  # the link goes out with UTM parameters
    # What it is counted under, so that a campaign renamed later does not change what was agreed to.
    utm_campaign: Mapped[str] = mapped_column(String(120), default="")
    follows_base: Mapped[bool] = mapped_column(Boolean, default=False)  # the text is the story's base text
    # Whether the channel showed the story's own body when this was written, with the text as its summary.
    shows_story: Mapped[bool] = mapped_column(Boolean, default=False)
    # Of the words alone, without case, spaces and links: equal on posts that say the same.
    words_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
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
    crop: Mapped[str] = mapped_column(String(10), default="")  # a Ratio; empty: as it is

    asset: Mapped[Asset] = relationship(lazy="joined", innerjoin=True)


class BaseText(Versioned, Base):
    """Teks dasar of a story: written once, taken over by every post that follows it. Working text, not a version:
    what goes out stands in the post versions made from it.
    """

    __tablename__ = "post_base"

    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    hashtags: Mapped[list[str]] = mapped_column(JSON, default=list)
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
