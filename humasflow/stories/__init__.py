"""The piece of work: one body of fact, written in versions, that many posts are made from.

Nouns: story (naskah), version, source, goal, audience.
"""
