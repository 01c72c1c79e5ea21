"""Mastodon, and servers that speak its client API. See
:class:`~humasflow.channels.adapters.mastodon.adapter.MastodonAdapter`.
"""

from humasflow.channels.adapters.mastodon.adapter import MastodonAdapter

__all__ = ["MastodonAdapter"]
