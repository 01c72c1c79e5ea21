"""Many accounts of one office."""

from humasflow.channels import services as channels
from humasflow.channels.models import ChannelAccount
from tests.factories.world import World


def outlets(world: World, count: int) -> list[ChannelAccount]:
    """So many more accounts of the kind of the world's Facebook page."""
    return [
        channels.create_account(
            world.office.id,
            actor=None,
            kind=world.facebook.kind,
            name=f"Kanal {number}",
            handle=f"kanal{number}",
        )
        for number in range(count)
    ]
