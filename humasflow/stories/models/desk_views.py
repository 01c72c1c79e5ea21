"""What people keep of the desk: saved views, the view a person begins with, and the answers of bulk actions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.stories.enums import BulkAction, ViewPlace


class DeskView(Versioned, Base):
    """Tampilan tersimpan: the filters of the desk or of the calendar under a name. Its owner's, or the office's.

    ``query`` is the address's own query in one fixed order, so that the view that is open can be told from it alone.
    """

    __tablename__ = "desk_view"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="view_has_name"),
        Index("ix_desk_view_office", "office_id", "place", "owner_id", "id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    place: Mapped[ViewPlace] = mapped_column(EnumText(ViewPlace), default=ViewPlace.DESK)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    is_shared: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # can be taken back

    owner: Mapped[User] = relationship()


class DeskDefault(Base):
    """The view with which the desk or the calendar opens for a person in an office."""

    __tablename__ = "desk_default"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    place: Mapped[ViewPlace] = mapped_column(EnumText(ViewPlace), primary_key=True, default=ViewPlace.DESK)
    view_id: Mapped[int] = mapped_column(ForeignKey("desk_view.id"), index=True)


class BulkRun(Base):
    """What became of each story of one bulk action. Kept for a while, so that the answer can be read again.

    ``lines``: ``[{"story_id": 12, "done": false, "said": "…"}]`` in the order of the selection, in the language of
    the person who acted. The record of what was done is the audit; this is only its answer.
    """

    __tablename__ = "bulk_run"
    __table_args__ = (Index("ix_bulk_run_actor", "actor_id", "id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    action: Mapped[BulkAction] = mapped_column(EnumText(BulkAction))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
