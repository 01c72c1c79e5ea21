"""The one table of a pitch's life."""

from humasflow.core.machines import Machine, from_states
from humasflow.pitches.enums import PitchMove as M
from humasflow.pitches.enums import PitchState as S

PITCH: Machine[S, M] = Machine(
    "pitch",
    S.NEW,
    {
        M.ACCEPT: from_states(S.NEW, S.PARKED, to=S.ACCEPTED),
        M.PARK: from_states(S.NEW, to=S.PARKED),
        M.REJECT: from_states(S.NEW, S.PARKED, to=S.REJECTED, needs_reason=True),
        M.REOPEN: from_states(S.PARKED, S.REJECTED, to=S.NEW),
    },
)
