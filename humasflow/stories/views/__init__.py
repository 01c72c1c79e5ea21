"""Writing a story, its versions, and what is done to it. The page that shows it is in `pages`."""

from humasflow.stories.views import editing, moving, versions
from humasflow.stories.views.blueprint import blueprint

__all__ = ["blueprint", "editing", "moving", "versions"]
