"""Writes of the accounts room, one use case a file."""
