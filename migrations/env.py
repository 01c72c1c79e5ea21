"""Alembic's environment: one chain for SQLite and PostgreSQL."""

from alembic import context
from flask import current_app

from humasflow.core.db import Base, EnumText, ExactDecimal, UTCDateTime, db
from humasflow.core.fulltext import indexing
from humasflow.stories.models.search import is_of_the_index

config = context.config


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as plain ones, so that a migration stays readable and never changes with the code."""
    if kind == "type":
        if isinstance(item, UTCDateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(item, EnumText):
            return "sa.String(40)"
        if isinstance(item, ExactDecimal):
            return 'sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql")'
    return False


def include_object(_object: object, name: str | None, kind: str, *_more: object) -> bool:
    """The searches' indexes stand in the database and in no model; whoever makes their tables makes them."""
    return not is_of_the_index(name, kind) and not indexing.is_of_an_index(name)


def run() -> None:
    """Run within the application's engine; SQLite tables are rebuilt in batches with foreign keys switched off."""
    engine = db.engine
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            include_object=include_object,
            transaction_per_migration=False,
        )
        context.run_migrations()
        indexing.mend(connection)
        connection.commit()


if context.is_offline_mode():
    raise SystemExit(f"{current_app.name} migrates a live database only")
run()
