"""``python -m benchmarks phone``: the product on a 360 px phone at 400 kbit/s and 400 ms, in a real Chromium.

The sample office is served as it is in an office (gunicorn, static files with their headers), the network is the
browser's own throttling. For each page: kilobytes over the network without and with its pictures, requests, and
milliseconds until something is painted and until the page can be used. The limit is on what the product brings, as how
many pictures a list shows is the office's. The first page comes with nothing kept, those after it as a person goes on;
the script in the background is off, as it would hide the network. Ends with 1 where a limit is missed.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from config import base_config
from humasflow import create_app
from humasflow.accounts.queries import today_at
from humasflow.core.db import Base, db
from humasflow.orgs.models import Unit
from humasflow.outbox.runner import run_due
from humasflow.setup.sample_office import create_sample_office

FIRST_KB, NEXT_KB, USABLE_MS = 200, 40, 3000
NETWORK: Final = {
    "offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8,
}  # fmt: skip
SECRET: Final = "0123456789012345678901234567890123456789"  # of a server that lives for a minute
PHONE: Final = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
    "Mobile Safari/537.36"
)
WAYS: Final = {
    "contributor": ["/", "/usulan/kirim", "/usulan/", "/tugas", "/capaian/saya"],
    "editor": ["/", "/usulan/kolam", "/naskah/", "/kalender/", "/publikasi/"],
    "approver": ["/", "/persetujuan/"],
    "lead": ["/", "/capaian/", "/capaian/verifikasi"],
}
AT_ONCE: Final = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  return [Math.round(painted), Math.round(page.domContentLoadedEventEnd)];
}"""


@contextmanager
def served() -> Iterator[str]:
    """The sample office behind gunicorn on a free port."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        folder = Path(name)
        app = create_app(base_config(folder, [SECRET], f"sqlite:///{folder / 'humasflow.db'}"))
        with app.app_context(), app.test_request_context():
            Base.metadata.create_all(db.engine)
            create_sample_office(today_at(Unit(timezone="Asia/Jakarta")), seed=7)
            db.session.commit()
            run_due()
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        taken.close()
        server = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level",
                "error", "wsgi:app",
            ],
            env=os.environ | {"HUMASFLOW_DATA": name, "HUMASFLOW_SECRETS": SECRET},
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            for _try in range(100):
                try:
                    urllib.request.urlopen(f"{url}/healthz", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield url
        finally:
            server.terminate()
            server.wait()


class Meter:
    """What goes over a page's network."""

    def __init__(self, page: Page) -> None:
        self.page, self.bytes, self.pictures, self.requests = page, 0, 0, 0
        self._pictures: set[str] = set()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.responseReceived", self._see)
        devtools.on("Network.loadingFinished", self._add)
        devtools.send("Network.emulateNetworkConditions", NETWORK)

    def _see(self, told: dict[str, Any]) -> None:
        if told["type"] == "Image":
            self._pictures.add(told["requestId"])

    def _add(self, told: dict[str, Any]) -> None:
        size = int(told["encodedDataLength"])
        if size:
            self.bytes += size
            self.pictures += size if told["requestId"] in self._pictures else 0
            self.requests += 1

    def open(self, path: str, limit: int) -> bool:
        """Go there and print what it took. Returns whether the limits hold."""
        self.bytes = self.pictures = self.requests = 0
        self.page.goto(path, wait_until="load")
        self.page.wait_for_timeout(1500)  # what comes after the page counts as well
        painted, usable = self.page.evaluate(AT_ONCE)
        size, bare = self.bytes / 1024, (self.bytes - self.pictures) / 1024
        holds = bare <= limit and usable <= USABLE_MS
        says = "" if holds else "MISSED"
        print(f"{path:<24} {bare:6.0f} KB {size:6.0f} KB {self.requests:4} {painted:8} {usable:8}  {says}")
        return holds


def main() -> None:
    """Walk, print."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    missed = 0
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        print(f"limits: first page {FIRST_KB} KB, later ones {NEXT_KB} KB, usable after {USABLE_MS} ms")
        for role, paths in WAYS.items():
            context = browser.new_context(
                viewport={"width": 360, "height": 760}, base_url=url, locale="id-ID", service_workers="block",
                user_agent=PHONE, is_mobile=True, has_touch=True,
            )  # fmt: skip
            page = context.new_page()
            print(f"\n{role:<24} {'page':>9} {'in all':>9} {'req.':>4} {'painted':>8} {'usable':>8}")
            meter = Meter(page)
            missed += not meter.open("/masuk", FIRST_KB)
            page.locator(f'form:has(input[name="role"][value="{role}"]) button').first.click()
            page.wait_for_url("**/")
            page.wait_for_load_state("load")
            for path in paths:
                missed += not meter.open(path, NEXT_KB)
            context.close()
        browser.close()
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
