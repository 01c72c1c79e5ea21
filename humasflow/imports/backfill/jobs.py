"""What the worker does for past posts."""

from humasflow.imports.backfill.services import (
    APPLY,
    FETCH,
    PICTURE,
    UNDO,
    apply_batch,
    fetch_picture,
    fetch_step,
    forget_runs,
    undo_batch,
)

JOBS = {FETCH: fetch_step, APPLY: apply_batch, PICTURE: fetch_picture, UNDO: undo_batch}
TIMETABLE = [("imports.forget_backfills", 86_400, forget_runs)]
