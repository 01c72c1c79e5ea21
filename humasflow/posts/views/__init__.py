"""Making, changing and removing posts, alone or all of a story together. Their time and their publication have pages
of their own.
"""

from humasflow.posts.views import checking, composing, single
from humasflow.posts.views.blueprint import blueprint

__all__ = ["blueprint", "checking", "composing", "single"]
