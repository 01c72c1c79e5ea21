"""Which function runs which kind of job, and what the worker does by itself. The registry binds; the outbox knows both
by name only.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

# What a handler returns is how long until the same job is to be run again; None: it is finished.
Handler = Callable[[str], timedelta | None]
Entry = tuple[str, int, Callable[[], object]]  # name, every how many seconds, and the function

_handlers: dict[str, Handler] = {}
_timetable: dict[str, Entry] = {}
_long: set[str] = set()


class RetryLater(Exception):
    """A handler's way to say: not now.

    ``delay`` overrides the backoff. ``final`` gives up at once. ``patient``: nothing has failed (a channel is still
    preparing, a quota is used up), so this try does not count and the job never gives up for it.
    """

    def __init__(
        self, message: str, *, delay: timedelta | None = None, final: bool = False, patient: bool = False
    ) -> None:
        super().__init__(message)
        if final and patient:
            raise ValueError("a job that gives up does not wait")
        self.delay = delay
        self.final = final
        self.patient = patient


class UnknownKind(LookupError):
    """A job of a kind that no room has."""


def bind(
    handlers: Mapping[str, Handler], timetable: Iterable[Entry] | None = None, *, long: Iterable[str] = ()
) -> None:
    """Replace all bindings (the registry calls it once per application); without ``timetable`` it stays as it is.

    ``long``: the names of entries that wait for servers outside. They may take minutes, so what mends and tells does
    not queue behind them.
    """
    _handlers.clear()
    _handlers.update(handlers)
    if timetable is not None:
        _timetable.clear()
        _timetable.update({entry[0]: entry for entry in timetable})
        _long.clear()
        _long.update(long)


def handler_for(kind: str) -> Handler:
    """The function of a kind. Raises :class:`UnknownKind`."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def entries() -> list[Entry]:
    """What the worker does by itself."""
    return list(_timetable.values())


def is_long(name: str) -> bool:
    """Whether an entry waits for servers outside."""
    return name in _long


def entry_named(name: str) -> Entry | None:
    """One entry, or None when this version of the product has none of that name."""
    return _timetable.get(name)


def describe(error: Exception) -> str:
    """What happened, for whoever looks at the job. Of the database's errors the first line: the rest shows the
    statement with what was to be stored.
    """
    words = str(error.orig).partition("\n")[0] if isinstance(error, DBAPIError) else str(error)
    return f"{type(error).__name__}: {words}"
