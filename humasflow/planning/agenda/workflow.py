"""The table of an event's life. Nothing else decides what may follow what.

A move may be made of many occurrences at once, some of which stand there already: it leads from its own target too, and
a new reason is taken. What another calendar says about its own events comes from outside, and asks no table.
"""

from humasflow.core.machines import Machine, from_states
from humasflow.planning.agenda.enums import EventMove as M
from humasflow.planning.agenda.enums import EventState as S

EVENT: Machine[S, M] = Machine(
    "agenda event",
    S.CONFIRMED,
    {
        M.CANCEL: from_states(
            S.CONFIRMED, S.TENTATIVE, S.POSTPONED, S.CANCELLED, to=S.CANCELLED, needs_reason=True
        ),
        M.POSTPONE: from_states(S.CONFIRMED, S.TENTATIVE, S.POSTPONED, to=S.POSTPONED, needs_reason=True),
        M.RESTORE: from_states(S.CONFIRMED, S.TENTATIVE, S.POSTPONED, S.CANCELLED, to=S.CONFIRMED),
        # What waited for a time has one.
        M.RETIME: from_states(S.POSTPONED, to=S.CONFIRMED),
    },
)
