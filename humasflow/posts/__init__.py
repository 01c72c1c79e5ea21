"""One story on one channel account: its own text, pictures and time, in versions.

Nouns: post (publikasi), post version, schedule.
"""
