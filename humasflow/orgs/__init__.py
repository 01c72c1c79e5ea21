"""The tree of units: offices (kantor), the sections inside them, and offices above and below.

Nouns: unit, office, section, zone.
"""
