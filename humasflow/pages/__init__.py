"""Pages that show several rooms at once: home and the story page.

Nouns: home (beranda), story page.
"""
