"""Reading a week's meeting: what came of last week, what this week holds, what waits for a decision, what was said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.calendar.enums import CalendarView, ItemKind
from humasflow.calendar.grouping import Work, group_by_work
from humasflow.calendar.items import Choices, Day
from humasflow.calendar.models import Meeting, MeetingNote
from humasflow.calendar.narrowing import Narrowing
from humasflow.calendar.pace.quarter import Cell, get_quarter_pace
from humasflow.calendar.pace.weeks import week_at
from humasflow.calendar.queries import get_plan, list_choices
from humasflow.calendar.spans import week_of
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.periods import Quarter
from humasflow.metrics.queries import readers_of
from humasflow.orgs.models import Unit
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch
from humasflow.posts.models import Post
from humasflow.publishing.enums import PostState
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

PITCHES_SHOWN = 20
MEETINGS_SHOWN = 26
WEEK = timedelta(days=7)
_MIDWEEK = timedelta(days=3)  # in which quarter most of a week lies
_OUT = frozenset({PostState.PUBLISHED, PostState.WITHDRAWN})
_NOT_MISSED = _OUT | {PostState.CANCELLED}


@dataclass(frozen=True)
class Results:
    """A week as far as it has gone. ``number``: how many publications went out; ``by_account``: on each;
    ``missed_number``: how many were due and did not; ``readers`` of these stories in the own newsroom in that week.
    """

    live: Sequence[Work]
    missed: Sequence[Work]
    number: int
    missed_number: int
    by_account: Sequence[tuple[str, int]]
    readers: dict[int, int]


@dataclass(frozen=True)
class Waiting:
    """A pitch that nobody decided about."""

    id: int
    title: str
    what: str
    created_at: datetime
    happened_on: date | None
    author: str
    section: str | None
    row_version: int


@dataclass(frozen=True)
class Line:
    """A note as one person may read it. ``is_hidden``: about a story that has become confidential since."""

    note: MeetingNote
    is_hidden: bool


@dataclass(frozen=True)
class Minutes:
    """What was written down. ``stamp`` is another one after every change; ``closer``: who closed them, or empty."""

    meeting: Meeting | None
    lines: Sequence[Line]
    stamp: str
    closer: str

    @property
    def is_open(self) -> bool:
        """Whether they may still change."""
        return self.meeting is None or self.meeting.closed_at is None


@dataclass(frozen=True)
class Held:
    """A meeting in the list of them."""

    week: date
    attendees: str
    closed_at: datetime | None
    notes: int


def find_meeting(office_id: int, week: date) -> Meeting | None:
    """The meeting of a week, if anything was written down."""
    return db.session.scalar(select(Meeting).where(Meeting.office_id == office_id, Meeting.week == week))


def get_note(actor: Principal, office_id: int, week: date, note_id: int) -> MeetingNote:
    """A note of this week's minutes that the actor may read, removed or not; "not found" for any other."""
    found = db.session.scalar(
        select(MeetingNote)
        .join(Meeting, Meeting.id == MeetingNote.meeting_id)
        .where(MeetingNote.id == note_id, Meeting.office_id == office_id, Meeting.week == week)
    )
    if found is None or _hidden(actor, [found]):
        raise NotFound
    return found


def list_meetings(office_id: int, *, before: date | None = None) -> Sequence[Held]:
    """The newest first, at most one more than MEETINGS_SHOWN, so that the caller knows whether there are older ones."""
    notes = (
        select(func.count())
        .where(MeetingNote.meeting_id == Meeting.id, MeetingNote.removed_at.is_(None))
        .correlate(Meeting)
        .scalar_subquery()
    )
    statement = select(Meeting.week, Meeting.attendees, Meeting.closed_at, notes).where(
        Meeting.office_id == office_id
    )
    if before is not None:
        statement = statement.where(Meeting.week < before)
    rows = db.session.execute(statement.order_by(Meeting.week.desc()).limit(MEETINGS_SHOWN + 1))
    return [Held(*row) for row in rows]


def get_minutes(actor: Principal, office_id: int, week: date) -> Minutes:
    """The minutes of a week as the actor may read them, begun or not. At most six statements."""
    meeting = find_meeting(office_id, week)
    closer = db.session.get(User, meeting.closed_by) if meeting and meeting.closed_by else None
    return Minutes(
        meeting, list_lines(actor, meeting), stamp_of(meeting), closer.name if closer is not None else ""
    )


def stamp_of(meeting: Meeting | None) -> str:
    """Changes with every line that is written, changed or removed, and with the meeting itself. One statement."""
    if meeting is None:
        return "0"
    lines = db.session.execute(
        select(func.count(), func.coalesce(func.sum(MeetingNote.row_version), 0)).where(
            MeetingNote.meeting_id == meeting.id
        )
    ).one()
    return f"{meeting.row_version}.{lines[0]}.{lines[1]}"


