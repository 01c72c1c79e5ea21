"""Starting a run, reading its source, recording what it found, and taking it back."""

from humasflow.imports.backfill.services.applying import APPLY, apply_batch, begin_applying, read_choices
from humasflow.imports.backfill.services.pictures import PICTURE, fetch_picture
from humasflow.imports.backfill.services.reading import FETCH, fetch_step
from humasflow.imports.backfill.services.running import stop_abandoned
from humasflow.imports.backfill.services.starting import (
    continue_run,
    date_item,
    drop_run,
    forget_runs,
    start_from_address,
    start_from_file,
)
from humasflow.imports.backfill.services.undoing import UNDO, begin_undoing, undo_batch

__all__ = [
    "APPLY", "FETCH", "PICTURE", "UNDO", "apply_batch", "begin_applying", "begin_undoing", "continue_run", "date_item",
    "drop_run", "fetch_picture", "fetch_step", "forget_runs", "read_choices", "start_from_address", "start_from_file",
    "stop_abandoned", "undo_batch",
]  # fmt: skip
