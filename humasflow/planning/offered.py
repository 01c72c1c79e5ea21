"""What people choose from while they work: rows of an office's own list, in its own order, never deleted."""

from abc import abstractmethod

from sqlalchemy import Boolean, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import PrimaryKey, Versioned


class Offered(Versioned):
    """A row that is offered as long as it is active. What carries it keeps it when it no longer is."""

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)

    @property
    @abstractmethod
    def called(self) -> str:
        """Its name, for people."""
