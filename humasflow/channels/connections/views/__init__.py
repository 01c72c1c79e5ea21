"""Pages about connecting channel accounts."""

from humasflow.channels.connections.views import app_keys, connecting, granting, managing
from humasflow.channels.connections.views.blueprint import blueprint

__all__ = ["app_keys", "blueprint", "connecting", "granting", "managing"]
