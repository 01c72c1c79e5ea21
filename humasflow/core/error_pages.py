"""Errors as pages a person can use: what happened, what was kept, what to do. Internals stay in the log."""

import sqlite3
from typing import Any

import structlog
from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from humasflow.core.db import db
from humasflow.core.errors import Conflict, Refused, TooMany, UserError
from humasflow.core.negotiation import wants_json
from humasflow.core.secrets import new_token

log = structlog.get_logger(__name__)
PAGES = {400, 403, 404, 405, 409, 413, 429, 500}


def _page(status: int, message: str = "", **context: Any) -> tuple[str, int]:
    name = status if status in PAGES and status != 405 else (404 if status == 405 else 400)
    return render_template(f"errors/{name}.html", message=message, **context), status


def _user_error(error: UserError) -> Any:
    reasons = [str(r) for r in error.reasons] if isinstance(error, Refused) else []
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    if wants_json():
        return {"error": error.message, "reasons": reasons}, error.status, headers
    body, status = _page(409 if error.status == 422 else error.status, error.message, reasons=reasons)
    return body, error.status or status, headers


def _http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    if isinstance(
        error, SecurityError
    ):  # a host that is none of ours has no addresses, so no page of ours either
        return _("Alamat ini tidak dilayani di sini."), code, {"Content-Type": "text/plain; charset=utf-8"}
    if wants_json():
        return {"error": error.name, "reasons": []}, code
    return _page(code)


def _csrf_error(_error: CSRFError) -> Any:
    if wants_json():
        return {"error": _("Halaman ini sudah lama terbuka. Muat ulang, lalu coba lagi."), "reasons": []}, 400
    return render_template("errors/csrf.html"), 400


def _stale(_error: StaleDataError) -> Any:
    """Somebody saved between our reading and our writing."""
    return _user_error(
        Conflict(_("Orang lain baru saja mengubah hal yang sama. Muat ulang untuk melihat perubahannya."))
    )


_IN_EACH_OTHERS_WAY = frozenset(
    {"40P01", "40001", "55P03"}
)  # deadlock, serialization failure, lock not available


def is_turn_missed(error: OperationalError) -> bool:
    """Whether the database ended this transaction for another's sake, and trying again may well succeed. On SQLite:
    somebody wrote for longer than the busy timeout.
    """
    if isinstance(error.orig, sqlite3.OperationalError):
        return (getattr(error.orig, "sqlite_errorcode", None) or 0) & 0xFF == sqlite3.SQLITE_BUSY
    return getattr(error.orig, "sqlstate", None) in _IN_EACH_OTHERS_WAY


def _database(error: OperationalError) -> Any:
    """Two people at work on the same things at the same moment: nothing of this one's is in the database."""
    if not is_turn_missed(error):
        raise error
    db.session.rollback()  # what is shown below reads in a transaction of its own
    log.warning("turn missed", endpoint=request.endpoint, error=str(error.orig).partition("\n")[0])
    return _user_error(
        Conflict(
            _(
                "Orang lain sedang menyimpan hal yang berkaitan pada saat yang sama, jadi perubahan Anda belum "
                "tercatat. Kembali ke halaman sebelumnya, lalu simpan sekali lagi."
            )
        )
    )


def _crash(error: Exception) -> Any:
    error_id = new_token(6)
    g.error_id = error_id
    log.error("unhandled", error_id=error_id, endpoint=request.endpoint, exc_info=error)
    if wants_json():
        return {
            "error": _("Terjadi gangguan. Sebutkan kode %(code)s kepada admin.", code=error_id),
            "reasons": [],
        }, 500
    return render_template("errors/500.html", error_id=error_id), 500


def init_error_pages(app: Flask) -> None:
    """Attach to the application."""
    app.register_error_handler(UserError, _user_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(HTTPException, _http_error)
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _crash)
