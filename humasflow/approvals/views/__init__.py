"""Pages of approvals: what waits, reading and deciding, submitting, letting out urgently, and the office's rules."""

from humasflow.approvals.views import (
    by_code,
    chains,
    groups,
    guest_links,
    guests,
    inbox,
    reviewing,
    settings,
    submitting,
    urgent,
)
from humasflow.approvals.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "by_code",
    "chains",
    "groups",
    "guest_links",
    "guests",
    "inbox",
    "reviewing",
    "settings",
    "submitting",
    "urgent",
]
