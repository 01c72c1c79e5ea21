"""How often the newsroom's stories are read, without cookies or personal data.

Nouns: reader count.
"""
