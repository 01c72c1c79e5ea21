"""How a publication is received: readers of the newsroom, without cookies or personal data; and what channels say.

Nouns: reader count, metric snapshot (the numbers of one post at one instant; None is "unknown", never 0).
"""
