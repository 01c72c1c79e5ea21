"""Tugas saya: everything that one person is to do, by what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import ColumnElement, case, null, or_, type_coerce

from humasflow.accounts.policy import Principal, acting_office
from humasflow.approvals import queries as approvals
from humasflow.core import clock
from humasflow.core.db import UTCDateTime
from humasflow.core.guards import signed_in
from humasflow.core.localtime import to_local
from humasflow.core.offline import keep_offline
from humasflow.core.paging import cut, newest_first
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.pages import queries
from humasflow.pages.blueprint import blueprint
from humasflow.pages.context import known
from humasflow.posts import queries as posts
from humasflow.stories.enums import OPEN_ASSIGNMENT, AssignmentState, StoryState
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries import assignments
from humasflow.stories.queries.assignments import TaskRow
from humasflow.stories.visibility import visible_to

SIZE = 40
DAYS_SHOWN = timedelta(days=7)
_NEVER = 2**62  # sorts after every instant in microseconds


class Kind(StrEnum):
    """What is asked of the person. The order is the order within one instant."""

    REVIEW = "persetujuan"
    UPLOAD = "unggah"
    RETURNED = "koreksi"
    TASK = "tugas"

    @property
    def label(self) -> str:
        """On the filter."""
        return str(_KINDS[self])


_KINDS = {
    Kind.REVIEW: _l("Persetujuan"),
    Kind.UPLOAD: _l("Unggahan"),
    Kind.RETURNED: _l("Koreksi"),
    Kind.TASK: _l("Penugasan"),
}
_ORDER = list(Kind)


@dataclass(frozen=True)
class Item:
    """One thing to do, with its one action."""

    kind: Kind
    id: int
    title: str
    url: str
    due_at: datetime | None
    what: str  # "Fotografer", "Revisi ke-2"
    icon: str
    action: str
    action_url: str
    by: str = ""  # who asks
    note: str = ""
    since: datetime | None = None
    answers: bool = False  # accept or decline, right here
    finishes: bool = False  # can be ticked off right here
    on_hold: bool = False

    @property
    def key(self) -> tuple[int, int, int]:
        """The order of the page: by what is due; without a time last."""
        return (_micros(self.due_at), _ORDER.index(self.kind), self.id)


@dataclass(frozen=True)
class Section:
    """Things due at about the same time."""

    key: str
    label: str
    items: Sequence[Item]


def _micros(at: datetime | None) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) if at else _NEVER


def _decode(cursor: str | None) -> tuple[int, int, int] | None:
    """The key in a cursor; a damaged one starts from the top."""
    parts = (cursor or "").split("~")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 20 for p in parts):
        return None
    key = (int(parts[0]), int(parts[1]), int(parts[2]))
    return key if key[0] <= _NEVER and key[1] < len(_ORDER) and key[2] < 2**63 else None


# A story on hold presses nobody: its tasks stand at the end.
_due: ColumnElement[Any] = type_coerce(
    case((Story.state == StoryState.ON_HOLD, null()), else_=Assignment.due_at), UTCDateTime
)


def _after(key: tuple[int, int, int] | None) -> list[ColumnElement[bool]]:
    """Conditions for the assignments that come after a key."""
    if key is None:
        return []
    micros, rank, last = key
    if rank < _ORDER.index(Kind.TASK):
        last = 0  # all tasks of that instant are still to come
    if micros == _NEVER:
        return [_due.is_(None), Assignment.id > last]
    at = _instant(micros)
    return [or_(_due.is_(None), _due > at, (_due == at) & (Assignment.id > last))]


def _instant(micros: int) -> datetime:
    # Not by way of a float: the last digit decides whether a row is shown twice.
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def list_assigned(
    person: Principal, office_id: int, *, after: tuple[int, int, int] | None = None, size: int = SIZE
) -> list[Item]:
    """The person's open assignments, by what is due. One statement."""
    rows = assignments.read_tasks(
        assignments.task_rows()
        .where(
            assignments.of_person(person.id, office_id), assignments.is_open(), visible_to(person.id),
            *_after(after),
        )
        .order_by(_due.is_(None), _due, Assignment.id)
        .limit(size)
    )  # fmt: skip
    return [_assigned(row) for row in rows]


def _assigned(row: TaskRow) -> Item:
    url = url_for("pages.task", assignment_id=row.id)
    held = row.story_state is StoryState.ON_HOLD
    return Item(
        Kind.TASK, row.id, row.title, url, None if held else row.due_at, row.role, "flag", _("Buka"), url,
        by=row.creator or "", note=row.brief, since=row.created_at,
        answers=row.state is AssignmentState.OFFERED, finishes=row.state is AssignmentState.ACCEPTED, on_hold=held,
    )  # fmt: skip


