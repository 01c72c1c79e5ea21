"""What an office plans by."""

from sqlalchemy import Boolean, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText
from humasflow.planning.agenda.models import AgendaEvent, AgendaException, AgendaFeed, AgendaImport
from humasflow.planning.campaigns.models import Campaign, CampaignOffer, CampaignShare
from humasflow.planning.credits import DEFAULT_CREDITS
from humasflow.planning.days.models import DaySettings, SpecialDay
from humasflow.planning.enums import ContentTemplate
from humasflow.planning.offered import Offered
from humasflow.planning.production_roles.models import ProductionRole

__all__ = [
    "AgendaEvent",
    "AgendaException",
    "AgendaFeed",
    "AgendaImport",
    "Campaign",
    "CampaignOffer",
    "CampaignShare",
    "ContentType",
    "DaySettings",
    "Pillar",
    "ProductionRole",
    "SpecialDay",
]


class ContentType(Offered, Base):
    """Jenis konten: data of the office, seeded from the bundled list. ``code`` is stable, ``label`` may change."""

    __tablename__ = "content_type"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    on_newsroom: Mapped[bool] = mapped_column(
        Boolean, default=True
    )  # offered as a section of the public newsroom
    template: Mapped[ContentTemplate] = mapped_column(
        EnumText(ContentTemplate), default=ContentTemplate.ARTICLE
    )
    body_template: Mapped[str] = mapped_column(Text, default="")  # clean HTML that a new text starts from
    credit_template: Mapped[str] = mapped_column(String(200), default=DEFAULT_CREDITS)

    @property
    def called(self) -> str:
        """Its name, for people."""
        return self.label


class Pillar(Offered, Base):
    """Pilar konten: a theme the office defines."""

    __tablename__ = "pillar"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(300), default="")

    @property
    def called(self) -> str:
        """Its name, for people."""
        return self.name
