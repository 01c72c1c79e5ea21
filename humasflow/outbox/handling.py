"""Which function runs which kind of job. The registry binds; the outbox itself knows kinds by name only."""

from collections.abc import Callable, Mapping
from datetime import timedelta

Handler = Callable[[str], None]
_handlers: dict[str, Handler] = {}


class RetryLater(Exception):
    """A handler's way to say: not now. ``final`` gives up at once; ``delay`` overrides the backoff."""

    def __init__(self, message: str, *, delay: timedelta | None = None, final: bool = False) -> None:
        super().__init__(message)
        self.delay = delay
        self.final = final


class UnknownKind(LookupError):
    """A job of a kind that no room has."""


def bind(handlers: Mapping[str, Handler]) -> None:
    """Replace all bindings (the registry calls it once per application)."""
    _handlers.clear()
    _handlers.update(handlers)


def handler_for(kind: str) -> Handler:
    """The function of a kind. Raises :class:`UnknownKind`."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None
