"""Makes the pictures of README and docs again: ``make pictures``. With a folder as its argument it puts them there.

The sample office of one fixed day is built in a temporary folder and served on loopback; Chromium looks at it with its
own clock stopped. The same program draws the same pictures, so a picture that differs shows a page that has changed.
Names, stories and numbers on them are the sample office's: generated, nobody's.
"""

import io
import logging
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from config import base_config
from humasflow import create_app
from humasflow.accounts.models import User
from humasflow.accounts.queries import today_at
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.orgs.models import Unit
from humasflow.outbox.runner import run_due
from humasflow.setup.sample.pictures import draw_picture
from humasflow.setup.sample_office import create_sample_office
from tests.support.served import read_whole, serve_on_loopback

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
BUILT = datetime(
    2026, 11, 18, 2, 0, 5, tzinfo=UTC
)  # a Wednesday in the middle of a quarter, 09.00 in Jakarta
LOOKED_AT = BUILT + timedelta(minutes=12)
SEED = 7
WIDE, PHONE = (1280, 800), (390, 780)
SHARP = {WIDE: 1, PHONE: 1.5}  # pixels of the picture for one of the page
ADDRESS = "http://kantor-contoh.localhost"  # what links on the pictures show; the port of the moment would change them
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--font-render-hinting=none",
         "--disable-lcd-text"]  # fmt: skip


def _write_a_pitch(page: Page) -> None:
    page.locator("[name=title]").fill("Warga menerima sertifikat tanah")
    page.locator("[name=what]").fill(
        "Sepuluh keluarga, di balai desa, pagi ini. Kepala kantor menyerahkan sendiri."
    )
    photo = {"name": "serah-terima.jpg", "mimeType": "image/jpeg", "buffer": draw_picture("handshake", SEED)}
    page.locator("#photos").set_input_files([photo])
    page.locator("[data-previews] img").first.wait_for()
    # The browser's own words for choosing a file, in the language of this machine and not in that of the page.
    page.evaluate(
        "for (const file of document.querySelectorAll('input[type=file]')) file.style.display = 'none'"
    )


def _skip_to_a_screenshot(page: Page) -> None:
    """The newest publication whose evidence somebody has pictured; where none is, the oldest that waits."""
    for _waiting in range(20):
        if page.locator(".judge__shot img").count():
            return
        onward = page.locator("[data-key=l]")
        if not onward.count():
            return
        page.goto(onward.first.get_attribute("href") or "")


@dataclass(frozen=True)
class Picture:
    """One page as one role sees it, kept once light and once dark as ``<name>-light.webp`` and ``<name>-dark.webp``.

    ``path``: the address, or how to find it. ``until``: what has to be there first. ``act``: what the person does.
    """

    name: str
    role: str
    path: str | Callable[[], str]
    until: str = "main h1"
    size: tuple[int, int] = WIDE
    act: Callable[[Page], None] | None = None

    @property
    def files(self) -> tuple[str, str]:
        """The names of its two files."""
        return f"{self.name}-light.webp", f"{self.name}-dark.webp"


def _a_package_that_waits() -> str:
    """The address of the newest submission that waits for a decision."""
    found = db.session.scalars(
        select(Package.id).where(Package.state == PackageState.PENDING).order_by(Package.id.desc())
    ).first()
    return f"/persetujuan/{found}"


PICTURES = (
    Picture("standing", "lead", "/capaian/"),
    Picture("desk", "editor", "/naskah/", ".card"),
    Picture("calendar", "editor", "/kalender/?tampilan=bulan", "#calendar"),
    Picture("approval", "approver", _a_package_that_waits),
    Picture("quarter", "lead", "/kalender/?tampilan=triwulan"),
    Picture("verification", "lead", "/capaian/verifikasi", act=_skip_to_a_screenshot),
    Picture("home-phone", "approver", "/", size=PHONE),
    Picture("pitch-phone", "contributor", "/usulan/kirim", "[name=title]", PHONE, _write_a_pitch),
)


