"""What the worker does for imports."""

from humasflow.imports.services.applying import apply_batch
from humasflow.imports.services.checking import check_batch
from humasflow.imports.services.reading import read_batch
from humasflow.imports.services.running import APPLY, CHECK, READ, UNDO, stop_abandoned
from humasflow.imports.services.taking import forget_batches
from humasflow.imports.services.undoing import undo_batch

JOBS = {READ: read_batch, CHECK: check_batch, APPLY: apply_batch, UNDO: undo_batch}
TIMETABLE = [
    ("imports.stop_abandoned", 300, stop_abandoned),
    ("imports.forget_batches", 86_400, forget_batches),
]
