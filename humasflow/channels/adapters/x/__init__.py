"""X: API v2, paid by use."""

from humasflow.channels.adapters.x.adapter import XAdapter

__all__ = ["XAdapter"]
