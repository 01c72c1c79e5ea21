"""Writing a story, its versions, and what is done to it. The page that shows it is in `pages`."""

from humasflow.stories.views import (
    access,
    assignments,
    comments,
    documents,
    editing,
    guidelines,
    handing_over,
    library,
    moving,
    saving,
    starting,
    versions,
)
from humasflow.stories.views.blueprint import blueprint

__all__ = [
    "access", "assignments", "blueprint", "comments", "documents", "editing", "guidelines", "handing_over", "library",
    "moving", "saving", "starting", "versions",
]  # fmt: skip
