"""Pages walked from its first stop to its last: the skip link first, each stop to be seen, no trap, no way lost."""

import pytest

from tests.journeys.keyboard.conftest import ByKeys
from tests.journeys.keyboard.hands import MouseTouched

pytestmark = pytest.mark.journey

PAGES = [
    ("contributor", "/"),
    ("editor", "/media/"),
    ("editor", "/naskah/?tampilan=daftar"),
    ("editor", "/publikasi/"),
    ("approver", "/persetujuan/"),
    ("lead", "/capaian/"),
    ("admin", "/pengaturan/"),
]


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_from_the_first_stop_to_the_last(by_keys: ByKeys, role: str, address: str) -> None:
    keys = by_keys(role, address)
    page = keys.page
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200
    keys.press("Tab")
    first = keys.expect_at("Langsung ke isi", "link")
    wrong, seen = [], {first.number}
    for _ in range(400):
        keys.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # after the last stop: the browser's own bar
        stop = keys.here()
        keys.stops.append(stop)
        if not stop.fresh and not stop.parts:
            wrong.append(f"trapped: {stop}")
            break
        if stop.number == first.number:
            break
        if stop.wrong:
            wrong.append(str(stop))
        if not stop.name and stop.role not in ("generic", "RootWebArea"):
            wrong.append(f"no name: {stop}")
        seen.add(stop.number)
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 5


def test_the_mouse_is_out_of_reach(by_keys: ByKeys) -> None:
    page = by_keys("editor").page
    with pytest.raises(MouseTouched):
        page.mouse.click(10, 10)
    with pytest.raises(MouseTouched):
        page.locator("a").first.click()
    with pytest.raises(MouseTouched):
        page.click("a")
