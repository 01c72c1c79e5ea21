"""By which ways and when some people are told one thing: decided once, in the transaction of the fact."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from humasflow.accounts.models import User
from humasflow.core.localtime import to_local
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.routing.choosing import breaks_quiet, choose
from humasflow.notifications.routing.enums import NoticeChannel, NoticeMode
from humasflow.notifications.routing.queries import Facts
from humasflow.notifications.routing.quiet import end_of_quiet, next_digest
from humasflow.orgs.models import Unit
from humasflow.planning.days import queries as days

LOOKED_AHEAD = timedelta(days=60)


class Way(NamedTuple):
    """One way to one person, and when."""

    channel: NoticeChannel
    mode: NoticeMode
    due_at: datetime


class Plan(NamedTuple):
    """Whether somebody sees it in the product, and the other ways."""

    is_shown: bool
    ways: list[Way]


def plan(
    users: Mapping[int, User],
    kind: NoticeKind,
    facts: Facts,
    *,
    office: Unit,
    now: datetime,
    deadline: datetime | None = None,
) -> dict[int, Plan]:
    """The plan of each person who is to be told at all. ``deadline``: until when it has to be done; what is due within
    somebody's quiet time is told at once.

    Asks for the office's holidays where somebody wants them quiet; otherwise nothing.
    """
    closed = _closed_days(office, facts, users, now)
    found: dict[int, Plan] = {}
    for user in users.values():
        wanted = {c: _mode(user, kind, c, facts) for c in _channels_of(user, facts)}
        ways = [
            Way(channel, *_when(user.id, kind, mode, facts, office, now, deadline, closed))
            for channel, mode in wanted.items()
            if mode is not NoticeMode.OFF
        ]
        is_shown = _mode(user, kind, NoticeChannel.IN_APP, facts) is not NoticeMode.OFF
        if is_shown or ways:
            found[user.id] = Plan(is_shown, ways)
    return found


def _mode(user: User, kind: NoticeKind, channel: NoticeChannel, facts: Facts) -> NoticeMode:
    return choose(
        kind, facts.roles.get(user.id, ()), channel, facts.rules, facts.wishes.get((user.id, channel))
    )


def _channels_of(user: User, facts: Facts) -> Iterable[NoticeChannel]:
    if facts.has_mail and user.wants_email and not user.is_sample:
        yield NoticeChannel.MAIL
    yield from (channel for channel, ids in facts.reached.items() if user.id in ids)


def _when(
    user_id: int,
    kind: NoticeKind,
    mode: NoticeMode,
    facts: Facts,
    office: Unit,
    now: datetime,
    deadline: datetime | None,
    closed: Callable[[date], bool],
) -> tuple[NoticeMode, datetime]:
    if mode is NoticeMode.NOW and breaks_quiet(kind):
        return mode, now
    habits, away = facts.habits_of(user_id), partial(facts.is_away, user_id)
    if mode is NoticeMode.DIGEST or away(to_local(now, office.zone_name).date()):
        return NoticeMode.DIGEST, next_digest(now, habits, office.zone_name, closed, away=away)
    free = end_of_quiet(now, habits, office.zone_name, closed, away=away)
    return mode, now if deadline is not None and deadline <= free else free


def _closed_days(office: Unit, facts: Facts, users: Iterable[int], now: datetime) -> Callable[[date], bool]:
    """Weekends and holidays of the office."""
    if not any(facts.habits_of(user_id).quiet_days for user_id in users):
        return lambda _day: False
    today = to_local(now, office.zone_name).date()
    marks = days.list_days(office.id, today, today + LOOKED_AHEAD)
    holidays = {day for day, found in marks.items() if any(mark.is_closed for mark in found)}
    return lambda day: day.weekday() >= 5 or day in holidays
