"""A kind of job that tests can look into."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from humasflow.outbox import handling


class Kinds:
    """Bind handlers for a test."""

    def __call__(self, **handlers: Callable[[str], None]) -> None:
        handling._handlers.update({name.replace("_", "."): run for name, run in handlers.items()})


@pytest.fixture
def kinds(app: Flask) -> Iterator[Kinds]:
    before = dict(handling._handlers)
    yield Kinds()
    handling.bind(before)
