"""Pictures: received, checked, re-encoded, described and kept.

Nouns: asset, rendition, credit, alternative text.
"""
