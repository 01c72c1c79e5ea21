"""Covering the agenda: an event turns into a story and its tasks in one step, with who is free beside the choice."""

from humasflow.calendar.covering.services import Ask, cover

__all__ = ["Ask", "cover"]
