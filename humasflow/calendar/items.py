"""What stands on the calendar, as plain rows: no object of the database is made for any of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from markupsafe import Markup

from humasflow.calendar.enums import ItemKind
from humasflow.calendar.spans import Span
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.days.enums import DayKind
from humasflow.planning.days.queries import doubt_about
from humasflow.publishing.enums import PostState

# How a kind of day looks beside its colour and its name.
DAY_ICONS: dict[DayKind, str] = {
    DayKind.HOLIDAY: "pause",
    DayKind.JOINT_LEAVE: "pause",
    DayKind.NATIONAL: "star",
    DayKind.PAWUKON: "moon",
    DayKind.OFFICE: "building",
}
# How a state looks: colour and icon. Each is said in words as well.
LOOKS: dict[PostState, tuple[str, str]] = {
    PostState.DRAFT: ("draft", "pen"),
    PostState.IN_REVIEW: ("review", "eye"),
    PostState.READY: ("approved", "check"),
    PostState.SCHEDULED: ("sched", "clock"),
    PostState.HELD: ("return", "lock"),
    PostState.LATE: ("return", "warn"),
    PostState.PAUSED: ("park", "pause"),
    PostState.NEEDS_REAUTH: ("return", "link"),
    PostState.QUOTA_WAIT: ("sched", "clock"),
    PostState.SENDING: ("sched", "send"),
    PostState.MANUAL_DUE: ("review", "upload"),
    PostState.UNKNOWN: ("return", "warn"),
    PostState.FAILED: ("fail", "warn"),
    PostState.PUBLISHED: ("live", "live"),
    PostState.WITHDRAWN: ("fail", "x"),
    PostState.CANCELLED: ("park", "x"),
}
EVENT_LOOKS: dict[EventState, tuple[str, str]] = {
    EventState.CONFIRMED: ("event", "check"),
    EventState.TENTATIVE: ("event", "clock"),
    EventState.POSTPONED: ("return", "pause"),
    EventState.CANCELLED: ("park", "x"),
}
TASK_LOOK = ("deadline", "flag", "clock")  # a deadline: colour, icon, icon of its state


@dataclass(slots=True)
class Item:
    """One thing at one time. ``at`` is its instant, None in the tray; ``clock`` that instant on the office's clock,
    empty for what takes the whole day. ``where``: the account, the place, or who has to hand it over.

    ``movable``: the reader may give it another time. ``story_id`` of posts and deadlines. ``occurrence`` of agenda.
    """

    kind: ItemKind
    id: int
    title: str
    at: datetime | None
    tone: str
    icon: str
    state_icon: str
    state: str
    where: str = ""
    clock: str = ""
    until: str = ""
    day: date | None = None
    row_version: int = 0
    movable: bool = False
    account_id: int | None = None
    section_id: int | None = None
    story_id: int | None = None
    occurrence: str = ""
    post_state: PostState | None = None
    is_over: bool = False  # cancelled: shown struck through
    repeats: bool = False  # one of several: a move asks how many of them
    takes_place: bool = True  # an event that is neither called off nor waiting for a new time
    is_private: bool = False  # an event that the calendar it comes from keeps from others
    begins: date | None = None  # its first day, where it stands on another: that is the day a move is about

    @property
    def key(self) -> str:
        """What moving calls it: kind, number, version, and the occurrence of what repeats."""
        stem = f"{self.kind.value}:{self.id}:{self.row_version}"
        return f"{stem}:{self.occurrence}" if self.occurrence else stem

    @property
    def data(self) -> Markup:
        """Its attributes for scripts. Nothing that people type is among them, so nothing is escaped: a busy month
        writes a thousand of these.
        """
        said = f'data-kind="{self.kind.value}" data-id="{self.id}" data-v="{self.row_version}" data-t="{self.clock}"'
        if self.occurrence:
            said += f' data-occurrence="{self.occurrence}"'
        if self.repeats:
            said += " data-repeats"
        if self.begins is not None:
            said += f' data-from="{self.begins.isoformat()}"'
        return Markup(said if self.movable else f"{said} data-fixed")  # noqa: S704


@dataclass(frozen=True, slots=True)
class Note:
    """A day worth knowing. ``is_closed``: offices are closed; ``is_estimate``: the date is not settled yet; not
    ``is_confirmed``: nobody in the office has looked it up.
    """

    name: str
    kind: str
    is_closed: bool
    is_estimate: bool
    is_confirmed: bool = True
    icon: str = "star"

    @property
    def doubt(self) -> str:
        """What is said after its name."""
        return doubt_about(self)


@dataclass(slots=True)
class Day:
    """A day with what stands on it, in the order of the clock."""

    date: date
    notes: Sequence[Note] = ()
    items: list[Item] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        """Weekend, holiday or joint leave."""
        return self.date.weekday() > 4 or any(n.is_closed for n in self.notes)


@dataclass(frozen=True, slots=True)
class CampaignSpan:
    """A campaign over its days, both included. ``row_version``: what moving it expects."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    row_version: int = 0

    @property
    def key(self) -> str:
        """What moving calls it."""
        return f"{ItemKind.CAMPAIGN.value}:{self.id}:{self.row_version}"

    def covers(self, day: date) -> bool:
        """Whether the day is one of its own."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to filter by: account, pillar, campaign, section, person."""

    kind: str
    id: int
    name: str
    position: int = 0
    icon: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class SavedTab:
    """A saved view above the calendar. ``shared_by``: who shares it, "" for one's own."""

    id: int
    name: str
    query: str
    shared_by: str
    is_default: bool


@dataclass(frozen=True)
class Choices:
    """Everything that can be chosen, in the office's own order."""

    every: Sequence[Choice]
    views: Sequence[SavedTab]
    campaigns: Sequence[CampaignSpan]

    def of(self, kind: str, chosen: Collection[int] = ()) -> list[Choice]:
        """What is offered: account, pillar, campaign, section, person; and what is chosen already, offered or not."""
        return [c for c in self.every if c.kind == kind and (c.is_active or c.id in chosen)]

    def missing(self, kind: str, chosen: Collection[int]) -> list[int]:
        """Those chosen that the office does not know at all."""
        known = {c.id for c in self.every if c.kind == kind}
        return [ident for ident in chosen if ident not in known]

    def find(self, kind: str, ident: int | None) -> Choice | None:
        """One of them, also one that is no longer offered."""
        return next((c for c in self.every if c.kind == kind and c.id == ident), None)


@dataclass(frozen=True)
class Plan:
    """A span of the calendar. ``tray``: publications without a time, the newest first, at most ``TRAY_SIZE``;
    ``is_tray_cut``: there are more.
    """

    span: Span
    days: dict[date, Day]
    campaigns: Sequence[CampaignSpan]
    tray: Sequence[Item]
    is_tray_cut: bool = False

    @property
    def items(self) -> list[Item]:
        """Everything with a time."""
        return [item for day in self.days.values() for item in day.items]

    def count(self, *states: PostState, within: Span | None = None) -> int:
        """How many publications are in one of these states, of some of its days."""
        days = self.days.values() if within is None else (d for d in self.days.values() if d.date in within)
        return sum(1 for day in days for item in day.items if item.post_state in states)
