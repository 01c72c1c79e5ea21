"""A row of a content calendar, understood; and what understanding one needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from humasflow.calendar.adding.planned import StoryPlan
from humasflow.imports.kinds.calendar.words import Channels, People, fold
from humasflow.planning.models import ContentType


@dataclass(frozen=True)
class PlannedRow:
    """``plan`` is what is made of it, its day in the office's zone; ``accounts``: the names of its channels by id."""

    plan: StoryPlan
    accounts: Mapping[int, str]

    @property
    def key(self) -> tuple[str, date | None]:
        """What stands once in the office: this title on this day, or without one."""
        return fold(self.plan.title), self.plan.day


@dataclass(frozen=True)
class Prepared:
    """What an office calls things. ``day`` and ``now``: at the office; ``has_role``: people can be asked."""

    channels: Channels
    types: Mapping[str, ContentType]
    type_labels: tuple[str, ...]
    first_type: ContentType | None
    pillars: Mapping[str, tuple[int, str]]
    sections: Mapping[str, tuple[int, str]]
    people: People
    has_role: bool
    now: datetime


@dataclass(frozen=True)
class When:
    """``day`` and ``clock`` at the office; no day: none was said, or it is over."""

    day: date | None = None
    clock: time | None = None
    was: str = ""  # what was said, where it is over


Say = Callable[[str, str], None]
