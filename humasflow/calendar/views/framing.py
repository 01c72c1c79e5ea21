"""What all views of the calendar share: heading, ways before and after, filters in words, saved views, links."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.calendar.enums import CalendarView, ItemKind
from humasflow.calendar.items import DAY_ICONS, LOOKS, Choices, Item, Plan
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.spans import month_of, week_number
from humasflow.core.localtime import show_date
from humasflow.core.periods import Quarter
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.planning.days.enums import DayKind
from humasflow.publishing.enums import PostState

_KEYS = {CalendarView.MONTH: "m", CalendarView.WEEK: "w", CalendarView.DAY: "d"}
_ICONS = {
    CalendarView.MONTH: "calendar", CalendarView.WEEK: "board", CalendarView.DAY: "clock",
    CalendarView.AGENDA: "list", CalendarView.CHANNELS: "send", CalendarView.SECTIONS: "building",
    CalendarView.QUARTER: "target",
}  # fmt: skip
STUCK = (
    PostState.FAILED, PostState.LATE, PostState.HELD, PostState.UNKNOWN, PostState.MANUAL_DUE, PostState.PAUSED,
    PostState.NEEDS_REAUTH,
)  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the calendar without it."""

    text: str
    url: str


@dataclass(frozen=True)
class ViewTab:
    """A way of laying the plan out."""

    view: CalendarView
    url: str
    icon: str
    key: str
    is_current: bool


@dataclass(frozen=True)
class Shown:
    """One view of the calendar, ready for its template."""

    office: Unit
    narrowing: Narrowing
    choices: Choices
    plan: Plan

    def url(self, **changes: Any) -> str:
        """The same calendar with something changed: see :meth:`Narrowing.query`."""
        return calendar_url(self.narrowing.query(**changes))

    def day_url(self, day: date) -> str:
        """That day alone, with the same filters."""
        return self.url(view=CalendarView.DAY, day=day)

    @cached_property
    def title(self) -> str:
        """What stands as the heading."""
        return title_of(self.narrowing)

    def add_url(self, day: date, **changes: Any) -> str:
        """Adding something on that day, with what the filters say filled in."""
        return f"{url_for('calendar.add')}?{self.narrowing.query(day=day, **changes)}"

    @property
    def before(self) -> str:
        """One step back."""
        return calendar_url(self.narrowing.moved(-1))

    @property
    def after(self) -> str:
        """One step on."""
        return calendar_url(self.narrowing.moved(1))

    @property
    def today_url(self) -> str:
        """The same view today."""
        return self.url(day=self.narrowing.today)

    @property
    def cleared_url(self) -> str:
        """The same view and day without any filter."""
        return calendar_url(Narrowing(self.narrowing.view, self.narrowing.day, self.narrowing.today).query())

    @property
    def is_kept(self) -> bool:
        """Whether a saved view says just this."""
        return any(view.query == self.narrowing.kept for view in self.choices.views)

    @cached_property
    def chips(self) -> list[Chip]:
        """Every filter that is on, in words."""
        return chips_of(self.narrowing, self.choices)

    @property
    def lead(self) -> str:
        """The span in one sentence."""
        within = month_of(self.narrowing.day) if self.narrowing.view is CalendarView.MONTH else self.plan.span
        count = self.plan.count
        said = _(
            "%(live)s tayang, %(coming)s terjadwal",
            live=count(PostState.PUBLISHED, within=within),
            coming=count(PostState.SCHEDULED, within=within),
        )
        stuck = count(*STUCK, within=within)
        if stuck:
            said += ", " + _("%(n)s perlu tindakan", n=stuck)
        return f"{said}. " + _("Waktu %(zone)s.", zone=self.office.zone_label)

    @cached_property
    def links(self) -> "Links":
        """Where items lead for this reader."""
        return Links.of_reader()


@dataclass(frozen=True)
class Links:
    """Addresses of items up to their number; None where the reader may not go."""

    fixed_post: str | None
    movable_post: str | None
    story: str | None
    event: str
    cover: str

    @classmethod
    def of_reader(cls) -> "Links":
        """For whoever is signed in: made once a page."""
        reads = current_user.can(Permission.STORY_READ)
        moves = current_user.can(Permission.POST_SCHEDULE)
        return cls(
            url_for("publishing.detail", post_id=0)[:-1] if reads else None,
            url_for("calendar.relocate", item="publikasi:") if moves else None,
            url_for("pages.story", story_id=0)[:-1] if reads else None,
            url_for("agenda.event", event_id=0)[:-1],
            url_for("calendar.cover_event", event_id=0)[:-1],
        )

    def to(self, item: Item) -> str | None:
        """Where this one leads."""
        if item.kind is ItemKind.POST:
            stem = self.movable_post if item.movable else self.fixed_post
            return f"{stem}{item.id}" if stem else None
        if item.kind is ItemKind.DEADLINE:
            return f"{self.story}{item.story_id}" if self.story else None
        if item.kind is ItemKind.EVENT:
            return f"{self.event}{item.id}?saat={_moment(item.occurrence)}"
        return None

    def to_cover(self, item: Item) -> str:
        """Where an event is made a story, for whoever writes."""
        return f"{self.cover}{item.id}?saat={_moment(item.occurrence)}"


