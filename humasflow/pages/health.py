"""For whoever watches the server: whether the process is up, and whether it can work."""

from typing import Any

import structlog
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.guards import public
from humasflow.outbox import queries as outbox
from humasflow.pages.blueprint import blueprint

log = structlog.get_logger(__name__)


@blueprint.get("/healthz")
@public
def healthz() -> Any:
    """The process answers. Touches nothing else, so that a slow database does not get the process restarted."""
    return current_app.response_class("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> Any:
    """The database answers (else 503), and how many seconds ago a worker was last seen.

    A silent worker does not make the web pages unfit, so it is reported and not failed: what is to be published
    waits for it, and whoever watches can raise the alarm on ``worker``.
    """
    try:
        db.session.execute(text("SELECT 1"))
        seen = outbox.get_last_beat()
        alive = outbox.is_worker_alive()
    except SQLAlchemyError:
        db.session.rollback()
        log.exception("database does not answer")
        return {"database": "down", "worker": "unknown"}, 503
    age = None if seen is None else max(0, int((clock.now() - seen).total_seconds()))
    return {"database": "ok", "worker": "ok" if alive else "silent", "worker_seen_seconds_ago": age}
