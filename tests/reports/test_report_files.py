"""The workbook and the pack of a run: the same facts as everywhere, files that prove them, and nothing silently missing."""

import csv
import hashlib
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask_babel import force_locale
from python_calamine import CalamineWorkbook

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import zone
from humasflow.media.services import storage
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.reports.enums import ReportFormat, ReportKind, ReportScope, RunState, SpanKind
from humasflow.reports.evidence_files import files_of
from humasflow.reports.facts import ReportFacts, gather
from humasflow.reports.models import ReportFile, ReportRun
from humasflow.reports.packing import report as packing
from humasflow.reports.problems import problems_of, warning_of
from humasflow.reports.storage import FOLDERS
from humasflow.reports.xlsx import report as xlsx
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.reports.proofs import three_of_a_quarter

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def run_of(world: World, **changed: Any) -> ReportRun:
    """An order for the first quarter of 2026."""
    values: dict[str, Any] = {
        "office_id": world.office.id, "kind": ReportKind.PACK, "scope": ReportScope.OFFICE, "subject_id": None,
        "span": SpanKind.QUARTER, "start_on": date(2026, 1, 1), "end_on": date(2026, 3, 31),
        "formats": ["xlsx", "zip"], "options": {}, "names_people": True, "state": RunState.MAKING,
        "requested_by": world.lead.id, "created_at": clock.now(),
    } | changed  # fmt: skip
    run = ReportRun(**values)
    db.session.add(run)
    db.session.commit()
    return run


def steps(_done: int, _total: int, _phrase: str) -> None:
    """Progress as the job tells it: it ends the transaction at hand."""
    db.session.rollback()


@pytest.fixture
def quarter(world: World) -> list[Delivery]:
    make_scheme(world)
    return three_of_a_quarter(world)


@pytest.fixture
def made(world: World, tmp_path: Path) -> Callable[..., tuple[ReportFacts, Path, Path, ReportRun]]:
    """``made()`` → facts, workbook, pack and the run; with a PDF of a few bytes in it."""

    def make(at: str = "2026-04-02T01:00+00:00", **changed: Any) -> tuple[ReportFacts, Path, Path, ReportRun]:
        run = run_of(world, **changed)
        folder = FOLDERS.begin(run.id)
        with force_locale("id"):
            facts = gather(run, made_at=datetime.fromisoformat(at))
            workbook, pack = folder / "1.xlsx", folder / "2.zip"
            (folder / "0.pdf").write_bytes(b"%PDF-1.7")
            xlsx.make(facts, run, workbook, steps)
            for format_, path in ((ReportFormat.PDF, folder / "0.pdf"), (ReportFormat.XLSX, workbook)):
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                db.session.add(
                    ReportFile(
                        run_id=run.id, format=format_, name=path.name, media_type=format_.media_type,
                        size=path.stat().st_size, sha256=digest, path=str(path.relative_to(FOLDERS.root())),
                    )
                )  # fmt: skip
            db.session.commit()
            db.session.refresh(run)
            packing.make(facts, run, pack, steps)
        db.session.refresh(run)
        return facts, workbook, pack, run

    return make


