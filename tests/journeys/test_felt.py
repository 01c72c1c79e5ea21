"""Speed as it is felt: a press shows at once, nothing spins before its time, a page is there before it is asked for."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, request
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Server

# Frames and milliseconds are asked for, which a busy machine does not have.
pytestmark = [pytest.mark.journey, pytest.mark.deep]

# Told by the page itself and kept for the page after it: whether what was pressed looks different in the first frames, how
# long the page's own part of that took, and whether the sign of waiting shows 250 and 400 ms later (by the time of its
# animation, so that a busy machine is no matter).
WATCH = """([selector, signed, pseudo]) => {
  document.documentElement.removeAttribute("data-ahead");  // asked for ahead, the page would be there at once
  const one = document.querySelector(selector);
  const look = () => { const s = getComputedStyle(one); return `${s.boxShadow} ${s.opacity} ${s.transform}`; };
  const before = look();
  const size = () => { const { width, height } = one.getBoundingClientRect(); return [width, height, one.innerText].join(); };
  const felt = { size: size() };
  const sign = (at) => {
    const holder = document.querySelector(signed);
    for (const a of holder.getAnimations({ subtree: true })) {
      if (a.effect.target !== holder || a.effect.pseudoElement !== pseudo) continue;
      a.pause();
      a.currentTime = at;
    }
    return Number(getComputedStyle(holder, pseudo).opacity);
  };
  const watch = (name, shows, then) => one.addEventListener(name, () => {
    const begun = performance.now();
    let frames = 0;
    const frame = () => {
      frames += 1;
      if (!shows() && frames < 100) return requestAnimationFrame(frame);
      felt[name] = frames;
      then?.();
      sessionStorage.felt = JSON.stringify(felt);
    };
    requestAnimationFrame(frame);
    window.addEventListener(name, () => { felt[`${name} ms`] = performance.now() - begun; }, { once: true });
  });
  watch("pointerdown", () => look() !== before);
  watch("click", () => one.hasAttribute("aria-busy"), () => {
    felt.early = sign(250);
    felt.late = sign(400);
    felt.same = size() === felt.size;
    felt.rests = "underWay" in (one.form?.dataset ?? {});
    const form = one.form;
    if (!form) return;
    window.addEventListener("submit", (event) => { felt.again = !event.defaultPrevented; }, { once: true });
    form.requestSubmit();
  });
}"""


Getting = Callable[[str], Any]


@pytest.fixture(name="getting")
def getting_later(request: pytest.FixtureRequest) -> Getting:
    """A fixture that begins in the middle of a test, once the person is signed in."""
    return request.getfixturevalue


@pytest.fixture
def late(server: Server) -> Iterator[None]:
    """The server takes two seconds for each page and each form."""

    def wait() -> None:
        if not request.path.startswith("/static/") and request.endpoint != "notifications.count":
            time.sleep(2)

    _hooks(server.app).insert(0, wait)
    yield
    _hooks(server.app).remove(wait)


def told(page: Page) -> dict[str, Any]:
    felt: dict[str, Any] = json.loads(page.evaluate("sessionStorage.felt"))
    assert felt["pointerdown"] <= 2
    assert felt["click"] <= 2
    assert felt["click ms"] < 100
    assert felt["same"]  # the words stay, and so does the size
    assert felt["early"] == 0
    assert felt["late"] == 1
    return felt


@pytest.mark.parametrize("reduced", ["reduce", "no-preference"])
def test_a_link_shows_at_once_that_it_was_pressed(open_as: Open, getting: Getting, reduced: Any) -> None:
    page = open_as("editor")
    page.emulate_media(reduced_motion=reduced)
    getting("late")
    page.evaluate(WATCH, ['.nav a[href="/kalender/"]', "html", "::before"])
    page.locator('.nav a[href="/kalender/"]').click()
    page.wait_for_url("**/kalender/")
    told(page)
    page.go_back()
    expect(page.locator(".nav")).to_be_visible()
    expect(page.locator("html[data-going]")).to_have_count(0)
    expect(page.locator(".nav [aria-busy=true]")).to_have_count(0)


def test_a_button_shows_it_and_sends_once(open_as: Open, getting: Getting) -> None:
    page = open_as("contributor")
    page.goto("/profil")
    button = "main form:has([name=name]) button.primary"
    getting("late")
    page.evaluate(WATCH, [button, button, "::after"])
    page.locator(button).click()
    expect(page.locator("[data-toast]")).to_be_visible()
    felt = told(page)
    assert felt["rests"]
    assert felt["again"] is False


def test_what_was_stopped_can_be_sent_again(open_as: Open, getting: Getting) -> None:
    page = open_as("contributor")
    page.goto("/profil")
    getting("late")
    rested, woke = page.evaluate(
        """async () => {
          const button = document.querySelector("main form:has([name=name]) button.primary");
          button.click();
          await new Promise((done) => setTimeout(done, 200));
          const rested = button.disabled && button.getAttribute("aria-busy") === "true";
          window.stop();
          document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
          return [rested, !button.disabled && !button.hasAttribute("aria-busy")];
        }"""
    )
    assert rested
    assert woke


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
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
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
    page.add_init_script(
        "Object.defineProperty(NetworkInformation.prototype, 'effectiveType', { get: () => '3g' })"
    )
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
