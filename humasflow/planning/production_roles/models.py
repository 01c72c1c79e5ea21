"""What an office calls the parts that people play in making a story."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base
from humasflow.planning.offered import Offered


class ProductionRole(Offered, Base):
    """Peran produksi: seeded from the bundled list. ``code`` is stable, ``label`` may change."""

    __tablename__ = "production_role"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    hint: Mapped[str] = mapped_column(String(300), default="")  # what is expected of whoever has this role

    @property
    def called(self) -> str:
        """Its name, for people."""
        return self.label
