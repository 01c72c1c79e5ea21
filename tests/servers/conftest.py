"""Real servers for the tests of this folder, each started once a run and only when a test asks for it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from humasflow.accounts.models import User
from tests.factories.world import World
from tests.servers.mastodon.server import Mastodon, mastodon_running
from tests.servers.office import Office
from tests.servers.pds.server import Pds, pds_running
from tests.servers.wordpress.server import WordPress, wordpress_running
from tests.support.page import Browser


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything here needs servers, and runs only where they are asked for."""
    asked = "channels" in (config.option.markexpr or "")
    for item in items:
        if "tests/servers" in item.path.as_posix():
            item.add_marker("channels")
            if not asked:
                item.add_marker(pytest.mark.skip(reason="real servers: make test-channels"))


@pytest.fixture(scope="session")
def wordpress() -> Iterator[WordPress]:
    """A real WordPress."""
    with wordpress_running() as server:
        yield server


@pytest.fixture(scope="session")
def pds() -> Iterator[Pds]:
    """A real personal data server of Bluesky's network."""
    with pds_running() as server:
        yield server


@pytest.fixture(scope="session")
def mastodon() -> Iterator[Mastodon]:
    """A server that speaks Mastodon's API."""
    with mastodon_running() as server:
        yield server


@pytest.fixture
def reachable(app: Flask) -> Any:
    """``reachable(port, …)``: the product may talk to these ports of this computer."""

    def allow(*ports: int) -> None:
        hosts = [f"{host}:{port}" for port in ports for host in ("127.0.0.1", "localhost")]
        app.config["OUTBOUND_PRIVATE_HOSTS"] = (*app.config["OUTBOUND_PRIVATE_HOSTS"], *hosts)

    return allow


@pytest.fixture
def office(app: Flask, world: World, in_request: None, browser_of: Callable[[User], Browser]) -> Office:
    """An office with a worker; its accounts are still to be connected."""
    return Office(world, browser_of)
