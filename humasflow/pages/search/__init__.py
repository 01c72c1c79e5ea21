"""Cari di mana saja: one box over everything a person may open, as a page and as a dialog (ADR 0042).

Nouns: source (what a room can find), group (what was found of a kind), action (something to begin).
"""
