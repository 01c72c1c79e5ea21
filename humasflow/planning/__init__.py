"""What an office plans by, each a list of its own that people choose from.

Nouns: content type (jenis konten), pillar (pilar konten), production role (peran produksi).
"""
