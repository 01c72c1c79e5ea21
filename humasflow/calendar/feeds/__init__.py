"""Langganan: the plan in other calendar programs, by a secret address that can be revoked.

Nouns: feed, entry (what subscribers were told of a post), secret.
"""
