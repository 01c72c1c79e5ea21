"""Changing what an office asks of its texts."""

from humasflow.guidelines.services.checklists import (
    ItemContent,
    change_item,
    create_item,
    move_item,
    switch_item,
)
from humasflow.guidelines.services.glossary import WordsAdded, add_words, remove_words
from humasflow.guidelines.services.rules import change_rule, reset_rule
from humasflow.guidelines.services.seeding import seed_guidelines

__all__ = [
    "ItemContent", "WordsAdded", "add_words", "change_item", "change_rule", "create_item", "move_item", "remove_words",
    "reset_rule", "seed_guidelines", "switch_item",
]  # fmt: skip
