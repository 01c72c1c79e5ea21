"""``python -m benchmarks packs [megabytes]``: an evidence pack of 2 GB (or so many) and what it costs.

A made set of files in the sizes that offices have (screenshots of one to six megabytes, one video), packed in this
process; then the pack is opened elsewhere and every file in it compared with ``sha256sum -c``. Prints seconds, and how
much the process grew from before the pack to its peak.
"""

import hashlib
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

from config import base_config
from humasflow import create_app
from humasflow.reports.packing import Item, Made, Row, write_pack

MEGABYTE = 2**20
MEMORY_LIMIT = 64  # MiB that packing may add, whatever the size of the pack
VIDEO = 400


def main() -> None:
    """Make, pack, check, print."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 2048
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(base_config(folder, ["benchmark"], f"sqlite:///{folder / 'bench.db'}"))
        made = _files(folder / "files", megabytes)
        items = [
            Item(number, path, digest, date(2026, 3, 31), "Instagram", f"Publikasi nomor {number}")
            for number, (path, digest) in enumerate(made, start=1)
        ]
        rows = [
            Row(one.number, one.title, one.channel, "https://contoh.go.id/", "", "", "", "") for one in items
        ]
        before, begun = _peak(), time.perf_counter()
        with app.app_context(), app.test_request_context():
            about = Made("Kantor Contoh", "Uji", "Uji", "", len(rows))
            result = write_pack(folder / "paket.zip", about, reports={}, rows=rows, items=items)
        seconds, grown = time.perf_counter() - begun, _peak() - before
        size = (folder / "paket.zip").stat().st_size
        print(f"{result.files} files, {size / MEGABYTE:,.0f} MiB packed in {seconds:.1f} s")
        print(f"peak {_peak():.0f} MiB, of which packing added {grown:.0f} MiB (limit {MEMORY_LIMIT})")
        shutil.rmtree(folder / "files")
        with zipfile.ZipFile(folder / "paket.zip") as pack:
            pack.extractall(folder / "opened")
        checked = subprocess.run(
            ["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=folder / "opened", check=False
        )
        print("sha256sum -c:", "every file is as packed" if checked.returncode == 0 else "FAILED")
        if checked.returncode or result.problems or grown > MEMORY_LIMIT:
            raise SystemExit(1)


def _files(folder: Path, megabytes: int) -> list[tuple[Path, str]]:
    """Files of random bytes, which nothing can squeeze, with their digests; the first is a video."""
    folder.mkdir()
    sizes, chance = [min(VIDEO, megabytes // 2)], random.Random(1)
    while sum(sizes) < megabytes:
        sizes.append(min(chance.randint(1, 6), megabytes - sum(sizes)))
    found = []
    for number, size in enumerate(sizes):
        path = folder / f"{number}.{'png' if number else 'mp4'}"
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for _part in range(size):
                piece = os.urandom(MEGABYTE)
                digest.update(piece)
                file.write(piece)
        found.append((path, digest.hexdigest()))
    return found


def _peak() -> float:
    """The most memory this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
