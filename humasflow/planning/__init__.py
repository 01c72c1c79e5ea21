"""What an office plans by: content types and pillars.

Nouns: content type (jenis konten), pillar (pilar konten).
"""
