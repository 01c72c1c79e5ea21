"""What an account accepts: the bundled platform's limits, as edited for the office, as overridden for the account."""

from humasflow.channels.adapters.base import Counter, Limits
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.channels.presets.loader import UnknownPlatform, get_platform, with_overrides


def limits_of_kind(kind: ChannelKind) -> Limits:
    """The office's limits for a kind of channel."""
    try:
        base = get_platform(kind.code).limits
    except UnknownPlatform:
        base = Limits(counter=Counter(kind.counter))
    return with_overrides(base, kind.limits)


def limits_of(account: ChannelAccount) -> Limits:
    """The limits in force for an account."""
    return with_overrides(limits_of_kind(account.kind), account.limits)
