"""Fixtures for every test: an application on a database of its own, an office, a browser, a clock."""

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import Dialect, Engine, create_engine, event, make_url, text

from config import base_config
from humasflow import create_app, registry
from humasflow.core import clock
from humasflow.core.db import Base, db
from tests.factories.world import World, build_world, ids_of, world_from
from tests.support.page import Browser

# The same examples at every run, so that a red run can be repeated; the long batteries look for new ones.
# How long examples take to draw says more about what else the machine does than about them.
UNTIMED = [HealthCheck.too_slow]
settings.register_profile("repeatable", derandomize=True, suppress_health_check=UNTIMED)
settings.register_profile("searching", derandomize=False, suppress_health_check=UNTIMED)
settings.load_profile("searching" if os.environ.get("HUMASFLOW_TEST_DEEP") else "repeatable")

ON_POSTGRES = os.environ.get("HUMASFLOW_TEST_DB") == "postgresql"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests and modules are made here, all of which stay: nothing is gained by looking for garbage among
    them, now or during any test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@dataclass(frozen=True)
class Templates:
    """Two databases to copy: one empty, one with an office; and the server they live on (PostgreSQL)."""

    empty: str
    with_world: str
    ids: dict[str, Any]
    other_ids: dict[str, Any]
    server: str


def settings_for(url: str, data: Path) -> dict[str, Any]:
    """The settings of a test. CSRF is off here and on in the tests about it."""
    return base_config(data, ["uji-coba-rahasia"], url) | {
        "TESTING": True,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "SERVER_NAME": "localhost",
        "PUBLIC_URL": "http://localhost",
        "PROPAGATE_EXCEPTIONS": True,
        "OUTBOX_POLL_SECONDS": 0.2,
        "QUIET_HOURS": None,  # what a test sees must not depend on when it runs
    }


def make_app(url: str, data: Path, **settings: Any) -> Flask:
    """An application of its own, for tests that need other settings at its making, or two of them."""
    return create_app(settings_for(url, data) | settings)


class SharedApp:
    """The one application of a test process: hundreds of routes, templates and statements are compiled once, not for
    each test. Each test gets it with its own database, folder and untouched settings, handlers and memory.
    """

    def __init__(self) -> None:
        self._app: Flask | None = None
        self._config: dict[str, Any] = {}
        self._extensions: frozenset[str] = frozenset()
        self._url = make_url("sqlite://")

    def on(self, url: str, data: Path) -> Flask:
        """The application on another database."""
        self._url = make_url(url)
        if self._app is None:
            self._app = app = make_app(url, data)
            self._config, self._extensions = dict(app.config), frozenset(app.extensions)
            with app.app_context():
                event.listen(db.engine, "do_connect", self._connect)
                if not ON_POSTGRES:
                    event.listen(db.engine, "connect", _without_waiting)
            return app
        app = self._app
        app.config.clear()
        app.config.update(self._config | settings_for(url, data))
        for name in (
            set(app.extensions) - self._extensions
        ):  # what the product remembers about an installation
            del app.extensions[name]
        registry.bind()
        return app

    def _connect(self, dialect: Dialect, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        """The engine connects to this test's database; what it compiled for others stays good."""
        args[:], wanted = dialect.create_connect_args(self._url)
        named.update(wanted)


def _without_waiting(connection: Any, _record: Any) -> None:
    """Speed over durability, as on PostgreSQL: a commit does not wait for the disk. Transactions, locks and what other
    processes see stay as they are; only the machine's own crash could lose something."""
    connection.execute("PRAGMA synchronous = OFF").close()


shared_app = SharedApp()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Build the databases once a test process."""
    root = tmp_path_factory.mktemp("templates")
    server = ""
    if ON_POSTGRES:
        from tests.support.postgres import create_database, start_postgres, stop_postgres

        server = start_postgres()
        empty, full = create_database(server), create_database(server)
    else:
        empty, full = f"sqlite:///{root / 'empty.db'}", f"sqlite:///{root / 'world.db'}"
    ids: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for url in (empty, full):
        app = make_app(url, root)
        with app.app_context(), app.test_request_context():
            Base.metadata.create_all(db.engine)
            if url == full:
                ids = ids_of(build_world())
                other = ids_of(build_world(slug="kantor-lain", name="Kantor Lain", timezone="Asia/Jayapura"))
                db.session.commit()
            db.session.remove()
            db.engine.dispose()
    yield Templates(empty, full, ids, other, server)
    if ON_POSTGRES:
        stop_postgres(server)


@pytest.fixture(scope="session")
def databases(templates: Templates) -> Iterator[Engine | None]:
    """Makes and drops databases (PostgreSQL) over one connection: a new one would read the catalogue anew."""
    if not ON_POSTGRES:
        yield None
        return
    engine = create_engine(templates.server, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture
def database_url(
    templates: Templates, databases: Engine | None, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A fresh copy of the database with an office (or the empty one, for tests marked by ``empty_database``)."""
    source = templates.empty if "empty_database" in request.fixturenames else templates.with_world
    if databases is None:
        target = tmp_path / "test.db"
        shutil.copyfile(source.removeprefix("sqlite:///"), target)
        yield f"sqlite:///{target}"
        return
    name = f"t_{uuid.uuid4().hex[:12]}"
    base, _, query = templates.server.partition("?")
    prefix = base.rsplit("/", 1)[0]
    origin = source.partition("?")[0].rsplit("/", 1)[1]
    with databases.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"'))
    yield f"{prefix}/{name}" + (f"?{query}" if query else "")
    with databases.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@pytest.fixture
def empty_database() -> None:
    """Ask for a database without any office."""


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application with its context pushed."""
    application = shared_app.on(database_url, tmp_path)
    with application.app_context():
        yield application
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def in_request(app: Flask) -> Iterator[None]:
    """A request around the test, for what asks for a language or makes addresses."""
    with app.test_request_context():
        yield


@pytest.fixture
def world(app: Flask, templates: Templates) -> World:
    """The office of the test, read from this test's database."""
    return world_from(templates.ids)


@pytest.fixture
def other_world(app: Flask, templates: Templates) -> World:
    """Another office, in WIT, in the same database."""
    return world_from(templates.other_ids)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser with nobody signed in."""
    return Browser(app)


@pytest.fixture
def browser_of(app: Flask) -> Callable[[Any], Browser]:
    """``browser_of(world.editor)``: that person's browser."""
    return lambda user: Browser(app).sign_in(user)


@pytest.fixture
def at() -> Iterator[Callable[[str], AbstractContextManager[None]]]:
    """``with at("2026-03-31T15:30Z"): …`` moves the product's clock."""

    def move(instant: str) -> AbstractContextManager[None]:
        return clock.moved_to(datetime.fromisoformat(instant).astimezone(UTC))

    return move


class QueryCount:
    """Statements since the last reset."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)

    def reset(self) -> None:
        """Start over."""
        self.statements.clear()


@pytest.fixture
def statements(app: Flask) -> Iterator[QueryCount]:
    """Counts SQL statements (without BEGIN and savepoints)."""
    count = QueryCount()

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if statement.split(maxsplit=1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            count.statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield count
    event.remove(db.engine, "before_cursor_execute", note)