def list_lines(actor: Principal, meeting: Meeting | None) -> Sequence[Line]:
    """The minutes in the order they were written. Two statements."""
    if meeting is None:
        return []
    notes = db.session.scalars(
        select(MeetingNote)
        .options(joinedload(MeetingNote.author, innerjoin=True))
        .where(MeetingNote.meeting_id == meeting.id, MeetingNote.removed_at.is_(None))
        .order_by(MeetingNote.id)
    ).all()
    hidden = _hidden(actor, notes)
    return [Line(n, (n.subject_type, n.subject_id) in hidden) for n in notes]


def _hidden(actor: Principal, notes: Sequence[MeetingNote]) -> set[tuple[str, int | None]]:
    stories = {n.subject_id for n in notes if n.subject_type == "story"}
    posts = {n.subject_id for n in notes if n.subject_type == "post"}
    pitches = {n.subject_id for n in notes if n.subject_type == "pitch"}
    if not stories | posts | pitches:
        return set()
    found: set[tuple[str, int | None]] = set()
    unseen = ~visible_to(actor.id)
    for kind, statement in (
        ("story", select(Story.id).where(Story.id.in_(stories), unseen)),
        ("post", select(Post.id).join(Story, Story.id == Post.story_id).where(Post.id.in_(posts), unseen)),
        (
            "pitch",
            select(Pitch.id).join(Story, Story.id == Pitch.story_id).where(Pitch.id.in_(pitches), unseen),
        ),
    ):
        found |= {(kind, ident) for ident in db.session.scalars(statement)}
    return found


def get_choices(actor: Principal, office: Unit, week: date) -> Choices:
    """The accounts and whatever else both weeks of a meeting are told with. One statement."""
    return list_choices(office, actor.id, week_of(week))


def get_results(actor: Principal, office: Unit, week: date, today: date, choices: Choices) -> Results:
    """What the week before ``week`` brought so far, as the actor may see it."""
    narrowing = Narrowing(CalendarView.WEEK, week - WEEK, today, kinds=(ItemKind.POST,))
    plan = get_plan(actor, office, narrowing, choices, tray=False)
    now = clock.now()
    live = [i for i in plan.items if i.post_state in _OUT]
    missed = [i for i in plan.items if i.post_state not in _NOT_MISSED and i.at is not None and i.at < now]
    counted = Counter(i.where for i in live)
    stories = {i.story_id for i in live if i.story_id is not None}
    by_account = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    readers = readers_of(stories, between=(week - WEEK, week))
    return Results(group_by_work(live), group_by_work(missed), len(live), len(missed), by_account, readers)


def get_week(
    actor: Principal, office: Unit, week: date, today: date, choices: Choices
) -> tuple[Sequence[tuple[Day, list[Work]]], int]:
    """The days of the week with what stands on them, and how many publications still wait for a time."""
    kinds = (ItemKind.POST, ItemKind.DEADLINE, ItemKind.EVENT, ItemKind.DAY)
    narrowing = Narrowing(CalendarView.WEEK, week, today, kinds=kinds)
    plan = get_plan(actor, office, narrowing, choices)
    return [(day, group_by_work(day.items)) for day in plan.days.values()], len(plan.tray)


def list_pace(actor: Principal, office: Unit, week: date) -> list[tuple[str, Cell]]:
    """Each channel account from which the week asks something, by name, with what is live and planned of it."""
    day = week + _MIDWEEK
    pace = get_quarter_pace(actor, office, Quarter.from_local_date(day))
    present = week_at(pace.weeks, day)
    return [
        (row.account.name, cell)
        for row in pace.rows
        for cell in row.cells
        if present is not None and cell.week.number == present.number and cell.quota
    ]


def list_waiting(office_id: int) -> tuple[Sequence[Waiting], int]:
    """Undecided pitches, the oldest first, at most PITCHES_SHOWN; and how many there are. Two statements."""
    section = select(Unit.short_name).where(Unit.id == Pitch.section_id).correlate(Pitch).scalar_subquery()
    mine = (Pitch.office_id == office_id, Pitch.state == PitchState.NEW)
    rows = db.session.execute(
        select(
            Pitch.id, Pitch.title, func.substr(Pitch.what, 1, 300), Pitch.created_at, Pitch.happened_on, User.name,
            section, Pitch.row_version,
        )
        .join(User, User.id == Pitch.author_id)
        .where(*mine)
        .order_by(Pitch.created_at, Pitch.id)
        .limit(PITCHES_SHOWN)
    ).all()  # fmt: skip
    count = len(rows)
    if count == PITCHES_SHOWN:
        count = db.session.scalar(select(func.count()).select_from(Pitch).where(*mine)) or 0
    return [Waiting(*row) for row in rows], count
