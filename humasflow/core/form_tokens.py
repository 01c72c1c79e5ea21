"""A form sent twice does its work once.

Every form carries a random ``form_token``. The first request that arrives with it writes the token in the same
transaction as its work; a double click, a retry or the back button arrives with a known token and is sent to the
first one's answer. A request that fails rolls its token back, so it can be sent again.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, redirect, request
from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core import clock, unit_of_work
from humasflow.core.db import Base, UTCDateTime, db
from humasflow.core.secrets import new_token
from humasflow.core.urls import safe_local_target

FIELD = "form_token"
KEPT_FOR = timedelta(days=14)  # a phone may have been out of reach that long


class FormSubmission(Base):
    """A form token that was used, and where its answer led."""

    __tablename__ = "form_submission"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def new_form_token() -> str:
    """A fresh token for a form."""
    return new_token(18)


def _claim() -> Any:
    g.form_token = None
    if request.method != "POST":
        return None
    token = request.form.get(FIELD, "")
    if not token or len(token) > 64:
        return None
    return _write(token)


def _write(token: str) -> Any:
    try:
        with db.session.begin_nested():
            db.session.add(FormSubmission(token=token, location=None, created_at=clock.now()))
            db.session.flush()
    except IntegrityError:
        # On PostgreSQL the unique index made us wait for the first request to finish; on SQLite the write lock did.
        known = db.session.scalar(select(FormSubmission.location).where(FormSubmission.token == token))
        db.session.rollback()
        return redirect(known or _page_before(), code=303)
    g.form_token = token
    unit_of_work.repeat_after_release(lambda: _write_again(token))
    return None


def _write_again(token: str) -> None:
    """After the transaction was let go: the same form may have come a second time meanwhile, and been faster."""
    answer = _write(token)
    if answer is not None:
        abort(answer)


def _page_before() -> str:
    """The page of ours that the form stood on; the first answer was a page and left no address to go to."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return (safe_local_target(page) if parts.netloc == request.host else None) or "/"


def _remember(response: Response) -> Response:
    token = g.get("form_token")
    if token and response.status_code in (201, 302, 303):
        row = db.session.get(FormSubmission, token)
        if row is not None:
            row.location = response.headers.get("Location", "/")[:500]
    elif token and g.get("keep_writes", False) and response.status_code >= 400:
        # What is kept of a refused request must not make its corrected repetition look like a double click.
        db.session.execute(delete(FormSubmission).where(FormSubmission.token == token))
    return response


def prune() -> int:
    """Forget tokens older than a fortnight. Returns how many."""
    result = db.session.execute(
        delete(FormSubmission).where(FormSubmission.created_at < clock.now() - KEPT_FOR)
    )
    return int(getattr(result, "rowcount", 0))


def init_form_tokens(app: Flask) -> None:
    """Attach to the application, after the unit of work."""
    app.before_request(_claim)
    app.after_request(_remember)
    app.jinja_env.globals["new_form_token"] = new_form_token
