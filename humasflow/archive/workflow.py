"""The life of an archive, as one table."""

from typing import Final

from humasflow.archive.enums import ArchiveMove, ArchiveState
from humasflow.core.machines import Machine, from_states

ARCHIVE: Final = Machine[ArchiveState, ArchiveMove](
    name="archive_run",
    initial=ArchiveState.QUEUED,
    table={
        # A worker that died at it is followed by another, which begins anew.
        ArchiveMove.START: from_states(ArchiveState.QUEUED, ArchiveState.MAKING, to=ArchiveState.MAKING),
        ArchiveMove.FINISH: from_states(ArchiveState.MAKING, to=ArchiveState.READY),
        ArchiveMove.FAIL: from_states(ArchiveState.QUEUED, ArchiveState.MAKING, to=ArchiveState.FAILED),
        # What is being made may be called off the same way: there is nothing left of it.
        ArchiveMove.REMOVE: from_states(
            ArchiveState.QUEUED, ArchiveState.MAKING, ArchiveState.READY, to=ArchiveState.REMOVED
        ),
    },
)
