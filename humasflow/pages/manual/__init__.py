"""Bantuan: what the product does and what a person does in it, in both languages, with a search.

Nouns: topic (a text of ``topics/``), term (a word of ours with its one sentence), first step, shortcut.
"""

from humasflow.pages.manual import views

__all__ = ["views"]
