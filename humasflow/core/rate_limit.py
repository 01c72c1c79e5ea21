"""How often something may be tried. Counts live in the database, so that all processes share them.

Keys are keyed hashes: neither an e-mail address nor a network address is stored.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Integer, String, delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core import clock
from humasflow.core.db import Base, UTCDateTime, db
from humasflow.core.secrets import keyed_hash


class RateWindow(Base):
    """How many times one key was counted in one window of time."""

    __tablename__ = "rate_window"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)


def _window(seconds: int) -> datetime:
    moment = int(clock.now().timestamp())
    return datetime.fromtimestamp(moment - moment % seconds, UTC)


def count(purpose: str, value: str, *, per_seconds: int) -> int:
    """Count one more try and return the number within the present window. Flushes."""
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    statement = insert(RateWindow).values(
        key=keyed_hash(value, purpose=purpose), starts_at=_window(per_seconds), count=1
    )
    counted = statement.on_conflict_do_update(
        index_elements=[RateWindow.key, RateWindow.starts_at], set_={"count": RateWindow.count + 1}
    ).returning(RateWindow.count)
    return int(db.session.execute(counted).scalar_one())


def seen(purpose: str, value: str, *, per_seconds: int) -> int:
    """The number within the present window, without counting."""
    key = keyed_hash(value, purpose=purpose)
    found = db.session.scalar(
        select(RateWindow.count).where(RateWindow.key == key, RateWindow.starts_at == _window(per_seconds))
    )
    return int(found or 0)


def prune() -> int:
    """Forget windows that ended more than a day ago. Returns how many."""
    result = db.session.execute(
        delete(RateWindow).where(RateWindow.starts_at < clock.now() - timedelta(days=1))
    )
    return int(getattr(result, "rowcount", 0))
