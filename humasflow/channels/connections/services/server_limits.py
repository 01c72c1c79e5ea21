"""Limits that a server tells of itself: followed down and up, while what the office narrowed by itself stays."""

from collections.abc import Mapping
from typing import Any, Final

from humasflow.channels import policy as channels
from humasflow.channels.models import ChannelAccount
from humasflow.channels.presets.loader import LIMIT_FIELDS

TOLD: Final = "limits_told"  # the setting of a connection that remembers which limits are the server's


def told_in(settings: Mapping[str, Any]) -> dict[str, int]:
    """What the server said when it was last asked."""
    found = settings.get(TOLD)
    return dict(found) if isinstance(found, dict) else {}


def remembered(settings: Mapping[str, Any], told: Mapping[str, int]) -> dict[str, Any]:
    """The settings of a connection with what the server said now."""
    rest = {name: value for name, value in settings.items() if name != TOLD}
    return {**rest, TOLD: dict(told)} if told else rest


def follow(account: ChannelAccount, before: Mapping[str, int], told: Mapping[str, int]) -> dict[str, int]:
    """Let the account's limits follow what its server says now; ``before``: what it, or the server of before, said.
    Gives what is to be remembered; the caller flushes.

    An override that is what the server said is the server's, and goes where it goes. Any other is the office's own: it
    stays unless the server takes even less.
    """
    told = {name: value for name, value in told.items() if name in LIMIT_FIELDS}
    kind = channels.limits_of_kind(account.kind)
    limits = {name: value for name, value in account.limits.items() if before.get(name) != value}
    for name, value in told.items():
        own = limits.get(name)
        if (value != getattr(kind, name)) if own is None else own > value:
            limits[name] = value
    if limits != account.limits:
        account.limits = limits
    return told
