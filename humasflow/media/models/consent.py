"""Who agreed to be shown, and what has to come down."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.media.enums import BlockReason, ConsentKind, TakedownState
from humasflow.media.models.asset import Asset


class Consent(Versioned, Base):
    """One recognisable person in one file. Dates are the office's; ``expires_on`` is the last day it holds."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_office_id_expires_on", "office_id", "expires_on"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    person: Mapped[str] = mapped_column(String(200))  # a name, or who it is in the picture
    kind: Mapped[ConsentKind] = mapped_column(EnumText(ConsentKind))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)
    given_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_note: Mapped[str] = mapped_column(Text, default="")
    # Of a picture that another office handed over: theirs, which this one follows.
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"), index=True)

    document: Mapped[Asset | None] = relationship(foreign_keys=[document_id])

    def lapse_on(self, today: date) -> BlockReason | None:
        """Why it no longer holds on the office's ``today``; None while it does. Withdrawal outweighs expiry."""
        if self.withdrawn_at is not None:
            return BlockReason.CONSENT_WITHDRAWN
        expired = self.expires_on is not None and self.expires_on < today
        return BlockReason.CONSENT_EXPIRED if expired else None


class TakedownTask(Versioned, Base):
    """What shows a person whose consent ended has to come down. One a consent and end; kept as a record."""

    __tablename__ = "takedown_task"
    __table_args__ = (
        UniqueConstraint("consent_id", "basis"),
        Index("ix_takedown_task_office_id_state", "office_id", "state", "due_at"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    basis: Mapped[str] = mapped_column(
        String(40)
    )  # which end of the consent: "expired 2026-11-30", "withdrawn …"
    reason: Mapped[BlockReason] = mapped_column(EnumText(BlockReason))
    state: Mapped[TakedownState] = mapped_column(EnumText(TakedownState), default=TakedownState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    note: Mapped[str] = mapped_column(Text, default="")

    asset: Mapped[Asset] = relationship(lazy="joined", innerjoin=True)
    consent: Mapped[Consent] = relationship(lazy="joined", innerjoin=True)
