"""Every page in both themes, both languages, at both widths: axe, no sideways scroll, names, headings, motion, 400 % zoom.

One load of a page per language is looked at in every theme and width (``looking.py``). ``scripts/test.sh axe`` does all of it
with every rule; the ordinary run takes each page in one of the languages, in turn.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.factories.world import World
from tests.guards.things import address, things_of
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.pages import FOLLOW, NO_PAGE, PAGES
from tests.support.page import Browser

pytestmark = pytest.mark.journey
WHOLE = bool(os.environ.get("HUMASFLOW_TEST_DEEP"))
LANGUAGES = ("id", "en")
PART = 12  # pages of one test: short enough that two workers end together
PEOPLE = ("editor", "lead", "admin", "approver", "contributor")  # who is asked first to open a page


def turns(whole: list[Any], language: str) -> list[tuple[int, Any]]:
    """Which of these are looked at in this language, with their number: all in the whole run, else every other one."""
    return [(n, one) for n, one in enumerate(whole) if WHOLE or LANGUAGES[n % 2] == language]


def parts() -> Iterator[Any]:
    """Role, language and the first page of each part of its list."""
    for role, paths in PAGES.items():
        for language in LANGUAGES:
            for first in range(0, len(paths), PART * (1 if WHOLE else 2)):
                yield pytest.param(role, language, first, id=f"{role}-{language}-{first}")


def visit(page: Page, url: str, where: str, turn: int) -> list[str]:
    """Everything wrong with one page."""
    problems: list[str] = []

    def keep(message: Any) -> None:
        if message.type == "error" and "404" not in message.text:
            problems.append(message.text)

    page.on("console", keep)
    page.goto(url)
    wrong = look(page, where, turn=turn)
    page.remove_listener("console", keep)
    return wrong + [f"{where}: console: {text}" for text in problems]


@pytest.mark.parametrize(("role", "language", "first"), list(parts()))
def test_pages_of(role: str | None, language: str, first: int, open_as: Callable[..., Page], server: Server) -> None:
    page = open_as(role, language=language)
    wrong: list[str] = []
    for number, path in turns(PAGES[role], language):
        if first <= number < first + PART * (1 if WHOLE else 2):
            wrong += visit(page, path.format(slug=server.slug), f"{role} {path} {language}", number)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", FOLLOW)
def test_pages_found_by_a_link(role: str, language: str, open_as: Callable[..., Page]) -> None:
    page = open_as(role, language=language)
    wrong: list[str] = []
    for number, (start, selector) in turns(FOLLOW[role], language):
        page.goto(start)
        target = page.locator(selector).first.get_attribute("href")
        assert target, f"{role}: nothing to follow on {start}"
        wrong += visit(page, target, f"{role} {start} → {target} {language}", number)
    assert wrong == [], "\n".join(wrong)


def other_pages(app: Flask, world: World) -> tuple[list[tuple[str, str]], set[str]]:
    """Pages not in the lists of the sample office, each with who opens it, and the endpoints that show nobody a page."""
    where = app.url_map.bind("localhost")
    listed = {where.match(path.format(slug="a").partition("?")[0])[0] for paths in PAGES.values() for path in paths if path != "/tidak-ada"}
    things = things_of(world) | {"key": "berita-utama", "content_type_id": world.news.id, "code": "headline_length", "lane": "draft", "import_kind": "publications", "row_id": world.news.id}
    browsers = {name: Browser(app).sign_in(getattr(world, name)) for name in PEOPLE}
    found: list[tuple[str, str]] = []
    shown: set[str] = set()
    asked: set[str] = set()
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if "GET" not in (rule.methods or ()) or rule.endpoint in listed | shown | set(NO_PAGE):
            continue
        asked.add(rule.endpoint)
        try:
            url = address(app, rule, things)
        except KeyError:
            continue  # an address with a secret: a page of its own test, or one written down
        for name, browser in browsers.items():
            browser._forget()
            answer = browser.client.get(url)
            if answer.status_code == 200 and b"<html" in answer.data[:2000]:
                found.append((name, url))
                shown.add(rule.endpoint)
                break
    return found, asked - shown


def test_no_page_is_forgotten(app: Flask, world: World) -> None:
    found, unseen = other_pages(app, world)
    assert unseen == set(), "these show no page with the things of the guards: a line in pages.py says why"
    assert found