def _moment(occurrence: str) -> str:
    """The occurrence as the agenda's pages name it in their addresses."""
    return datetime.fromisoformat(occurrence).strftime("%Y%m%dT%H%M%SZ")


Layout = Callable[[Shown], str]
LAYOUTS: dict[CalendarView, Layout] = {}


def lays_out(view: CalendarView) -> Callable[[Layout], Layout]:
    """The function that draws this view."""

    def note(layout: Layout) -> Layout:
        LAYOUTS[view] = layout
        return layout

    return note


def render(template: str, shown: Shown, **more: Any) -> str:
    """A page of the calendar: ``calendar/_frame.html`` around a view of its own."""
    tabs = [
        ViewTab(v, shown.url(view=v), _ICONS[v], _KEYS.get(v, ""), v is shown.narrowing.view)
        for v in CalendarView
    ]
    schedules, writes = current_user.can(Permission.POST_SCHEDULE), current_user.can(Permission.STORY_WRITE)
    return render_template(
        template, shown=shown, narrowing=shown.narrowing, choices=shown.choices, plan=shown.plan, view_tabs=tabs,
        links=shown.links, LOOKS=LOOKS, Kind=ItemKind, states=list(PostState), kinds=list(ItemKind),
        DayKind=DayKind, DAY_ICONS=DAY_ICONS, calendar_url=calendar_url, week_number=week_number,
        Views=CalendarView,
        moves=schedules or writes or current_user.can(Permission.OFFICE_MANAGE), schedules=schedules, adds=writes,
        reads=current_user.can(Permission.STORY_READ), **more,
    )  # fmt: skip


def calendar_url(query: str = "") -> str:
    """The calendar with a kept query."""
    return url_for("calendar.month") + (f"?{query}" if query else "")


def day_range(first: date, last: date) -> str:
    """Such as 16–22 November 2026, or 30 November – 6 Desember 2026."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{show_date(last, style='d MMMM yyyy')}"
    style = "d MMMM" if first.year == last.year else "d MMMM yyyy"
    return f"{show_date(first, style=style)} – {show_date(last, style='d MMMM yyyy')}"


def title_of(narrowing: Narrowing) -> str:
    """What a view is called."""
    view, day, span = narrowing.view, narrowing.day, narrowing.span
    if view is CalendarView.MONTH:
        return show_date(day, style="MMMM yyyy")
    if view is CalendarView.DAY:
        return show_date(day, style="EEEE, d MMMM yyyy")
    if view is CalendarView.AGENDA:
        return _("Daftar %(month)s", month=show_date(day, style="MMMM yyyy"))
    if view is CalendarView.QUARTER:
        return Quarter.from_local_date(day).label
    days = day_range(span.start, span.last)
    if view is CalendarView.CHANNELS:
        return _("Per kanal, %(days)s", days=days)
    if view is CalendarView.SECTIONS:
        return _("Per seksi, %(days)s", days=days)
    return _("Pekan ke-%(number)s, %(days)s", number=week_number(day), days=days)


def chips_of(narrowing: Narrowing, choices: Choices) -> list[Chip]:
    """The filters in words, each with the calendar without it."""
    filters = [(k, v) for k, v in narrowing.pairs if k not in ("tampilan", "hari")]
    return [Chip(_told(k, v, choices), calendar_url(narrowing.without(k, v))) for k, v in filters]


def _told(key: str, value: str, choices: Choices) -> str:
    if key == "keadaan":
        return PostState(value).label
    if key == "jenis":
        return ItemKind(value).label
    if key == "cari":
        return _("Berisi “%(text)s”", text=value)
    kinds = {
        "kanal": "account",
        "pilar": "pillar",
        "kampanye": "campaign",
        "seksi": "section",
        "orang": "person",
    }
    found = choices.find(kinds[key], int(value))
    name = found.name if found else _("yang tidak lagi tersedia")
    words = {
        "kanal": _("Kanal: %(name)s", name=name), "pilar": _("Pilar: %(name)s", name=name),
        "kampanye": _("Kampanye: %(name)s", name=name), "seksi": _("Seksi: %(name)s", name=name),
        "orang": _("Orang: %(name)s", name=name),
    }  # fmt: skip
    return words[key]


__all__ = ["LAYOUTS", "Shown", "calendar_url", "chips_of", "lays_out", "render", "title_of"]
