"""The product behind werkzeug's server, for a real browser."""

import threading
from collections.abc import Iterable
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server


def read_whole(found: Iterable[bytes]) -> list[bytes]:
    """An answer of WSGI in one piece, and closed."""
    try:
        return [b"".join(found)]
    finally:
        close = getattr(found, "close", None)
        if close is not None:
            close()


def serve_on_loopback(app: Flask) -> BaseWSGIServer:
    """A server of one answer at a time on a free port; the caller runs it and shuts it down.

    Each connection has its own thread, because a browser opens some ahead of need and says nothing on them: a server of
    one thread would wait there while the page waits for its answer.

    Each answer is read whole and closed before it is sent: when a browser hangs up, werkzeug's server forgets to close
    the file it was sending, which gunicorn does not.
    """

    one_at_a_time = threading.Lock()

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with one_at_a_time:
            return read_whole(app.wsgi_app(environ, start_response))

    return make_server("127.0.0.1", 0, answer, threaded=True)
