"""``python -m benchmarks felt``: speed as a person feels it, in a real Chromium, the sample office behind gunicorn.

Milliseconds from a press to the first frame that shows it; what moves by itself on the main pages; how long a click on
a link takes with and without the page having been asked for ahead; and how long the heaviest pages need to answer a
key, a press and a drag. The network, where it is throttled, is a phone's (400 kbit/s, 400 ms).
"""

import shutil
import statistics
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.phone import NETWORK, WAYS, served

ROUNDS: Final = 5
SLOW_PROCESSOR: Final = 4
LINKS: Final = ("/naskah/", "/kalender/", "/publikasi/")
FRAME: Final = """(selector) => new Promise((done) => {
  const one = document.querySelector(selector);
  one.addEventListener("click", (event) => {
    const frame = () => {
      if (!one.hasAttribute("aria-busy")) return requestAnimationFrame(frame);
      done(performance.now() - event.timeStamp);
    };
    requestAnimationFrame(frame);
  }, { once: true });
})"""
SHIFTS: Final = """
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""
EVENTS: Final = """
  window.slow = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) window.slow.push([name, duration]);
  }).observe({ type: "event", buffered: true, durationThreshold: 16 });
"""
ARRIVED: Final = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  return [painted, page.deliveryType];
}"""


def enter(browser: Browser, url: str, role: str, *, width: int = 1280) -> Page:
    """A page of that role's browser, at home."""
    context = browser.new_context(
        viewport={"width": width, "height": 760}, base_url=url, locale="id-ID", service_workers="block",
        is_mobile=width < 500, has_touch=width < 500,
    )  # fmt: skip
    page = context.new_page()
    page.goto("/masuk")
    page.locator(f'form:has(input[name="role"][value="{role}"]) button').first.click()
    page.wait_for_url("**/")
    page.wait_for_load_state("load")
    return page


