"""A WordPress portal, reached through the REST API that every WordPress since 5.6 carries, with a password for
applications. See :class:`~humasflow.channels.adapters.wordpress.adapter.WordPressAdapter`.
"""

from humasflow.channels.adapters.wordpress.adapter import WordPressAdapter

__all__ = ["WordPressAdapter"]
