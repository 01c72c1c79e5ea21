"""An admin carries the office away and reads it into a fresh installation: through the pages, with what is at hand."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from humasflow.core.db import db
from humasflow.outbox.runner import run_due
from tests.archive.round_trip import empty_installation
from tests.factories.publications import live_post
from tests.factories.world import PASSWORD, World
from tests.support.page import Browser

pytestmark = pytest.mark.journey
GOOD = "perahu kertas di selokan"


def test_out_checked_and_back(
    world: World, browser_of: Callable[[Any], Browser], tmp_path: Path, in_request: None
) -> None:
    live_post(world)
    db.session.commit()
    admin = browser_of(world.admin)
    index = admin.get(admin.get("/pengaturan/").link("Arsip kantor"))
    admin.post("/pengaturan/arsip", index.form("arsip") | {"password": PASSWORD})
    while run_due():
        pass
    db.session.rollback()
    notices = admin.get("/pemberitahuan/")
    assert "Arsip kantor siap diunduh" in notices.text
    path = tmp_path / "arsip.zip"
    with admin.client.get(admin.get("/pengaturan/arsip").link("Unduh")) as answer:
        path.write_bytes(answer.data)
    folder = tmp_path / "terbuka"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    program = shutil.which("sha256sum")
    assert program is not None
    checked = subprocess.run(
        [program, "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with empty_installation(tmp_path / "baru") as app:
        browser = Browser(app)
        page = browser.get(browser.get("/siapkan").link("Baca arsip"))
        with path.open("rb") as file:
            answer = browser.post("/siapkan/arsip", page.form("arsip") | {"file": (file, "arsip.zip")})
        link = browser.get(answer.location)
        browser.post(answer.location, link.form() | {"password": GOOD, "again": GOOD})
        for url in ("/", "/naskah/", "/capaian/", "/kalender/", "/publikasi/", "/pengaturan/kanal"):
            browser.get(url)
