"""Agenda: dated activities to cover, once or repeating, the office's own or from a calendar somebody else keeps.

Nouns: event, occurrence, exception, feed.
"""
