"""Content calendars kept in a spreadsheet: each row becomes a story in draft, planned on its day and channels."""

from humasflow.imports.kinds.calendar.kind import KIND

__all__ = ["KIND"]
