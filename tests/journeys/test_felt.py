"""Speed as it is felt: a press shows at once, nothing spins before its time, a page is there before it is asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, request
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Open, Server

# What was pressed looks different in the very next frame, and the page's own part of that, in milliseconds: frames and the
# page's own time, as on a busy machine the browser itself may take longer than a person would notice.
WATCH = """(selector) => {
  const one = document.querySelector(selector);
  const look = () => { const s = getComputedStyle(one); return `${s.boxShadow} ${s.opacity} ${s.transform}`; };
  const before = look();
  window.felt = {};
  const watch = (name, shows) => one.addEventListener(name, () => {
    const begun = performance.now();
    let frames = 0;
    const frame = () => {
      frames += 1;
      if (!shows() && frames < 100) return requestAnimationFrame(frame);
      window.felt[name] = frames;
    };
    requestAnimationFrame(frame);
    window.addEventListener(name, () => { window.felt[`${name} ms`] = performance.now() - begun; }, { once: true });
  });
  watch("pointerdown", () => look() !== before);
  watch("click", () => one.hasAttribute("aria-busy"));
}"""
# Whether the sign of waiting shows at a moment of its own time: read from its animations, so a busy machine is no matter.
SIGN = """([selector, pseudo, at]) => {
  const one = document.querySelector(selector);
  for (const a of one.getAnimations({subtree: true})) {
    if (a.effect.target === one && a.effect.pseudoElement === pseudo) { a.pause(); a.currentTime = at; }
  }
  return Number(getComputedStyle(one, pseudo).opacity);
}"""


@contextmanager
def held(page: Page, pattern: str) -> Iterator[list[Route]]:
    """Requests that match are not answered until the test does; nothing is asked for ahead, which no test could hold."""
    waiting: list[Route] = []
    page.evaluate("document.documentElement.removeAttribute('data-ahead')")
    page.route(pattern, waiting.append)
    yield waiting
    page.unroute(pattern)


def wait_for(waiting: list[Route], page: Page) -> None:
    for _try in range(100):
        if waiting:
            return
        page.wait_for_timeout(50)
    pytest.fail("nothing was sent")


def shows_at_once(page: Page) -> None:
    page.wait_for_function("window.felt.pointerdown && window.felt.click")
    felt = page.evaluate("window.felt")
    assert felt["pointerdown"] <= 2
    assert felt["click"] == 1
    assert felt["click ms"] < 100


def test_a_link_shows_at_once_that_it_was_pressed(open_as: Open) -> None:
    page = open_as("editor")
    link = '.nav a[href="/kalender/"]'
    page.evaluate(WATCH, link)
    with held(page, "**/kalender/") as waiting:
        page.locator(link).click(no_wait_after=True)
        wait_for(waiting, page)
        shows_at_once(page)
        assert page.evaluate(SIGN, ["html", "::before", 250]) == 0
        assert page.evaluate(SIGN, ["html", "::before", 400]) == 1
        waiting[0].abort("aborted")
    page.keyboard.press("Escape")
    expect(page.locator("html[data-going]")).to_have_count(0)
    expect(page.locator("[aria-busy]")).to_have_count(0)


def test_a_button_shows_it_and_sends_once(open_as: Open) -> None:
    """What was sent rests, and can be sent again once the network has failed it."""
    page = open_as("contributor")
    page.goto("/profil")
    form = (
        'main form[action="/profil"]:has([name="name"])'
        if page.locator('main form[action="/profil"]').count()
        else "main form:has([name='name'])"
    )
    button = f"{form} button.primary"
    page.evaluate(WATCH, button)
    label = page.locator(button).inner_text()
    width = page.locator(button).bounding_box()
    with held(page, "**/profil**") as waiting:
        page.locator(button).click(no_wait_after=True)
        wait_for(waiting, page)
        shows_at_once(page)
        expect(page.locator(button)).to_be_disabled()
        assert page.evaluate(SIGN, [button, "::after", 250]) == 0
        assert page.evaluate(SIGN, [button, "::after", 400]) == 1
        assert page.locator(button).inner_text() == label  # the words stay, and so does the size
        after = page.locator(button).bounding_box()
        assert width is not None
        assert after is not None
        assert (after["width"], after["height"]) == (width["width"], width["height"])
        page.locator(f"{form} [name=name]").press("Enter")
        page.locator(button).dispatch_event("click")
        page.evaluate("(f) => document.querySelector(f).requestSubmit()", form)
        page.wait_for_timeout(200)
        assert len(waiting) == 1
        waiting[0].abort("aborted")
    page.keyboard.press("Escape")
    expect(page.locator(button)).to_be_enabled()
    page.locator(button).click()
    page.wait_for_load_state("load")
    expect(page.locator("[data-toast]")).to_be_visible()


def test_whoever_comes_back_finds_a_page_at_rest(open_as: Open) -> None:
    page = open_as("editor")
    page.locator('.nav a[href="/kalender/"]').click()
    page.wait_for_url("**/kalender/")
    page.go_back()
    expect(page.locator(".nav")).to_be_visible()
    expect(page.locator("html[data-going]")).to_have_count(0)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.parametrize("reduced", ["reduce", "no-preference"])
def test_whatever_moves_waits_for_its_time(open_as: Open, reduced: Any) -> None:
    """With motion and without: the sign has the same delay."""
    page = open_as("editor")
    page.emulate_media(reduced_motion=reduced)
    with held(page, "**/kalender/") as waiting:
        page.locator('.nav a[href="/kalender/"]').click(no_wait_after=True)
        wait_for(waiting, page)
        delays = page.evaluate(
            "() => document.getAnimations().filter((a) => a.effect.pseudoElement === '::before')"
            ".map((a) => a.effect.getTiming().delay)"
        )
        assert delays
        assert set(delays) == {300}
        waiting[0].abort("aborted")


# Asked for ahead

HOW = "performance.getEntriesByType('navigation')[0].deliveryType"


@pytest.fixture
def asked(server: Server) -> Iterator[list[tuple[str, str]]]:
    """Each request for a page that reaches the server: its path and its purpose."""
    seen: list[tuple[str, str]] = []
    lock = threading.Lock()

    def note() -> None:
        with lock:
            seen.append((request.path, request.headers.get("Sec-Purpose", "")))

    _hooks(server.app).insert(0, note)
    yield seen
    _hooks(server.app).remove(note)


def _hooks(app: Flask) -> list[Any]:
    return app.before_request_funcs.setdefault(None, [])


def ready(page: Page) -> None:
    """The page has its rules."""
    page.wait_for_load_state("load")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((r) => r.name.includes('.speculationrules') && r.responseEnd)"
    )
    page.wait_for_timeout(300)


def times(asked: list[tuple[str, str]], path: str) -> list[str]:
    return [purpose for where, purpose in asked if where == path]


def hover(page: Page, path: str, asked: list[tuple[str, str]]) -> None:
    before = len(times(asked, path))
    page.mouse.move(700, 400)
    page.locator(f'.nav a[href="{path}"]').hover()
    for _try in range(100):
        if len(times(asked, path)) > before:
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(1500)  # and its answer


@pytest.mark.parametrize("keeps_pages", [False, True])
def test_a_page_is_there_before_the_click(
    open_as: Open, asked: list[tuple[str, str]], keeps_pages: bool
) -> None:
    """Pointing and clicking make one request, with the script in the background and without."""
    page = open_as("editor", keeps_pages=keeps_pages)
    if keeps_pages:
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        page.reload()
    ready(page)
    asked.clear()
    hover(page, "/kalender/", asked)
    page.locator('.nav a[href="/kalender/"]').click()
    page.wait_for_url("**/kalender/")
    assert page.evaluate(HOW) == "navigational-prefetch"
    assert times(asked, "/kalender/") == ["prefetch"]


def test_whoever_sent_something_gets_a_fresh_page(open_as: Open, asked: list[tuple[str, str]]) -> None:
    page = open_as("editor")
    ready(page)
    hover(page, "/kalender/", asked)
    page.mouse.move(700, 400)
    page.evaluate("fetch('/profil', {method: 'POST'}).then((answer) => answer.text())")
    asked.clear()
    page.evaluate("document.querySelector('.nav a[href=\"/kalender/\"]').click()")
    page.wait_for_url("**/kalender/")
    assert len(times(asked, "/kalender/")) == 1


def test_a_slow_network_is_spared(open_as: Open, asked: list[tuple[str, str]]) -> None:
    """At the speed of 3G each byte belongs to what the person asked for."""
    page = open_as("editor")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000,
    })  # fmt: skip
    page.reload()
    ready(page)
    assert page.evaluate("navigator.connection.effectiveType") == "3g"
    assert page.locator("html[data-ahead]").count() == 0
    asked.clear()
    page.locator('.nav a[href="/kalender/"]').hover()
    page.wait_for_timeout(1500)
    assert times(asked, "/kalender/") == []


def test_files_and_what_is_said_not_to_be_are_not_asked_for(
    open_as: Open, asked: list[tuple[str, str]]
) -> None:
    """Addresses of files, of this page itself, and whatever carries ``data-no-prefetch``."""
    page = open_as("editor")
    page.evaluate(
        """() => {
          const list = document.createElement("ul");
          list.className = "list";
          list.innerHTML = `<li><a href="/templat/agenda.xlsx">1</a></li><li><a href="/pengaturan/arsip/1/unduh">2</a></li>
            <li><a href="/tugas?lain=1" data-no-prefetch>3</a></li><li><a href="/publikasi/?lain=1" target="_blank">4</a></li>`;
          document.querySelector("main").prepend(list);
        }"""
    )
    ready(page)
    asked.clear()
    for number in range(4):
        page.locator("main > .list a").nth(number).hover()
        page.wait_for_timeout(500)
    assert [path for path, purpose in asked if purpose] == []
