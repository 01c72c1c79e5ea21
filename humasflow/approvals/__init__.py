"""Who agrees to what goes out: chains of steps, packages bound by a digest, decisions.

Nouns: chain, step, package, decision.
"""
