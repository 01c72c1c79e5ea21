"""Moving a post on the calendar: to another day at the same clock time, to a time, or back to the tray."""

from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.errors import UserError
from humasflow.core.localtime import from_local, show_date, show_time, to_local
from humasflow.orgs.models import Unit
from humasflow.posts import services as posts
from humasflow.posts.models import Post

TRAY_TIME = time(9)


class PastDay(UserError):
    """A day that is over takes no post."""


@dataclass(frozen=True)
class Moved:
    """Where it stood and where it stands; None is the tray."""

    before: datetime | None
    after: datetime | None


def today_at(office: Unit) -> date:
    """The day on the office's wall calendar."""
    return to_local(clock.now(), office.zone_name).date()


def move_post(
    post: Post,
    office: Unit,
    *,
    actor: Principal,
    day: date | None,
    clock_time: time | None = None,
    row_version: int | None = None,
) -> Moved:
    """Put a post on a day of the office's calendar. It keeps its clock time, or takes ``clock_time``; from the tray it
    is 09.00. ``day`` None takes its time away.

    Flushes. Raises PastDay, Refused, Conflict, UserError.
    """
    before = post.scheduled_at
    if day is None:
        posts.schedule_post(post, actor=actor, due_at=None, row_version=row_version)
        return Moved(before, None)
    where = office.zone_name
    if day < today_at(office):
        raise PastDay(
            _(
                "%(day)s sudah lewat. Pilih hari ini atau sesudahnya.",
                day=show_date(day, style="EEEE, d MMMM yyyy"),
            )
        )
    if clock_time is None:
        clock_time = to_local(before, where).time() if before is not None else TRAY_TIME
    due_at = from_local(day, clock_time, where)
    if due_at < clock.now() - posts.PAST_TOLERANCE:
        raise PastDay(
            _("Pukul %(time)s hari ini sudah lewat. Pilih jam lain lewat “Pindahkan ke…”.",
              time=show_time(due_at, where))
        )  # fmt: skip
    posts.schedule_post(post, actor=actor, due_at=due_at, row_version=row_version)
    return Moved(before, due_at)
