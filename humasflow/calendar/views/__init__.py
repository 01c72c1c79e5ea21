"""Pages of the calendar, by what a person does."""

from humasflow.calendar.views import (
    adding,
    covering,
    layouts,
    moving,
    quarter,
    relocating,
    saved_views,
    showing,
    wording,
)
from humasflow.calendar.views.blueprint import blueprint

__all__ = [
    "adding",
    "blueprint",
    "covering",
    "layouts",
    "moving",
    "quarter",
    "relocating",
    "saved_views",
    "showing",
    "wording",
]
