"""The views of weeks and days: which days, hours and lanes their templates draw."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from humasflow.calendar.enums import CalendarView
from humasflow.calendar.items import CampaignSpan, Choice, Day, Item
from humasflow.calendar.spans import DAYS_OF_WEEK, month_of
from humasflow.calendar.views.framing import Shown, lays_out, render
from humasflow.core import clock
from humasflow.core.localtime import show_date, to_local

MOST_IN_DAY = 5  # of a month's cell; the rest is behind "+n lagi"
MOST_IN_HOUR = 4
MOST_IN_LANE = 4
MOST_IN_LIST = 10  # of a day in the list
MOST_BARS = 3  # campaigns side by side on a day of the month and of the week
OFFICE_HOURS = range(7, 18)


@dataclass(frozen=True, slots=True)
class Cell:
    """Items of a day or of a part of it, and how many more there are than are drawn."""

    day: date
    items: Sequence[Item]
    more: int
    time: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A day of the week view: what takes the whole day, then its hours."""

    day: Day
    bars: "Bars"
    whole: Cell
    hours: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Bar:
    """A campaign on one day. ``begins``: its name stands here and reaches over ``days`` days of the row."""

    campaign: CampaignSpan
    begins: bool
    days: int


@dataclass(frozen=True, slots=True)
class Bars:
    """The campaigns of a day, each at the same height on every day of its row; None is a height left free.
    ``more``: how many run that are not drawn.
    """

    drawn: Sequence[Bar | None] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the lanes. ``narrows``: what something new in it already has, as changes of the address."""

    name: str
    icon: str
    cells: Sequence[Cell]
    total: int
    narrows: Mapping[str, Any]


def cell(day: date, items: Sequence[Item], most: int, time: str = "") -> Cell:
    """The first ``most`` items. Not one is hidden when only one would be: the line that says so takes its place."""
    if len(items) <= most + 1:
        return Cell(day, items, 0, time)
    return Cell(day, items[:most], len(items) - most, time)


def bars_of(
    campaigns: Iterable[CampaignSpan], days: Sequence[date], most: int = MOST_BARS
) -> dict[date, Bars]:
    """The campaigns of one row of days. The longest-running stand highest; one keeps its height all along the row."""
    first, last = days[0], days[-1]
    rows: list[list[CampaignSpan]] = []
    running = [c for c in campaigns if c.starts_on <= last and c.ends_on >= first]
    for one in sorted(running, key=lambda c: (c.starts_on, -c.ends_on.toordinal(), c.id)):
        free = next((row for row in rows if row[-1].ends_on < one.starts_on), None)
        if free is None:
            rows.append([one])
        else:
            free.append(one)
    found = {}
    for day in days:
        drawn = [_bar(next((c for c in row if c.covers(day)), None), day, first, last) for row in rows[:most]]
        while drawn and drawn[-1] is None:
            drawn.pop()
        found[day] = Bars(drawn, sum(c.covers(day) for row in rows[most:] for c in row))
    return found


def _bar(campaign: CampaignSpan | None, day: date, first: date, last: date) -> Bar | None:
    if campaign is None:
        return None
    days = (min(campaign.ends_on, last) - day).days + 1
    return Bar(campaign, day == max(campaign.starts_on, first), days)


@lays_out(CalendarView.MONTH)
def month(shown: Shown) -> str:
    """The grid of whole weeks."""
    days = list(shown.plan.days.values())
    bars: dict[date, Bars] = {}
    for start in range(0, len(days), DAYS_OF_WEEK):
        row = [d.date for d in days[start : start + DAYS_OF_WEEK]]
        bars |= bars_of(shown.plan.campaigns, row)
    return render(
        "calendar/month.html", shown, month=month_of(shown.narrowing.day),
        cells=[(d, bars[d.date], cell(d.date, d.items, MOST_IN_DAY)) for d in days], weekdays=_weekdays(days),
    )  # fmt: skip


@lays_out(CalendarView.WEEK)
def week(shown: Shown) -> str:
    """Seven days with hours."""
    hours = _hours(shown.plan.items)
    bars = bars_of(shown.plan.campaigns, list(shown.plan.days))
    columns = [_column(d, bars[d.date], hours, MOST_IN_HOUR) for d in shown.plan.days.values()]
    return render("calendar/week.html", shown, columns=columns, hours=hours, now=_hour_now(shown))


@lays_out(CalendarView.DAY)
def day(shown: Shown) -> str:
    """One day with hours; nothing is left out."""
    hours = _hours(shown.plan.items)
    bars = bars_of(shown.plan.campaigns, list(shown.plan.days), len(shown.plan.campaigns))
    columns = [_column(d, bars[d.date], hours, len(d.items)) for d in shown.plan.days.values()]
    return render("calendar/week.html", shown, columns=columns, hours=hours, now=_hour_now(shown))


@lays_out(CalendarView.AGENDA)
def agenda(shown: Shown) -> str:
    """The month as a list: for phones, for screen readers, for whoever rather reads."""
    days = [d for d in shown.plan.days.values() if d.items or d.notes or d.date == shown.narrowing.today]
    return render(
        "calendar/list.html", shown, days=[(d, cell(d.date, d.items, MOST_IN_LIST)) for d in days],
        running=shown.plan.campaigns,
    )  # fmt: skip


@lays_out(CalendarView.CHANNELS)
def channels(shown: Shown) -> str:
    """A week, one row for each account; what belongs to none stands last."""
    lanes = _lanes(
        shown, "account", lambda item: item.account_id, "account_ids", _("Agenda dan tenggat"), "calendar"
    )
    return _in_lanes(shown, lanes, _("Kanal"))


@lays_out(CalendarView.SECTIONS)
def sections(shown: Shown) -> str:
    """A week, one row for each section; what belongs to none stands last."""
    lanes = _lanes(shown, "section", lambda item: item.section_id, "section_ids", _("Tanpa seksi"), "dots")
    return _in_lanes(shown, lanes, _("Seksi"))


def _in_lanes(shown: Shown, lanes: Sequence[Lane], label: str) -> str:
    every = shown.plan.campaigns
    running = bars_of(every, list(shown.plan.days), len(every))
    return render("calendar/lanes.html", shown, lanes=lanes, label=label, running=running)


def _lanes(
    shown: Shown,
    kind: str,
    key: Callable[[Item], int | None],
    narrows: str,
    rest: str,
    rest_icon: str,
) -> list[Lane]:
    """A lane for each that is in use, asked for, or has something here; what has none of them goes to one last lane,
    when there is any. ``kind``: of the choices, ``narrows``: the filter that asks for them.
    """
    items, wanted = shown.plan.items, getattr(shown.narrowing, narrows)
    used = {key(item) for item in items}
    known = {
        c.id: c
        for c in shown.choices.every
        if c.kind == kind and (c.id in wanted or c.id in used or (c.is_active and not wanted))
    }
    found: dict[int | None, dict[date, list[Item]]] = {ident: {} for ident in [*known, None]}
    for item in items:
        if item.day is not None:
            ident = key(item)
            found[ident if ident in known else None].setdefault(item.day, []).append(item)
    lanes = [_lane_of(c, found[c.id], shown, narrows) for c in known.values()]
    return [*lanes, _lane(rest, rest_icon, found[None], shown, {})] if found[None] else lanes


def _lane_of(choice: Choice, by_day: dict[date, list[Item]], shown: Shown, narrows: str) -> Lane:
    """Where nothing new goes any more, nothing is offered as its own."""
    name = choice.name if choice.is_active else _("%(name)s (nonaktif)", name=choice.name)
    own = {narrows: (choice.id,)} if choice.is_active else {narrows: ()}
    return _lane(name, choice.icon or "building", by_day, shown, own)


def _lane(
    name: str, icon: str, by_day: dict[date, list[Item]], shown: Shown, narrows: Mapping[str, Any]
) -> Lane:
    cells = [cell(day, by_day.get(day, ()), MOST_IN_LANE) for day in shown.plan.days]
    return Lane(name, icon, cells, sum(len(items) for items in by_day.values()), narrows)


def _weekdays(days: Sequence[Day]) -> list[str]:
    return [show_date(d.date, style="EEE") for d in days[:7]]


def _hour_now(shown: Shown) -> int:
    return to_local(clock.now(), shown.office.zone_name).hour


def _hours(items: Iterable[Item]) -> range:
    """Office hours, and as much earlier and later as something stands there."""
    used = [int(item.clock[:2]) for item in items if item.clock]
    first, last = OFFICE_HOURS.start, OFFICE_HOURS.stop
    return range(min([first, *used]), max([last, *(hour + 1 for hour in used)]))


def _column(day: Day, bars: Bars, hours: range, most: int) -> Column:
    whole = [item for item in day.items if not item.clock]
    by_hour: dict[int, list[Item]] = {hour: [] for hour in hours}
    for item in day.items:
        if item.clock:
            by_hour[int(item.clock[:2])].append(item)
    timed = [cell(day.date, by_hour[h], most, f"{h:02d}:00") for h in hours]
    return Column(day, bars, cell(day.date, whole, most), timed)
