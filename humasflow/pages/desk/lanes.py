"""How a column looks and what stands on a card, in words that are worked out once, not once a card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.core import clock
from humasflow.core.localtime import show_date, show_instant, show_time, to_local
from humasflow.orgs.models import Unit
from humasflow.pages.desk.facts import NOTHING, Facts
from humasflow.stories.enums import Lane, StoryState
from humasflow.stories.queries import COUNTED, PER_LANE, DeskRow, LaneRows, Pressing

LONG_WAIT = timedelta(days=2)  # a review that takes longer is pointed out
_LOOKS = {
    Lane.DRAFT: ("draft", "pen"),
    Lane.RETURNED: ("return", "back"),
    Lane.IN_REVIEW: ("review", "eye"),
    Lane.APPROVED: ("approved", "check"),
    Lane.SCHEDULED: ("sched", "clock"),
    Lane.PUBLISHED: ("live", "live"),
    Lane.ON_HOLD: ("park", "pause"),
}


def tone_of(lane: Lane) -> str:
    """Its colour's class."""
    return _LOOKS[lane][0]


def icon_of(lane: Lane) -> str:
    """Its icon."""
    return _LOOKS[lane][1]


def nothing_in(lane: Lane) -> str:
    """What an empty column says."""
    return {
        Lane.DRAFT: _("Tidak ada draf."),
        Lane.RETURNED: _("Tidak ada yang dikembalikan."),
        Lane.IN_REVIEW: _("Tidak ada yang menunggu reviu."),
        Lane.APPROVED: _("Tidak ada yang menunggu dijadwalkan."),
        Lane.SCHEDULED: _("Belum ada yang dijadwalkan."),
        Lane.PUBLISHED: _("Belum ada yang tayang."),
        Lane.ON_HOLD: _("Tidak ada yang ditunda."),
    }[lane]


# Which state's list shows the whole of a column.
STATE_OF = {
    Lane.DRAFT: StoryState.DRAFT,
    Lane.RETURNED: StoryState.DRAFT,
    Lane.IN_REVIEW: StoryState.IN_REVIEW,
    Lane.APPROVED: StoryState.APPROVED,
    Lane.SCHEDULED: StoryState.APPROVED,
    Lane.PUBLISHED: StoryState.PUBLISHED,
    Lane.ON_HOLD: StoryState.ON_HOLD,
}


@dataclass(frozen=True)
class Badge:
    """A short fact on a card: an icon, words, and whether it presses."""

    text: str
    icon: str
    tone: str = ""
    is_return: bool = False  # says what a list says with the state already


@dataclass(frozen=True)
class Card:
    """A story as a card or a row shows it."""

    row: DeskRow
    facts: Facts
    age: str
    is_long: bool
    time: str
    badges: Sequence[Badge]

    @property
    def id(self) -> int:
        """Of the story."""
        return self.row.id


def counted(number: int) -> str:
    """A number as far as it was counted: "99+" beyond."""
    return f"{COUNTED - 1}+" if number >= COUNTED else str(number)


@dataclass(frozen=True)
class Column:
    """A column of the board."""

    lane: Lane
    cards: Sequence[Card]
    total: int
    next: str | None

    @property
    def key(self) -> str:
        """For ids and addresses."""
        return self.lane.value

    @property
    def more(self) -> str:
        """The wording of the link to more cards."""
        return _("Tampilkan %(n)s lagi", n=PER_LANE)

    @property
    def count(self) -> str:
        """How many there are, "99+" where nobody counted on."""
        return counted(self.total)


