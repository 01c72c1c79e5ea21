"""Which language a person reads: their own setting, else the browser's choice made here, else Indonesian."""

from flask import current_app, has_request_context, request
from flask_login import current_user

COOKIE = "lang"


def select_locale() -> str | None:
    """``id`` or ``en``."""
    languages = current_app.config["LANGUAGES"]
    if not has_request_context():
        return str(languages[0])
    if current_user.is_authenticated and current_user.user.locale in languages:
        return str(current_user.user.locale)
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in languages else str(languages[0])
