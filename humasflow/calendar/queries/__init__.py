"""Reading the calendar: plain rows, a constant number of statements, times put on the office's clock once."""

from humasflow.calendar.queries.choices import list_choices
from humasflow.calendar.queries.outside import for_everybody
from humasflow.calendar.queries.plan import get_plan
from humasflow.calendar.queries.rows import TRAY_SIZE

__all__ = ["TRAY_SIZE", "for_everybody", "get_plan", "list_choices"]
