"""Where an office publishes: kinds of channel with their limits, and the office's accounts.

Nouns: channel kind, channel account, limit, adapter.
"""
