"""Writing the agenda: an event is made, changed, moved, cancelled, postponed, restored, removed."""

from humasflow.planning.agenda.services.adding import add_to_event
from humasflow.planning.agenda.services.changing import change_event
from humasflow.planning.agenda.services.contents import BadContent, EventContent
from humasflow.planning.agenda.services.creating import create_event
from humasflow.planning.agenda.services.falling_through import (
    cancel_event,
    postpone_event,
    remove_event,
    restore_event,
)
from humasflow.planning.agenda.services.losing import Lost, WouldDrop
from humasflow.planning.agenda.services.moving import Moved, move_event

__all__ = [
    "BadContent",
    "EventContent",
    "Lost",
    "Moved",
    "WouldDrop",
    "add_to_event",
    "cancel_event",
    "change_event",
    "create_event",
    "move_event",
    "postpone_event",
    "remove_event",
    "restore_event",
]
