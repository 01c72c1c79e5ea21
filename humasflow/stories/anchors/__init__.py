"""Where a remark stands in a text, and where that is after the text was edited. Pure: no database, no request.

A text is seen as plain text (:mod:`projection`); an anchor is a range of it with the quoted words and what stands
around them. From one stored text to the next the ranges are mapped (:mod:`mapping`); a suggestion is put into the
HTML at its range (:mod:`splicing`).
"""

from humasflow.stories.anchors.mapping import Anchor, anchor_at, find_quote, map_anchors
from humasflow.stories.anchors.projection import project_html, project_plain
from humasflow.stories.anchors.splicing import SpliceError, splice_html, splice_plain

__all__ = [
    "Anchor",
    "SpliceError",
    "anchor_at",
    "find_quote",
    "map_anchors",
    "project_html",
    "project_plain",
    "splice_html",
    "splice_plain",
]
