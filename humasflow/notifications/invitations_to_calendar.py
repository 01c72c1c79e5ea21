"""The calendar file that goes with a mail about a task: its deadline, or the event that it covers (RFC 5545, 5546).

One UID a task, whatever becomes of it; ``SEQUENCE`` is the row's version and so rises with every change. A task that
was cancelled, passed on or lost its time is sent as METHOD:CANCEL, which takes it out of the calendar again. Of a
confidential story neither name nor place is said.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.links import absolute, path_of_subject
from humasflow.notifications.models import MailSettings
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment
from humasflow.stories.queries import get_current_version
from humasflow.stories.queries.coverage import get_covered
from humasflow.stories.visibility import is_closed

ABOUT_TASKS = frozenset({
    NoticeKind.TASK_OFFERED, NoticeKind.TASK_DUE_CHANGED, NoticeKind.TASK_CANCELLED, NoticeKind.TASK_REPLACED,
})  # fmt: skip
_OVER = frozenset({AssignmentState.CANCELLED, AssignmentState.REPLACED, AssignmentState.DECLINED})
BEFORE_DUE = timedelta(minutes=30)  # a deadline is a moment; calendars show a span


def compose_calendar(
    kind: NoticeKind, subject: tuple[str, int], *, settings: MailSettings, domain: str, to: tuple[str, str]
) -> str:
    """The iCalendar text for a notice in the language in force; empty where none belongs to it. ``to``: name and
    address of the reader.
    """
    if kind not in ABOUT_TASKS or subject[0] != "assignment":
        return ""
    task = db.session.get(Assignment, subject[1])
    if task is None or to[1] != task.person.email:
        return ""
    span = _span(task)
    is_cancelled = span is None or task.state in _OVER
    if span is None:
        if kind is not NoticeKind.TASK_DUE_CHANGED:
            return ""  # it never stood in a calendar
        span = (clock.now(), clock.now())
    return _file(task, span, is_cancelled=is_cancelled, settings=settings, domain=domain, to=to)


def _span(task: Assignment) -> tuple[datetime, datetime] | None:
    """From when to when: of what is covered while it takes place, otherwise up to the deadline."""
    covered = get_covered(task.story)
    if covered is not None and not covered.is_off and not covered.all_day:
        return covered.starts_at, covered.ends_at
    return (task.due_at - BEFORE_DUE, task.due_at) if task.due_at else None


def _file(
    task: Assignment,
    span: tuple[datetime, datetime],
    *,
    is_cancelled: bool,
    settings: MailSettings,
    domain: str,
    to: tuple[str, str],
) -> str:
    secret = is_closed(task.story)
    covered = get_covered(task.story)
    place = (covered.place if covered else "") or get_current_version(task.story).place
    title = _("naskah rahasia") if secret else task.story.title
    event = Event()
    event.add("uid", f"tugas-{task.id}@{domain}")
    event.add("sequence", task.row_version)
    event.add("dtstamp", clock.now())
    event.add("dtstart", span[0])
    event.add("dtend", span[1])
    event.add("summary", f"{task.role.label}: {title}")
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if task.story.event_id else "TRANSPARENT")
    if place and not secret:
        event.add("location", place)
    if url := absolute(path_of_subject("assignment", task.id)):
        event.add("url", url)
        event.add("description", url)
    organizer = vCalAddress(f"mailto:{settings.from_address}")
    organizer.params["CN"] = vText(settings.from_name or "humasflow")
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{to[1]}")
    attendee.params.update({"CN": vText(to[0]), "RSVP": vText("FALSE"), "PARTSTAT": vText("NEEDS-ACTION")})
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//humasflow//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "REQUEST")
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode()
