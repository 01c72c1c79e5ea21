"""What an edit does to an approval, as an office decided."""

from sqlalchemy import JSON, Boolean, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, Versioned


class EditPolicy(Versioned, Base):
    """Without a row, or with ``only_marked`` off, any edit voids the approval. ``marked`` are values of ``EditField``.

    It stands below approvals because the story's own editor says the consequence before saving.
    """

    __tablename__ = "edit_policy"

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    only_marked: Mapped[bool] = mapped_column(Boolean, default=False)
    marked: Mapped[list[str]] = mapped_column(JSON, default=list)
