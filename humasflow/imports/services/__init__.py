"""Writes of the imports room, one use case a file."""
