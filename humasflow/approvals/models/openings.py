"""That somebody who is asked has seen what is asked of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, UTCDateTime


class PackageOpening(Base):
    """When a person whom a step asks first saw the package's page. Of nobody else, and no later time: whoever waits for
    an answer has to know that the question arrived, not how often it is looked at.
    """

    __tablename__ = "package_opening"
    __table_args__ = (
        ForeignKeyConstraint(
            ["package_id", "position"], ["package_step.package_id", "package_step.position"]
        ),
    )

    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
