"""One signed-in window per role for all journeys by keyboard, and no mouse in any of them."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext

from tests.journeys.conftest import Server
from tests.journeys.keyboard.hands import Keys, no_mouse

ByKeys = Callable[..., Keys]


@pytest.fixture(autouse=True)
def without_a_mouse() -> Iterator[None]:
    with no_mouse():
        yield


@pytest.fixture(scope="module")
def signed_in(server: Server, chromium: Chromium) -> Iterator[Callable[[str | None], BrowserContext]]:
    """One window of each role; whoever signs in does it by Enter on the role's button."""
    contexts: dict[str | None, BrowserContext] = {}

    def window(role: str | None) -> BrowserContext:
        if role not in contexts:
            context = chromium.new_context(
                viewport={"width": 1280, "height": 760}, locale="id-ID", base_url=server.url,
                reduced_motion="reduce", service_workers="block",
            )  # fmt: skip
            contexts[role] = context
            if role is not None:
                page = context.new_page()
                page.goto("/masuk")
                page.evaluate(
                    "role => document.querySelector(`form:has(input[name=role][value=${role}]) button`).focus()",
                    role,
                )
                page.keyboard.press("Enter")
                page.wait_for_url("**/")
                page.close()
        return contexts[role]

    yield window
    for context in contexts.values():
        context.close()


@pytest.fixture
def by_keys(signed_in: Callable[[str | None], BrowserContext]) -> Iterator[ByKeys]:
    """``by_keys("editor", "/naskah/")``: the keyboard of a fresh page of that role."""
    opened: list[Keys] = []

    def open_(role: str | None, address: str = "/") -> Keys:
        keys = Keys(signed_in(role).new_page())
        opened.append(keys)
        keys.go(address)
        return keys

    yield open_
    for keys in opened:
        keys.page.close()
