"""Bluesky, or any other personal data server of the AT Protocol. See
:class:`~humasflow.channels.adapters.bluesky.adapter.BlueskyAdapter`.
"""

from humasflow.channels.adapters.bluesky.adapter import BlueskyAdapter

__all__ = ["BlueskyAdapter"]
