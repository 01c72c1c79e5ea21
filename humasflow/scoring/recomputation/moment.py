"""One state of the database to compare with itself, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from humasflow.core.db import db, is_read_only, set_read_only


@contextmanager
def at_one_moment() -> Iterator[None]:
    """Everything that is read within it is as it was at its beginning, however much is written meanwhile. Where readers
    keep writers waiting (SQLite), each office has a moment of its own instead, and they wait for one office at most.
    Ends the transaction before it and its own.
    """
    db.session.rollback()
    was_read_only = is_read_only()
    set_read_only(True)
    try:
        if db.engine.dialect.name == "postgresql":
            db.session.connection(
                execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            )
        yield
    finally:
        db.session.rollback()
        set_read_only(was_read_only)


def let_writers_in() -> None:
    """Where something is complete by itself: see :func:`at_one_moment`. Nothing outside of it."""
    if is_read_only() and db.engine.dialect.name == "sqlite":
        db.session.rollback()
