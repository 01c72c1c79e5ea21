"""The line that says who made something, from the pattern that an office gave the content type."""

import re
from collections.abc import Iterable

DEFAULT_CREDITS = "Narasi: {penulis} / Foto: {foto} / Editor: {editor}"
"""As the offices write it under their own publications. It goes out to the public, so it is not translated."""

NAMES = ("penulis", "foto", "editor")
_NAME = re.compile(r"\{([a-z_]+)\}")


def unknown_names(pattern: str) -> list[str]:
    """Names in braces that mean nothing, each once."""
    return [n for n in dict.fromkeys(_NAME.findall(pattern)) if n not in NAMES]


def credit_line(
    pattern: str, *, writer: str = "", photographers: Iterable[str] = (), editor: str = ""
) -> str:
    """The pattern with names filled in. Its parts are divided by " / "; a part whose people are unknown is left out,
    so that no "Foto:" stands without a name. A part without a name in braces stands as it is, beside another one.
    """
    known = {
        "penulis": writer.strip(),
        "foto": ", ".join(dict.fromkeys(p.strip() for p in photographers if p.strip())),
        "editor": editor.strip(),
    }
    parts: list[str] = []
    named = False
    for part in pattern.split(" / "):
        names = _NAME.findall(part)
        if any(not known.get(name) for name in names):
            continue
        named = named or bool(names)
        parts.append(_NAME.sub(lambda m: known[m[1]], part).strip())
    return " / ".join(p for p in parts if p) if named else ""
