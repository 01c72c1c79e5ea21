"""A sealed version never changes: not by a service with a mistake in it, not by a statement typed into the database.

The session refuses first, with a traceback that names the culprit; triggers stand behind it for everything else. Rows
may still be deleted as a whole, which only wiping the sample office does.
"""

from typing import Any

from sqlalchemy import Connection, Table, event, inspect
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session

from humasflow.core.db import db
from humasflow.stories.models.story import StoryBody, StoryPicture, StoryVersion

_TABLES = (StoryVersion.__tablename__, StoryBody.__tablename__, StoryPicture.__tablename__)


class SealedVersion(Exception):
    """Something tried to change a version that was sealed: a fault in the product, never a person's."""


def _sealed(version: StoryVersion | None) -> bool:
    """Whether a version is sealed in the database, whatever the pending change says."""
    if version is None:
        return False
    state: InstanceState[Any] = inspect(version)
    if state.transient or state.pending:
        return False
    history = state.attrs.sealed_at.history
    before = history.deleted[0] if history.deleted else version.sealed_at
    return before is not None


def _refuse(session: Session, _context: object, _instances: object) -> None:
    for thing in (*session.dirty, *session.deleted, *session.new):
        if isinstance(thing, StoryVersion):
            changed = session.is_modified(thing, include_collections=False) or thing in session.deleted
            if changed and _sealed(thing):
                raise SealedVersion(f"version {thing.id} is sealed")
        elif isinstance(thing, StoryBody | StoryPicture):
            if thing in session.dirty and not session.is_modified(thing):
                continue
            if isinstance(thing, StoryBody) and thing in session.new:
                continue  # the body of a version that is being made; a second one breaks the primary key
            version_id: int | None = (
                thing.version_id
            )  # a picture of a version that is being made has none yet
            if version_id is not None and _sealed(session.get(StoryVersion, version_id)):
                raise SealedVersion(f"version {version_id} is sealed")


def _refuse_bulk(state: ORMExecuteState) -> None:
    if not state.is_update:
        return
    table = getattr(getattr(state.statement, "table", None), "name", "")
    if table in _TABLES and not state.execution_options.get("only_unsealed", False):
        raise SealedVersion(f"{table} is not updated in bulk")


event.listen(db.session, "before_flush", _refuse)
event.listen(db.session, "do_orm_execute", _refuse_bulk)


# The same in the database. The migration calls `create_guards`, and `create_all` in the tests does.
_OF_VERSION = "OLD.sealed_at IS NOT NULL"
_OF_PART = "EXISTS (SELECT 1 FROM story_version v WHERE v.id = OLD.version_id AND v.sealed_at IS NOT NULL)"
_GUARDED = {"story_version": _OF_VERSION, "story_body": _OF_PART, "story_picture": _OF_PART}
_SAID = "a sealed version never changes"


def create_guards(connection: Connection, table: str) -> None:
    """Make the trigger of ``story_version``, ``story_body`` or ``story_picture``, which exist. A batch migration on
    SQLite makes the table anew and has to call this again.
    """
    condition = _GUARDED[table]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_sealed BEFORE UPDATE ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION refuse_sealed_{table}() RETURNS trigger AS $$ "
        f"BEGIN IF {condition} THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN NEW; END; $$ LANGUAGE plpgsql"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_sealed BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_sealed_{table}()"
    )


def drop_guards(connection: Connection, table: str) -> None:
    """Take the trigger away again. Nothing happens when it is not there."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_sealed")
        return
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_sealed ON {table}")
    connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS refuse_sealed_{table}()")


def _after_create(table: Table, connection: Connection, **_more: Any) -> None:
    create_guards(connection, table.name)


for _model in (StoryVersion, StoryBody, StoryPicture):
    event.listen(_model.__table__, "after_create", _after_create)
