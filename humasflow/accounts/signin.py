"""Flask-Login over our own revocable sessions."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user
from werkzeug.exceptions import HTTPException

from humasflow.accounts import queries
from humasflow.accounts.policy import Principal
from humasflow.accounts.services import sessions
from humasflow.accounts.services.devices import describe_device
from humasflow.core import clock
from humasflow.core.ahead import is_ahead
from humasflow.core.db import db, set_read_only
from humasflow.core.negotiation import wants_json
from humasflow.core.secrets import hash_token
from humasflow.core.urls import safe_local_target

TOUCH_EVERY = timedelta(minutes=5)

login_manager = LoginManager()


@login_manager.user_loader
def _load(token: str) -> Principal | None:
    row = queries.get_open_session(hash_token(token))
    if row is None or not row.user.is_active:
        return None
    idle: timedelta = g.session_idle
    if clock.now() - row.seen_at > idle:
        return None
    if clock.now() - row.seen_at > TOUCH_EVERY:
        g.touch_session = row.id
    return queries.load_principal(
        row.user, office_id=row.office_id, token=token, session_id=row.id, good_for=row.good_for
    )


@login_manager.unauthorized_handler
def _ask_to_sign_in() -> Any:
    if wants_json():  # a script keeps the text and asks the person itself
        return {"error": _("Sesi Anda sudah berakhir."), "reasons": []}, 401
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), code=303)
    flash(
        _(
            "Sesi Anda sudah berakhir. Yang Anda ketik masih tersimpan di peramban ini; masuk lagi untuk melanjutkan."
        )
    )
    return redirect(url_for("accounts.sign_in", next=page_they_came_from()), code=303)


def page_they_came_from(fallback: str = "/") -> str:
    """The page of ours that sent this request, by its Referer, as a path; ``fallback`` when it was none of ours."""
    try:
        parts = urlsplit(request.referrer or "")
        if parts.netloc != request.host:
            return fallback
        # A form that came back with remarks stands at an address that may answer POST only.
        current_app.create_url_adapter(request).match(parts.path, method="GET")  # type: ignore[union-attr]
    except (ValueError, HTTPException):
        return fallback
    return safe_local_target(parts.path + (f"?{parts.query}" if parts.query else "")) or fallback


def _touch(response: Any) -> Any:
    session_id = g.pop("touch_session", None)
    if session_id is not None and not is_ahead():  # asked for ahead of time: nobody was here yet
        # After the answer is settled and in a transaction of its own: a page view must never wait for a writer twice.
        set_read_only(False)
        sessions.touch(session_id)
        db.session.commit()
    return response


def init_sign_in(app: Flask) -> None:
    """Attach to the application; must be called before the unit of work so that the touch comes after its end."""

    @app.before_request
    def _settings() -> None:
        g.session_idle = app.config["SESSION_IDLE"]

    app.after_request(_touch)
    login_manager.init_app(app)
    login_manager.session_protection = (
        None  # an address changes on a phone; sessions are revocable rows instead
    )


def device() -> str:
    """The device that sends this request, in words."""
    return describe_device(request.user_agent.string)


def enter(principal: Principal) -> None:
    """Make the browser's session that of a person who just proved who they are.

    Nothing of the session before survives: a cookie planted earlier is worthless (session fixation), and the row of
    whoever was signed in here is closed.
    """
    if current_user.is_authenticated:
        sessions.close_session(current_user)
    session.clear()
    session.permanent = True
    login_user(principal)


__all__ = ["current_user", "device", "enter", "init_sign_in", "page_they_came_from"]
