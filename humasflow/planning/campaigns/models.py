"""Campaigns, their wished mix, and what offices below made of them."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.fulltext.indexing import index_words
from humasflow.planning.campaigns.enums import OfferState


class Campaign(Versioned, Base):
    """Kampanye of an office. ``adopted_from_id``: the one it took over from an office above, which stays credited."""

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("office_id", "name"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("target IS NULL OR target > 0", name="target_positive"),
        Index("ix_campaign_office_dates", "office_id", "ends_on", "starts_on"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(120))
    message: Mapped[str] = mapped_column(Text, default="")  # the key message, plain text
    goal: Mapped[str] = mapped_column(String(300), default="")
    audience: Mapped[str] = mapped_column(String(300), default="")
    hashtag: Mapped[str] = mapped_column(String(80), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)  # inclusive
    target: Mapped[int | None] = mapped_column(Integer)  # publications
    adopted_from_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    shares: Mapped[list["CampaignShare"]] = relationship(
        order_by="CampaignShare.pillar_id", cascade="all, delete-orphan"
    )


class CampaignShare(Base):
    """How much of a campaign a pillar should be, in per cent. Over all pillars at most 100."""

    __tablename__ = "campaign_share"
    __table_args__ = (CheckConstraint("percent > 0 AND percent <= 100", name="percent"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    pillar_id: Mapped[int] = mapped_column(
        ForeignKey("pillar.id"), primary_key=True, autoincrement=False, index=True
    )
    percent: Mapped[int] = mapped_column(Integer)


class CampaignOffer(Versioned, Base):
    """A campaign handed down to an office below."""

    __tablename__ = "campaign_offer"
    __table_args__ = (
        UniqueConstraint("campaign_id", "office_id"),
        Index("ix_campaign_offer_office", "office_id", "state", "id"),
    )

    id: Mapped[PrimaryKey]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[OfferState] = mapped_column(EnumText(OfferState), default=OfferState.OFFERED)
    reason: Mapped[str] = mapped_column(String(300), default="")
    adopted_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


# What is searched.
CAMPAIGN_WORDS = index_words(Campaign, "name", "hashtag", "message", "goal", "audience")
