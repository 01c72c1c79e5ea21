"""Pages that show several rooms. Each module adds its routes to the one blueprint."""

from importlib import import_module
from importlib.util import find_spec

from humasflow.pages.blueprint import blueprint

for _name in ("context", "health", "home", "settings", "desk", "story_page", "live_links"):
    if find_spec(f"humasflow.pages.{_name}"):
        import_module(f"humasflow.pages.{_name}")

__all__ = ["blueprint"]