def throttle(page: Page, *, network: bool = True, processor: int = 1) -> Any:
    """Slow down the page's network and processor. Returns the developer's door to it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    if network:
        devtools.send("Network.emulateNetworkConditions", NETWORK)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": processor})
    return devtools


def presses(browser: Browser, url: str) -> None:
    """From a press to the frame that shows it, while the answer is on its way."""
    page = enter(browser, url, "editor")
    throttle(page, processor=SLOW_PROCESSOR)
    print(f"\n{'press, processor ÷ 4':<36} {'ms, median':>11} {'worst':>6}")
    for label, at, selector in (
        ("link of the navigation", "/", '.nav a[href="/kalender/"]'),
        ("tab of a list", "/naskah/", ".tabs a:not([aria-current])"),
        ("button that sends a form", "/profil", "main form[method=post] button.primary"),
    ):
        taken = []
        for _round in range(ROUNDS):
            page.goto(at, wait_until="load")
            page.evaluate(
                f"window.felt = ({FRAME})({selector!r}); window.felt.then((ms) => sessionStorage.felt = ms); 0"
            )
            page.locator(selector).first.click()
            page.wait_for_load_state("load")
            taken.append(float(page.evaluate("sessionStorage.felt")))
        print(f"{label:<36} {statistics.median(taken):11.0f} {max(taken):6.0f}")
    page.context.close()


def shifts(browser: Browser, url: str) -> None:
    """What moves by itself, nothing kept from before."""
    print(f"\n{'layout shift, 400 kbit/s, 400 ms':<36} {'360 px':>11} {'1280 px':>8}")
    found: dict[tuple[str, str], list[float]] = {}
    for width in (360, 1280):
        for role, paths in WAYS.items():
            page = enter(browser, url, role, width=width)
            page.add_init_script(SHIFTS)
            devtools = throttle(page, processor=2)
            for path in paths:
                devtools.send("Network.clearBrowserCache")
                page.goto(path, wait_until="load", timeout=90_000)
                page.wait_for_timeout(1500)
                found.setdefault((role, path), []).append(float(page.evaluate("window.shifted")))
            page.context.close()
    for (role, path), (narrow, wide) in found.items():
        print(f"{f'{role} {path}':<36} {narrow:11.4f} {wide:8.4f}")


def links(browser: Browser, url: str) -> None:
    """From a click to the first paint of the next page, styles and scripts kept, as for whoever works here all day.

    At this speed the product itself asks for nothing ahead; "ahead" shows what it would bring.
    """
    print(f"\n{'click to first paint, 400 ms':<36} {'as it is':>11} {'ahead':>8}")
    for path in LINKS:
        taken: dict[bool, list[float]] = {False: [], True: []}
        for ahead in (False, True):
            page = enter(browser, url, "editor")
            page.goto(path, wait_until="load")  # its files are kept from here on
            throttle(page)
            for _round in range(ROUNDS):
                page.goto("/profil", wait_until="load")
                page.wait_for_timeout(1500)  # the rules are there
                page.mouse.move(700, 400)
                page.evaluate(f"document.documentElement.toggleAttribute('data-ahead', {str(ahead).lower()})")
                page.wait_for_timeout(300)
                if ahead:
                    page.locator(f'.nav a[href="{path}"]').hover()
                    page.wait_for_timeout(2500)
                page.evaluate(f"document.querySelector('.nav a[href=\"{path}\"]').click()")
                page.wait_for_url(f"**{path}")
                page.wait_for_load_state("load")
                page.wait_for_timeout(300)
                painted, delivery = page.evaluate(ARRIVED)
                if ahead and delivery != "navigational-prefetch":
                    print(f"{path}: was not taken from what was asked for ahead")
                taken[ahead].append(float(painted))
            page.context.close()
        print(f"{path:<36} {statistics.median(taken[False]):11.0f} {statistics.median(taken[True]):8.0f}")


def _drag(page: Page) -> None:
    page.goto("/kalender/", wait_until="load")
    one = page.locator(".ev[data-id]").first
    box = one.bounding_box()
    if box is None:
        raise SystemExit("the calendar has nothing to drag")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(x + step * 6, y + step * 2)
    page.keyboard.press("Escape")
    page.mouse.up()


def _desk(page: Page) -> None:
    page.goto("/naskah/", wait_until="load")
    box = page.locator(".card--desk").nth(1).bounding_box()
    if box is None:
        raise SystemExit("the desk has no second card")
    page.mouse.click(box["x"] + box["width"] - 6, box["y"] + 6)
    for _n in range(10):
        page.keyboard.press("Tab")


def _type(page: Page) -> None:
    page.goto("/naskah/?tampilan=daftar", wait_until="load")
    links = page.eval_on_selector_all(
        'main a[href^="/naskah/"]', "(all) => all.map((a) => a.getAttribute('href'))"
    )
    story = next(one for one in links if one.removeprefix("/naskah/").isdigit())
    page.goto(f"{story}/sunting", wait_until="load")
    page.locator(".ProseMirror").first.click()
    page.keyboard.type("Petugas memeriksa batas di lapangan bersama warga. " * 3, delay=15)


def events(browser: Browser, url: str) -> None:
    """From a key, press or move to the next paint, on the heaviest pages; Chromium counts in steps of 8 ms."""
    print(f"\n{'event to paint, processor ÷ 4':<36} {'events':>7} {'ms, 98 %':>9} {'worst':>6}")
    for label, act in (
        ("calendar, dragging", _drag),
        ("desk, pressing and tabbing", _desk),
        ("editor, typing", _type),
    ):
        page = enter(browser, url, "editor")
        page.add_init_script(EVENTS)
        throttle(page, network=False, processor=SLOW_PROCESSOR)
        act(page)
        page.wait_for_timeout(800)
        slow = sorted(duration for _name, duration in page.evaluate("window.slow"))
        high = slow[min(len(slow) - 1, int(len(slow) * 0.98))] if slow else 0
        print(f"{label:<36} {len(slow):7} {high:9.0f} {slow[-1] if slow else 0:6.0f}")
        page.context.close()


def main() -> None:
    """All of them, as tables."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for measure in (presses, shifts, links, events):
            measure(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
