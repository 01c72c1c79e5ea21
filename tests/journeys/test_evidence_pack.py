"""A quarter is closed, its pack asked for in the browser, downloaded, checked with nothing but sha256sum, and its
workbook brought into an office that has nothing.
"""

import csv
import hashlib
import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from humasflow.core.db import db
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import PASSWORD, build_world
from tests.journeys.looking import sideways, violations
from tests.journeys.own_office import Own, own_office, signed_in
from tests.reports.proofs import pictured
from tests.reports.test_back_in import recorded

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class People:
    """An office after its third quarter of 2026, with three publications, two of them with pictures; and one in another
    zone that has nothing. Addresses of people, ids of offices.
    """

    lead: str
    editor: str
    office_id: int
    empty_editor: str
    empty_id: int


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Own, People]]:
    made: list[People] = []

    def fill() -> None:
        world = build_world()
        empty = build_world(slug="kantor-baru", name="Kantor Baru", timezone="Asia/Jayapura")
        make_scheme(world)
        for number, at in enumerate(("2026-07-08T02:00Z", "2026-08-17T01:00Z", "2026-09-30T16:30Z")):
            delivery = live_post(world, at=at, title=f"Lelang ke-{number + 1}")
            if number != 1:
                pictured(world, delivery, f"#{number}{number}5080")
        made.append(
            People(world.lead.email, world.editor.email, world.office.id, empty.editor.email, empty.office.id)
        )

    with own_office(tmp_path, "2026-10-05T02:00Z", fill) as own:
        yield own, made[0]


def bring_in(page: Page, own: Own, workbook: Path) -> None:
    """The workbook as it came, its columns as they are guessed."""
    page.goto("/impor/baru/publications")
    page.get_by_label("Berkas").set_input_files(workbook)
    for button in ("Unggah dan baca", "Periksa semua baris", "Impor 3 baris"):
        page.get_by_role("button", name=button).click()
        page.wait_for_url("**/impor/*")
        own.work()
        page.reload()
    expect(page.locator("main")).to_contain_text("Impor selesai")


def close_the_quarter(page: Page) -> None:
    page.goto("/capaian/penutupan/2026-TW3")
    for question in page.locator("main textarea[name^=answer-]").all():
        question.fill("Sudah diperiksa bersama tim humas.")
    page.locator("main input[name=agreed]").check()
    page.locator("main input[type=password]").fill(PASSWORD)
    page.locator("main form").filter(has=page.locator("input[name=agreed]")).locator("button.primary").click()
    expect(page.locator("main")).to_contain_text("Cocok dengan buku nilai saat ini")


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_closed_packed_downloaded_checked_and_read_back(
    served: tuple[Own, People], chromium: Chromium, tmp_path: Path
) -> None:
    own, people = served
    page = signed_in(chromium, own, people.lead)
    close_the_quarter(page)
    digest = page.locator("p.digest").inner_text().strip()

    # The pack of the closed quarter, in one press; the worker makes it while the page waits.
    page.goto("/laporan/?jangka=quarter")
    page.locator("select[name=period]").select_option("2026-TW3")
    page.locator("input[name=formats][value=zip]").check()
    page.get_by_role("button", name="Buat laporan").click()
    page.wait_for_url("**/laporan/*")
    own.work()
    page.reload()
    expect(page.locator("main")).to_contain_text("Siap diunduh")
    assert not violations(page)
    assert sideways(page) == 0

    told = page.locator("li", has=page.locator("a[href$='/zip']")).locator("code").text_content()
    with page.expect_download() as begun:
        page.locator("a[href$='/zip']").click()
    to = tmp_path / "unduhan"
    path = tmp_path / begun.value.suggested_filename
    begun.value.save_as(path)
    assert path.suffix == ".zip"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == told, "the page says which file it gives"
    with zipfile.ZipFile(path) as pack:
        pack.extractall(to)

    # Anybody, with what their computer has.
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=to, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    files = [one for one in to.rglob("*") if one.is_file()]
    assert checked.stdout.count(": OK") == len(files) - 1  # all but the manifest itself
    assert {"laporan.pdf", "laporan.xlsx", "bukti.csv", "BACA-SAYA.txt"} <= {one.name for one in files}
    listed = list(csv.DictReader(io.StringIO((to / "bukti.csv").read_text("utf-8-sig"))))
    assert [one["keadaan_berkas"] for one in listed] == ["utuh", "tidak ada berkas", "utuh"]
    assert listed[2]["waktu_tayang"] == "30 Sep 2026 23.30 WIB"
    sums = dict(reversed(line.split("  ", 1)) for line in (to / "SHA256SUMS").read_text().splitlines())
    for one in listed:
        assert sums.get(one["berkas"], "") == one["sha256"] == one["sha256_tercatat"]
    book = openpyxl.load_workbook(to / "laporan.xlsx")
    assert digest in [cell.value for cell in book["Ringkasan"]["C"]]  # what was signed
    assert (to / "laporan.pdf").read_bytes().startswith(b"%PDF-")

    # A single changed byte is found.
    picture = next((to / "bukti").iterdir())
    data = picture.read_bytes()
    picture.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    again = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=to, capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert f"bukti/{picture.name}: FAILED" in again.stdout

    # What is listed is what the pages show.
    page.goto("/capaian/?periode=2026-TW3")
    page.get_by_role("link", name="3 belum diverifikasi").first.click()
    for one in listed:
        expect(page.locator("main")).to_contain_text(one["judul"])

    # The workbook of the report says nothing new where it comes from, and everything to an office without anything.
    editor = signed_in(chromium, own, people.editor)
    bring_in(editor, own, to / "laporan.xlsx")
    expect(editor.locator("main")).to_contain_text("0 dicatat, 3 sudah tercatat.")
    other = signed_in(chromium, own, people.empty_editor)
    bring_in(other, own, to / "laporan.xlsx")
    expect(other.locator("main")).to_contain_text("3 dicatat.")
    with own.app.app_context():
        assert recorded(people.empty_id) == recorded(people.office_id)
        assert [address for address, *_rest in recorded(people.empty_id)] == [one["tautan"] for one in listed]
        db.session.remove()
    for one in (page, editor, other):
        one.context.close()
