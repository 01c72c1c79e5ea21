"""The tables of a package's life and of what went out because it was urgent."""

from humasflow.approvals.enums import PackageMove as M
from humasflow.approvals.enums import PackageState as S
from humasflow.approvals.enums import UrgentMove, UrgentState
from humasflow.core.machines import Machine, from_states

PACKAGE: Machine[S, M] = Machine(
    "package",
    S.PENDING,
    {
        M.APPROVE: from_states(S.PENDING, S.RELEASED, to=S.APPROVED),
        M.RETURN: from_states(S.PENDING, to=S.RETURNED, needs_reason=True),
        M.VOID: from_states(S.PENDING, S.APPROVED, S.RELEASED, to=S.VOIDED),
        M.RECALL: from_states(S.PENDING, to=S.RECALLED),
        M.RELEASE: from_states(S.PENDING, to=S.RELEASED, needs_reason=True),
    },
)

URGENT: Machine[UrgentState, UrgentMove] = Machine(
    "urgent",
    UrgentState.OPEN,
    {
        UrgentMove.CLEAR: from_states(UrgentState.OPEN, UrgentState.OBJECTED, to=UrgentState.CLEARED),
        UrgentMove.OBJECT: from_states(UrgentState.OPEN, to=UrgentState.OBJECTED, needs_reason=True),
        UrgentMove.WITHDRAW: from_states(UrgentState.OPEN, UrgentState.OBJECTED, to=UrgentState.WITHDRAWN),
    },
)
