"""The web server: one-thread processes, because threads over sqlite3 halve the throughput.

Settings come from the environment: HOST, PORT, HUMASFLOW_WEB_PROCESSES.
"""

import os
from pathlib import Path
from typing import Any

from humasflow.core import garbage

_host = os.environ.get("HOST", "127.0.0.1")
_port = os.environ.get("PORT", "8000")

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
workers = int(os.environ.get("HUMASFLOW_WEB_PROCESSES", "2"))
worker_class = "sync"
threads = 1
preload_app = True  # shared memory, and a fault in the settings stops the start instead of looping
control_socket_disable = True  # it would live in HOME, which may be empty or read-only
timeout = 120  # seconds; the longest honest request is a large upload over a slow line or building the sample office
graceful_timeout = 20
# The heartbeat file of a worker must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # gunicorn makes its own private file there
accesslog = None  # the application logs requests itself, with its own redaction
errorlog = "-"
loglevel = os.environ.get("HUMASFLOW_SERVER_LOG_LEVEL", "warning")


def when_ready(server: Any) -> None:
    """Tell the person at the terminal where to go; the socket is listening by now, and no worker is there yet."""
    garbage.settle()
    address = "localhost" if _host in {"0.0.0.0", "::"} else bind.rsplit(":", 1)[0]  # noqa: S104  # compared, not bound
    print(f"\nhumasflow siap di http://{address}:{_port}/  (hentikan dengan Ctrl-C)\n", flush=True)


def post_fork(server: Any, worker: Any) -> None:
    """Leave the parent's database connections to the parent: shared after a fork, they corrupt each other."""
    app = worker.app.wsgi()
    database = app.extensions.get("sqlalchemy")
    if database is not None:
        with app.app_context():
            for engine in database.engines.values():
                engine.dispose(close=False)