def make_pictures(folder: Path) -> list[Path]:
    """Draw every picture into ``folder`` and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with _served() as (url, app), _chromium() as browser:
        with app.app_context():
            paths = {p.name: p.path if isinstance(p.path, str) else p.path() for p in PICTURES}
            db.session.remove()
        _record_a_screenshot(browser, url)
        for role, size in dict.fromkeys((p.role, p.size) for p in PICTURES):
            page = _signed_in(browser, url, role, size)
            for picture in (p for p in PICTURES if (p.role, p.size) == (role, size)):
                for name, png in zip(picture.files, _seen(page, picture, paths[picture.name]), strict=True):
                    made.append(folder / name)
                    made[-1].write_bytes(_squeezed(png))
            page.context.close()
    return made


@contextmanager
def _served() -> Iterator[tuple[str, Flask]]:
    """The sample office of the fixed day on a free port: its address, and the application."""
    with tempfile.TemporaryDirectory(prefix="humasflow-pictures-") as folder:
        data = Path(folder)
        app = create_app(
            base_config(
                data, ["a key for pictures that nobody signs in to"], f"sqlite:///{data / 'pictures.db'}"
            )
            | {"QUIET_HOURS": None, "PUBLIC_URL": ADDRESS}
        )
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        http = serve_on_loopback(app)
        url = f"http://127.0.0.1:{http.server_port}"
        with app.app_context(), app.test_request_context(), clock.moved_to(BUILT):
            Base.metadata.create_all(db.engine)
            create_sample_office(today_at(Unit(timezone="Asia/Jakarta")), seed=SEED)
            db.session.commit()
            run_due()
            db.session.commit()
            real = db.session.scalars(select(User.email).where(User.email.not_like("%.example"))).all()
            db.session.remove()
        if real:
            sys.exit(f"The sample office names somebody who may exist: {', '.join(real)}")
        app.wsgi_app = _at_one_moment(app.wsgi_app)  # type: ignore[method-assign]
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield url, app
        finally:
            http.shutdown()
            thread.join()
            http.server_close()
            with app.app_context():
                db.engine.dispose()


def _at_one_moment(answer: Callable[..., Iterable[bytes]]) -> Callable[..., list[bytes]]:
    """Every request comes at the same moment, so that no page says "3 minutes ago" today and "4" tomorrow."""

    def answered(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with clock.moved_to(LOOKED_AT):
            return read_whole(answer(environ, start_response))

    return answered


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = os.environ.get("HUMASFLOW_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        sys.exit("Chromium is missing: apt-get install chromium, or HUMASFLOW_CHROMIUM=/path/to/chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def _signed_in(browser: Browser, url: str, role: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=SHARP[size],
        color_scheme="light", locale="id-ID", timezone_id="Asia/Jakarta",
        base_url=url, reduced_motion="reduce", service_workers="block",
    )  # fmt: skip
    context.set_default_timeout(120_000)  # a busy machine takes its time
    page = context.new_page()
    page.clock.set_fixed_time(LOOKED_AT)
    page.goto("/masuk")
    page.locator(f'form:has(input[name="role"][value="{role}"]) button').first.click()
    page.wait_for_url("**/")
    return page


def _record_a_screenshot(browser: Browser, url: str) -> None:
    """What an editor does after a publication: its public page pictured, and put beside its link as evidence."""
    page = _signed_in(browser, url, "editor", WIDE)
    page.goto("/capaian/verifikasi")
    for _waiting in range(20):
        live = page.locator("a[data-key=o]").first.get_attribute("href") or ""
        if live.startswith(ADDRESS):
            break
        page.goto(page.locator("[data-key=l]").first.get_attribute("href") or "")
    else:
        sys.exit("None of the publications that wait for verification is on the office's own site")
    publication = page.locator(".judge h2 a").get_attribute("href") or ""
    page.goto(live.removeprefix(ADDRESS), wait_until="networkidle")
    taken = page.screenshot(type="jpeg", quality=90, animations="disabled")
    page.goto(publication)
    page.locator("[data-dialog=add-evidence]").click()
    page.locator("#add-evidence input[type=file]").set_input_files(
        [{"name": "tangkapan-layar.jpg", "mimeType": "image/jpeg", "buffer": taken}]
    )
    page.locator("#add-evidence .btn.primary").click()
    page.locator(".proof__picture img").first.wait_for()
    page.context.close()


def _seen(page: Page, picture: Picture, path: str) -> tuple[bytes, bytes]:
    """The window of that page as PNG, light and dark."""
    page.emulate_media(color_scheme="light")
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        sys.exit(f"{picture.name}: {path} did not answer with a page")
    page.locator(picture.until).first.wait_for()
    if picture.act is not None:
        picture.act(page)
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "async () => { document.activeElement?.blur(); await document.fonts.ready;"
        " scrollTo(0, document.querySelector('.banner')?.offsetHeight ?? 0); }"  # a real office has none
    )
    light = page.screenshot(animations="disabled", caret="hide")
    page.emulate_media(color_scheme="dark")
    return light, page.screenshot(animations="disabled", caret="hide")


def _squeezed(png: bytes) -> bytes:
    """The same picture as WebP."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "WEBP", quality=76, method=6)
    return out.getvalue()


def main() -> None:
    """Replace what is in the folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    made = make_pictures(folder)
    for stale in set(folder.iterdir()) - set(made):
        stale.unlink()
    sizes = {path.name: path.stat().st_size for path in made}
    for name, size in sorted(sizes.items()):
        print(f"{size / 1000:7.1f} kB  {name}")
    print(f"{sum(sizes.values()) / 1000:7.1f} kB  in all")


if __name__ == "__main__":
    main()
