"""Beranda: what should I do now? Each person sees the parts that are theirs, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import Principal
from humasflow.approvals import queries as approvals
from humasflow.approvals.queries import WaitingRow
from humasflow.core import clock
from humasflow.core.guards import signed_in
from humasflow.core.localtime import from_local, show_date, to_local
from humasflow.core.offline import keep_offline
from humasflow.core.permissions import Permission
from humasflow.media import queries as media
from humasflow.media.models import TakedownTask
from humasflow.media.policy import can_take_down
from humasflow.orgs.models import Unit
from humasflow.pages import queries
from humasflow.pages.blueprint import blueprint
from humasflow.pages.context import known
from humasflow.pages.queries import OwnStory, PostLine
from humasflow.pages.tasks import Item, list_assigned
from humasflow.pages.wording import greeting, headline
from humasflow.pitches import queries as pitches
from humasflow.pitches.enums import PitchState
from humasflow.pitches.queries import PitchRow, PoolCounts
from humasflow.scoring.standing import ComponentStanding, Standing, sentences, standing_now
from humasflow.stories.queries import assignments, workload
from humasflow.stories.queries.assignments import TaskRow

OWN_PITCHES = 5
OWN_TASKS = 5
LACKING = 4  # components in the quarter's strip


@dataclass(frozen=True)
class Home:
    """Everything on the page. An empty part is not shown."""

    office: Unit
    greeting: str
    date: str  # spelled out, local
    approvals: Sequence[WaitingRow]
    elsewhere: Sequence[WaitingRow]  # what waits for others, for whoever oversees the work
    manual: Sequence[PostLine]
    own: Sequence[OwnStory]
    trouble: Sequence[PostLine]
    takedowns: Sequence[TakedownTask]
    pool: PoolCounts | None
    today: Sequence[PostLine]
    pitches: Sequence[PitchRow]
    standing: Standing | None
    tasks: Sequence[Item]  # the first of this person's own
    task_count: int
    needing: Sequence[TaskRow]  # tasks for which somebody else has to be found
    sends_pitches: bool  # sending an idea is what this person mostly does here

    @property
    def returned(self) -> list[OwnStory]:
        """Stories sent back to this person."""
        return [s for s in self.own if s.is_returned]

    @property
    def drafts(self) -> list[OwnStory]:
        """Stories this person is writing."""
        return [s for s in self.own if not s.is_returned]

    @property
    def new_pitches(self) -> int:
        """Ideas that wait for a decision by an editor."""
        return self.pool[PitchState.NEW] if self.pool else 0

    @property
    def live(self) -> list[PostLine]:
        """What went out today."""
        return [p for p in self.today if p.is_live]

    @property
    def planned(self) -> list[PostLine]:
        """What is still to come today."""
        return [p for p in self.today if not p.is_live]

    @property
    def lacking(self) -> list[ComponentStanding]:
        """Components that count and are short of their target, the weightiest first."""
        if self.standing is None:
            return []
        short = [c for c in self.standing.components if c.gap and c.component.weight > 0]
        return sorted(short, key=lambda c: (-c.component.weight, c.component.position))[:LACKING]

    @property
    def standing_says(self) -> sentences.Headline | None:
        """Where the period stands, in the words of its own page."""
        return sentences.headline(self.standing) if self.standing else None

    @property
    def has_unverified(self) -> bool:
        """Whether something live still waits to be confirmed."""
        return self.standing is not None and any(c.unverified for c in self.standing.components)

    @property
    def headline(self) -> str:
        """The answer to "what should I do now?" in one sentence."""
        return headline(
            decisions=len(self.approvals), uploads=len(self.manual), returned=len(self.returned),
            trouble=len(self.trouble), new_pitches=self.new_pitches, tasks=self.task_count,
        )  # fmt: skip


def _oversees(person: Principal) -> bool:
    """Reads everything and does none of it: wants to know where the work is stuck."""
    return person.can(Permission.STORY_READ) and not any(
        person.can(p) for p in (Permission.STORY_WRITE, Permission.STORY_APPROVE)
    )


def build_home(person: Principal, office: Unit) -> Home:
    """Read what this person's home page shows: a constant number of statements for a set of roles."""
    local = to_local(clock.now(), office.zone_name)
    start = from_local(local.date(), time.min, office.zone_name)
    waiting = approvals.list_waiting_for(person) if person.can(Permission.STORY_APPROVE) else []
    pool = pitches.count_pool(office.id) if person.can(Permission.PITCH_TRIAGE) else None
    manual = queries.list_manual_due(person)
    tasks = list_assigned(person, office.id, size=OWN_TASKS + 1)
    # The navigation shows the number too: it is asked for once, and only when the list does not tell.
    known()["tasks"] = (
        len(tasks) if len(tasks) <= OWN_TASKS else assignments.count_open_of(person.id, office.id)
    )
    known()["approvals"] = len(waiting)
    known()["publishing"] = len(manual)
    known()["pitches"] = pool[PitchState.NEW] if pool else 0
    return Home(
        office=office,
        greeting=_("%(greeting)s, %(name)s", greeting=greeting(local), name=person.name.split(",")[0]),
        date=show_date(local.date(), style="EEEE, d MMMM yyyy"),
        approvals=waiting,
        elsewhere=approvals.list_pending(person)[: queries.SHOWN] if _oversees(person) else [],
        manual=manual,
        own=queries.list_own_drafts(person, office.id) if person.can(Permission.STORY_WRITE) else [],
        trouble=queries.list_trouble(person, office.id) if person.can(Permission.DELIVERY_RESOLVE) else [],
        takedowns=media.list_open_takedowns(person, office.id) if can_take_down(person, office.id) else [],
        pool=pool,
        today=queries.list_today(person, office.id, start, start + timedelta(days=1)),
        pitches=pitches.list_mine(person, size=OWN_PITCHES).items
        if person.can(Permission.PITCH_CREATE)
        else [],
        standing=standing_now(office) if person.can(Permission.SCORE_READ) else None,
        tasks=tasks[:OWN_TASKS],
        task_count=known()["tasks"],
        needing=workload.list_needing_somebody(person, office.id, size=OWN_TASKS).items
        if person.can(Permission.STORY_WRITE)
        else [],
        sends_pitches=not person.can(Permission.STORY_READ),
    )


@blueprint.get("/")
@signed_in
@keep_offline(tells_stories=True)
def home() -> Any:
    """The first page after signing in."""
    if current_user.office is None:
        return render_template("pages/no_role.html")
    return render_template("pages/home.html", home=build_home(current_user, current_user.office))
