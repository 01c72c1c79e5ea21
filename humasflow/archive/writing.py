"""Writing an archive: every row, every file, the sheets for people, and what is needed to check it all."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select

from humasflow.archive.catalogue import FILE_KEYS, exported
from humasflow.archive.packing import Pack, Progress
from humasflow.archive.readme import readme
from humasflow.archive.rows import columns_of, encoder
from humasflow.archive.selecting import Selection, select_rows, table_named
from humasflow.archive.sheets import SHEETS
from humasflow.archive.versions import product_version, schema_revision
from humasflow.core import clock
from humasflow.media.services import storage

FORMAT: Final = "humasflow-archive"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
README: Final = "BACA-SAYA.txt"
_ROWS: Final = 500  # rows in memory at a time


@dataclass
class Written:
    """What came of it: rows by table, how many files with how many bytes, and which the disk has lost."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    size: int = 0
    missing: list[str] = field(default_factory=list)


def offices_of(connection: Connection, office_id: int, *, with_below: bool) -> list[int]:
    """The office, and those below it where they are wanted."""
    unit = table_named("unit")
    path = connection.scalar(select(unit.c.path).where(unit.c.id == office_id))
    below = select(unit.c.id).where(
        unit.c.office_id == unit.c.id, unit.c.path.startswith(str(path), autoescape=True)
    )
    return sorted({office_id, *(connection.scalars(below) if with_below else ())})


def write_archive(
    connection: Connection, office_id: int, path: Path, *, with_below: bool, progress: Progress
) -> Written:
    """Write the archive of an office to ``path`` from a connection that stands at one moment. In a fixed amount of
    memory. Raises StorageFull; then nothing remains. ``progress`` may raise to stop it.
    """
    made_at = clock.now()
    offices = offices_of(connection, office_id, with_below=with_below)
    selection = select_rows(connection, offices)
    names, found = exported(), Written()
    steps = len(names) + len(SHEETS) + 100
    with Pack(path) as pack:
        for number, name in enumerate(names):
            progress(number, steps, name)
            found.rows[name] = pack.add_lines(f"data/{name}.jsonl", _lines(connection, name, selection)).lines
        for number, sheet in enumerate(SHEETS, len(names)):
            progress(number, steps, sheet.name)
            pack.add_lines(f"csv/{sheet.name}.csv", sheet.lines(connection, selection))
        first = len(names) + len(SHEETS)
        _add_files(pack, connection, selection, found, lambda part: progress(first + part, steps, "files"))
        described = [dict(row) for row in _offices(connection, offices)]
        pack.add_lines(README, [readme(described, found.missing)])
        manifest = _manifest(described, office_id, selection, found, made_at, pack)
        pack.add_lines(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"])
        pack.add_lines(SUMS, list(pack.sums()))
    return found


def _lines(connection: Connection, name: str, selection: Selection) -> Iterator[str]:
    table = table_named(name)
    encode = encoder(table, selection)
    keys = list(table.primary_key.columns)
    rows = connection.execution_options(yield_per=_ROWS).execute(
        select(table).where(selection.all_of(table)).order_by(*keys)
    )
    for row in rows.mappings():
        yield encode(dict(row)) + "\n"


def _add_files(
    pack: Pack, connection: Connection, selection: Selection, found: Written, progress: Callable[[int], None]
) -> None:
    """Every stored file of the offices once, under the name that is the digest of its bytes."""
    keys = list(_file_keys(connection, selection))
    told = -1
    for number, key in enumerate(keys):
        part = number * 100 // len(keys)
        if part != told:
            progress(part)
            told = part
        name = key.rpartition("/")[2]
        try:
            source = storage().open(key)
        except FileNotFoundError:
            found.missing.append(name)
            continue
        with source:
            member = pack.add_file(f"files/{name}", source)
        if not name.startswith(member.sha256):
            found.missing.append(name)  # altered on the disk: it is told, and refused as what it claims to be
        found.files += 1
        found.size += member.size


def _file_keys(connection: Connection, selection: Selection) -> list[str]:
    """Keys in their order. A key is short; a hundred thousand of them are a few MiB."""
    keys: set[str] = set()
    for name, columns in FILE_KEYS.items():
        table = table_named(name)
        for column in columns:
            wanted = select(table.c[column]).where(selection.own(table), table.c[column] != "").distinct()
            keys.update(connection.execution_options(yield_per=_ROWS).scalars(wanted))
    return sorted(keys)


def _offices(connection: Connection, ids: Sequence[int]) -> Iterator[Any]:
    unit, head = table_named("unit"), table_named("audit_head")
    wanted = (
        select(
            unit.c.id, unit.c.name, unit.c.short_name, unit.c.slug, unit.c.timezone, head.c.seq, head.c.hash
        )
        .join(head, head.c.office_id == unit.c.id, isouter=True)
        .where(unit.c.id.in_(ids))
        .order_by(unit.c.id)
    )
    yield from connection.execute(wanted).mappings().all()


def _manifest(
    offices: list[dict[str, Any]],
    office_id: int,
    selection: Selection,
    found: Written,
    made_at: datetime,
    pack: Pack,
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "product_version": product_version(),
        "schema_revision": schema_revision(),
        "made_at": made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "office_id": office_id,
        "offices": offices,  # with the end of each one's record
        "tables": {
            member.name.removeprefix("data/").removesuffix(".jsonl"): {
                "rows": member.lines, "size": member.size, "sha256": member.sha256,
            }
            for member in pack.members if member.name.startswith("data/")
        },
        "files": found.files,
        "files_size": found.size,
        "missing_files": found.missing,
        "by_name_only": {name: sorted(ids) for name, ids in sorted(selection.guests.items()) if ids},
        "cut": {name: len(ids) for name, ids in sorted(selection.cut.items())},
    }  # fmt: skip


def count_rows(connection: Connection, table: Table, selection: Selection) -> int:
    """How many rows of a table go into the archive."""
    return int(connection.scalar(select(func.count()).select_from(table).where(selection.all_of(table))) or 0)


__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "MANIFEST",
    "README",
    "SUMS",
    "Written",
    "columns_of",
    "offices_of",
    "write_archive",
]
