"""Small choices that hold before sign-in (cookies) and after it (the profile): language, theme, acting office."""

from typing import Any

from flask import abort, current_app, redirect, request, url_for
from flask_login import current_user

from humasflow.accounts.services import profile as services
from humasflow.accounts.services import sessions
from humasflow.accounts.signin import page_they_came_from
from humasflow.accounts.views.blueprint import blueprint
from humasflow.core import language, rendering
from humasflow.core.guards import public, signed_in
from humasflow.core.urls import safe_local_target

YEAR = 365 * 24 * 3600  # seconds


def _back() -> str:
    return safe_local_target(request.form.get("next")) or page_they_came_from()


def _remember(cookie: str, value: str) -> Any:
    response = redirect(_back(), code=303)
    response.set_cookie(
        cookie,
        value,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@blueprint.post("/bahasa")
@public
def set_language() -> Any:
    """Switch the language here and, for somebody signed in, everywhere."""
    wanted = request.form.get("language", "")
    if wanted not in current_app.config["LANGUAGES"]:
        abort(400)
    if current_user.is_authenticated:
        services.change_profile(current_user, locale=wanted)
    return _remember(language.COOKIE, wanted)


@blueprint.post("/tema")
@public
def set_theme() -> Any:
    """Light, dark, or as the device has it."""
    wanted = request.form.get("theme", "")
    if wanted not in services.THEMES:
        abort(400)
    if current_user.is_authenticated:
        services.change_profile(current_user, theme=wanted)
    return _remember(rendering.THEME_COOKIE, wanted)


@blueprint.post("/kantor-aktif")
@signed_in
def choose_office() -> Any:
    """Act in another of one's offices; leads home, because the page before belongs to the office before."""
    office_id = request.form.get("office_id", type=int)
    if office_id is None:
        abort(400)
    sessions.choose_office(current_user, office_id)
    return redirect(url_for("pages.home"), code=303)
