"""The first start: the wizard and the sample office.

Nouns: wizard, sample office.
"""
