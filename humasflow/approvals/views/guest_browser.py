"""What a browser without a session of the product carries at /tamu: two signed cookies of our own, and nothing else.

``guest_form`` proves that a form was shown to this browser by us (double submit); ``guest`` is the token of a visit.
Both go to /tamu only and never along from another site, so that no page elsewhere can press a button here.
"""

import hmac
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from humasflow.approvals import queries
from humasflow.approvals.models import GuestVisit
from humasflow.core import rate_limit
from humasflow.core.errors import NotFound, TooMany, UserError
from humasflow.core.language import select_locale
from humasflow.core.secrets import keyed_hash, new_token
from humasflow.core.unit_of_work import own_transaction

FORM_COOKIE, VISIT_COOKIE, LANGUAGE_COOKIE = "guest_form", "guest", "guest_lang"
PATH = "/tamu"
MISSES, MISS_SECONDS = 30, 900  # unknown links from one address
PRESSES, PRESS_SECONDS = 60, 600  # buttons from one address; an office often has one for everybody
LINK_PRESSES, LINK_SECONDS = 30, 600  # buttons on one link


class LinkUnknown(NotFound):
    """Unknown, expired and revoked links have one answer, to the byte."""


def guest_page(view: Callable[..., Any]) -> Callable[..., Any]:
    """Everything that pages of guests share: language, headers, cookies, and errors in their own layout."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Response:
        with force_locale(_language()):
            try:
                response = make_response(view(*args, **kwargs))
            except UserError as error:
                response = make_response(_problem(error))
        return _dressed(response)

    return run


def _problem(error: UserError) -> tuple[str, int, dict[str, str]]:
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    message = "" if isinstance(error, NotFound) else error.message
    return page("approvals/guest/problem.html", message=message, status=error.status), error.status, headers


def page(template: str, **context: Any) -> str:
    """A page of a guest, with the token for its forms."""
    language = _language()
    return render_template(
        template,
        **context,
        form_key=_form_key(),
        locale=language,
        other_language="en" if language == "id" else "id",
    )


def _dressed(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.vary.add("Cookie")
    fresh = g.pop("guest_form_token", None)
    if fresh is not None:
        _set(response, FORM_COOKIE, fresh)
    chosen = request.args.get("bahasa", "")
    if chosen in current_app.config["LANGUAGES"]:
        _set(response, LANGUAGE_COOKIE, chosen)
    return response


def _set(response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name, value, path=PATH, httponly=True, samesite="Strict",
        secure=request.is_secure or bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )  # fmt: skip


def _language() -> str:
    languages = current_app.config["LANGUAGES"]
    for chosen in (request.args.get("bahasa", ""), request.cookies.get(LANGUAGE_COOKIE, "")):
        if chosen in languages:
            return str(chosen)
    return str(select_locale())


# Forms


def _seal(token: str, purpose: str) -> str:
    return f"{token}.{keyed_hash(token, purpose=purpose)[:32]}"


def _unsealed(value: str, purpose: str) -> str:
    """The token of a cookie that we made; empty otherwise. Nothing made up reaches the database."""
    token = value.partition(".")[0]
    whole = token.isascii() and value.isascii() and hmac.compare_digest(_seal(token, purpose), value)
    return token if token and whole else ""


def _form_key() -> str:
    cookie = g.get("guest_form_token") or request.cookies.get(FORM_COOKIE, "")
    token = _unsealed(cookie, FORM_COOKIE)
    if not token:
        token = new_token()
        g.guest_form_token = _seal(token, FORM_COOKIE)
    return keyed_hash(token, purpose="guest-form-key")


def check_form() -> None:
    """A form is taken only from a browser that we showed it to. Raises UserError."""
    token = _unsealed(request.cookies.get(FORM_COOKIE, ""), FORM_COOKIE)
    wanted = keyed_hash(token, purpose="guest-form-key")
    given = request.form.get("csrf_token", "")
    if not token or not given.isascii() or not hmac.compare_digest(wanted, given):
        error = UserError(
            _("Halaman ini sudah lama terbuka, atau kuki dimatikan. Buka lagi tautan dari surel Anda.")
        )
        error.status = 400
        raise error


# Visits


def remember(response: Response, token: str) -> Response:
    """Give the browser its visit."""
    _set(response, VISIT_COOKIE, _seal(token, VISIT_COOKIE))
    return response


def forget(response: Response) -> Response:
    """Take it away again."""
    response.delete_cookie(VISIT_COOKIE, path=PATH, httponly=True, samesite="Strict")
    return response


def current_visit() -> GuestVisit | None:
    """The visit of this browser, identified or not yet."""
    token = _unsealed(request.cookies.get(VISIT_COOKIE, ""), VISIT_COOKIE)
    return queries.find_visit(token) if token else None


# How often


def _address() -> str:
    return request.remote_addr or ""


def check_misses() -> None:
    """Whoever tries addresses at random is not answered any more. Raises TooMany."""
    if rate_limit.seen("guest-miss", _address(), per_seconds=MISS_SECONDS) >= MISSES:
        raise _too_many(MISS_SECONDS)


def count_miss() -> None:
    """An unknown link, counted in a transaction of its own: the request itself writes nothing."""
    with own_transaction():
        rate_limit.count("guest-miss", _address(), per_seconds=MISS_SECONDS)


def count_press(link_id: int | None) -> None:
    """A button was pressed. Raises TooMany after keeping the count."""
    many = rate_limit.count("guest-press", _address(), per_seconds=PRESS_SECONDS) > PRESSES
    if link_id is not None:
        many |= rate_limit.count("guest-link-press", str(link_id), per_seconds=LINK_SECONDS) > LINK_PRESSES
    if many:
        raise _too_many(PRESS_SECONDS)


def _too_many(seconds: int) -> TooMany:
    return TooMany(_("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."), retry_after=seconds)


# Pictures


def with_own_pictures(html: str) -> str:
    """Addresses of the library, which asks for an account, become those that ask for a visit. Where a shape is shown to
    the office, a guest sees the picture as a whole; the shape is said beside it.
    """
    root = re.escape(request.script_root)
    mine = rf'\1="{request.script_root}{PATH}/gambar/\2/'
    html = re.sub(rf'\b(src|href)="{root}/media/([0-9]+)/potongan/[^"]*"', rf'{mine}medium"', html)
    return re.sub(
        rf'\b(src|href)="{root}/media/([0-9]+)/(thumb|medium|original)"', rf'{mine}\3"', html
    )  # fmt: skip
