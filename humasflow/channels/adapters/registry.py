"""Which adapter serves which key."""

from collections.abc import Mapping
from types import MappingProxyType

from humasflow.channels.adapters.base import Adapter
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.web import WebAdapter


class UnknownAdapter(LookupError):
    """No adapter has this key: the account was set up by a newer or a differently built installation."""


def _by_key(*adapters: Adapter) -> Mapping[str, Adapter]:
    return MappingProxyType({adapter.key: adapter for adapter in adapters})


ADAPTERS: Mapping[str, Adapter] = _by_key(WebAdapter(), ManualAdapter())


def get_adapter(key: str) -> Adapter:
    """The adapter of that key. Raises UnknownAdapter."""
    try:
        return ADAPTERS[key]
    except KeyError:
        raise UnknownAdapter(key) from None
