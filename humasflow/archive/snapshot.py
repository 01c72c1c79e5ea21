"""One moment of the whole database, to read for as long as it takes while everybody goes on writing.

PostgreSQL gives every reader a snapshot. On SQLite a long reader would keep writers from finishing, so the database is
copied first, which holds them up for as long as the disk needs, and the copy is read.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from humasflow.core.db import db
from humasflow.media.storage import StorageFull


@contextmanager
def one_moment(folder: Path) -> Iterator[Connection]:
    """A connection that sees the database as it is now; ``folder`` takes the copy, which is gone afterwards. Ends the
    session's transaction. Raises StorageFull.
    """
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            yield connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True, stream_results=True
            )
        return
    path = folder / "moment.db"
    path.unlink(missing_ok=True)
    try:
        _copy(path)
        engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        with engine.connect() as connection:
            yield connection
    finally:
        for leftover in folder.glob("moment.db*"):
            leftover.unlink(missing_ok=True)


def _copy(path: Path) -> None:
    source = db.engine.raw_connection()
    try:
        driver = source.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError("SQLite is talked to through sqlite3")
        with closing(sqlite3.connect(path)) as target:
            path.chmod(0o600)
            driver.backup(target)
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise StorageFull from error
        raise
    finally:
        source.close()
