"""How much a person does: presses of the pointer, and fields filled in or chosen, counted by the pages themselves."""

from playwright.sync_api import Page

COUNT = """
const add = (what) => {
  const told = JSON.parse(sessionStorage.getItem("steps") || '{"clicks": 0, "fields": 0}');
  told[what] += 1;
  sessionStorage.setItem("steps", JSON.stringify(told));
};
addEventListener("pointerdown", (event) => { if (event.isTrusted) add("clicks"); }, true);
addEventListener("change", (event) => {
  if (event.target.matches("select, textarea, input:not([type=checkbox], [type=radio])")) add("fields");
}, true);
"""


def count_steps(page: Page) -> None:
    """From here on, on every page of this window."""
    page.add_init_script(COUNT)
    page.reload()
    page.evaluate("sessionStorage.removeItem('steps')")


def steps(page: Page) -> dict[str, int]:
    """``{"clicks": 3, "fields": 1}``."""
    told = page.evaluate("JSON.parse(sessionStorage.getItem('steps'))")
    return told or {"clicks": 0, "fields": 0}
