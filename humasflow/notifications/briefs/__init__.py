"""Briefs: what a day or a week holds for one person, on a page of their own and by mail."""
