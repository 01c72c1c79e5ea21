"""Moving what stands on the calendar: to another day at the same clock time, to a time, by days, or to the tray; and
taking a move back.
"""

from humasflow.calendar.moving.asking import BadAsk, Ref, Where, read_refs, read_where
from humasflow.calendar.moving.loading import load
from humasflow.calendar.moving.movable import Movable
from humasflow.calendar.moving.services import Failed, MovedItem, NeedsDecision, Outcome, move_items
from humasflow.calendar.moving.undoing import look_back, undo_move
from humasflow.calendar.moving.warning import Caution

__all__ = [
    "BadAsk",
    "Caution",
    "Failed",
    "Movable",
    "MovedItem",
    "NeedsDecision",
    "Outcome",
    "Ref",
    "Where",
    "load",
    "look_back",
    "move_items",
    "read_refs",
    "read_where",
    "undo_move",
]
