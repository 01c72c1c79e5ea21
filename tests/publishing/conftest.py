"""What the tests of publishing stand on."""

import pytest

from tests.factories.world import World
from tests.publishing.desk import NewsDesk, heard

__all__ = ["heard"]


@pytest.fixture
def desk(world: World, in_request: None) -> NewsDesk:
    return NewsDesk(world)
