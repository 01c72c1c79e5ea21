"""Schemes, targets and the ledger: what each publication counts for in the quarter.

Nouns: scheme, component, target (sasaran), ledger entry (buku nilai), state of a point, standing (capaian).
"""
