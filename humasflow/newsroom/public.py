"""What makes a newsroom page the same for everybody: no cookie, one language, a cache that may be shared.

The pages show nothing of a signed-in person, so they neither read nor write the session: the cookie is left alone,
and a proxy or a content network may keep one copy for all readers. They are in Indonesian, as the stories are.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, Request, Response, make_response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_babel import force_locale

LANGUAGE = "id"
PAGE_SECONDS = 60  # how long a page may be kept: a retraction is seen everywhere after a minute
SITEMAP_SECONDS = 3600
PICTURE_SECONDS = 7 * 24 * 3600

P = ParamSpec("P")


def is_newsroom_path(path: str) -> bool:
    """Whether an address belongs to the public newsroom."""
    return path == "/robots.txt" or path.startswith("/berita/")


class SessionsOutsideTheNewsroom(SecureCookieSessionInterface):
    """Flask's signed cookie everywhere else; in the newsroom an empty session that leaves no trace."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; empty in the newsroom, whatever cookie came along."""
        if is_newsroom_path(request.path):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing of a newsroom page is remembered, not even that it was read (no ``Vary: Cookie``)."""
        if not is_newsroom_path(request.path):
            super().save_session(app, session, response)


def leave_cookies_alone(app: Flask) -> None:
    """Attach to the application."""
    app.session_interface = SessionsOutsideTheNewsroom()


def same_for_all(seconds: int = PAGE_SECONDS) -> Callable[[Callable[P, Any]], Callable[P, Response]]:
    """A view whose answer may be shared for some seconds and is asked for again with its ETag."""

    def decorate(view: Callable[P, Any]) -> Callable[P, Response]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
            with force_locale(LANGUAGE):
                response = make_response(view(*args, **kwargs))
            response.headers.setdefault("Cache-Control", f"public, max-age={seconds}")
            if response.status_code == 200 and not response.is_streamed:
                response.add_etag()
                response.make_conditional(request)
            return response

        return answer

    return decorate
