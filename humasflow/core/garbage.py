"""Collecting garbage in processes that serve: less often, and not in what was loaded to stay."""

import gc
from typing import Final

THRESHOLDS: Final = (10_000, 20, 50)
"""Of the three generations. Python's own (700, 10, 10) are for scripts: a page of forty offices, which makes and
forgets some ten thousand objects, was looked through whole once a page, for a third of its time."""


def settle() -> None:
    """Say once everything is loaded, before workers are forked: it is never looked through again, and stays shared
    memory.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
