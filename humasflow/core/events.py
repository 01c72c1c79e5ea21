"""News between rooms, in the same transaction.

A lower room emits a frozen dataclass that carries ids; higher rooms react through handlers that the registry binds.
A handler runs at once, inside the emitter's unit of work: if it fails, the change fails with it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

Handler = Callable[[Any], None]

_handlers: dict[type, list[Handler]] = defaultdict(list)


def bind(bindings: Iterable[tuple[type, Handler]]) -> None:
    """Replace all bindings by these (the registry calls it once per application)."""
    _handlers.clear()
    for event_type, handler in bindings:
        _handlers[event_type].append(handler)


def emit(event: object) -> None:
    """Tell every handler bound to this event's type, in the order of the registry."""
    for handler in _handlers[type(event)]:
        handler(event)
