"""The database: typed declarative base, the session, column types and the SQLite settings.

SQLite settings follow what was measured for reliability: ``BEGIN IMMEDIATE`` for every unit of work that may write,
``synchronous=FULL``, foreign keys on, a 30 s busy timeout, and write-ahead logging only on versions without the
WAL-reset bug (fixed in 3.51.3, 3.50.7 and 3.44.6); otherwise the rollback journal.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Numeric,
    Select,
    String,
    Table,
    bindparam,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    RelationshipDirection,
    declared_attr,
    lazyload,
    mapped_column,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from humasflow.core import clock

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every model's base. Plain SQLAlchemy, so that the models are typed and need no application to be imported."""

    metadata = MetaData(naming_convention=NAMING)


# BIGINT on PostgreSQL; INTEGER on SQLite, where only INTEGER PRIMARY KEY is an alias of the row id.
Id = BigInteger().with_variant(Integer(), "sqlite")
PrimaryKey = Annotated[int, mapped_column(Id, primary_key=True)]


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Accepts aware values only, stores UTC, returns aware UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: a naive time is a wrong time in one of three zones."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to an UTC column")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number stored as text on SQLite and NUMERIC on PostgreSQL: never through a float."""

    impl = String(40)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """NUMERIC where the database has exact decimals."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(18, 6))
        return dialect.type_descriptor(String(40))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Decimal in."""
        if value is None or dialect.name == "postgresql":
            return value
        return format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Decimal out, without trailing zeros, so that both databases print the same."""
        if value is None:
            return None
        number = Decimal(value)
        return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


E = TypeVar("E", bound=StrEnum)


class EnumText(TypeDecorator[E]):
    """A StrEnum stored as its text, so that adding a member needs no migration of a database type."""

    impl = String(40)
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        """Only members of the enum reach the database."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Give back the member."""
        return None if value is None else self.enum(value)


class Versioned:
    """Optimistic locking for what two people can edit: a stale save raises ``StaleDataError``."""

    row_version: Mapped[int] = mapped_column(Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """SQLAlchemy raises the number with each UPDATE and checks it in the WHERE clause."""
        return {"version_id_col": cls.row_version}


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

# Reads on SQLite start deferred, so that they never wait for a writer; everything else takes the write lock at once.
_read_only: ContextVar[bool] = ContextVar("read_only", default=False)


def set_read_only(value: bool) -> None:
    """Mark the current context (a request) as one that only reads."""
    _read_only.set(value)


def is_read_only() -> bool:
    """Whether the current context only reads."""
    return _read_only.get()


def sqlite_journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """``wal`` where the WAL-reset corruption bug is fixed, else ``delete``. Source: SQLite release notes 3.51.3."""
    fixed = version >= (3, 51, 3) or (
        version[:2] in {(3, 50), (3, 44)} and version[2] >= {50: 7, 44: 6}[version[1]]
    )
    return "wal" if fixed else "delete"


def configure_engine(engine: Engine) -> None:
    """Attach the per-connection settings to an engine."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: DBAPIConnection, _record: Any) -> None:
        # The driver's own transaction handling is switched off: BEGIN is ours (below).
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 30000")
        cursor.execute(f"PRAGMA journal_mode = {sqlite_journal_mode()}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if _read_only.get() else "BEGIN IMMEDIATE")


def lock(thing: Base, *, referable: bool = False) -> None:
    """Wait for whoever is changing this row, then see what they did. Flushes; held until the transaction ends. One
    statement: what the row belongs to is read again only where it belongs to something else now. ``referable``: others
    may write rows that name it meanwhile, as they may while it is being updated.

    Nothing is joined: PostgreSQL refuses to lock the outer side of the joins that loading may add.
    """
    db.session.flush()
    mapper = inspect(thing).mapper
    known = inspect(thing).dict
    single = [r.key for r in mapper.relationships if r.direction is RelationshipDirection.MANYTOONE]
    kept = {name: known[name] for name in single if known.get(name) is not None}
    key = {f"key_{n}": value for n, value in enumerate(mapper.primary_key_from_instance(thing))}
    db.session.execute(_locking(mapper.class_, referable=referable), key).scalar_one()
    for name in kept:  # while they are held here, the session finds them without asking
        getattr(thing, name)


@cache
def _locking(class_: type[Base], *, referable: bool) -> Select[Any]:
    """The statement of :func:`lock`, made once a class; the parts of the primary key are numbered."""
    key = (column == bindparam(f"key_{n}") for n, column in enumerate(inspect(class_).primary_key))
    statement = select(class_).where(*key).options(lazyload("*"))
    return statement.with_for_update(of=class_, key_share=referable).execution_options(populate_existing=True)


def database_now() -> datetime:
    """The database's clock: what every process and machine agrees on. SQLite lives on one host, whose clock it is."""
    if db.session.get_bind().dialect.name == "postgresql":
        told: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
        return told.astimezone(UTC) + clock.offset()
    return clock.now()


def init_db(app: Flask) -> None:
    """Bind the session to the application and settle each engine's settings."""
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            configure_engine(engine)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for writing many rows past the session: nothing of them is kept in memory."""
    return cast(Table, model.__table__)


def insert_many(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write rows past the session and return their ids, in the same order. The columns' own defaults fill the rest."""
    table = table_of(model)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))
