"""What stands on the calendar, story by story: a story on four channels is one piece of work, said once. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from humasflow.calendar.enums import ItemKind
from humasflow.calendar.items import Item


@dataclass(frozen=True, slots=True)
class Part:
    """Items of one state."""

    state: str
    tone: str
    icon: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Work:
    """A story with its publications and deadlines, or one occurrence of an event.

    ``about`` and ``id``: ``story`` or ``agenda_event`` and its number. ``is_over``: all of it was called off.
    """

    about: str
    id: int
    title: str
    occurrence: str
    is_over: bool
    parts: Sequence[Part]

    @property
    def story_id(self) -> int | None:
        """Of a story."""
        return self.id if self.about == "story" else None


def group_by_work(items: Iterable[Item]) -> list[Work]:
    """The items as works, in the order in which each first appears."""
    found: dict[tuple[str, int, str], list[Item]] = {}
    for item in items:
        if item.story_id is not None:
            key = ("story", item.story_id, "")
        else:
            key = ("agenda_event" if item.kind is ItemKind.EVENT else "", item.id, item.occurrence)
        found.setdefault(key, []).append(item)
    return [
        Work(about, ident, rows[0].title, occurrence, all(i.is_over for i in rows), _parts(rows))
        for (about, ident, occurrence), rows in found.items()
    ]


def _parts(items: Sequence[Item]) -> list[Part]:
    by_state: dict[str, list[Item]] = {}
    for item in items:
        by_state.setdefault(item.state, []).append(item)
    return [
        Part(state, "sched" if rows[0].tone == "event" else rows[0].tone, rows[0].state_icon, rows)
        for state, rows in by_state.items()
    ]
