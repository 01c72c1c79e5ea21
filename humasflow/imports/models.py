"""Files that are being imported, their rows, and which heading of an office is which column."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.base import Outcome


class ImportBatch(Versioned, Base):
    """One file on its way in. ``file_key``: where its bytes are kept until it is imported or thrown away.

    ``heading_line``/``heading_lines``: the first line of the headings and how many there are; ``headings``: their words
    by place; ``mapping``: column key → place; ``defaults``: column key → text for empty cells; ``words``: column key →
    what the file says in lower case → what is meant by it in every row; ``cursor``: the line that the job at hand has
    done; ``done`` of ``total`` rows. ``error`` is a sentence for people.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        Index("ix_import_batch_office", "office_id", "id"),
        Index("ix_import_batch_state", "state"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(40))
    created_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    file_name: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str] = mapped_column(String(100), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    sheets: Mapped[list[str]] = mapped_column(JSON, default=list)
    sheet: Mapped[str] = mapped_column(String(120), default="")
    heading_line: Mapped[int] = mapped_column(Integer, default=0)
    heading_lines: Mapped[int] = mapped_column(Integer, default=1)
    headings: Mapped[list[str]] = mapped_column(JSON, default=list)
    mapping: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    defaults: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    options: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    all_or_nothing: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[BatchState] = mapped_column(EnumText(BatchState), default=BatchState.UPLOADED)
    failed_at: Mapped[BatchState | None] = mapped_column(EnumText(BatchState))
    cursor: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    note: Mapped[str] = mapped_column(String(500), default="")  # what a person should know of the reading
    error: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    creator: Mapped[User] = relationship()

    @property
    def first_line(self) -> int:
        """The first line below the headings."""
        return self.heading_line + self.heading_lines if self.heading_line else 1


class ImportRow(Base):
    """One line of the file. ``cells``: texts by place; ``edits``: what a person wrote instead, by column key;
    ``findings``: ``[column, severity, message]``; ``same_as``: a digest of what makes two rows the same thing, and
    ``same_line`` the first line that has it; ``undo``: what taking it back needs to know.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        Index("ix_import_row_bad", "batch_id", "is_bad", "line"),
        Index("ix_import_row_same", "batch_id", "same_as", "line"),
        Index("ix_import_row_outcome", "batch_id", "outcome", "line"),
    )

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    line: Mapped[int] = mapped_column(Integer)
    cells: Mapped[list[str]] = mapped_column(JSON)
    edits: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    findings: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    is_bad: Mapped[bool] = mapped_column(Boolean, default=False)
    same_as: Mapped[str] = mapped_column(String(40), default="")
    same_line: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[Outcome | None] = mapped_column(EnumText(Outcome))
    reason: Mapped[str] = mapped_column(String(300), default="")
    is_undone: Mapped[bool] = mapped_column(Boolean, default=False)
    subject_type: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None] = mapped_column(Id)
    undo: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class HeadingMemory(Base):
    """Which column an office meant by a heading the last time; an empty one: it is left out."""

    __tablename__ = "import_heading"
    __table_args__ = (UniqueConstraint("office_id", "kind", "heading"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(40))
    heading: Mapped[str] = mapped_column(String(120))  # in lower case, without punctuation
    column: Mapped[str] = mapped_column(String(60))
