"""Texts for the office's WhatsApp group, ready to paste: the day's agenda, and what goes out this week.

Whoever reads the group reads them: what is confidential or under embargo is left out, whoever asks. WhatsApp's own
marks are used for the first line only; a title is never part of one, so that an asterisk in it breaks nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final, Protocol

from flask_babel import gettext as _
from sqlalchemy import and_, func, select, union_all

from humasflow.calendar.spans import DAYS_OF_WEEK, monday_of, week_of
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import show_date, show_time, to_local, zone_label
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.enums import EventNeed, EventState
from humasflow.planning.days.queries import Doubtful, doubt_about
from humasflow.posts.models import Post
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import public_now

_FULL = "EEEE, d MMMM yyyy"
_DROPPED = frozenset({PostState.WITHDRAWN, PostState.CANCELLED})
_WEEK: Final = timedelta(days=DAYS_OF_WEEK)
_MIDNIGHT: Final = time()


class Marks(Doubtful, Protocol):
    """A holiday or another day worth knowing, as far as a text needs it."""

    @property
    def name(self) -> str: ...


class Happens(Protocol):
    """An occurrence of the agenda, as far as a text needs it."""

    @property
    def title(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def all_day(self) -> bool: ...
    @property
    def place(self) -> str: ...
    @property
    def needs(self) -> Sequence[str]: ...
    @property
    def state(self) -> EventState: ...
    @property
    def reason(self) -> str: ...
    @property
    def is_private(self) -> bool: ...


@dataclass(frozen=True)
class Coming:
    """A publication of the week."""

    id: int
    story_id: int
    generation: int
    scheduled_at: datetime | None
    at: datetime
    title: str
    account: str


def agenda_text(office: Unit, day: date, occurrences: Iterable[Happens], marks: Iterable[Marks] = ()) -> str:
    """*Agenda hari ini*, *besok*, or of another day: what the day is, and what takes place, by time; what was called
    off says so. What its own calendar keeps from others is not in it.
    """
    today = to_local(clock.now(), office.zone_name).date()
    heads = {today: _("*Agenda hari ini*"), today + timedelta(days=1): _("*Agenda besok*")}
    head = [heads.get(day, _("*Agenda*")), _line(office.name), show_date(day, style=_FULL)]
    head += [f"{_line(m.name)} {doubt_about(m)}".rstrip() for m in marks]
    blocks = ["\n".join(head)]
    told = [o for o in occurrences if not o.is_private]
    listed = sorted(told, key=lambda o: (not o.all_day, o.starts_at, o.title.casefold()))
    blocks += [_event(office, day, o) for o in listed]
    if not listed:
        blocks.append(_("Tidak ada agenda."))
    return "\n\n".join(blocks)


def _event(office: Unit, day: date, event: Happens) -> str:
    lines = [f"{_hours(office, day, event)} {_line(event.title)}"]
    if event.state in (EventState.CANCELLED, EventState.POSTPONED):
        said = event.state.label.upper()
        return "\n".join([*lines, f"{said}: {_line(event.reason)}" if event.reason else said])
    if event.state is EventState.TENTATIVE:
        lines.append(_("Belum pasti"))
    if event.place:
        lines.append(_("Tempat: %(place)s", place=_line(event.place)))
    needs = [need.label for need in EventNeed if need.value in event.needs]
    if needs:
        lines.append(_("Humas: %(needs)s", needs=", ".join(needs)))
    return "\n".join(lines)


def _hours(office: Unit, day: date, event: Happens) -> str:
    if event.all_day:
        return _("Sepanjang hari:")
    zone = office.zone_name
    began, end = to_local(event.starts_at, zone), to_local(event.ends_at, zone)
    begins = show_time(event.starts_at, zone) if began.date() >= day else _("lanjutan")
    ends, last = show_time(event.ends_at, zone), end.date()
    if end.time() == _MIDNIGHT and end > began:  # 24.00 of the day before
        ends, last = ends.replace("00", "24", 1), last - timedelta(days=1)
    if last > day + timedelta(days=1):
        return f"{begins} – {show_date(last, style='d MMMM')} {ends} {zone_label(zone)}"
    hours = f"{begins}–{ends} {zone_label(zone)}"
    # Not "besok": the text may be about any day, and is read on any.
    return hours if last <= day else _("%(hours)s (keesokan harinya)", hours=hours)


def list_week(office: Unit, monday: date) -> list[tuple[Coming, PostState]]:
    """What goes out, or went out, in the week that begins on this Monday, by time. Nothing confidential, nothing under
    embargo, nothing of a story that is over, nothing taken down. At most five statements.
    """
    start, end = week_of(monday).instants(office.zone_name)
    rows = (
        select(
            Post.id, Post.story_id, Post.generation, Post.scheduled_at, Delivery.published_at,
            func.coalesce(func.nullif(Delivery.title, ""), Story.title), ChannelAccount.name, ChannelAccount.position,
        )
        .join(Story, Story.id == Post.story_id)
        .join(ChannelAccount, ChannelAccount.id == Post.account_id)
        .where(
            Post.office_id == office.id, Post.removed_at.is_(None), public_now(clock.now()),
        )
    )  # fmt: skip
    is_current = and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation)
    # Two statements in one, each with its own index.
    planned = rows.outerjoin(Delivery, is_current).where(
        Post.scheduled_at >= start, Post.scheduled_at < end, Delivery.published_at.is_(None)
    )
    live = rows.join(Delivery, is_current).where(
        Delivery.office_id == office.id, Delivery.state == DeliveryState.PUBLISHED,
        Delivery.published_at >= start, Delivery.published_at < end,
    )  # fmt: skip
    read = db.session.execute(union_all(planned, live)).all()
    ordered = sorted(read, key=lambda r: (r[4] or r[3], r[7], r[0]))
    found = [
        Coming(i, s, g, due, out or due, title, name) for i, s, g, due, out, title, name, _place in ordered
    ]
    states = publishing.states_of(found)
    return [(c, states[c.id]) for c in found if states[c.id] not in _DROPPED]


def week_text(office: Unit, monday: date) -> str:
    """*Jadwal tayang pekan ini*, *pekan depan*, or of another week: day by day and story by story, with what is out
    already and what is not approved.
    """
    this_week = monday_of(to_local(clock.now(), office.zone_name).date())
    heads = {
        this_week: _("*Jadwal tayang pekan ini*"),
        this_week + _WEEK: _("*Jadwal tayang pekan depan*"),
    }
    head = heads.get(monday, _("*Jadwal tayang*"))
    sunday = monday + timedelta(days=6)
    span = f"{show_date(monday, style='d MMMM yyyy')} – {show_date(sunday, style='d MMMM yyyy')}"
    blocks = [f"{head}\n{_line(office.name)}\n{span} ({zone_label(office.zone_name)})"]
    rows = list_week(office, monday)
    for day, posts in groupby(rows, key=lambda r: to_local(r[0].at, office.zone_name).date()):
        lines = [show_date(day, style="EEEE, d MMMM")]
        by_story: dict[int, list[tuple[Coming, PostState]]] = {}
        for post, state in posts:
            by_story.setdefault(post.story_id, []).append((post, state))
        lines += [_story(office, together) for together in by_story.values()]
        blocks.append("\n".join(lines))
    if not rows:
        blocks.append(_("Belum ada yang dijadwalkan."))
    return "\n\n".join(blocks)


def _story(office: Unit, posts: Sequence[tuple[Coming, PostState]]) -> str:
    """A story on several channels is one line; a state they share is said once, at its end."""
    states = {state for _post, state in posts}
    shared = _said(states.pop()) if len(states) == 1 else ""
    where = [
        f"{show_time(post.at, office.zone_name)} {_line(post.account)}{'' if shared else _said(state)}"
        for post, state in posts
    ]
    return f"{', '.join(where)}: {_line(posts[0][0].title)}{shared}"


def _said(state: PostState) -> str:
    return "" if state is PostState.SCHEDULED else f" ({state.label.lower()})"


def _line(text: str) -> str:
    """One line, whatever was typed or imported."""
    return " ".join(text.split())
