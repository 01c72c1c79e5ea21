"""Guests: who they are, the links made for them, their visits, and what they decide."""

from humasflow.approvals.services.guests.deciding import approve_as_guest, send_back_as_guest
from humasflow.approvals.services.guests.links import MadeLink, ask_guest, ask_guests_of_step, revoke_link
from humasflow.approvals.services.guests.register import (
    GuestContent,
    GuestRefused,
    add_guest,
    change_guest,
    set_link_hours,
)
from humasflow.approvals.services.guests.visits import (
    WrongCode,
    begin_visit,
    end_visit,
    identify,
    send_code_again,
)

__all__ = [
    "GuestContent",
    "GuestRefused",
    "MadeLink",
    "WrongCode",
    "add_guest",
    "approve_as_guest",
    "ask_guest",
    "ask_guests_of_step",
    "begin_visit",
    "change_guest",
    "end_visit",
    "identify",
    "revoke_link",
    "send_back_as_guest",
    "send_code_again",
    "set_link_hours",
]
