"""Sessions that are good for one thing only, such as one decision: which addresses they open, and no others.

A view says so by :func:`also_narrow`; what a lower room offers (a picture) is opened by :func:`open_to_narrow`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
Test = Callable[[str, Mapping[str, Any]], bool]  # what the session is good for, the arguments of the address

_tests: Final[dict[str, Test]] = {}


def also_narrow(test: Test) -> Callable[[F], F]:
    """The view below is open to a narrow session for which ``test`` holds."""

    def mark(view: F) -> F:
        view.__narrow__ = test  # type: ignore[attr-defined]
        return view

    return mark


def open_to_narrow(endpoint: str, test: Test) -> None:
    """The same for an endpoint of another room."""
    _tests[endpoint] = test


def is_open(endpoint: str, view: Callable[..., Any], good_for: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a session that is good for this may open that address."""
    test = getattr(view, "__narrow__", None) or _tests.get(endpoint)
    return test is not None and bool(test(good_for, arguments))
