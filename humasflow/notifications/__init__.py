"""Telling people what concerns them, in the product and by e-mail.

Nouns: notification, mail message, mail settings.
"""
