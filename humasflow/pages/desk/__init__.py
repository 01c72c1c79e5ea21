"""Meja redaksi: every story in work, by who has to act next, as a board and as a list.

Nouns: narrowing (the filters in the address), lane (a column), move (a card to another column), saved view, bulk run.
"""

from humasflow.pages.desk import bulk_views, move_views, saved_views, views

__all__ = ["bulk_views", "move_views", "saved_views", "views"]
