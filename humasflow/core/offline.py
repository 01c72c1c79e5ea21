"""Pages that a browser may show again when there is no network: a view says so, and the script in the background
(``static/js/worker.js``) keeps what it was answered last.
"""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

HEADER = "X-Keep-Offline"


def keep_offline(*, tells_stories: bool) -> Callable[[F], F]:
    """The page below may be kept. ``tells_stories``: it names stories, so it is not kept for whoever is named for a
    confidential one: nothing confidential lies on a phone.
    """

    def mark(view: F) -> F:
        view.__keep_offline__ = tells_stories  # type: ignore[attr-defined]
        return view

    return mark


def is_kept(view: Callable[..., Any] | None) -> bool | None:
    """Whether a view's page tells stories; None where the page is not to be kept."""
    return getattr(view, "__keep_offline__", None)
