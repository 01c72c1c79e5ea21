"""Ideas from anyone in the office, and what became of them.

Nouns: pitch (usulan), pool, triage.
"""
