"""Files as they are kept, what only editors know about them, and what they look like."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.fulltext.indexing import index_words
from humasflow.media.enums import AssetKind, BlockReason

MIDDLE = 500  # per mille of a side


class Asset(Versioned, Base):
    """A picture, video or PDF as we keep it. Its bytes never change; it is only described.

    A picture is re-encoded without metadata in three sizes. A video or PDF is kept as it is (a video without the
    places its camera wrote into it); ``medium_key`` and ``thumb_key`` are its poster and empty while it has none.
    ``width`` and ``height`` are those of the picture, the video, or the PDF's poster; 0 when unknown.
    """

    __tablename__ = "asset"
    __table_args__ = (
        Index("ix_asset_office_id_created_at", "office_id", "created_at", "id"),
        CheckConstraint("focal_x BETWEEN 0 AND 1000 AND focal_y BETWEEN 0 AND 1000", name="focal_point"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[AssetKind] = mapped_column(EnumText(AssetKind), default=AssetKind.IMAGE)
    filename: Mapped[str] = mapped_column(String(200))  # as the person's file was called
    original_key: Mapped[str] = mapped_column(String(120))
    medium_key: Mapped[str] = mapped_column(String(120))
    thumb_key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))  # of the stored original
    source_sha256: Mapped[str] = mapped_column(String(64), index=True)  # of the bytes received
    look: Mapped[str] = mapped_column(String(16), default="")  # 64 bits that similar pictures share, in hex
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    duration_ms: Mapped[int | None] = mapped_column(Integer)  # of a video
    page_count: Mapped[int | None] = mapped_column(Integer)  # of a PDF
    size: Mapped[int] = mapped_column(Id)  # bytes of the stored original
    colour: Mapped[str] = mapped_column(String(7))
    credit: Mapped[str] = mapped_column(String(120), default="")
    alt_text: Mapped[str] = mapped_column(String(1000), default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    # What crops are made around: per mille from the left and from the top.
    focal_x: Mapped[int] = mapped_column(Integer, default=MIDDLE)
    focal_y: Mapped[int] = mapped_column(Integer, default=MIDDLE)
    shows_child: Mapped[bool] = mapped_column(default=False)
    faces_blurred_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    faces_blurred_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    blocked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    blocked_reason: Mapped[BlockReason | None] = mapped_column(EnumText(BlockReason))
    # A consent's document: names and signatures, so only those who may edit the picture see it.
    is_restricted: Mapped[bool] = mapped_column(default=False)
    same_as_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset.id"), index=True
    )  # put aside for that one
    # Another office's, which handed it over; what people in it agree to there holds here.
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)

    @property
    def is_image(self) -> bool:
        """Whether stories and publications can show it as a picture."""
        return self.kind is AssetKind.IMAGE

    @property
    def has_poster(self) -> bool:
        """Whether there is something to look at."""
        return bool(self.thumb_key)


class AssetFacts(Base):
    """What the camera wrote into the file. Private: shown to those who may edit the file, never served with it."""

    __tablename__ = "asset_facts"

    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    captured_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    zone_assumed: Mapped[bool] = mapped_column(
        default=False
    )  # the file named no zone, so the office's was taken
    latitude: Mapped[float | None] = mapped_column(Float)  # degrees, WGS 84
    longitude: Mapped[float | None] = mapped_column(Float)
    camera: Mapped[str] = mapped_column(String(120), default="")

    @property
    def has_place(self) -> bool:
        """Whether the camera knew where it was."""
        return self.latitude is not None and self.longitude is not None


class AssetBand(Base):
    """A seventh of a picture's look. Two looks that differ in at most six bits share at least one band."""

    __tablename__ = "asset_band"
    __table_args__ = (Index("ix_asset_band_office_id_slot", "office_id", "slot", "asset_id"),)

    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False
    )  # band × 1024 + its bits
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


# What is searched.
ASSET_WORDS = index_words(Asset, "filename", "alt_text", "caption", "credit")
