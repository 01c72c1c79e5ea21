"""Errors as pages a person can use: what happened, what was kept, what to do. Internals stay in the log."""

from typing import Any

import structlog
from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

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
    app.register_error_handler(HTTPException, _http_error)
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _crash)
