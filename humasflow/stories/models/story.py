"""The story and its immutable versions. Bodies live in a side table, so that lists never read them."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.media.models import Asset
from humasflow.planning.models import ContentType, Pillar
from humasflow.stories.enums import StorySource, StoryState
from humasflow.stories.workflow import needs_correction


class Story(Versioned, Base):
    """Naskah. Mutable only in its state, holder and pointer to the current version."""

    __tablename__ = "story"
    __table_args__ = (
        Index("ix_story_office_state_since", "office_id", "state", "state_since", "id"),
        Index("ix_story_office_created", "office_id", "created_at", "id"),
        Index("ix_story_office_updated", "office_id", "updated_at", "id"),
        Index("ix_story_author_updated", "created_by", "office_id", "updated_at", "id"),
        # What was sent back, told apart from the other drafts.
        Index(
            "ix_story_returned",
            "office_id",
            "state_since",
            "id",
            sqlite_where=text("state = 'draft' AND returns > 0 AND last_reason != ''"),
            postgresql_where=text("state = 'draft' AND returns > 0 AND last_reason != ''"),
        ),
        CheckConstraint("returns >= 0", name="returns_not_negative"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    content_type_id: Mapped[int] = mapped_column(ForeignKey("content_type.id"))
    pillar_id: Mapped[int | None] = mapped_column(ForeignKey("pillar.id"))
    title: Mapped[str] = mapped_column(String(200))  # of the current version, for lists
    state: Mapped[StoryState] = mapped_column(EnumText(StoryState), default=StoryState.DRAFT)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    returns: Mapped[int] = mapped_column(Integer, default=0)  # how often it was sent back: "revisi ke-n"
    last_reason: Mapped[str] = mapped_column(Text, default="")  # the reason of the last move that needed one
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)  # who holds it
    is_confidential: Mapped[bool] = mapped_column(
        Boolean, default=False
    )  # until published: named people only
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    # What it covers: an event of the agenda and, of a repeating one, the instant its rule gives the occurrence.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_event.id"), index=True)
    occurrence: Mapped[datetime | None] = mapped_column(UTCDateTime)
    embargo_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # nothing of it goes out before
    # What its office set itself; where it was taken from another, that one's may be later, and later holds.
    own_embargo_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # A plain number: a foreign key to the version would make a cycle that no database deletes in order.
    current_version_id: Mapped[int | None] = mapped_column(Id)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    content_type: Mapped[ContentType] = relationship()
    pillar: Mapped[Pillar | None] = relationship()

    @property
    def needs_correction(self) -> bool:
        """Draft because somebody sent it back, and not submitted again since."""
        return needs_correction(self.state, self.returns, self.last_reason)


_UNSEALED = text("sealed_at IS NULL")


class StoryReader(Base):
    """A person named for a confidential story."""

    __tablename__ = "story_reader"

    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("app_user.id"), primary_key=True, autoincrement=False, index=True
    )
    added_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class StoryVersion(Base):
    """Versi naskah. ``digest`` is over everything a reader would see.

    Immutable from ``sealed_at`` on (see :mod:`humasflow.stories.models.sealing`). Until then it is its author's running
    autosave: the current version of a draft, into which the same person's next autosave is folded. ``saved_at`` is the
    last fold; ``folds`` counts them, so that a form knows whether it was opened on what still stands; ``tab`` and
    ``tab_step`` are the window that wrote last and its own count, so that what overtakes on the way changes nothing.
    """

    __tablename__ = "story_version"
    __table_args__ = (
        UniqueConstraint("story_id", "number"),
        Index("ix_story_version_unsealed", "saved_at", sqlite_where=_UNSEALED, postgresql_where=_UNSEALED),
    )

    id: Mapped[PrimaryKey]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    number: Mapped[int] = mapped_column(Integer)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, active_history=True)
    folds: Mapped[int] = mapped_column(Integer, default=0)
    tab: Mapped[str] = mapped_column(String(32), default="")  # "" = saved by hand
    tab_step: Mapped[int] = mapped_column(Integer, default=0)
    note: Mapped[str] = mapped_column(String(300), default="")  # why this version
    title: Mapped[str] = mapped_column(String(200))
    lead: Mapped[str] = mapped_column(String(500), default="")
    words: Mapped[int] = mapped_column(Integer, default=0)
    source: Mapped[StorySource] = mapped_column(EnumText(StorySource), default=StorySource.OWN)
    source_note: Mapped[str] = mapped_column(String(200), default="")
    goal: Mapped[str] = mapped_column(String(300), default="")
    audience: Mapped[str] = mapped_column(String(300), default="")
    event_date: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[str] = mapped_column(String(300), default="")
    writer_credit: Mapped[str] = mapped_column(String(120), default="")
    kicker: Mapped[str] = mapped_column(String(120), default="")
    agenda: Mapped[str] = mapped_column(String(200), default="")
    dateline: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(300), default="")
    claim: Mapped[str] = mapped_column(Text, default="")
    claim_source: Mapped[str] = mapped_column(String(300), default="")
    fact_source: Mapped[str] = mapped_column(Text, default="")
    editor_credit: Mapped[str] = mapped_column(String(120), default="")
    digest: Mapped[str] = mapped_column(String(64))

    author: Mapped[User | None] = relationship()
    pictures: Mapped[list["StoryPicture"]] = relationship(order_by="StoryPicture.position")

    @property
    def is_running(self) -> bool:
        """Whether it is still its author's running autosave."""
        return self.sealed_at is None


class StoryBody(Base):
    """The cleaned HTML of a version."""

    __tablename__ = "story_body"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("story_version.id"), primary_key=True, autoincrement=False
    )
    html: Mapped[str] = mapped_column(Text)


class StoryPicture(Base):
    """A picture in a version, with credit, alternative text and caption as they were then. Position 0 is the cover."""

    __tablename__ = "story_picture"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("story_version.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    credit: Mapped[str] = mapped_column(String(120), default="")
    alt_text: Mapped[str] = mapped_column(String(1000), default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    in_text: Mapped[bool] = mapped_column(
        Boolean, default=False
    )  # stands within the body, not only beside it

    asset: Mapped[Asset] = relationship(lazy="joined", innerjoin=True)
