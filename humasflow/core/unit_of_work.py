"""One request, one transaction: committed once, at the edge, when the answer is a success.

A GET only reads. A refused or failed request leaves nothing behind, unless the view said :func:`keep` (a counter of
failed sign-ins, pictures that were fine although the form was not).

Slow work that needs no database (decoding a picture, reading from a weak network) is done inside :func:`let_go`. On
SQLite a request that may write holds the one write lock from its first statement on, and nobody else could save.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, abort, g, request
from sqlalchemy import Select, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from humasflow.core.ahead import is_ahead, not_ahead
from humasflow.core.db import db, is_read_only, set_read_only

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOLDS = "holds_writes_or_locks"


def keep() -> None:
    """Commit what was flushed so far even if the answer is an error."""
    g.keep_writes = True


def after_commit(action: Callable[[], None]) -> None:
    """Run something once the request's transaction is in the database (for example remove a replaced file)."""
    g.setdefault("after_commit", []).append(action)


def repeat_after_release(action: Callable[[], None]) -> None:
    """What was written so far is written again by ``action`` after :func:`let_go`, so it need not keep the lock."""
    g.setdefault("repeat_after_release", []).append(action)
    db.session().info[_HOLDS] = False


@contextmanager
def let_go() -> Iterator[None]:
    """Give the database back while something slow happens; what was read before is read again afterwards.

    Ends the transaction. When it has already written or locked something, it stays open instead and the slow thing
    happens inside it: correct, only less kind to others.
    """
    session = db.session()
    if session.info.get(_HOLDS) or session.new or session.dirty or session.deleted:
        yield
        return
    session.rollback()
    yield
    for action in g.pop("repeat_after_release", ()):
        action()


@contextmanager
def own_transaction() -> Iterator[None]:
    """Write something in a short transaction of its own (a count, the time of a reading) in a request that otherwise
    only reads. Committed at its end, undone when it fails; what was loaded before is loaded again.
    A page that is asked for ahead of a visit writes nothing: it is put off instead.
    """
    if is_ahead():
        abort(not_ahead())
    was_read_only = is_read_only()
    db.session.rollback()
    set_read_only(False)
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        set_read_only(was_read_only)


def checkpoint() -> None:
    """Commit what stands so far, in the middle of a request: the next part of an upload may never arrive."""
    db.session.commit()
    g.pop("repeat_after_release", None)  # it is in the database now and need not be written again


def _note_flush(session: Session, _context: Any) -> None:
    session.info[_HOLDS] = True


def _note_statement(state: ORMExecuteState) -> None:
    statement = state.statement
    # A row lock is a promise to whoever took it, even if nothing is written yet.
    locks = isinstance(statement, Select) and statement._for_update_arg is not None  # noqa: SLF001 - no public way
    if locks or not state.is_select:
        state.session.info[_HOLDS] = True


def _note_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info[_HOLDS] = False


event.listen(db.session, "after_flush", _note_flush)
event.listen(db.session, "do_orm_execute", _note_statement)
event.listen(db.session, "after_transaction_end", _note_end)


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
    g.pop("repeat_after_release", None)
    return response


def _leave(_error: BaseException | None) -> None:
    set_read_only(False)  # what the same thread does next may write


def init_unit_of_work(app: Flask) -> None:
    """Attach to the application. Must be the first ``after_request`` to be registered, so that it runs last."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_leave)
