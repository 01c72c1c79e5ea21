"""Which place of the table is which column: said by a person, remembered for the next file."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from humasflow.accounts.policy import Principal
from humasflow.core.db import db, table_of
from humasflow.core.errors import Conflict, UserError
from humasflow.core.versions import expect_version
from humasflow.imports import queries
from humasflow.imports.enums import BatchMove, BatchState
from humasflow.imports.models import HeadingMemory, ImportBatch
from humasflow.imports.reading.headings import LOOK_AT, plain
from humasflow.imports.services.reading import propose
from humasflow.imports.services.running import begin, kind_of, locked, require_import


class MappingProblem(UserError):
    """``column``: the key of the column that it is about, or empty."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def choose_heading(batch: ImportBatch, line: int, *, actor: Principal) -> None:
    """The headings stand in this line; the columns are guessed anew. Flushes. Raises NotAllowed, Conflict,
    UserError.
    """
    require_import(actor, batch)
    locked(batch)
    if batch.state not in (BatchState.TO_MAP, BatchState.CHECKED):
        raise Conflict(
            _("Impor ini sudah berjalan lebih jauh sejak halaman ini dibuka. Muat ulang halamannya.")
        )
    if line not in [number for number, _cells in queries.head_of(batch, LOOK_AT)]:
        raise UserError(
            _("Baris nama kolom harus salah satu dari %(n)s baris pertama yang berisi.", n=LOOK_AT)
        )
    propose(batch, line)
    batch.state = BatchState.TO_MAP  # from either, to where the columns are asked for
    db.session.flush()


def set_mapping(
    batch: ImportBatch, mapping: Mapping[str, int], defaults: Mapping[str, str], *, actor: Principal,
    row_version: int | None = None,
) -> None:  # fmt: skip
    """Take over which place is which column, remember it, and have every row looked at. Flushes.

    ``defaults``: texts for what a table lacks or leaves empty. Raises NotAllowed, Conflict, MappingProblem.
    """
    require_import(actor, batch)
    locked(batch)
    if batch.state is BatchState.CHECKING:
        return
    if row_version is not None:
        expect_version(batch, row_version)
    kind = kind_of(batch)
    columns = {c.key: c for c in kind.columns}
    chosen = {k: p for k, p in mapping.items() if k in columns and 0 <= p < len(batch.headings)}
    texts = {k: v.strip()[:200] for k, v in defaults.items() if k in columns and v.strip()}
    twice = {p for p in chosen.values() if list(chosen.values()).count(p) > 1}
    for key, place in chosen.items():
        if place in twice:
            raise MappingProblem(
                key, _("Kolom “%(name)s” dipilih dua kali.", name=batch.headings[place] or place + 1)
            )  # fmt: skip
    missing = [c for c in kind.columns if c.is_required and c.key not in chosen and c.key not in texts]
    if missing:
        raise MappingProblem(
            missing[0].key,
            _(
                "Kolom ini tidak ditemukan: %(missing)s. Kolom yang ada: %(present)s.",
                missing=", ".join(str(c.label) for c in missing),
                present=", ".join(h for h in batch.headings if h)[:200] or "-",
            ),
        )
    _remember(batch, chosen)
    batch.mapping, batch.defaults = chosen, texts
    begin(batch, BatchMove.CHECK)


def set_default(batch: ImportBatch, column: str, text: str, *, actor: Principal) -> None:
    """A text for the empty cells of a column; every row is looked at again. Flushes. Raises as set_mapping."""
    set_mapping(batch, batch.mapping, {**batch.defaults, column: text}, actor=actor)


def _remember(batch: ImportBatch, chosen: Mapping[str, int]) -> None:
    by_place = {place: key for key, place in chosen.items()}
    told = {
        plain(heading)[:120]: by_place.get(place, "") for place, heading in enumerate(batch.headings) if plain(heading)
    }  # fmt: skip
    db.session.execute(
        delete(HeadingMemory).where(
            HeadingMemory.office_id == batch.office_id, HeadingMemory.kind == batch.kind,
            HeadingMemory.heading.in_(told),
        )
    )  # fmt: skip
    db.session.execute(
        insert(table_of(HeadingMemory)),
        [
            {"office_id": batch.office_id, "kind": batch.kind, "heading": h, "column": c}
            for h, c in sorted(told.items())
        ],
    )
