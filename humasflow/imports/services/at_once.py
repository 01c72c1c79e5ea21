"""A whole import without a worker: for the command line, where somebody waits for its end."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.base import Kind
from humasflow.imports.models import ImportBatch
from humasflow.imports.services.applying import BadRows, apply_batch, begin_applying
from humasflow.imports.services.checking import check_batch
from humasflow.imports.services.mapping import MappingProblem, set_mapping
from humasflow.imports.services.reading import read_batch
from humasflow.imports.services.taking import discard, take_upload
from humasflow.imports.services.undoing import undo_batch
from humasflow.media.services import storage
from humasflow.orgs.models import Unit

_WORK = {
    BatchState.READING: read_batch, BatchState.CHECKING: check_batch, BatchState.APPLYING: apply_batch,
    BatchState.UNDOING: undo_batch,
}  # fmt: skip


def import_at_once(
    data: bytes, kind: Kind[Any], *, office: Unit, actor: Principal, filename: str = "",
    options: Mapping[str, str] | None = None, all_or_nothing: bool = False,
) -> ImportBatch:  # fmt: skip
    """Read, map as guessed, check and write. Commits on the way. With bad rows, ``all_or_nothing`` leaves the import
    checked and unwritten. Raises UserError for what cannot be read or mapped.
    """
    with storage().temporary() as path:
        Path(path).write_bytes(data)
        batch = take_upload(
            office,
            kind,
            actor=actor,
            filename=filename,
            path=path,
            options=options,
            all_or_nothing=all_or_nothing,
        )
    work(batch)
    try:
        set_mapping(batch, batch.mapping, batch.defaults, actor=actor)
    except MappingProblem:
        discard(batch, actor=actor)
        db.session.commit()
        raise
    work(batch)
    try:
        begin_applying(batch, actor=actor, all_or_nothing=all_or_nothing)
    except BadRows:
        db.session.rollback()
        return batch
    work(batch)
    return batch


def work(batch: ImportBatch) -> None:
    """Do what the worker would, until nothing is left to do. Commits. Raises UserError when it stopped."""
    batch_id = batch.id
    db.session.commit()
    while batch.state in _WORK:
        _WORK[batch.state](str(batch_id))
        db.session.commit()
        batch = db.session.get_one(ImportBatch, batch_id)
        db.session.refresh(batch)
    if batch.state is BatchState.FAILED:
        raise UserError(batch.error)
