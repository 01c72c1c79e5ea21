"""What the worker does by itself: renew in time, warn in time, clear away."""

from collections.abc import Callable

from humasflow.channels.connections.services.ending import renew_due, warn_of_ends
from humasflow.channels.connections.services.granting import forget_old
from humasflow.channels.connections.services.looking import ask_quotas, check_refused, look_daily

# Some tokens live an hour, and their last quarter must not pass between two looks.
TIMETABLE: list[tuple[str, int, Callable[[], object]]] = [
    ("connections.renew", 300, renew_due),
    ("connections.check", 300, check_refused),
    ("connections.quota", 900, ask_quotas),
    ("connections.look", 900, look_daily),
    ("connections.warn", 3600, warn_of_ends),
    ("connections.forget", 900, forget_old),
]
# These wait for the channels, one after the other: for minutes, when they do not answer.
LONG = ("connections.renew", "connections.check", "connections.quota", "connections.look")
