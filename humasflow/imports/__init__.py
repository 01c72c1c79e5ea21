"""Bringing in what an office already has: tables of any kind, and past posts of sites.

A table goes two steps: it is read, matched and looked at, and nothing is written; then its good rows are written, each
with its outcome, and a whole import can be taken back. What the rows are is the matter of a kind.

Nouns: import (batch), row, kind, column, finding.
"""
