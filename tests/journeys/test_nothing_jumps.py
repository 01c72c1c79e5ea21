"""Nothing on a page moves by itself once it is seen: not when the font comes, not when numbers, bars or lines come late."""

import pytest
from playwright.sync_api import CDPSession, Page

from tests.journeys.conftest import Open

pytestmark = [pytest.mark.journey, pytest.mark.deep]

PAGES = {
    "contributor": ["/", "/usulan/kirim", "/usulan/", "/tugas", "/capaian/saya", "/pemberitahuan/"],
    "editor": [
        "/",
        "/usulan/kolam",
        "/naskah/",
        "/naskah/?tampilan=daftar",
        "/kalender/",
        "/publikasi/",
        "/media/",
    ],
    "approver": ["/", "/persetujuan/", "/kalender/?tampilan=minggu"],
    "lead": ["/", "/capaian/", "/capaian/verifikasi", "/laporan/"],
    "admin": ["/", "/pengaturan/", "/cari"],
}
# The sum, and what moved from where to where: a failure says what to look at.
MOVES = """
  window.moved = [];
  const name = (node) => node ? (node.nodeType === 3 ? node.textContent.trim().slice(0, 30) : `${node.tagName}.${node.className}`) : "?";
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      for (const { node, previousRect: a, currentRect: b } of entry.sources) {
        window.moved.push(`${Math.round(entry.startTime)} ms: ${name(node)} ${a.x},${a.y} ${a.width}×${a.height} → ${b.x},${b.y} ${b.width}×${b.height}`);
      }
      if (!entry.sources.length) window.moved.push(`${entry.value}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


def _on_a_far_server(page: Page) -> CDPSession:
    """Each file comes 400 ms after it was asked for, and the processor is a quarter as fast. Returns the developer's
    door to that browser.
    """
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1,
    })  # fmt: skip
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return devtools


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("role", PAGES)
def test_nothing_moves(open_as: Open, role: str, width: int) -> None:
    page = open_as(role, width=width)
    page.add_init_script(MOVES)
    devtools = _on_a_far_server(page)
    for path in PAGES[role]:
        devtools.send("Network.clearBrowserCache")  # a first visit: font and styles are not there yet
        answer = page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        assert page.evaluate("window.moved") == [], f"{path} at {width}"
