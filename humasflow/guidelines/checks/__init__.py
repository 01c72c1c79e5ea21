"""Automatic checks of a text: pure functions of what is written and what the office set. No database, no request."""
