"""Filling in the form that is meant, on a page with several."""

from typing import Any

from tests.support.page import Browser, Page, _fields


def form_with(page: Page, field: str) -> dict[str, str]:
    """The fields of the form that has this field, as a browser would send them."""
    for form in page.soup.select("main form"):
        if form.find(attrs={"name": field}):
            return _fields(form)
    raise AssertionError(f"no form with a field “{field}” on “{page.h1}”")


def send(
    browser: Browser, url: str, field: str, data: dict[str, Any], *, status: int = 303, to: str = ""
) -> Page:
    """Open a page, fill in the form that has ``field``, and send it (to the page itself unless ``to``)."""
    return browser.post(to or url, form_with(browser.get(url), field) | data, status=status)
