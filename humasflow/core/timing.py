"""Where the time of an answer went, for whoever builds the product: a ``Server-Timing`` header that browsers show
beside each request. Only in debugging and in tests: in an office it would tell strangers how long a look into the
database takes, and nothing of it is even attached there.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from flask import Flask, Response, before_render_template, template_rendered
from sqlalchemy import Engine, event


@dataclass
class _Spent:
    """Seconds of one request."""

    begun: float = field(default_factory=perf_counter)
    database: float = 0.0
    statements: int = 0
    rendering: float = 0.0
    since: float = 0.0  # when the running statement began
    drawn_since: float = 0.0  # when the running template began


_spent: Final[ContextVar[_Spent | None]] = ContextVar("spent", default=None)


def _statement_begins(*_of: Any) -> None:
    if (spent := _spent.get()) is not None:
        spent.since = perf_counter()


def _statement_ends(*_of: Any) -> None:
    if (spent := _spent.get()) is not None:
        spent.database += perf_counter() - spent.since
        spent.statements += 1


def _drawing_begins(_app: Flask, **_of: Any) -> None:
    if (spent := _spent.get()) is not None:
        spent.drawn_since = perf_counter()


def _drawing_ends(_app: Flask, **_of: Any) -> None:
    if (spent := _spent.get()) is not None:
        spent.rendering += perf_counter() - spent.drawn_since


def _begin() -> None:
    _spent.set(_Spent())


def _tell(response: Response) -> Response:
    spent = _spent.get()
    if spent is not None:
        total = perf_counter() - spent.begun
        response.headers["Server-Timing"] = (
            f"total;dur={total * 1000:.1f}, "
            f'db;dur={spent.database * 1000:.1f};desc="{spent.statements} statements", '
            f"render;dur={spent.rendering * 1000:.1f}"
        )
    return response


def _end(_error: BaseException | None) -> None:
    _spent.set(None)


def init_timing(app: Flask) -> None:
    """Attach to the application, first of all: what is attached later is measured with the rest. Templates ask the
    database while they are drawn, so ``render`` holds a part of ``db``.
    """
    if not (app.debug or app.testing):
        return
    if not event.contains(Engine, "before_cursor_execute", _statement_begins):
        event.listen(Engine, "before_cursor_execute", _statement_begins)
        event.listen(Engine, "after_cursor_execute", _statement_ends)
    before_render_template.connect(_drawing_begins, app)
    template_rendered.connect(_drawing_ends, app)
    app.before_request(_begin)
    app.after_request(_tell)
    app.teardown_request(_end)
