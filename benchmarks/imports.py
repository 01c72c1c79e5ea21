"""``python -m benchmarks imports [rows] [sqlite] [postgresql]``: a workbook of 50,000 past publications, from the file
to verified points, and taking back five thousand of them.

The office has a scheme that counts them. Prints the seconds of each step, how much the process grew and how large the
process was that read the workbook.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]
from flask import Flask
from sqlalchemy import func, select

from benchmarks.scoring import KINDS, application, database
from humasflow.core.db import db
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.registry import get_kind
from humasflow.imports.models import ImportBatch
from humasflow.imports.services.applying import begin_applying
from humasflow.imports.services.at_once import work
from humasflow.imports.services.mapping import set_mapping
from humasflow.imports.services.taking import take_upload
from humasflow.imports.services.undoing import begin_undoing
from humasflow.media.services import storage
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import Point
from tests.factories.scoring import make_scheme
from tests.factories.world import World, build_world

ROWS = 50_000
UNDONE = 5_000
SECONDS_LIMIT = 60  # from the file to the last row, without undoing
MEMORY_LIMIT = 128  # MiB that the process may grow
TYPES = ("Berita terbaru", "Berita utama", "Artikel", "Unggahan")
HEADINGS = ("No", "Tanggal Tayang", "Media", "Jenis Konten", "Judul Berita", "Link Berita")


def workbook(path: Path, rows: int, prefix: str = "berita") -> None:
    """A list as offices keep it: dates as text, titles of some words."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Rekap")
    sheet.write_row(0, 0, HEADINGS)
    for n in range(rows):
        sheet.write_row(n + 1, 0, (
            n + 1, f"{n % 28 + 1:02}/{n % 12 + 1:02}/{2020 + n % 6} {8 + n % 9:02}.{n % 60:02}", "Website",
            TYPES[n % 4], f"Lelang barang milik negara tahap {n} berjalan tertib dan lancar di wilayah kerja",
            f"https://kantor.example/{prefix}/{n}",
        ))  # fmt: skip
    book.close()


def steps(world: World, path: Path) -> Iterator[tuple[str, ImportBatch]]:
    """The steps of an import, each after its work is done."""
    admin = world.as_(world.admin)
    with storage().temporary() as copy:
        Path(copy).write_bytes(path.read_bytes())
        batch = take_upload(
            world.office, get_kind("publications"), actor=admin, filename=path.name, path=copy,
            options={"vouched": "y", "document": "ND-1/2026"},
        )  # fmt: skip
    work(batch)
    yield "read", batch
    set_mapping(batch, batch.mapping, batch.defaults, actor=admin)
    work(batch)
    yield "checked", batch
    begin_applying(batch, actor=admin, all_or_nothing=True)
    work(batch)
    yield "written", batch


def measure(app: Flask, folder: Path, rows: int) -> list[str]:
    """What missed its limit."""
    path = folder / "rekap.xlsx"
    workbook(path, rows)
    with app.test_request_context():
        db.metadata.create_all(db.engine)
        world = build_world()
        make_scheme(world)
        db.session.commit()
        before, begun, worked, total = _peak(), time.perf_counter(), time.process_time(), 0.0
        for name, batch in steps(world, path):
            done = batch
            took = time.perf_counter() - begun
            total += took
            print(f"  {name:10} {took:6.1f} s", flush=True)
            begun = time.perf_counter()
        worked = time.process_time() - worked
        verified = db.session.scalar(
            select(func.count()).select_from(Point).where(Point.state == PointState.VERIFIED)
        )
        grown, child = _peak() - before, _peak(resource.RUSAGE_CHILDREN)
        print(
            f"  {rows:,} rows in {total:.1f} s (limit {SECONDS_LIMIT}), the processor busy for {worked:.1f}; "
            f"{verified:,} verified"
        )
        print(
            f"  the process grew by {grown:.0f} MiB (limit {MEMORY_LIMIT}) to {_peak():.0f}; the reader had {child:.0f}"
        )
        missed = [] if done.state is BatchState.APPLIED and verified == rows else ["not all rows are in"]
        if rows >= ROWS and total > SECONDS_LIMIT:
            missed.append(f"{total:.0f} s")
        if grown > MEMORY_LIMIT:
            missed.append(f"{grown:.0f} MiB")
        _undo(world, folder)
        return missed


def _undo(world: World, folder: Path) -> None:
    path = folder / "kecil.xlsx"
    workbook(path, UNDONE, "kecil")
    batch = [batch for _name, batch in steps(world, path)][-1]
    begun, worked = time.perf_counter(), time.process_time()
    begin_undoing(batch, actor=world.as_(world.admin))
    work(batch)
    worked = time.process_time() - worked
    print(
        f"  {UNDONE:,} taken back in {time.perf_counter() - begun:.1f} s, the processor busy for {worked:.1f}"
    )


def _peak(who: int = resource.RUSAGE_SELF) -> float:
    return resource.getrusage(who).ru_maxrss / 1024  # MiB on Linux


def main() -> None:
    """Each kind of database, or those that were named."""
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    missed = []
    for name in [a for a in sys.argv[1:] if a in KINDS] or ["sqlite"]:
        print(name, flush=True)
        with tempfile.TemporaryDirectory() as folder, database(name, Path(folder)) as url:
            app = application(Path(folder), url)
            missed += [f"{name}: {m}" for m in measure(app, Path(folder), numbers[0] if numbers else ROWS)]
    if missed:
        raise SystemExit("; ".join(missed))


if __name__ == "__main__":
    main()
