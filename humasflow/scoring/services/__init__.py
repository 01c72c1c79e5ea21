"""Writes of the scoring room, one use case a file."""
