"""Pages that show several rooms. Each module adds its routes or its context to the one blueprint when imported."""

from humasflow.pages import (
    assigning,
    campaigns,
    context,
    desk,
    guide,
    health,
    home,
    live_links,
    manual,
    offline,
    settings,
    story_changes,
    story_page,
    task,
    tasks,
    team,
)
from humasflow.pages.blueprint import blueprint

__all__ = [
    "assigning", "blueprint", "campaigns", "context", "desk", "guide", "health", "home", "live_links", "manual",
    "offline", "settings", "story_changes", "story_page",
    "task", "tasks", "team",
]  # fmt: skip
