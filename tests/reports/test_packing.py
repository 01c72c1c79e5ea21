"""The pack itself: what is inside, how it is checked, and what happens to files that are not as recorded."""

import csv
import errno
import hashlib
import io
import os
import shutil
import subprocess
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.reports.neutral import LONGEST, harmless, plain
from humasflow.reports.packing import Archive, Item, Made, NoRoom, ProblemKind, Row, names, write_pack
from humasflow.reports.packing import archive as archives

MADE = Made("KPKNL Contoh", "Laporan Triwulan I 2026", "Triwulan I 2026", "1 Apr 2026 08.00 WITA", 2)


def stored(folder: Path, data: bytes, suffix: str = ".png") -> tuple[Path, str]:
    digest = hashlib.sha256(data).hexdigest()
    path = folder / f"{digest}{suffix}"
    path.write_bytes(data)
    return path, digest


def row(number: int, title: str = "Lelang tertib", **more: str) -> Row:
    filled = {
        "channel": "Instagram", "url": "https://contoh.go.id/p/1", "published": "2026-03-31 23:30 WITA",
        "captured": "2026-03-31 23:40 WITA", "verifier": "Rani", "state": "terverifikasi",
    } | more  # fmt: skip
    return Row(number, title, **filled)


def item(path: Path, digest: str, number: int = 1, title: str = "Lelang tertib", part: int = 0) -> Item:
    return Item(number, path, digest, date(2026, 3, 31), "Instagram", title, part)


@pytest.fixture
def made_pack(app: Any, in_request: None, tmp_path: Path) -> Any:
    """``made_pack(rows, items)`` → (path, result); with a report of a few bytes."""
    report = tmp_path / "laporan.pdf"
    report.write_bytes(b"%PDF-1.7 contoh")

    def make(rows: list[Row], items: list[Item], name: str = "paket.zip", **more: Any) -> Any:
        path = tmp_path / name
        return path, write_pack(path, MADE, reports={"laporan.pdf": report}, rows=rows, items=items, **more)

    return make


def lines_of(path: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as pack:
        return list(csv.DictReader(io.StringIO(pack.read("bukti.csv").decode("utf-8-sig"))))


def test_a_pack_is_checked_with_sha256sum(made_pack: Any, tmp_path: Path) -> None:
    first, sha1 = stored(tmp_path, b"satu" * 1000)
    second, sha2 = stored(tmp_path, b"dua", ".jpg")
    path, result = made_pack(
        [row(1), row(2, "Tanpa gambar")], [item(first, sha1), item(second, sha2, part=1)]
    )
    assert (result.files, result.size, result.problems) == (2, 4003, [])
    to = tmp_path / "dibuka"
    with zipfile.ZipFile(path) as pack:
        assert pack.testzip() is None
        assert pack.namelist() == [
            "laporan.pdf", "bukti/0001_2026-03-31_instagram_lelang-tertib.png",
            "bukti/0001_2026-03-31_instagram_lelang-tertib_2.jpg", "bukti.csv", "BACA-SAYA.txt", "SHA256SUMS",
        ]  # fmt: skip
        pack.extractall(to)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=to, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count(": OK") == 5
    (to / "bukti/0001_2026-03-31_instagram_lelang-tertib.png").write_bytes(b"lain")
    again = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=to, capture_output=True, check=False)
    assert again.returncode == 1
    listed = lines_of(path)
    assert [(one["nomor"], one["berkas"], one["keadaan_berkas"]) for one in listed] == [
        ("0001", "bukti/0001_2026-03-31_instagram_lelang-tertib.png", "utuh"),
        ("0001", "bukti/0001_2026-03-31_instagram_lelang-tertib_2.jpg", "utuh"),
        ("0002", "", "tidak ada berkas"),
    ]
    assert [one["sha256"] for one in listed] == [sha1, sha2, ""]
    assert listed[0]["sha256_tercatat"] == sha1


def test_missing_and_altered_files_are_told_loudly(made_pack: Any, tmp_path: Path) -> None:
    good, sha = stored(tmp_path, b"utuh")
    altered, was = stored(tmp_path, b"sebelum")
    altered.write_bytes(b"sesudah")
    gone = tmp_path / "tiada.png"
    unknown, _sha = stored(tmp_path, b"tanpa sidik")
    path, result = made_pack(
        [row(n) for n in (1, 2, 3, 4)],
        [item(good, sha, 1), item(altered, was, 2), item(gone, "f" * 64, 3), item(unknown, "", 4)],
    )
    kinds = [(one.kind, one.item.number) for one in result.problems]
    assert kinds == [(ProblemKind.ALTERED, 2), (ProblemKind.MISSING, 3), (ProblemKind.NO_DIGEST, 4)]
    with zipfile.ZipFile(path) as pack:
        told = pack.read("MASALAH.txt").decode()
        assert "3 berkas tidak dapat dijamin" in told
        assert was in told
        assert hashlib.sha256(b"sesudah").hexdigest() in told
        assert "PERHATIAN: 3 berkas" in pack.read("BACA-SAYA.txt").decode()
        assert "bukti-berubah/0002_2026-03-31_instagram_lelang-tertib.png" in pack.namelist()
        assert "MASALAH.txt" in pack.read("SHA256SUMS").decode()
    assert [one["keadaan_berkas"] for one in lines_of(path)] == ["utuh", "berubah", "hilang", "tanpa sidik"]


