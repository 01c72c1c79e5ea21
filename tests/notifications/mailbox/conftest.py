"""A mailbox on a real server."""

from collections.abc import Iterator

import pytest

from tests.notifications.mailbox.server import Mailbox, mailbox_server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """An empty mailbox, for this test only."""
    with mailbox_server() as running:
        yield running
