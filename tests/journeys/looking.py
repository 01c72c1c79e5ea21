"""What is wrong with a page as a person meets it: axe in every theme and width, 400 % zoom, motion, names, headings.

One load of a page is looked at in several ways: theme and width are changed without loading it again. Each function gives
sentences; none means nothing was found.
"""

import os
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

from tests.journeys.names import names_amiss

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The rules of these tags whose answer can differ between two themes or two widths of one and the same document: colours,
# sizes, and whatever a narrow window hides, shows or makes scroll. The others read the document only.
DIFFERING = [
    "color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "aria-hidden-focus", "button-name",
    "link-name", "label", "select-name", "image-alt", "svg-img-alt", "input-button-name", "input-image-alt",
    "nested-interactive", "list", "listitem", "definition-list", "dlitem", "td-headers-attr", "th-has-data-cells",
    "bypass", "frame-title", "summary-name",
]  # fmt: skip
ALL_RULES = bool(os.environ.get("HUMASFLOW_TEST_AXE"))
HEIGHT = 760
# (width in CSS px, dark), in pairs that have both widths and both themes; the first of a load is given every rule.
SIGHTS = [(1280, False), (360, True), (1280, True), (360, False)]
ZOOMED = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %

_RUN = """([only]) => axe.run(document, only).then(r => r.violations.map(v => ({
    rule: v.id, html: v.nodes[0].html.slice(0, 160), why: (v.nodes[0].failureSummary || '').slice(0, 300), n: v.nodes.length})))"""

_ZOOM = """() => {
    const wrong = [], root = document.documentElement, high = innerHeight;
    if (root.scrollWidth > root.clientWidth) {
        let who = '';
        for (const e of document.body.querySelectorAll('*')) {
            if (e.getBoundingClientRect().right > root.clientWidth + 1 && e.checkVisibility()) who = e.outerHTML.slice(0, 140);
        }
        wrong.push(`${root.scrollWidth - root.clientWidth} px sideways: ${who}`);
    }
    scrollTo(0, document.body.scrollHeight / 2);
    let covered = 0;
    for (const e of document.body.querySelectorAll('*')) {
        const style = getComputedStyle(e);
        if (!['fixed', 'sticky'].includes(style.position) || !e.checkVisibility({visibilityProperty: true})) continue;
        const box = e.getBoundingClientRect();
        const seen = Math.min(box.bottom, high) - Math.max(box.top, 0);
        if (seen <= 0 || box.width < innerWidth / 2) continue;
        // A sticky part that is where it would be anyway covers nothing.
        const stuck = style.position === 'fixed' || Math.abs(box.top - parseFloat(style.top)) < 1
            || Math.abs(high - box.bottom - parseFloat(style.bottom)) < 1;
        if (!stuck) continue;
        covered += seen;
        if (seen > high / 2) wrong.push(`${Math.round(seen)} of ${high} px covered: ${e.outerHTML.slice(0, 140)}`);
    }
    if (covered > high / 2) wrong.push(`${Math.round(covered)} of ${high} px covered in all`);
    scrollTo(0, 0);
    return wrong;
}"""

# Each part that can be reached with the keyboard is given the focus; what lies on top of it must not be something else.
_FOCUS = """() => {
    const wrong = [], may = 'a[href],button,input,select,textarea,summary,[tabindex]';
    for (const e of document.querySelectorAll(may)) {
        if (e.disabled || e.tabIndex < 0 || e.type === 'hidden' || !e.checkVisibility({visibilityProperty: true})) continue;
        e.focus();
        if (document.activeElement !== e) continue;
        const box = e.getBoundingClientRect();
        if (box.width < 3 || box.height < 3) continue;
        let free = false, over = null;
        for (const x of [.1, .5, .9]) for (const y of [.1, .5, .9]) {
            const left = box.left + box.width * x, top = box.top + box.height * y;
            const found = document.elementFromPoint(left, top);
            if (found && (e.contains(found) || found.contains(e) || [...(e.labels || [])].some(l => l.contains(found)))) free = true;
            else if (found) over = found;
        }
        if (over?.closest('.toasts, .toast')) continue; // goes by itself, and Escape ends it
        if (over?.closest('details') && over.closest('details') === e.closest('details')) continue; // its own menu's opener
        if (!free) wrong.push(`focus hidden: ${e.outerHTML.slice(0, 120)} under ${over ? over.outerHTML.slice(0, 80) : 'the edge'}`);
    }
    document.activeElement.blur();
    scrollTo(0, 0);
    return wrong.slice(0, 3);
}"""

