"""Searching everything a person may open: asked by the page of the search, answered by the rooms.

A room that has something to find offers ``findable.SOURCES``; the registry binds them here. This is the lowest room
that knows who asks, so that every room above can answer. Each source narrows by the very conditions of its own lists.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from humasflow.accounts.policy import Principal
from humasflow.core.fulltext.asking import settle
from humasflow.core.fulltext.words import Term, has_all, parse_query
from humasflow.orgs.models import Unit

R = TypeVar("R")
SHORTEST = 2  # letters of a word that databases are asked for the beginning of


@dataclass(frozen=True)
class Asked:
    """What is looked for, by whom, in the office they act in. ``typed`` is trimmed.

    ``begun`` are all its terms. ``terms`` are those that a database is asked for: without single letters at the end,
    which begin a good part of all words there are. ``cut`` are the keys of the kinds of which only the newest rows
    could be looked through: their sources say so.
    """

    actor: Principal
    office: Unit
    typed: str
    begun: tuple[Term, ...]
    terms: tuple[Term, ...]
    cut: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Found:
    """One thing. ``detail`` is a short line under the title; ``icon`` stands for the kind unless it is told."""

    title: str
    url: str
    detail: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Source:
    """A kind of thing. ``find`` reads one statement and gives at most ``limit``, the best first.

    ``recent``: what the person had in hand last, for an empty box. ``rest``: the room's own list with the same words,
    where there is one that the person may open. ``position``: where its results stand among the others.
    ``at_once``: nothing is read for it, so that it answers to a single letter.
    """

    key: str
    label: Any  # lazy
    icon: str
    position: int
    find: Callable[[Asked, int], Sequence[Found]]
    rest: Callable[[Asked], str] | None = None
    recent: Callable[[Asked, int], Sequence[Found]] | None = None
    at_once: bool = False


@dataclass(frozen=True)
class Group:
    """What was found of a kind. ``has_more``: more than is shown; how many is never counted."""

    key: str
    label: str
    icon: str
    items: Sequence[Found]
    has_more: bool = False
    rest: str = ""


_sources: list[Source] = []


def bind(sources: Iterable[Source]) -> None:
    """Replace all bindings (the registry calls it once per application)."""
    _sources[:] = sorted(sources, key=lambda s: s.position)


def ask(actor: Principal, office: Unit, typed: str) -> Asked:
    """A question from what was typed."""
    begun = parse_query(typed)
    return Asked(actor, office, typed, begun, tuple(t for t in map(_long_enough, begun) if t.words))


def _long_enough(term: Term) -> Term:
    words = list(term.words)
    while words and len(words[-1]) < SHORTEST:
        words.pop()
    return Term(tuple(words))


def search(asked: Asked, *, limit: int) -> list[Group]:
    """Everything found, at most ``limit`` of a kind, kinds without a hit left out. At most a statement a source,
    and one before them on PostgreSQL.
    """
    groups = []
    if asked.terms:
        settle()
    for source in _sources:
        is_asked = asked.begun if source.at_once else asked.terms
        found = source.find(asked, limit + 1) if is_asked else ()
        if found:
            has_more = len(found) > limit
            rest = source.rest(asked) if has_more and source.rest else ""
            groups.append(Group(source.key, str(source.label), source.icon, found[:limit], has_more, rest))
    return groups


def recent(asked: Asked, *, limit: int) -> list[Group]:
    """What the person had in hand last, by kind."""
    found = ((s, s.recent(asked, limit)) for s in _sources if s.recent is not None)
    return [Group(s.key, str(s.label), s.icon, items) for s, items in found if items]


def titled_first(asked: Asked, rows: Iterable[R], title: Callable[[R], str], limit: int) -> list[R]:
    """Rows that have all words in their title before the others, either in the order they come in."""
    return sorted(rows, key=lambda row: not has_all(title(row), asked.terms))[:limit]