def _others(person: Principal, office: Unit, wanted: Kind | None) -> list[Item]:
    """Reviews, uploads and corrections: lists that the rooms keep short themselves."""
    found: list[Item] = []
    if wanted in (None, Kind.REVIEW) and person.can(Permission.STORY_APPROVE):
        found += [
            Item(
                Kind.REVIEW, row.package_id, row.title, url, row.planned, row.step_label, "eye",
                _("Baca dan putuskan"), url, by=row.submitter, note=row.note, since=row.step_since,
            )
            for row in approvals.list_waiting_for(person)
            for url in [url_for("approvals.review", package_id=row.package_id)]
        ]  # fmt: skip
    if wanted in (None, Kind.UPLOAD):
        found += [
            Item(
                Kind.UPLOAD, line.post_id, line.title, url, line.at, line.account, line.icon, _("Unggah"), url,
                since=line.at,
            )
            for line in queries.list_manual_due(person)
            if line.is_mine
            for url in [url_for("publishing.detail", post_id=line.post_id)]
        ]  # fmt: skip
    if wanted in (None, Kind.RETURNED) and person.can(Permission.STORY_WRITE):
        returned = [s for s in queries.list_own_drafts(person, office.id) if s.is_returned]
        planned = posts.list_rows_of(s.story_id for s in returned) if returned else {}
        for story in returned:
            times = [p.scheduled_at for p in planned.get(story.story_id, ()) if p.scheduled_at]
            found.append(
                Item(
                    Kind.RETURNED, story.story_id, story.title, url_for("pages.story", story_id=story.story_id),
                    min(times) if times else None, _("Revisi ke-%(n)s", n=story.returns), "back", _("Perbaiki"),
                    url_for("stories.edit", story_id=story.story_id), note=story.reason, since=story.since,
                )
            )  # fmt: skip
    return found


def sections(items: Sequence[Item], office: Unit) -> list[Section]:
    """The items under what they have in common; they are in order already."""
    now = clock.now()
    today = to_local(now, office.zone_name).date()
    names = {
        "overdue": _("Lewat tenggat"), "today": _("Hari ini"), "week": _("Tujuh hari ke depan"),
        "later": _("Nanti"), "none": _("Tanpa tenggat"),
    }  # fmt: skip

    def place(item: Item) -> str:
        if item.due_at is None:
            return "none"
        if item.due_at <= now:
            return "overdue"
        day = to_local(item.due_at, office.zone_name).date()
        return "today" if day == today else "week" if day <= today + DAYS_SHOWN else "later"

    found: Mapping[str, list[Item]] = {key: [] for key in names}
    for item in items:
        found[place(item)].append(item)
    return [Section(key, label, found[key]) for key, label in names.items() if found[key]]


@blueprint.get("/tugas")
@signed_in
@keep_offline(tells_stories=True)
def tasks() -> Any:
    """What I am to do, or (``?lihat=selesai``) what became of what I was asked."""
    office = acting_office(current_user)
    if request.args.get("lihat") == "selesai":
        return _history(office)
    wanted = next((k for k in Kind if k.value == request.args.get("jenis")), None)
    key = _decode(request.args.get("setelah"))
    others = _others(current_user, office, None)
    assigned = (
        list_assigned(current_user, office.id, after=key, size=SIZE + 1)
        if wanted in (None, Kind.TASK)
        else []
    )
    shown = [i for i in others if wanted in (None, i.kind) and (key is None or i.key > key)]
    rest = sorted([*shown, *assigned], key=lambda i: i.key)
    items, more = rest[:SIZE], len(rest) > SIZE
    counts = {k: sum(1 for i in others if i.kind is k) for k in Kind}
    counts[Kind.TASK] = assignments.count_open_of(current_user.id, office.id)
    known()["tasks"] = counts[Kind.TASK]
    return render_template(
        "pages/tasks.html", sections=sections(items, office), counts=counts, wanted=wanted, where=office,
        next="~".join(map(str, items[-1].key)) if more else None, lead=_lead(sum(counts.values())),
        kinds=[k for k in Kind if counts[k] or k is wanted], first_page=key is None,
    )  # fmt: skip


def _lead(total: int) -> str:
    if not total:
        return _("Tidak ada yang menunggu Anda.")
    return ngettext(
        "%(num)s hal, yang paling dekat tenggatnya di atas.",
        "%(num)s hal, yang paling dekat tenggatnya di atas.",
        total,
    )


def _history(office: Unit) -> str:
    statement = assignments.task_rows().where(
        assignments.of_person(current_user.id, office.id), ~Assignment.state.in_(sorted(OPEN_ASSIGNMENT)),
        visible_to(current_user.id),
    ).add_columns(Assignment.state_since)  # fmt: skip
    statement = newest_first(
        statement, Assignment.state_since, Assignment.id, request.args.get("setelah"), SIZE
    )
    page = cut(assignments.read_past(statement), lambda pair: (pair[1], pair[0].id), SIZE)
    return render_template("pages/tasks_done.html", page=page, where=office)