def test_the_same_facts_make_the_same_bytes(made_pack: Any, tmp_path: Path) -> None:
    picture, sha = stored(tmp_path, os.urandom(3000))
    first, _r = made_pack([row(1)], [item(picture, sha)], "a.zip")
    os.utime(picture, (10**9, 10**9))
    second, _r = made_pack([row(1)], [item(picture, sha)], "b.zip")
    assert first.read_bytes() == second.read_bytes()


def test_pictures_are_stored_and_texts_are_squeezed(made_pack: Any, tmp_path: Path) -> None:
    picture, sha = stored(tmp_path, b"0" * 5000)
    path, _r = made_pack([row(1)], [item(picture, sha)])
    with zipfile.ZipFile(path) as pack:
        ways = {PurePosixPath(one.filename).suffix: one.compress_type for one in pack.infolist()}
        assert {one.date_time for one in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert ways[".png"] == ways[".pdf"] == zipfile.ZIP_STORED
    assert ways[".csv"] == ways[".txt"] == zipfile.ZIP_DEFLATED


def test_progress_reaches_the_end(made_pack: Any, tmp_path: Path) -> None:
    picture, sha = stored(tmp_path, b"1" * (3 * archives.CHUNK))
    seen: list[tuple[int, int]] = []
    made_pack([row(1)], [item(picture, sha)], progress=lambda done, of: seen.append((done, of)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] == 3 * archives.CHUNK + len(b"%PDF-1.7 contoh")


def test_memory_does_not_grow_with_the_files(made_pack: Any, tmp_path: Path) -> None:
    big = tmp_path / "besar.png"
    with big.open("wb") as file:
        file.truncate(200 * 2**20)  # a sparse file
    with big.open("rb") as file:
        sha = hashlib.file_digest(file, "sha256").hexdigest()
    tracemalloc.start()
    try:
        made_pack([row(1)], [item(big, sha)])
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 * 2**20


def test_a_full_disk_is_said_and_nothing_is_left(
    made_pack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, sha = stored(tmp_path, b"2" * (2 * archives.CHUNK))
    there = set(tmp_path.iterdir())
    taken = shutil.disk_usage(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(archives.shutil, "disk_usage", lambda _p: taken._replace(free=1000))
        with pytest.raises(NoRoom, match="tersisa 0 MB"):
            made_pack([row(1)], [item(picture, sha)])
    assert set(tmp_path.iterdir()) == there

    def full(done: int, of: int) -> None:
        if done > of // 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NoRoom, match="Tidak ada yang tertinggal"):
        made_pack([row(1)], [item(picture, sha)], progress=full)
    assert set(tmp_path.iterdir()) == there


def test_any_other_error_leaves_nothing_either(made_pack: Any, tmp_path: Path) -> None:
    picture, sha = stored(tmp_path, b"3")
    there = set(tmp_path.iterdir())

    def stopped(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_pack([row(1)], [item(picture, sha)], progress=stopped)
    assert set(tmp_path.iterdir()) == there


def test_texts_from_people_cannot_become_formulas_or_lines(made_pack: Any, tmp_path: Path) -> None:
    hostile = '=HYPERLINK("http://jahat","klik")\r\nbaris "baru", dan koma'
    path, _r = made_pack([row(1, hostile, verifier="@SUM(A1)", url="-1+1")], [])
    line = lines_of(path)[0]
    assert line["judul"] == f"'{hostile}"
    assert line["pemeriksa"] == "'@SUM(A1)"
    assert line["tautan"] == "'-1+1"


@settings(max_examples=300, deadline=None)
@given(st.text(), st.text(), st.text(max_size=8))
def test_every_name_is_safe_everywhere(title: str, channel: str, suffix: str) -> None:
    name = names.evidence_name(12, date(2026, 1, 2), channel, title, suffix)
    assert name.isascii()
    assert len(name) <= names.LIMIT
    assert name.startswith("0012_2026-01-02_")
    assert not set(name) & set('/\\:*?"<>|\r\n\0 ')
    assert not name.endswith((".", " "))


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "/a",
        "a/../b",
        "a/b/c",
        "con",
        "bukti/NUL.png",
        "Lpt1.txt",
        "a\\b",
        "a:b",
        "a\nb",
        "a.",
        "",
        "x" * 121,
    ],
)
def test_unsafe_names_never_enter_a_pack(name: str, tmp_path: Path) -> None:
    with pytest.raises(names.UnsafeName), Archive(tmp_path / "a.zip") as pack:
        pack.add_text(name, "x")
    assert not (tmp_path / "a.zip").exists()


def test_two_spellings_of_a_name_are_one(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.zip") as pack:
        pack.add_text("a.txt", "x")
        with pytest.raises(ValueError, match="twice"):
            pack.add_text("A.TXT", "y")


@given(st.text(alphabet=st.characters(codec=None), max_size=50))
def test_harmless_text_starts_no_formula(text: str) -> None:
    shown = harmless(text)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    shown.encode()


def test_a_cell_is_never_longer_than_a_cell() -> None:
    for text in ("a" * 40_000, "😀" * 20_000):
        cut = plain(text)
        assert len(cut.encode("utf-16-le")) // 2 <= LONGEST
        assert cut.endswith("(dipotong)")
    assert plain("b" * LONGEST) == "b" * LONGEST
