"""Bringing in what an office already has: lists of past publications.

Nouns: publication list, row finding.
"""
