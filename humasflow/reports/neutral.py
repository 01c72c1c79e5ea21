"""Text that a spreadsheet must show and never run."""

from typing import Final

LONGEST: Final = 32_767  # characters of a cell, counted as Excel does: UTF-16 units
_CUT: Final = "… (dipotong)"
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
# What XML cannot carry, and what only steers a terminal.
_UNSEEN: Final = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {
    0x7F: None,
    0xFFFE: None,
    0xFFFF: None,
}


def harmless(text: str) -> str:
    """For a CSV file: what a spreadsheet would take for a formula gets an apostrophe before it."""
    clean = plain(text)
    return f"'{clean}" if clean.startswith(_STARTS) else clean


def plain(text: str) -> str:
    """For a cell that is stored as text: without control characters, no longer than a cell may be."""
    clean = text.translate(_UNSEEN).encode("utf-8", "replace").decode()
    if len(clean) <= LONGEST // 2 or _units(clean) <= LONGEST:
        return clean
    keep = clean.encode("utf-16-le")[: 2 * (LONGEST - len(_CUT))].decode("utf-16-le", "ignore")
    return keep + _CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
