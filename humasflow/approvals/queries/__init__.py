"""Reading packages: what waits for whom, what was decided, what may go out."""

from humasflow.approvals.coverage import Approval, approval_of
from humasflow.approvals.queries.chains import (
    Asked,
    count_in_flight,
    get_chain,
    list_chains,
    preview_chains,
    preview_scopes,
    preview_steps,
    steps_for,
)
from humasflow.approvals.queries.packages import (
    Baseline,
    get_baseline,
    get_package,
    last_approved_package,
    list_packages_of,
)
from humasflow.approvals.queries.waiting import (
    DecidedRow,
    WaitingRow,
    count_waiting_for,
    list_deciders,
    list_pending,
    list_recently_decided,
    list_waiting_for,
)

__all__ = [
    "Approval",
    "Asked",
    "Baseline",
    "DecidedRow",
    "WaitingRow",
    "approval_of",
    "count_in_flight",
    "count_waiting_for",
    "get_baseline",
    "get_chain",
    "get_package",
    "last_approved_package",
    "list_chains",
    "list_deciders",
    "list_packages_of",
    "list_pending",
    "list_recently_decided",
    "list_waiting_for",
    "preview_chains",
    "preview_scopes",
    "preview_steps",
    "steps_for",
]
