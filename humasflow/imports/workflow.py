"""The life of an import, as one table. What failed goes on where it stopped (``ImportBatch.failed_at``)."""

from typing import Final

from humasflow.core.machines import Machine, from_states
from humasflow.imports.enums import BatchMove as M
from humasflow.imports.enums import BatchState as S

BATCH: Final = Machine[S, M](
    name="import_batch",
    initial=S.UPLOADED,
    table={
        # A worker that died at it is followed by another; of a workbook another sheet may be wanted.
        M.READ: from_states(S.UPLOADED, S.READING, S.TO_MAP, S.CHECKED, S.FAILED, to=S.READING),
        M.READ_DONE: from_states(S.READING, to=S.TO_MAP),
        # Other columns, another default: everything is looked at again.
        M.CHECK: from_states(S.TO_MAP, S.CHECKED, S.FAILED, to=S.CHECKING),
        M.CHECK_DONE: from_states(S.CHECKING, to=S.CHECKED),
        M.APPLY: from_states(S.CHECKED, S.FAILED, to=S.APPLYING),
        M.APPLY_DONE: from_states(S.APPLYING, to=S.APPLIED),
        # By a person, or because all or nothing was wanted and something was refused.
        M.UNDO: from_states(S.APPLYING, S.APPLIED, S.FAILED, to=S.UNDOING),
        M.UNDO_DONE: from_states(S.UNDOING, to=S.UNDONE),
        M.DISCARD: from_states(
            S.UPLOADED, S.READING, S.TO_MAP, S.CHECKING, S.CHECKED, S.FAILED, to=S.DISCARDED
        ),
        M.FAIL: from_states(S.UPLOADED, S.READING, S.CHECKING, S.APPLYING, S.UNDOING, to=S.FAILED),
    },
)
