"""Putting a pack together: the reports, the files of the evidence, their list, what is wrong, and the manifest."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from flask_babel import force_locale

from humasflow.reports.neutral import harmless
from humasflow.reports.packing.archive import MANIFEST, Archive, Written, check_room, digest_of
from humasflow.reports.packing.items import Item, Problem, ProblemKind, Row
from humasflow.reports.packing.names import document_name, evidence_name
from humasflow.reports.packing.wording import Made, read_me, trouble_list

EVIDENCE: Final = "bukti"
DOCUMENTS: Final = "dokumen"
ALTERED: Final = "bukti-berubah"  # apart, so that nobody takes them for what was recorded
LIST: Final = "bukti.csv"
READ_ME: Final = "BACA-SAYA.txt"
TROUBLES: Final = "MASALAH.txt"

HEADINGS: Final = (
    "nomor", "judul", "kanal", "tautan", "waktu_tayang", "waktu_tangkapan", "berkas", "sha256", "sha256_tercatat",
    "pemeriksa", "keadaan", "keadaan_berkas",
)  # fmt: skip

Progress = Callable[[int, int], object]  # bytes dealt with, of how many


@dataclass
class Packed:
    """What became of a pack: how many files and bytes of evidence are in it, and what is wrong with some."""

    files: int = 0
    size: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Kept:
    """A file's name in the pack, its digest there (empty: it is not there), the recorded one, and its state."""

    name: str
    sha256: str
    recorded: str
    state: str


def write_pack(
    path: Path,
    made: Made,
    *,
    reports: Mapping[str, Path],
    rows: Sequence[Row],
    items: Sequence[Item],
    progress: Progress | None = None,
) -> Packed:
    """Write the ZIP at ``path``. ``reports``: file name in the pack → finished file.

    A file of the evidence that is missing or altered stops nothing: it is told in the result and in ``MASALAH.txt``.
    Raises :class:`~humasflow.reports.packing.archive.NoRoom`; whatever is raised, nothing is left at ``path``.
    """
    total = sum(_size(one.path) for one in items) + sum(_size(one) for one in reports.values())
    check_room(path.parent, total, len(items) + len(rows))
    result, kept = Packed(), dict[int, list[_Kept]]()
    tally = _Tally(total, progress)
    with force_locale("id"), Archive(path) as archive:
        for name, report in reports.items():
            with report.open("rb") as source:
                archive.add_file(name, source, advance=tally.add)
        for item in items:
            kept.setdefault(item.number, []).append(_pack(archive, item, result, tally))
        archive.add_lines(LIST, _lines(rows, items, kept))
        if result.problems:
            archive.add_text(TROUBLES, trouble_list(made, result.problems))
        archive.add_text(READ_ME, read_me(made, files=result.files, problems=len(result.problems)))
        archive.add_text(MANIFEST, archive.sums())
    return result


class _Tally:
    """Adds up bytes and says so."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.done, self.progress = total, 0, progress

    def add(self, size: int) -> None:
        self.done += size
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # told when its turn comes


def _pack(archive: Archive, item: Item, result: Packed, tally: _Tally) -> _Kept:
    name = _name(item)
    usual = f"{EVIDENCE if item.number else DOCUMENTS}/{name}"
    recorded = item.recorded_sha256
    try:
        source = item.path.open("rb")
    except FileNotFoundError:
        return _missed(ProblemKind.MISSING, item, usual, result)
    except OSError:
        return _missed(ProblemKind.UNREADABLE, item, usual, result)
    with source:
        # Read twice: the name depends on whether it is still what was recorded, and a ZIP cannot rename.
        try:
            found = digest_of(source)
        except OSError:
            return _missed(ProblemKind.UNREADABLE, item, usual, result)
        altered = bool(recorded) and found != recorded
        written = archive.add_file(f"{ALTERED}/{name}" if altered else usual, source, advance=tally.add)
    return _judged(item, written, altered or written.sha256 != found, result)


def _judged(item: Item, written: Written, altered: bool, result: Packed) -> _Kept:
    result.files += 1
    result.size += written.size
    kind, state = None, "utuh"
    if altered:
        kind, state = ProblemKind.ALTERED, "berubah"
    elif not item.recorded_sha256:
        kind, state = ProblemKind.NO_DIGEST, "tanpa sidik"
    if kind is not None:
        result.problems.append(Problem(kind, item, written.name, written.sha256))
    return _Kept(written.name, written.sha256, item.recorded_sha256, state)


def _missed(kind: ProblemKind, item: Item, name: str, result: Packed) -> _Kept:
    result.problems.append(Problem(kind, item, name))
    return _Kept("", "", item.recorded_sha256, "hilang" if kind is ProblemKind.MISSING else "tidak terbaca")


def _name(item: Item) -> str:
    if item.number:
        return evidence_name(
            item.number, item.day, item.channel, item.title, item.path.suffix, part=item.part
        )
    return document_name(item.part + 1, item.title, item.path.suffix)


def _lines(rows: Sequence[Row], items: Sequence[Item], kept: Mapping[int, list[_Kept]]) -> Iterator[str]:
    """``bukti.csv``: a line for each file, and one for each publication without any; then the documents."""
    yield "\ufeff" + _line(HEADINGS)
    nothing = [_Kept("", "", "", "tidak ada berkas")]
    for row in rows:
        for one in kept.get(row.number) or nothing:
            yield _line(
                (
                    f"{row.number:04}", row.title, row.channel, row.url, row.published, row.captured, one.name,
                    one.sha256, one.recorded, row.verifier, row.state, one.state,
                )
            )  # fmt: skip
    documents = [item for item in items if not item.number]
    for item, one in zip(documents, kept.get(0, []), strict=True):
        yield _line(("", item.title, "", "", "", "", one.name, one.sha256, one.recorded, "", "", one.state))


def _line(cells: Sequence[str]) -> str:
    to = io.StringIO()
    csv.writer(to, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return to.getvalue()
