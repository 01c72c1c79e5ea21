"""People named in a comment. Typed is ``@Siti Rahma``, stored is ``@[12]``, so that a new name shows everywhere."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_STORED = re.compile(r"@\[(\d{1,18})\]")


@dataclass(frozen=True)
class Run:
    """A piece of a comment: plain text, or the name of a person."""

    text: str
    user_id: int | None = None


def store_mentions(typed: str, people: Iterable[tuple[int, str]], chosen: Iterable[int] = ()) -> str:
    """The text as it is stored. ``people``: who can be named (id, name); of two with one name whoever is among
    ``chosen`` is meant. What names nobody stays plain text, also when it looks like what is stored.
    """
    wanted = set(chosen)
    by_name: dict[str, int] = {}
    for user_id, name in people:
        if name.casefold() not in by_name or user_id in wanted:
            by_name[name.casefold()] = user_id
    # "@[12]" that somebody typed is a text like any other: a blank keeps it from naming a person.
    safe = _STORED.sub(r"@ [\1]", typed)
    if not by_name:
        return safe
    names = "|".join(re.escape(n) for n in sorted(by_name, key=len, reverse=True))
    return re.sub(rf"(?<![\w@])@({names})(?!\w)", lambda m: _named(m, by_name), safe, flags=re.IGNORECASE)


def _named(match: re.Match[str], by_name: Mapping[str, int]) -> str:
    user_id = by_name.get(match[1].casefold())
    return match[0] if user_id is None else f"@[{user_id}]"


def mentioned_in(stored: str) -> list[int]:
    """Who is named, each once, in order."""
    return list(dict.fromkeys(int(m[1]) for m in _STORED.finditer(stored)))


def runs_of(stored: str, names: Mapping[int, str]) -> Iterator[Run]:
    """The text in pieces for showing. A person who is not known any more is "…"."""
    position = 0
    for match in _STORED.finditer(stored):
        if match.start() > position:
            yield Run(stored[position : match.start()])
        user_id = int(match[1])
        yield Run(f"@{names.get(user_id, '…')}", user_id)
        position = match.end()
    if position < len(stored):
        yield Run(stored[position:])


def as_typed(stored: str, names: Mapping[int, str]) -> str:
    """The text as a person types it, to change it."""
    return "".join(run.text for run in runs_of(stored, names))
