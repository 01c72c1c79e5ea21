"""From an approved post to a live one with evidence, at most once and never silently missed.

Nouns: delivery, receipt, manual task, evidence (bukti tayang).
"""
