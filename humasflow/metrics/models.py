"""Counts of readers: a number a story and local day, nothing about the reader."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base


class ReaderCount(Base):
    """How often a story was read in the own newsroom on one local date."""

    __tablename__ = "reader_count"

    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True, autoincrement=False)
    local_date: Mapped[date] = mapped_column(Date, primary_key=True)
    readers: Mapped[int] = mapped_column(Integer, default=0)
