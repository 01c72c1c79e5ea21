"""Pages that a browser asks for ahead of time, while the pointer rests on a link: an answer, but not a visit.

The rules are a static file that a header names (``static/ahead.speculationrules``; the policy of scripts needs no
exception for it). Here is what the server promises: such a request changes nothing. It writes nothing, takes no message
out of the session, does not count as activity, and gets pages only, of signed-in people, never a file. Whatever would
break that is answered 503, and the browser then asks in earnest when the person goes there.
"""

import mimetypes
from typing import Any, Final

from flask import Flask, Response, g, has_request_context, request, session
from flask_login import current_user

from humasflow.core.guards import guard_of

RULES: Final = "ahead.speculationrules"
MEDIA_TYPE: Final = "application/speculationrules+json"
mimetypes.add_type(MEDIA_TYPE, ".speculationrules")


def is_ahead() -> bool:
    """Whether this request is made before anybody went there."""
    return has_request_context() and request.headers.get("Sec-Purpose", "").startswith("prefetch")


def not_ahead() -> Response:
    """The answer that makes a browser ask again when the person really goes there."""
    return Response(status=503, headers={"Cache-Control": "no-store"})


def _is_visitor() -> bool:
    """A signed-in person with the whole product before them: not one whose session is good for one thing only."""
    return bool(current_user and current_user.is_authenticated and not getattr(current_user, "good_for", ""))


def init_ahead(app: Flask) -> None:
    """Attach to the application, after the guards and before what puts headers on answers."""

    @app.before_request
    def refuse() -> Response | None:
        if request.endpoint in (None, "static"):
            return None
        guard = guard_of(app, str(request.endpoint))
        # Asked now, while who it is has just been read: after the answer was committed it would be read anew.
        g.visits = guard is not None and guard.kind != "public" and _is_visitor()
        return not_ahead() if is_ahead() and not (request.method == "GET" and g.visits) else None


def init_ahead_answers(app: Flask) -> None:
    """Attach to the application before whatever else looks at answers but headers and compression: it sees the rest."""
    globals_: dict[str, Any] = app.jinja_env.globals

    @app.after_request
    def settle(response: Response) -> Response:
        if request.endpoint in (None, "static"):
            return response
        if is_ahead():
            takes = session.modified or "Set-Cookie" in response.headers
            is_page = response.status_code < 400 and response.mimetype == "text/html"
            if takes or not is_page or response.cache_control.no_store:
                session.modified = False
                return not_ahead()
        elif request.method not in ("GET", "HEAD", "OPTIONS"):
            # What was asked for ahead is from before this: whoever has just sent something is shown no older page.
            response.headers["Clear-Site-Data"] = '"prefetchCache"'
        elif response.status_code == 200 and response.mimetype == "text/html" and g.get("visits"):
            response.headers["Speculation-Rules"] = f'"{globals_["static_url"](RULES)}"'
        return response
