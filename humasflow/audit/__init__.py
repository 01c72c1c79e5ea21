"""The append-only record of who did what, when: one hash chain per office.

Nouns: entry (one act), head (the chain's newest link).
"""
