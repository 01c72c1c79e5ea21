"""Tautan berbagi: one filtered view of the calendar for whoever has its address, read-only, until it expires.

Nouns: shared view, link, visitor.
"""
