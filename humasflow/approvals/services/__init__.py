"""What is done with packages: submitted, agreed to, sent back, taken back, made void; and the chains they follow."""

from humasflow.approvals.services.chains import StepContent, set_chain, use_office_default
from humasflow.approvals.services.deciding import ReasonNeeded, approve, send_back
from humasflow.approvals.services.submitting import recall, submit_package
from humasflow.approvals.services.voiding import void_stale, void_waiting

__all__ = [
    "ReasonNeeded",
    "StepContent",
    "approve",
    "recall",
    "send_back",
    "set_chain",
    "submit_package",
    "use_office_default",
    "void_stale",
    "void_waiting",
]
