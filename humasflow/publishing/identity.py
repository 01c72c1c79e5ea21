"""As whom a publication was made: what another identity's channel says or can do has nothing to do with it."""

from humasflow.channels.connections.policy import identity_of
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.models import ChannelAccount
from humasflow.publishing.models import Delivery


def present_identity(account: ChannelAccount) -> str:
    """As whom the account is connected now: adapter, server and name there; empty where nobody has to be let in."""
    connection = get_connection_of(account.id)
    return identity_of(connection) if connection is not None else ""


def is_anothers(delivery: Delivery) -> bool:
    """Whether the account has been connected as somebody else, or disconnected, since the delivery began. False for
    what began before this was kept.
    """
    return bool(delivery.identity) and delivery.identity != present_identity(delivery.account)