_MOTION = """() => {
    const wrong = document.getAnimations().filter(a => {
        const t = a.effect.getComputedTiming();
        return t.activeDuration > 10 && a.playState !== 'finished';
    }).map(a => `runs: ${a.animationName || a.transitionProperty} on ${a.effect.target.outerHTML.slice(0, 100)}`);
    const long = (text) => text.split(',').some(part => (part.trim().endsWith('ms') ? parseFloat(part) : parseFloat(part) * 1000) > 10);
    for (const e of document.querySelectorAll('*')) for (const pseudo of [null, '::before', '::after']) {
        const s = getComputedStyle(e, pseudo);
        if (pseudo && s.content === 'none') continue;
        if (long(s.transitionDuration)) wrong.push(`transition ${s.transitionDuration}: ${e.outerHTML.slice(0, 100)}`);
        if (s.animationName !== 'none' && long(s.animationDuration)) wrong.push(`animation ${s.animationName}: ${e.outerHTML.slice(0, 100)}`);
        if (s.scrollBehavior === 'smooth') wrong.push(`smooth scrolling: ${e.outerHTML.slice(0, 100)}`);
    }
    return wrong.slice(0, 3);
}"""


def axe(page: Page, *, every_rule: bool) -> list[str]:
    """What axe finds in the page as it stands: rule, the first element it is about, why. Axe must be in the page."""
    only: dict[str, Any] = {"resultTypes": ["violations"]}
    only |= (
        {"runOnly": {"type": "tag", "values": TAGS}}
        if every_rule
        else {"runOnly": {"type": "rule", "values": DIFFERING}}
    )
    found: list[dict[str, Any]] = page.evaluate(_RUN, [only])
    return [f"{v['rule']} ×{v['n']}: {v['html']} {v['why']}" for v in found]


def violations(page: Page) -> list[str]:
    """What axe finds in the page as it stands, by every rule."""
    page.evaluate(AXE)
    return axe(page, every_rule=True)


def sideways(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def see(page: Page, width: int, *, dark: bool) -> None:
    """The window at a width, in a theme; nothing is loaded again."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")


def zoomed(page: Page) -> list[str]:
    """What is wrong at 400 %: sideways scroll, bars over more than half of the window, a focus behind something."""
    page.set_viewport_size({"width": ZOOMED["width"], "height": ZOOMED["height"]})
    return [f"400 %: {text}" for text in [*page.evaluate(_ZOOM), *page.evaluate(_FOCUS)]]


def moving(page: Page) -> list[str]:
    """What moves although the person asked for less of it."""
    return [f"motion: {text}" for text in page.evaluate(_MOTION)]


def glance(page: Page, where: str) -> list[str]:
    """What axe finds in what is open right now, a dialog for instance, and whether it is wider than the window: in the
    theme and at the width that the journey has.
    """
    wrong = [f"{where}: {text}" for text in violations(page)]
    return wrong + ([f"{where}: {sideways(page)} px sideways"] if sideways(page) > 0 else [])


def look(page: Page, where: str, *, turn: int = 0) -> list[str]:
    """Everything wrong with the page that is open, in all four sights in the whole run, else in a pair of them. ``turn``
    rotates which pair, and which of it is given every rule.
    """
    wrong: list[str] = []
    page.evaluate(AXE)
    first = turn % 4
    sights = SIGHTS[first:] + SIGHTS[:first] if ALL_RULES else [SIGHTS[first], SIGHTS[first ^ 1]]
    for number, (width, dark) in enumerate(sights):
        see(page, width, dark=dark)
        sight = f"{where} {width} {'dark' if dark else 'light'}"
        wrong += [f"{sight}: {text}" for text in axe(page, every_rule=ALL_RULES or number == 0)]
        if sideways(page) > 0:
            wrong.append(f"{sight}: {sideways(page)} px sideways")
        if number == 0:
            wrong += [f"{sight}: {text}" for text in [*names_amiss(page), *moving(page)]]
    wrong += [f"{where}: {text}" for text in zoomed(page)]
    see(page, 1280, dark=False)
    return wrong
