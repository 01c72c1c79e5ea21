"""Comparing and merging texts: word by word as plain text, word by word as it looks, and three ways."""

from humasflow.stories.comparison.aligning import LOOK_AHEAD
from humasflow.stories.comparison.differences import (
    LONGEST_COMPARED,
    Difference,
    Mark,
    Paragraph,
    Piece,
    compare_contents,
    compare_facts,
    compare_parts,
    compare_texts,
    compare_versions,
    compare_words,
    differs_in_form_only,
    picture_words,
    readable,
    words_of,
)

__all__ = [
    "LONGEST_COMPARED",
    "LOOK_AHEAD",
    "Difference",
    "Mark",
    "Paragraph",
    "Piece",
    "compare_contents",
    "compare_facts",
    "compare_parts",
    "compare_texts",
    "compare_versions",
    "compare_words",
    "differs_in_form_only",
    "picture_words",
    "readable",
    "words_of",
]
