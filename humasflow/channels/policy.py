"""What an account accepts: the bundled platform's limits, as edited for the office, as overridden for the account."""

from humasflow.channels.adapters.base import Counter, Limits
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.channels.presets.loader import UnknownPlatform, get_platform, with_overrides


def bundled_limits(kind: ChannelKind) -> Limits:
    """What comes with the product for a kind of channel, before the office changed anything."""
    try:
        return get_platform(kind.code).limits
    except UnknownPlatform:
        return Limits(counter=Counter(kind.counter))


def limits_of_kind(kind: ChannelKind) -> Limits:
    """The office's limits for a kind of channel."""
    return with_overrides(bundled_limits(kind), kind.limits)


def limits_of(account: ChannelAccount) -> Limits:
    """The limits in force for an account."""
    return with_overrides(limits_of_kind(account.kind), account.limits)