class Describing:
    """Puts rows into words for one office, now. Ages and days repeat on a board: each is worked out once."""

    def __init__(self, office: Unit) -> None:
        self.zone = office.zone_name
        self.now = clock.now()
        self._ages: dict[int, str] = {}
        self._dues: dict[datetime, Badge] = {}

    @cached_property
    def today(self) -> datetime:
        """The office's clock."""
        return to_local(self.now, self.zone)

    def age(self, since: datetime) -> str:
        """Since when, as people say it: "3 hari", in the largest unit that fits."""
        minutes = max(int((self.now - since).total_seconds() // 60), 0)
        size = minutes // 1440 * 1440 or minutes // 60 * 60 or minutes
        if size not in self._ages:
            self._ages[size] = _age(size)
        return self._ages[size]

    def moment(self, at: datetime) -> str:
        """A time to come, short: the weekday says more than the year."""
        return f"{show_date(at, self.zone, style='EEE, d MMM')} {show_time(at, self.zone, with_zone=True)}"

    def due(self, due_at: datetime) -> Badge:
        """The deadline as a badge: how late, today with the time, else the day."""
        if due_at not in self._dues:
            self._dues[due_at] = self._due(due_at)
        return self._dues[due_at]

    def _due(self, due_at: datetime) -> Badge:
        if due_at < self.now:
            return Badge(_("terlambat %(age)s", age=self.age(due_at)), "clock", "late")
        days = (to_local(due_at, self.zone).date() - self.today.date()).days
        if days == 0:
            return Badge(_("tenggat hari ini %(time)s", time=show_time(due_at, self.zone)), "clock", "soon")
        if days == 1:
            return Badge(_("tenggat besok %(time)s", time=show_time(due_at, self.zone)), "clock")
        return Badge(_("tenggat %(day)s", day=show_date(due_at, self.zone, style="d MMM")), "clock")

    def card(self, row: DeskRow, facts: Mapping[int, Facts]) -> Card:
        """One story."""
        own = facts.get(row.id, NOTHING)
        at = own.next_time(self.now) if row.state is StoryState.APPROVED else None
        return Card(
            row, own, self.age(row.state_since),
            row.state is StoryState.IN_REVIEW and row.state_since < self.now - LONG_WAIT,
            self.moment(at) if at else "", self._badges(row, own),
        )  # fmt: skip

    def _badges(self, row: DeskRow, own: Facts) -> list[Badge]:
        found = []
        if row.due_at is not None and row.state is not StoryState.PUBLISHED:
            found.append(self.due(row.due_at))
        if row.needs_correction:
            found.append(Badge(_("revisi ke-%(n)s", n=row.returns), "back", "late", is_return=True))
        if own.is_urgent:
            found.append(Badge(_("terbit mendesak"), "flag", "late"))
        if row.is_closed:
            found.append(Badge(_("rahasia"), "lock"))
        if row.embargo_until is not None and row.embargo_until > self.now:
            found.append(
                Badge(_("embargo sampai %(when)s", when=show_instant(row.embargo_until, self.zone)), "pause")
            )
        if own.open_comments:
            found.append(Badge(ngettext("%(num)s komentar", "%(num)s komentar", own.open_comments), "mail"))
        return found

    def columns(self, lanes: Mapping[Lane, LaneRows], facts: Mapping[int, Facts]) -> list[Column]:
        """The board, in the order of the work."""
        return [
            Column(lane, [self.card(row, facts) for row in found.rows], found.total, found.next)
            for lane, found in lanes.items()
        ]


def _age(minutes: int) -> str:
    if minutes >= 1440:
        return ngettext("%(num)s hari", "%(num)s hari", minutes // 1440)
    if minutes >= 60:
        return ngettext("%(num)s jam", "%(num)s jam", minutes // 60)
    return ngettext("%(num)s menit", "%(num)s menit", minutes) if minutes else _("baru saja")


def lead_of(columns: Sequence[Column], pressing: Pressing) -> str:
    """The board in two sentences: how much there is, and what presses."""
    in_work = [c for c in columns if c.lane not in (Lane.PUBLISHED, Lane.ON_HOLD)]
    total = sum(c.total for c in in_work)
    if any(c.total >= COUNTED for c in in_work):
        parts = [_("Lebih dari %(n)s naskah dalam proses.", n=total - 1)]
    else:
        parts = [ngettext("%(num)s naskah dalam proses.", "%(num)s naskah dalam proses.", total)]
    by_lane = {c.lane: c for c in columns}
    if by_lane[Lane.RETURNED].total:
        parts.append(_("%(n)s perlu koreksi.", n=by_lane[Lane.RETURNED].count))
    if pressing.slow_reviews:
        parts.append(_("%(n)s menunggu reviu lebih dari dua hari.", n=counted(pressing.slow_reviews)))
    if pressing.overdue:
        parts.append(_("%(n)s lewat tenggat.", n=counted(pressing.overdue)))
    return " ".join(parts)
