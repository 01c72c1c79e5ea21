"""Deny by default: every route declares who may come in, and a route that does not is refused.

``@public`` anyone; ``@signed_in`` any signed-in person; ``@requires(permission)`` a person who holds it in the office
they are acting in. Objects are checked again in the services.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core import narrow
from humasflow.core.errors import NotAllowed
from humasflow.core.permissions import Permission

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Guard:
    """What a route asks for: nobody in particular, a signed-in person, or any of some permissions."""

    kind: str
    permissions: tuple[Permission, ...] = ()

    def __str__(self) -> str:
        return self.kind if not self.permissions else f"{self.kind}({', '.join(self.permissions)})"


def _mark(view: F, guard: Guard) -> F:
    view.__guard__ = guard  # type: ignore[attr-defined]
    return view


def public(view: F) -> F:
    """Anyone, signed in or not."""
    return _mark(view, Guard("public"))


def signed_in(view: F) -> F:
    """Any signed-in person; the service decides about the object."""
    return _mark(view, Guard("signed_in"))


def requires(*permissions: Permission) -> Callable[[F], F]:
    """A person who holds one of these in the office they are acting in."""
    if not permissions:
        raise ValueError("requires() needs at least one permission")
    return lambda view: _mark(view, Guard("requires", permissions))


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """The guard of an endpoint, or None when it declares none (such a route is refused, and a test fails)."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return Guard("public")
    return getattr(app.view_functions[endpoint], "__guard__", None)


def enforce() -> Any:
    """Before each request: let in, send to the sign-in page, or refuse."""
    if request.endpoint is None:
        return None  # no such page: the 404 handler answers
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        current_app.logger.error("route without a guard", extra={"endpoint": request.endpoint})
        abort(403)
    if guard.kind == "public":
        return None
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    good_for = getattr(current_user, "good_for", "")
    if good_for and not narrow.is_open(
        request.endpoint, current_app.view_functions[request.endpoint], good_for, request.view_args or {}
    ):
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if guard.permissions and not any(current_user.can(p) for p in guard.permissions):
        raise NotAllowed(
            _("Halaman ini untuk peran lain. Bila Anda memerlukannya, mintalah kepada admin kantor.")
        )
    return None
