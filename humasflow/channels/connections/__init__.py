"""Connections: how an account's channel lets the product in, and how it is doing.

Nouns: connection, app keys (the office's own registration with a platform), authorization (one way through a
platform's sign-in page), health.
"""
