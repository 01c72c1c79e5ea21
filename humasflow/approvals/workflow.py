"""The one table of a package's life."""

from humasflow.approvals.enums import PackageMove as M
from humasflow.approvals.enums import PackageState as S
from humasflow.core.machines import Machine, from_states

PACKAGE: Machine[S, M] = Machine(
    "package",
    S.PENDING,
    {
        M.APPROVE: from_states(S.PENDING, to=S.APPROVED),
        M.RETURN: from_states(S.PENDING, to=S.RETURNED, needs_reason=True),
        M.VOID: from_states(S.PENDING, S.APPROVED, to=S.VOIDED),
        M.RECALL: from_states(S.PENDING, to=S.RECALLED),
    },
)
