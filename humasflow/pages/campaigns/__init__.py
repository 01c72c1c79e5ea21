"""Campaigns: the list, one with its progress, the form, and what offices above ask. ``progress`` counts, ``views`` and
``offer_views`` are the pages.
"""

from humasflow.pages.campaigns import offer_views, views

__all__ = ["offer_views", "views"]
