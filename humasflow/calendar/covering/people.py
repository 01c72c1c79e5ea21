"""Who can be asked to cover an event: with absences, and with what they do at the same time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, or_, select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.localtime import show_time, to_local
from humasflow.orgs.models import Unit
from humasflow.stories.enums import OPEN
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries import workload
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.queries.coverage import Covered, covered_of
from humasflow.stories.queries.workload import Candidate
from humasflow.stories.visibility import visible_to


@dataclass(frozen=True)
class Picked:
    """Somebody in the picker. ``clashes``: what they do at the time of the event, in words; ``gone``: their absence."""

    person: Candidate
    gone: str
    clashes: Sequence[str]

    @property
    def is_free(self) -> bool:
        """Whether nothing speaks against asking."""
        return not (self.gone or self.clashes)

    @property
    def text(self) -> str:
        """``Nama, cuti 23–27 Nov``: one line of a list, so that nobody has to look it up elsewhere."""
        if self.is_free:
            work = ngettext("%(num)s tugas", "%(num)s tugas", self.person.open) if self.person.open else ""
            return ", ".join(t for t in (self.person.name, self.person.usual_role, work) if t)
        return ", ".join([self.person.name, *([self.gone] if self.gone else []), *self.clashes])


def list_people(actor: Principal, office: Unit, covered: Covered) -> list[Picked]:
    """Everybody of the office, who is free at that time first. At most nine statements, however many people there are.
    What the actor may not see of others' work is "another task".
    """
    end = covered.ends_at - timedelta(
        microseconds=1
    )  # so that an absence late in a long event is known as well
    people = workload.list_candidates(office, due_at=end)
    clashes = clashes_of(actor, office, [p.id for p in people], covered)
    first = to_local(covered.starts_at, office.zone_name).date()
    last = to_local(end, office.zone_name).date()
    found = []
    for person in people:
        away = next((a for a in person.away if a.starts_on <= last and first <= a.ends_on), None)
        found.append(Picked(person, away.text if away else "", clashes.get(person.id, ())))
    found.sort(key=lambda p: (not p.is_free, bool(p.gone)))  # stable: within each, who has least to do first
    return found


def clashes_of(
    actor: Principal, office: Unit, people: Iterable[int], covered: Covered
) -> dict[int, list[str]]:
    """What these people do while the event takes place: other events that they cover, tasks due in its hours. Three
    statements.
    """
    rows = db.session.execute(
        select(
            Assignment.person_id, Assignment.due_at, Assignment.office_id, Story.title, Story.event_id,
            Story.occurrence, visible_to(actor.id).label("is_visible"),
        )
        .join(Story, Story.id == Assignment.story_id)
        .where(
            Assignment.person_id.in_(list(people)), is_open(), Story.state.in_(sorted(OPEN)),
            or_(
                Story.event_id.is_not(None),
                and_(Assignment.due_at >= covered.starts_at, Assignment.due_at <= covered.ends_at),
            ),
        )
        .order_by(Assignment.due_at, Assignment.id)
    ).all()  # fmt: skip
    events = covered_of((r.event_id, r.occurrence) for r in rows if r.event_id is not None)
    found: dict[int, list[str]] = {}
    for row in rows:
        other = events.get((row.event_id, row.occurrence))
        if other is not None and (other.event_id, other.occurrence) == (covered.event_id, covered.occurrence):
            continue
        is_known = row.is_visible and row.office_id == office.id
        said = ""
        if other is not None and not other.is_off and other.meets(covered.starts_at, covered.ends_at):
            said = _event_text(other, office, is_known=is_known)
        elif row.due_at is not None and covered.starts_at <= row.due_at <= covered.ends_at:
            what = _("“%(title)s”", title=row.title) if is_known else _("tugas lain")
            said = _("tenggat %(what)s %(time)s", what=what, time=show_time(row.due_at, office.zone_name))
        mine = found.setdefault(row.person_id, [])
        if said and said not in mine:
            mine.append(said)
    return {person: texts for person, texts in found.items() if texts}


def _event_text(other: Covered, office: Unit, *, is_known: bool) -> str:
    what = _("“%(title)s”", title=other.title) if is_known else _("agenda lain")
    if other.all_day:
        return _("meliput %(what)s sepanjang hari", what=what)
    return _(
        "meliput %(what)s %(start)s–%(end)s", what=what, start=show_time(other.starts_at, office.zone_name),
        end=show_time(other.ends_at, office.zone_name),
    )  # fmt: skip
