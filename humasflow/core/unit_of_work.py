"""One request, one transaction: committed once, at the edge, when the answer is a success.

A GET only reads. A refused or failed request leaves nothing behind, unless the view said :func:`keep` (a counter of
failed sign-ins, pictures that were fine although the form was not).
"""

from collections.abc import Callable

from flask import Flask, Response, g, request

from humasflow.core.db import db, set_read_only

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def keep() -> None:
    """Commit what was flushed so far even if the answer is an error."""
    g.keep_writes = True


def after_commit(action: Callable[[], None]) -> None:
    """Run something once the request's transaction is in the database (for example remove a replaced file)."""
    g.setdefault("after_commit", []).append(action)


def _begin() -> None:
    set_read_only(request.method in SAFE)


def _finish(response: Response) -> Response:
    writes = request.method not in SAFE and (response.status_code < 400 or g.get("keep_writes", False))
    if writes:
        db.session.commit()
        for action in g.pop("after_commit", []):
            action()
    else:
        db.session.rollback()
    return response


def init_unit_of_work(app: Flask) -> None:
    """Attach to the application. Must be the first ``after_request`` to be registered, so that it runs last."""
    app.before_request(_begin)
    app.after_request(_finish)
