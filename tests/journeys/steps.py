"""How much a person does: presses, fields and characters, pages waited for and screens scrolled, counted by the pages
themselves; and how long that takes somebody who knows the way.
"""

import json
from pathlib import Path
from typing import TypedDict

from playwright.sync_api import Page

COUNT = """
{
const NONE = {clicks: 0, fields: 0, keys: 0, typed: 0, pages: 0, scrolled: 0};
const add = (what, n = 1) => {
  if (window.top !== window) return;
  const told = {...NONE, ...JSON.parse(sessionStorage.getItem("steps") || "{}")};
  told[what] += n;
  sessionStorage.setItem("steps", JSON.stringify(told));
};
add("pages");
addEventListener("pointerdown", (event) => { if (event.isTrusted) add("clicks"); }, true);
addEventListener("keydown", (event) => {
  const types = event.target.matches("input, textarea, [contenteditable]") && event.key.length === 1;
  if (event.isTrusted && !types && !/Shift|Control|Alt|Meta/.test(event.key)) add("keys");
 }, true);
addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("select, textarea, input:not([type=checkbox], [type=radio])")) return;
  add("fields");
  if (field.matches("textarea, input:not([type=file])")) add("typed", field.value.length);
}, true);
let seen = 0;
addEventListener("scroll", () => {
  const far = Math.floor(window.scrollY / window.innerHeight);
  if (far > seen) { add("scrolled", far - seen); seen = far; }
}, true);
}
"""

# The keystroke-level model of Card, Moran and Newell (1980), in seconds: seeing what to do next, pointing and pressing,
# a key of somebody who types 40 words a minute, moving the hand to the keys; and a page of an office's network.
THINK, POINT, KEY, HAND, PAGE = 1.35, 1.3, 0.28, 0.4, 1.0


class Steps(TypedDict):
    """``clicks``: presses of pointer or finger; ``fields`` filled in or chosen; ``keys`` that are no characters;
    ``typed``: characters; ``pages`` that came; ``scrolled``: screens.
    """

    clicks: int
    fields: int
    keys: int
    typed: int
    pages: int
    scrolled: int


NOTHING: Steps = {"clicks": 0, "fields": 0, "keys": 0, "typed": 0, "pages": 0, "scrolled": 0}


def count_steps(page: Page) -> None:
    """From here on, on every page of this window."""
    page.add_init_script(COUNT)
    page.reload()
    page.evaluate("sessionStorage.removeItem('steps')")


def steps(page: Page) -> Steps:
    """What was counted until now."""
    told = page.evaluate("JSON.parse(sessionStorage.getItem('steps'))")
    return {**NOTHING, **(told or {})}


def seconds(done: Steps) -> float:
    """How long it takes somebody who knows the way, by the keystroke-level model."""
    return (
        done["clicks"] * (THINK + POINT) + done["fields"] * HAND + (done["keys"] + done["typed"]) * KEY
        + done["pages"] * PAGE + done["scrolled"] * POINT
    )  # fmt: skip


def write_down(name: str, page: Page, folder: Path = Path("test-results")) -> Steps:
    """The steps of a job, also into ``walks.jsonl`` of the folder that is never kept: docs/experience.md quotes it."""
    done = steps(page)
    folder.mkdir(exist_ok=True)
    with (folder / "walks.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"job": name, **done, "seconds": round(seconds(done))}) + "\n")
    return done