def rows_of(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_shows_the_facts(world: World, quarter: list[Delivery], made: Any) -> None:
    facts, path, _pack, _run = made()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "Ringkasan", "Komponen", "Publikasi", "Kontribusi", "Kekurangan", "Penyesuaian", "Daftar bukti",
    ]  # fmt: skip
    here = zone(facts.zone_name)
    listed = list(facts.publications())
    assert [row["judul"] for row in rows_of(book, "Publikasi")] == [one.title for one in listed]
    assert len(listed) == len(quarter)
    for row, one in zip(rows_of(book, "Publikasi"), listed, strict=True):
        assert row["nomor"] == one.number
        assert row["tanggal_tayang"] == one.published_at.astimezone(here).replace(tzinfo=None, microsecond=0)
        assert (row["zona"], row["kanal"], row["jenis"], row["url"]) == (
            facts.zone_label, one.channel, one.content_type, one.url,
        )  # fmt: skip
        assert (row["akun"], row["pemeriksa"] or "", row["bukti"]) == (
            one.account,
            one.verifier,
            one.evidence,
        )
    assert rows_of(book, "Publikasi")[2]["tanggal_tayang"] == datetime(2026, 3, 31, 23, 30)
    for row, one in zip(rows_of(book, "Komponen"), facts.standings[0].components, strict=True):
        assert (row["kode"], row["komponen"]) == (one.key, one.label)
        for heading, value in (
            ("bobot", one.weight), ("sasaran", one.target), ("terverifikasi", one.verified),
            ("belum_diverifikasi", one.unverified), ("kekurangan", one.gap), ("capaian", one.value),
            ("nilai_tertimbang", one.points),
        ):  # fmt: skip
            assert (None if value is None else float(value)) == row[heading], heading
    cells = sum(len(one.cells) for s in facts.standings for one in (*s.sections, *s.people))
    assert len(rows_of(book, "Kontribusi")) == cells
    summary = {(row["bagian"], row["uraian"]): row for row in rows_of(book, "Ringkasan")}
    assert summary["Tentang laporan", "Ringkasan"]["isi"] == facts.headline
    assert summary["Publikasi", "Jumlah"]["angka"] == 3
    assert summary["Publikasi", "Buktinya lengkap"]["angka"] == facts.activity.proven
    short = sum(
        bool(s.unproposed) + sum(len(r.items) + (r.number > len(r.items)) for r in s.reasons)
        for f in facts.standings
        for s in (f.explained.shortfalls if f.explained else ())
    )
    assert len(rows_of(book, "Kekurangan")) == short
    assert book.properties.creator == world.office.name


def test_the_publications_sheet_reads_back_as_it_was(made: Any, quarter: list[Delivery]) -> None:
    """With the reader that the import uses: real dates, text as it was typed, headings of the publication list."""
    facts, path, _pack, _run = made()
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Publikasi").to_python()
    assert {"tanggal_tayang", "zona", "kanal", "jenis", "judul", "url"} <= set(head)
    at = head.index
    for row, one in zip(rows, facts.publications(), strict=True):
        assert row[at("judul")] == one.title
        assert row[at("url")] == one.url
        local = one.published_at.astimezone(zone(facts.zone_name)).replace(tzinfo=None, microsecond=0)
        assert row[at("tanggal_tayang")] == local
    assert rows[1][at("judul")].startswith("+62 Panggilan")


def test_the_pack_is_checked_with_sha256sum(made: Any, quarter: list[Delivery], tmp_path: Path) -> None:
    _facts, workbook, path, run = made()
    to = tmp_path / "dibuka"
    with zipfile.ZipFile(path) as pack:
        pack.extractall(to)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=to, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert (to / "laporan.xlsx").read_bytes() == workbook.read_bytes()
    assert (to / "laporan.pdf").is_file()
    stored = files_of([one.id for one in quarter])
    assert [len(stored.get(one.id, [])) for one in quarter] == [2, 0, 1]
    names = sorted(one.name for one in (to / "bukti").iterdir())
    assert [name[:15] for name in names] == ["0001_2026-01-05", "0001_2026-01-05", "0003_2026-03-31"]
    listed = list(csv.DictReader(io.StringIO((to / "bukti.csv").read_text("utf-8-sig"))))
    assert [one["nomor"] for one in listed] == ["0001", "0001", "0002", "0003"]
    assert [one["keadaan_berkas"] for one in listed] == ["utuh", "utuh", "tidak ada berkas", "utuh"]
    assert listed[2]["judul"].startswith("'+62 Panggilan")
    assert listed[3]["waktu_tayang"] == "31 Mar 2026 23.30 WIB"
    for one in listed:
        if one["berkas"]:
            assert hashlib.sha256((to / one["berkas"]).read_bytes()).hexdigest() == one["sha256_tercatat"]
    assert problems_of(run) == (0, [])
    assert warning_of(run) == ""
    # The report's own list of evidence names the same files.
    shown = rows_of(openpyxl.load_workbook(workbook), "Daftar bukti")
    assert shown[0]["berkas"] == listed[0]["berkas"]
    assert shown[0]["sha256"] == listed[0]["sha256"]
    assert [row["jumlah_berkas"] for row in shown] == [2, 0, 1]


