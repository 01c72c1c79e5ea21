"""What every test of approvals stands on."""

import pytest

from tests.approvals.desk import Desk
from tests.factories.world import World


@pytest.fixture
def desk(world: World, in_request: None) -> Desk:
    return Desk(world)
