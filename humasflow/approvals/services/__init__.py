"""What is done with packages: submitted, agreed to, sent back, taken back, made void, let out urgently, called to mind;
and the chains, groups and figures they follow.
"""

from humasflow.approvals.services.by_code import (
    NotAskedAnyMore,
    ask_code,
    enter_with_code,
    good_for,
    package_id_of,
)
from humasflow.approvals.services.chains import AskeeContent, StepContent, set_chain, use_office_default
from humasflow.approvals.services.deciding import ReasonNeeded, approve, send_back
from humasflow.approvals.services.groups import change_group, create_group
from humasflow.approvals.services.guests import (
    GuestContent,
    add_guest,
    approve_as_guest,
    ask_guest,
    change_guest,
    revoke_link,
    send_back_as_guest,
    set_link_hours,
)
from humasflow.approvals.services.opening import record_opened
from humasflow.approvals.services.reminding import remind
from humasflow.approvals.services.settings import PatienceContent, set_edit_policy, set_patience
from humasflow.approvals.services.several import Choice, Outcome, approve_several
from humasflow.approvals.services.submitting import recall, submit_package
from humasflow.approvals.services.urgent import clear_urgent, object_to_urgent, release_urgently
from humasflow.approvals.services.voiding import void_stale, void_waiting

__all__ = [
    "AskeeContent",
    "Choice",
    "GuestContent",
    "NotAskedAnyMore",
    "Outcome",
    "PatienceContent",
    "ReasonNeeded",
    "StepContent",
    "add_guest",
    "approve",
    "approve_as_guest",
    "approve_several",
    "ask_code",
    "ask_guest",
    "change_group",
    "change_guest",
    "clear_urgent",
    "create_group",
    "enter_with_code",
    "good_for",
    "object_to_urgent",
    "package_id_of",
    "recall",
    "record_opened",
    "release_urgently",
    "remind",
    "revoke_link",
    "send_back",
    "send_back_as_guest",
    "set_chain",
    "set_edit_policy",
    "set_link_hours",
    "set_patience",
    "submit_package",
    "use_office_default",
    "void_stale",
    "void_waiting",
]
