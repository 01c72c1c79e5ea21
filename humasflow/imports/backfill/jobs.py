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
    stop_abandoned,
    undo_batch,
)

JOBS = {FETCH: fetch_step, APPLY: apply_batch, PICTURE: fetch_picture, UNDO: undo_batch}
TIMETABLE = [
    ("imports.stop_abandoned_backfills", 300, stop_abandoned),
    ("imports.forget_backfills", 86_400, forget_runs),
]
