"""Rules and wishes as their pages show them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from humasflow.core.permissions import Role
from humasflow.notifications.digests import without_reason
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.routing.choosing import Rules, choices, of_office, of_roles, usual
from humasflow.notifications.routing.enums import NoticeChannel, NoticeMode, NoticeTopic, kinds_of


@dataclass(frozen=True)
class Cell:
    """A choice: for one event, or for all of a topic (``mode`` None: they differ). One mode only: nothing to choose."""

    name: str
    channel: NoticeChannel
    mode: NoticeMode | None
    modes: Sequence[NoticeMode]
    is_changed: bool = False


@dataclass(frozen=True)
class Event:
    """A kind of notice with its choices."""

    kind: NoticeKind
    words: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Row:
    """A topic with its choices and its events."""

    topic: NoticeTopic
    cells: Sequence[Cell]
    events: Sequence[Event]

    @property
    def changed(self) -> int:
        """How many events are told otherwise than usual."""
        return sum(any(c.is_changed for c in e.cells) for e in self.events)


@dataclass(frozen=True)
class Grid:
    """The rules of a role."""

    role: Role
    channels: Sequence[NoticeChannel]
    rows: Sequence[Row]

    @property
    def changed(self) -> int:
        """How many events are told otherwise than usual."""
        return sum(row.changed for row in self.rows)


def words_of(kind: NoticeKind) -> str:
    """What a kind says, about nothing in particular."""
    said = without_reason(kind.label) % {"title": "…", "actor": "…"}
    return said if said.strip(" …") else _("Beberapa publikasi sekaligus: …")


def grid_of(
    rules: Rules,
    role: Role,
    channels: Sequence[NoticeChannel],
    wanted: Mapping[tuple[NoticeKind, NoticeChannel], NoticeMode] | None = None,
) -> Grid:
    """What stands; with ``wanted`` what somebody chose instead and has not saved."""
    given = wanted or {}
    rows = []
    for topic in NoticeTopic:
        events = [
            Event(kind, words_of(kind), _cells(kind, role, channels, rules, given))
            for kind in kinds_of(topic)
        ]
        if events:
            rows.append(Row(topic, [_whole(topic, c, events) for c in channels], events))
    return Grid(role, channels, rows)


def _cells(
    kind: NoticeKind, role: Role, channels: Iterable[NoticeChannel], rules: Rules,
    given: Mapping[tuple[NoticeKind, NoticeChannel], NoticeMode],
) -> list[Cell]:  # fmt: skip
    found = []
    for channel in channels:
        mode = given.get((kind, channel)) or of_office(kind, role, channel, rules)
        is_changed = mode is not usual(kind, role, channel)
        found.append(Cell(f"kind:{kind}:{channel}", channel, mode, choices(kind, channel), is_changed))
    return found


def _whole(topic: NoticeTopic, channel: NoticeChannel, events: Sequence[Event]) -> Cell:
    cells = [c for e in events for c in e.cells if c.channel is channel]
    free = [c for c in cells if len(c.modes) > 1] or cells
    modes = {c.mode for c in free}
    return Cell(f"topic:{topic}:{channel}", channel, free[0].mode if len(modes) == 1 else None, free[0].modes)


@dataclass(frozen=True)
class Choice:
    """What a person chose about a topic and a way (None: as the office says), and what the office says (None: it
    differs from event to event).
    """

    name: str
    channel: NoticeChannel
    chosen: NoticeMode | None
    office_says: NoticeMode | None
    modes: Sequence[NoticeMode]


@dataclass(frozen=True)
class Wishing:
    """A topic with a person's choices."""

    topic: NoticeTopic
    choices: Sequence[Choice]


def wishes_of(
    roles: Collection[Role],
    rules: Rules,
    channels: Sequence[NoticeChannel],
    chosen: Mapping[tuple[NoticeTopic, NoticeChannel], NoticeMode | None],
) -> list[Wishing]:
    """Every topic with what may be chosen: in the product nothing about what only asks for something."""
    found = []
    for topic in NoticeTopic:
        offered = []
        for channel in channels:
            kinds = [k for k in kinds_of(topic) if len(choices(k, channel)) > 1]
            if kinds:
                says = {of_roles(k, roles, channel, rules) for k in kinds}
                offered.append(
                    Choice(
                        f"{topic}:{channel}", channel, chosen.get((topic, channel)),
                        says.pop() if len(says) == 1 else None, choices(kinds[0], channel),
                    )
                )  # fmt: skip
        if offered:
            found.append(Wishing(topic, offered))
    return found
