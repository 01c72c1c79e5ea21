"""Replacing the key under which every room keeps its secrets."""
