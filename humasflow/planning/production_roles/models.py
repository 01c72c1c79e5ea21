"""What an office calls the parts that people play in making a story."""

from sqlalchemy import Boolean, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, PrimaryKey, Versioned


class ProductionRole(Versioned, Base):
    """Peran produksi: seeded from the bundled list. ``code`` is stable, ``label`` may change."""

    __tablename__ = "production_role"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    hint: Mapped[str] = mapped_column(String(300), default="")  # what is expected of whoever has this role
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
