"""When something that is put on a day goes out."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from humasflow.calendar.pace.free_slots import FreeSlots, find_free_slots
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.errors import UserError
from humasflow.core.localtime import from_local, show_date, show_time, to_local
from humasflow.orgs.models import Unit

USUAL_TIME = time(9)
END_OF_DAY = time(16)  # when a story without a channel is due
_STEP = timedelta(minutes=30)


class DayOver(UserError):
    """The day, or the time of it, is over."""


def check_day(office: Unit, day: date) -> None:
    """Raise :class:`DayOver` for a day that is over on the office's calendar."""
    if day < to_local(clock.now(), office.zone_name).date():
        raise DayOver(
            _(
                "%(day)s sudah lewat. Pilih hari ini atau sesudahnya.",
                day=show_date(day, style="EEEE, d MMMM yyyy"),
            )
        )


def at_time(office: Unit, day: date, clock_time: time) -> datetime:
    """That time of that day. Raises :class:`DayOver`."""
    check_day(office, day)
    at = from_local(day, clock_time, office.zone_name)
    if at < clock.now():
        raise DayOver(
            _("Pukul %(time)s hari ini sudah lewat. Pilih jam lain.", time=show_time(at, office.zone_name))
        )
    return at


def suggest_time(account: ChannelAccount, office: Unit, day: date) -> datetime:
    """The account's next free posting time of that day; without one 09.00, or the next half hour when that is over,
    as far from its other posts as the account asks where the day allows it. Raises :class:`DayOver`.
    """
    check_day(office, day)
    begin = max(clock.now(), from_local(day, time(), office.zone_name) - timedelta(minutes=1))
    free = find_free_slots([account], office, begin)
    slot = free.first_free(account.id)
    if slot is not None and to_local(slot, office.zone_name).date() == day:
        return slot
    return _beside_others(free, account, _candidates(office, day, USUAL_TIME))


def suggest_due(office: Unit, day: date) -> datetime:
    """By the end of the office's day; on a day whose end is over, the next half hour. Raises :class:`DayOver`."""
    check_day(office, day)
    return _candidates(office, day, END_OF_DAY)[0]


def _candidates(office: Unit, day: date, usual: time) -> Sequence[datetime]:
    """Times of the day to come, the usual one first, then every half hour after it."""
    where = office.zone_name
    first = max(from_local(day, usual, where), _next_half_hour(clock.now()))
    end = from_local(day + timedelta(days=1), time(), where)
    found = [first + n * _STEP for n in range(48) if first + n * _STEP < end]
    if not found:
        raise DayOver(_("Hari ini hampir habis. Pilih hari lain, atau isi jamnya."))
    return found


def _next_half_hour(now: datetime) -> datetime:
    ahead = now + timedelta(minutes=10)
    rest = (ahead - ahead.replace(minute=0, second=0, microsecond=0)) % _STEP
    return ahead - rest + _STEP if rest else ahead


def _beside_others(free: FreeSlots, account: ChannelAccount, candidates: Sequence[datetime]) -> datetime:
    gap = max(free.gaps[account.id], timedelta(minutes=1))
    taken = free.busy.get(account.id, ())
    return next((at for at in candidates if all(abs(at - t) >= gap for t in taken)), candidates[0])
