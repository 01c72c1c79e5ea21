"""``python -m benchmarks reports [publications]``: how long the PDF with 5,000 publications (or so many) takes.

The list is what costs: it is laid out by the template and the process that the product uses. Prints seconds, memory of
that process and the size of the file; the limit is that of a job somebody waits for.
"""

import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from config import base_config
from humasflow import create_app
from humasflow.reports.pdf.heading import STYLE
from humasflow.reports.pdf.rendering import render_pdf
from humasflow.reports.pdf.report import MOST_LISTED, Line

SECONDS_LIMIT = 20
PAGE = (
    '{% from "reports/pdf/_list.html" import listed with context %}<!doctype html><html lang="id">'
    "<head><title>Uji</title>"
    '<link rel="stylesheet" href="humasflow:print.css"></head><body>{{ listed(facts, publications) }}</body></html>'
)


@dataclass(frozen=True)
class _Activity:
    total: int


@dataclass(frozen=True)
class _Facts:
    activity: _Activity
    zone_label: str = "WITA"


def main() -> None:
    """Lay out, print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    lines = [
        Line(
            n, f"Judul publikasi nomor {n} tentang pelayanan lelang aset negara di wilayah kerja kantor",
            f"https://kantor.example/berita/2026/{n}", "", "10/02/26 09.00 Situs", "bukti lengkap, terverifikasi",
        )
        for n in range(1, number + 1)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(base_config(folder, ["benchmark"], f"sqlite:///{folder / 'bench.db'}"))
        with app.app_context(), app.test_request_context():
            template = app.jinja_env.from_string(PAGE)
            page = template.render(facts=_Facts(_Activity(number)), publications=lines, most=MOST_LISTED)
            begun = time.perf_counter()
            render_pdf(page, folder / "laporan.pdf", files={"print.css": STYLE})
            seconds = time.perf_counter() - begun
        size = (folder / "laporan.pdf").stat().st_size
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss // 1024
    print(
        f"{number:,} publications in {seconds:.1f} s, {used.ru_utime:.1f} s of processor (limit {SECONDS_LIMIT} s)"
    )
    print(f"peak of the drawing process {peak} MiB, file {size / 2**20:.1f} MiB")
    if number == 5000 and seconds > SECONDS_LIMIT:
        raise SystemExit(1)