def test_missing_and_altered_files_stop_nothing_and_are_told(made: Any, quarter: list[Delivery]) -> None:
    stored = files_of([one.id for one in quarter])
    stored[quarter[2].id][0].path.write_bytes(b"diubah seseorang")
    storage().path(stored[quarter[0].id][1].path.relative_to(storage().root).as_posix()).unlink()
    _facts, _workbook, path, run = made()
    number, sentences = problems_of(run)
    assert number == 2
    assert "tidak ditemukan" in sentences[0]
    assert "tidak sama lagi" in sentences[1]
    assert "2 berkas bukti hilang atau berubah" in warning_of(run)
    with zipfile.ZipFile(path) as pack:
        assert "MASALAH.txt" in pack.namelist()
        assert [name for name in pack.namelist() if name.startswith("bukti-berubah/")] != []


def test_a_better_pack_forgets_the_problems(made: Any, quarter: list[Delivery]) -> None:
    run = made(options={"problems": {"number": 1, "first": ["lama"]}, "language": "id"})[3]
    assert problems_of(run) == (0, [])
    assert run.options == {"language": "id"}


def test_the_same_facts_make_the_same_files(made: Any, quarter: list[Delivery]) -> None:
    first, second = made(), made()
    assert first[1].read_bytes() == second[1].read_bytes()
    assert first[2].read_bytes() == second[2].read_bytes()
    later = made(at="2026-04-02T02:00+00:00")
    assert later[1].read_bytes() != first[1].read_bytes()  # it prints when it was made


def test_an_empty_period_has_all_its_sheets_and_a_pack(made: Any, world: World) -> None:
    _facts, path, pack, _run = made()
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 7
    assert book["Publikasi"].max_row == 1
    with zipfile.ZipFile(pack) as opened:
        assert opened.read("bukti.csv").decode("utf-8-sig").count("\r\n") == 1


def test_statements_do_not_grow_with_the_publications(
    made: Any, quarter: list[Delivery], statements: Any
) -> None:
    made()
    of_three = len(statements)
    for one in quarter[:1]:
        db.session.refresh(one)
    statements.reset()
    made()
    assert len(statements) <= of_three


def test_a_persons_pack_shows_parts(made: Any, world: World, quarter: list[Delivery]) -> None:
    facts, path, _pack, _run = made(
        scope=ReportScope.PERSON, subject_id=world.editor.id, names_people=False, requested_by=world.editor.id
    )
    assert facts.person is not None
    rows = rows_of(openpyxl.load_workbook(path), "Publikasi")
    total = sum(Decimal(str(row["jumlah"] or 0)) for row in rows)
    assert facts.person.quantity in (total, 0)


def test_numbers_stay_while_the_report_is_made(made: Any, world: World, quarter: list[Delivery]) -> None:
    """Something went live earlier, and something was taken down, between two of its files."""
    run = run_of(world)
    with force_locale("id"):
        facts = gather(run)
        before = [(one.number, one.delivery_id) for one in facts.publications()]
        live_post(world, at="2026-01-01T02:00Z", title="Baru tercatat")
        quarter[1].state = DeliveryState.RETRACTED
        db.session.commit()
        after = [(one.number, one.delivery_id) for one in facts.publications()]
    assert before == [(number, one.id) for number, one in enumerate(quarter, start=1)]
    assert after == [before[0], before[2]]


@pytest.mark.channels
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_saves_the_same_rows(made: Any, quarter: list[Delivery], tmp_path: Path) -> None:
    """Opened and saved again by LibreOffice without a window: the same sheets, cell by cell."""
    _facts, path, _pack, _run = made()
    done = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profil", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "lagi"), str(path)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, again = (openpyxl.load_workbook(one) for one in (path, tmp_path / "lagi" / path.name))
    assert again.sheetnames == first.sheetnames
    for name in first.sheetnames:
        assert rows_of(again, name) == rows_of(first, name), name
