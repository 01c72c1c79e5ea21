"""A person who has a keyboard and nothing else: keys are pressed, and at every stop it is asked where the focus is, and
whether it can be seen there.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    CDPSession,
    ElementHandle,
    Error,
    Frame,
    Locator,
    Mouse,
    Page,
    Touchscreen,
)

from tests.factories.world import PASSWORD

BY_POINTER = ("blur", "check", "click", "dblclick", "dispatch_event", "down", "drag_and_drop", "drag_to", "fill", "focus",
              "hover", "move", "press", "press_sequentially", "select_option", "set_checked", "tap", "type", "uncheck",
              "up", "wheel")  # fmt: skip

PATIENCE = 10  # seconds for a busy machine


class MouseTouched(AssertionError):
    """A journey by keyboard used something else."""


def _no(*_: object, **__: object) -> None:
    raise MouseTouched("this journey has a keyboard only")


@contextmanager
def no_mouse() -> Iterator[None]:
    """Everything of Playwright that is not ``page.keyboard`` refuses; files may still be put into a file field, for the
    chooser of the system belongs to no page.
    """
    with pytest.MonkeyPatch.context() as patch:
        for kind in (ElementHandle, Frame, Locator, Mouse, Page, Touchscreen):
            for name in BY_POINTER:
                if hasattr(kind, name):
                    patch.setattr(kind, name, _no)
        yield


# Where the focus is, and what a sighted person sees of it. An input that the look replaces shows its ring on its label.
STOP = r"""async () => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body || at === document.documentElement) return { lost: true };
  // Some looks stand beside or around their input: the label, what follows it, or the box that holds it.
  const near = [at, ...(at.labels ?? []), at.nextElementSibling, at.parentElement, at.parentElement?.parentElement].filter(Boolean);
  const clear = (colour) => colour === "transparent" || /, 0\)$/.test(colour);
  const ring = (one) => {
    const look = getComputedStyle(one);
    return (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 1 && !clear(look.outlineColor)) || look.boxShadow !== "none";
  };
  const seen = (one) => [...one.getClientRects()].some((box) => {
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (right - left < 2 || bottom - top < 2) return false;
    for (const [x, y] of [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]]) {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      if (hit && (one.contains(hit) || hit.contains(one) && [...(at.labels ?? [])].includes(hit))) return true;
    }
    return false;
  });
  const labels = [at, ...(at.labels ?? [])];
  const fresh = window.keyStop !== at;
  window.keyStop = at;
  // The browser scrolls to what it focuses with the next picture it draws.
  for (let n = 0; n < 12 && !labels.some(seen); n += 1) await new Promise((drawn) => setTimeout(drawn, 25));
  return {
    lost: false,
    fresh,
    parts: at.matches("input[type=date], input[type=time], input[type=datetime-local], input[type=month], iframe, video, audio"),
    ring: near.some(ring),
    seen: labels.some(seen),
    number: (window.keyStops ??= new Map()).get(at) ?? (window.keyStops.set(at, window.keyStops.size), window.keyStops.size - 1),
    words: [at.ariaLabel, ...(at.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent),
      ...[...(at.labels ?? [])].map((label) => label.textContent), at.matches("input, select, textarea") ? "" : at.textContent.slice(0, 300), at.title, at.placeholder]
      .filter(Boolean).join(" ").replace(/\s+/g, " ").trim(),
    cover: (({ x, y, width, height }) => document.elementFromPoint(x + width / 2, y + height / 2)?.outerHTML.slice(0, 120) ?? `${x} ${y}`)(at.getBoundingClientRect()),
    html: at.cloneNode(false).outerHTML.slice(0, 160),
  };
}"""


@dataclass
class Stop:
    """One place where the focus rests. ``number`` tells one element of the page from another."""

    role: str
    name: str
    html: str
    fresh: bool
    parts: bool
    number: int
    wrong: str = ""

    def __str__(self) -> str:
        return f"{self.role} “{self.name}” {self.html} {self.wrong}".strip()


@dataclass
class Keys:
    """The keyboard of one page, and how often it was pressed. A typed text is one press: it is the same for everybody."""

    page: Page
    presses: int = 0
    stops: list[Stop] = field(default_factory=list)
    _cdp: CDPSession | None = None

    def go(self, address: str) -> None:
        """By the address bar, which is a matter of the keyboard too."""
        self.page.goto(address)
        self.stops = []

    def press(self, key: str, times: int = 1) -> None:
        self.page.wait_for_load_state("domcontentloaded")
        for _ in range(times):
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text: str, *, clear: bool = False) -> None:
        if clear:
            self.press("Control+a")
        self.page.keyboard.type(text)
        self.presses += 1

    def here(self, wanted: str = "") -> Stop:
        """Where the focus is; fails when it is nowhere. A page that goes while it is asked is asked again once it came."""
        for attempt in range(5):
            try:
                stop = self._looked(wanted)
                break
            except Error as error:
                if attempt == 4 or "context" not in str(error):
                    raise
                self.page.wait_for_timeout(200)
                self.page.wait_for_load_state("domcontentloaded")
        if stop is None:
            pytest.fail(f"the focus is nowhere, on {self.page.url}, after {self.told()}")
        return stop

    def _looked(self, wanted: str) -> Stop | None:
        told = self.page.evaluate(STOP)
        if told["lost"]:
            return None
        # The browser is asked for the true name only where the words could be those that are looked for: it takes its time.
        bare = wanted.lstrip("^").rstrip("$")
        asked = not wanted or re.search(bare, told["words"]) is not None
        role, name = self._named() if asked else ("", told["words"][:80])
        wrong = [] if told["ring"] else ["shows no focus"]
        if not told["seen"]:
            wrong.append(f"is covered or outside the window, there is {told['cover']}")
        return Stop(role, name, told["html"], told["fresh"], told["parts"], told["number"], ", ".join(wrong))

    def expect_at(self, name: str, role: str | None = None) -> Stop:
        """The focus is on what is called so (a pattern), and can be seen; a page that just came puts it there in its time."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                stop = self.here()
            except pytest.fail.Exception:
                if time.monotonic() > until:
                    raise
            else:
                if time.monotonic() > until or (not stop.wrong and self._is(stop, name, role)):
                    break
            self.page.wait_for_timeout(100)
        assert not stop.wrong, f"{self.page.url}: {stop}"
        assert self._is(stop, name, role), f"expected “{name}” on {self.page.url}, the focus is on {stop}"
        return stop

    def tab(self, *, back: bool = False, wanted: str = "") -> Stop:
        """One Tab, and what must hold wherever it leads."""
        self.press("Shift+Tab" if back else "Tab")
        stop = self.here(wanted)
        assert not stop.wrong, f"{self.page.url}: {stop}, after {self.told()}"
        assert stop.fresh or stop.parts, f"{self.page.url}: the focus cannot leave {stop}"
        self.stops.append(stop)
        return stop

    def to(self, name: str, *, at_most: int, role: str | None = None, back: bool = False) -> Stop:
        """Tab until the focus is on what is called so: a pattern of its accessible name, from its beginning."""
        start = len(self.stops)
        for _ in range(at_most):
            stop = self.tab(back=back, wanted=name)
            if stop.role and self._is(stop, name, role):
                return stop
        way = "\n".join(str(stop) for stop in self.stops[start:])
        return pytest.fail(f"“{name}” is not within {at_most} presses on {self.page.url}:\n{way}")

    def skip(self) -> None:
        """From the top of the page past the menus, by its first stop."""
        self.press("Tab")
        self.expect_at("Langsung ke isi", "link")
        self.press("Enter")

    def told(self) -> str:
        return "; ".join(f"{stop.role} “{stop.name}”" for stop in self.stops[-6:]) or "nothing"

    @staticmethod
    def _is(stop: Stop, name: str, role: str | None) -> bool:
        return bool(re.match(name, stop.name)) and (role is None or role == stop.role)

    def _named(self) -> tuple[str, str]:
        """Role and accessible name as the browser tells them to a screen reader."""
        if self._cdp is None:
            self._cdp = self.page.context.new_cdp_session(self.page)
        found: dict[str, Any] = self._cdp.send(
            "Runtime.evaluate", {"expression": "document.activeElement", "objectGroup": "keys"}
        )
        tree = self._cdp.send(
            "Accessibility.getPartialAXTree",
            {"objectId": found["result"]["objectId"], "fetchRelatives": False},
        )
        node = tree["nodes"][0]
        return node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "").strip()


@contextmanager
def signed_in_by_keys(chromium: Browser, url: str, email: str) -> Iterator[Keys]:
    """The keyboard of somebody who signed in by typing, at an office of the test's own."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 760}, base_url=url, locale="id-ID", reduced_motion="reduce",
        service_workers="block",
    )  # fmt: skip
    keys = Keys(context.new_page())
    keys.go("/masuk")
    keys.expect_at("Surel|Alamat surel", "textbox")
    keys.type(email)
    keys.to("Kata sandi", at_most=3, role="textbox")
    keys.type(PASSWORD)
    keys.press("Enter")
    keys.page.wait_for_url("**/")
    yield keys
    context.close()
