"""Pages that show several rooms. Each module adds its routes or its context to the one blueprint when imported."""

from humasflow.pages import context, desk, guide, health, home, live_links, settings, story_page
from humasflow.pages.blueprint import blueprint

__all__ = [
    "blueprint", "context", "desk", "guide", "health", "home", "live_links", "settings", "story_page",
]  # fmt: skip
