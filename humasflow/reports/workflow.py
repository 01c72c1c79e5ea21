"""The life of a run, as one table."""

from typing import Final

from humasflow.core.machines import Machine, from_states
from humasflow.reports.enums import RunMove, RunState

RUN: Final = Machine[RunState, RunMove](
    name="report_run",
    initial=RunState.QUEUED,
    table={
        # A worker that died at it is followed by another, which begins anew.
        RunMove.START: from_states(RunState.QUEUED, RunState.MAKING, to=RunState.MAKING),
        RunMove.FINISH: from_states(RunState.MAKING, to=RunState.READY),
        RunMove.FAIL: from_states(RunState.QUEUED, RunState.MAKING, to=RunState.FAILED),
        RunMove.CANCEL: from_states(RunState.QUEUED, RunState.MAKING, to=RunState.CANCELLED),
        RunMove.EXPIRE: from_states(RunState.READY, to=RunState.EXPIRED),
    },
)
