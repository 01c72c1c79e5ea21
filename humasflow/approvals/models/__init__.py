"""Tables of approvals: how an office is asked, what was submitted, who decided, and what went out without an answer."""

from humasflow.approvals.models.chains import (
    ApprovalAskee,
    ApprovalChain,
    ApprovalGroup,
    ApprovalSettings,
    ApprovalStep,
    GroupMember,
)
from humasflow.approvals.models.guests import GuestApprover, GuestLink, GuestVisit
from humasflow.approvals.models.openings import PackageOpening
from humasflow.approvals.models.packages import Decision, Package, PackageItem, PackageSeat, PackageStep
from humasflow.approvals.models.reminders import Reminder
from humasflow.approvals.models.urgent import UrgentRelease

__all__ = [
    "ApprovalAskee",
    "ApprovalChain",
    "ApprovalGroup",
    "ApprovalSettings",
    "ApprovalStep",
    "Decision",
    "GroupMember",
    "GuestApprover",
    "GuestLink",
    "GuestVisit",
    "Package",
    "PackageItem",
    "PackageOpening",
    "PackageSeat",
    "PackageStep",
    "Reminder",
    "UrgentRelease",
]
