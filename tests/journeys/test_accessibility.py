"""Every page in both themes, both languages, at both widths: axe, no sideways scroll, names, headings, motion, 400 % zoom.

One load of a page per language is looked at in several themes and widths (``looking.py``). ``scripts/test.sh axe`` does all of it
with every rule; the ordinary run takes each page in one of the languages, in turn.
"""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from humasflow.core.db import db
from humasflow.core.guards import guard_of
from tests.factories.world import World
from tests.guards.things import address, things_of
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.pages import FOLLOW, MORE_THINGS, NO_PAGE, PAGES
from tests.support.page import Browser
from tests.support.served import serve_on_loopback

pytestmark = pytest.mark.journey
WHOLE = bool(os.environ.get("HUMASFLOW_TEST_AXE"))
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


def visit(page: Page, url: str, where: str, *, turn: int, language: str) -> list[str]:
    """Everything wrong with one page."""
    problems: list[str] = []

    def keep(message: Any) -> None:
        if message.type == "error" and "404" not in message.text:
            problems.append(message.text)

    page.on("console", keep)
    page.goto(url)
    wrong = look(page, where, turn=turn)
    told = page.locator("html").get_attribute("lang")
    if told != ("id" if "/berita/" in url else language):  # the news of an office is written in Indonesian
        wrong.append(f"{where}: in {told}")
    page.remove_listener("console", keep)
    return wrong + [f"{where}: console: {text}" for text in problems]


@pytest.mark.parametrize(("role", "language", "first"), list(parts()))
def test_pages_of(
    role: str | None, language: str, first: int, open_as: Callable[..., Page], server: Server
) -> None:
    page = open_as(role, language=language)
    wrong: list[str] = []
    for number, path in turns(PAGES[role], language):
        if first <= number < first + PART * (1 if WHOLE else 2):
            wrong += visit(
                page,
                path.format(slug=server.slug),
                f"{role} {path} {language}",
                turn=number,
                language=language,
            )
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", FOLLOW, ids=str)
def test_pages_found_by_a_link(
    role: str | None, language: str, open_as: Callable[..., Page], server: Server
) -> None:
    page = open_as(role, language=language)
    wrong: list[str] = []
    for number, (start, selector) in turns(FOLLOW[role], language):
        page.goto(start.format(slug=server.slug))
        target = page.locator(selector).first.get_attribute("href")
        assert target, f"{role}: nothing to follow on {start}"
        wrong += visit(page, target, f"{role} {start} → {target} {language}", turn=number, language=language)
    assert wrong == [], "\n".join(wrong)


def listed_endpoints(app: Flask) -> set[str]:
    """What the addresses in the lists of the sample office show."""
    where = app.url_map.bind("localhost")
    paths = [path.format(slug="a").partition("?")[0] for paths in PAGES.values() for path in paths]
    return {str(where.match(path)[0]) for path in paths if path != "/tidak-ada"}


def other_pages(app: Flask, world: World) -> tuple[list[tuple[str, str]], list[str]]:
    """Pages not in the lists of the sample office, each with who opens it, and the endpoints that show nobody a page."""
    things = things_of(world) | MORE_THINGS
    people = {
        name: (world.as_(getattr(world, name)), Browser(app).sign_in(getattr(world, name))) for name in PEOPLE
    }
    listed = listed_endpoints(app)
    found: dict[str, tuple[str, str]] = {}
    unseen: set[str] = set()
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if "GET" not in (rule.methods or ()) or rule.endpoint in listed | found.keys() | NO_PAGE.keys():
            continue
        guard = guard_of(app, rule.endpoint)
        assert guard is not None
        if not rule.arguments <= things.keys() | {"what", "provider", "ratio", "size", "suffix"}:
            unseen.add(rule.endpoint)
            continue
        url = address(app, rule, things)
        for name, (principal, browser) in people.items():
            if guard.permissions and not any(principal.can(p) for p in guard.permissions):
                continue
            browser._forget()
            answer = browser.client.get(url, buffered=True)
            if answer.status_code == 200 and b"<html" in answer.data[:2000]:
                found[rule.endpoint] = (name, url)
                break
        else:
            unseen.add(rule.endpoint)
    return list(found.values()), sorted(unseen - found.keys())


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The test's own office on a free port."""
    app.config |= {"SERVER_NAME": None, "PUBLIC_URL": ""}
    http = serve_on_loopback(app)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_page(app: Flask, world: World, served: str, chromium: Chromium, language: str) -> None:
    """No page can be forgotten: what is in no list is opened with the things of the guards."""
    found, unseen = other_pages(app, world)
    assert not unseen, (
        f"no page with the things of the guards; pages.py says how to open it or why not: {unseen}"
    )
    for name in PEOPLE:
        getattr(world, name).locale = language
    db.session.commit()
    wrong: list[str] = []
    for name in PEOPLE:
        context = chromium.new_context(
            base_url=served, locale="id-ID", reduced_motion="reduce", service_workers="block"
        )
        try:
            cookie = (
                Browser(app)
                .sign_in(getattr(world, name))
                .client.get_cookie(app.config["SESSION_COOKIE_NAME"])
            )
            assert cookie is not None
            context.add_cookies(
                [
                    {"name": cookie.key, "value": cookie.value, "url": served},
                    {"name": "lang", "value": language, "url": served},
                ]
            )
            page = context.new_page()
            for number, (who, url) in turns(found, language):
                if who == name:
                    wrong += visit(page, url, f"{who} {url} {language}", turn=number, language=language)
        finally:
            context.close()
    assert wrong == [], "\n".join(wrong)
