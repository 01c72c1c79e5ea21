"""Days of the year that a plan minds: holidays, joint leave, commemorations, Pawukon days, the office's own.

Nouns: day, mark.
"""
