"""Tables on their way in, and what became of them."""

import io
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.imports import queries
from humasflow.imports.kinds.base import Outcome
from humasflow.imports.kinds.registry import get_kind
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.imports.services.at_once import import_at_once, work
from humasflow.imports.services.mapping import set_mapping
from humasflow.imports.services.taking import take_upload
from humasflow.media.services import storage
from tests.factories.world import World

HEAD = "tanggal_tayang,zona,kanal,jenis,judul,url"
GOOD = "2020-01-03 09:00,WIB,website,berita terbaru,Lelang berjalan tertib,https://kantor.example/berita/1"
BAD = "31-02-2020,WIB,website,artikel,Judul rahasia,https://kantor.example/berita/2"


class Told:
    """An import that ran, and its rows in words."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        rows = list(db.session.query(ImportRow).filter(*queries.of_table(batch)).order_by(ImportRow.line))
        self.refused = {
            r.line: "; ".join(m for _c, s, m in r.findings if s == "error") or r.reason
            for r in rows
            if r.is_bad or r.outcome is Outcome.REFUSED
        }
        self.outcomes = [r.outcome for r in rows]
        self.reasons = {r.line: r.reason for r in rows if r.reason}
        of = self.outcomes.count
        self.added, self.changed = of(Outcome.MADE), of(Outcome.CHANGED)
        self.known = of(Outcome.KNOWN) + of(Outcome.SKIPPED)


def load(
    office: Any, actor: Principal, data: bytes, kind: str = "publications", *, verified: bool = False,
    document: str = "ND-7/2020", all_or_nothing: bool = False,
) -> Told:  # fmt: skip
    """Import a whole table as the worker would. Commits."""
    options = {"vouched": "y", "document": document} if verified else {}
    return Told(
        import_at_once(
            data, get_kind(kind), office=office, actor=actor, filename="daftar.csv", options=options,
            all_or_nothing=all_or_nothing,
        )
    )  # fmt: skip


def uploaded(world: World, data: bytes, kind: str = "publications", who: User | None = None) -> ImportBatch:
    """A table that was read and waits for its columns. Commits."""
    with storage().temporary() as path:
        Path(path).write_bytes(data)
        batch = take_upload(
            world.office, get_kind(kind), actor=world.as_(who or world.editor), filename="daftar rahasia.csv",
            path=path,
        )  # fmt: skip
    work(batch)
    return batch


def checked(world: World, data: bytes, kind: str = "publications", who: User | None = None) -> ImportBatch:
    """A table whose rows were looked at. Commits."""
    batch = uploaded(world, data, kind, who)
    set_mapping(batch, batch.mapping, batch.defaults, actor=world.as_(who or world.editor))
    work(batch)
    return batch


def import_things(world: World) -> dict[str, Any]:
    """A table that was looked at, with a row to be mended, by the names of arguments. Commits."""
    batch = checked(world, f"{HEAD}\n{GOOD}\n{BAD}\n".encode())
    row = db.session.query(ImportRow).filter_by(batch_id=batch.id, is_bad=True).one()
    return {"import_batch_id": batch.id, "import_row_id": row.id, "import_kind": "publications"}


def two_sheets() -> bytes:
    """A workbook with the table in the first of two sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (HEAD, GOOD, GOOD.replace("/1", "/3")):
        sheet.append(line.split(","))
    other = book.create_sheet("Lain")
    for line in (HEAD, GOOD):
        other.append(line.split(","))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
