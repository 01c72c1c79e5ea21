"""Who hears of what, one file a topic."""

from humasflow.notifications.handlers import loop

HANDLERS = [*loop.HANDLERS]
