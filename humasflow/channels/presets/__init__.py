"""Bundled data of the channels room: platforms with their dated limits, content types, top-level domains.

This is what a new installation starts from; afterwards the database is right.
"""
