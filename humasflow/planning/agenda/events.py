"""What the agenda tells higher rooms. An occurrence is told by its event and the instant its rule gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from humasflow.accounts.policy import Principal
from humasflow.planning.agenda.succession import Succession


@dataclass(frozen=True)
class AgendaMoved:
    """Occurrences take place at another time: ``before`` → ``after`` the one that was meant.

    ``occurrence`` None: all of the event's, each as much later as :meth:`shift_at` says by its name now.
    """

    event_id: int
    occurrence: datetime | None
    before: datetime
    after: datetime
    actor_id: int | None
    reason: str
    pairs: Succession | None = field(default=None, compare=False)
    own: Mapping[datetime, timedelta] = field(default_factory=dict, compare=False)  # what moved otherwise
    stay: frozenset[int] = (
        frozenset()
    )  # tasks whose due times do not follow: a move is taken back that they did not
    keeps_plans: bool = (
        False  # the days are the same, it became or was a whole-day one: nothing hangs on its hour
    )

    def shift_at(self, occurrence: datetime | None) -> timedelta:
        """How much later this occurrence takes place."""
        if occurrence is None or self.pairs is None or self.occurrence is not None:
            return self.after - self.before
        return self.own[occurrence] if occurrence in self.own else self.pairs.shift(occurrence)


@dataclass(frozen=True)
class AgendaRekeyed:
    """Occurrences of the event have other names now, in the order of ``pairs``. Who holds such names changes them, and
    adds to ``lost`` what it holds that has no successor.
    """

    event_id: int
    pairs: Succession
    lost: list[datetime]


@dataclass(frozen=True)
class CoveredBy:
    """Something that is being made about an occurrence, as far as whoever asked may know of it."""

    url: str
    title: str
    state: Any  # of the story, for its chip
    people: Sequence[str]  # who works on it, with what they do


@dataclass(frozen=True)
class CoverageAsked:
    """Who covers these occurrences (an event and the instant its rule gives, None where it does not repeat), and any at
    all of the events of ``whole``? Higher rooms put what they know into ``found``.
    """

    actor: Principal
    keys: Sequence[tuple[int, datetime | None]]
    whole: frozenset[int] = frozenset()
    found: dict[tuple[int, datetime | None], list[CoveredBy]] = field(default_factory=dict)


@dataclass(frozen=True)
class AgendaCancelled:
    """Occurrences do not take place, or wait for a new time (``is_postponed``). ``occurrence`` None: all of them."""

    event_id: int
    occurrence: datetime | None
    is_postponed: bool
    actor_id: int | None
    reason: str


@dataclass(frozen=True)
class AgendaRestored:
    """Occurrences take place after all."""

    event_id: int
    occurrence: datetime | None
    actor_id: int | None


@dataclass(frozen=True)
class AgendaSplit:
    """From ``since`` on (an instant of the old rule) the event goes on as another one, at the same times; what hung on
    it goes along.
    """

    event_id: int
    continued_by: int
    since: datetime
