"""Publications, deadlines and campaigns, for moving. Agenda, on which other things hang, has its own file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.calendar.enums import ItemKind
from humasflow.calendar.items import LOOKS, TASK_LOOK
from humasflow.calendar.moving.asking import BadAsk, check_day
from humasflow.calendar.moving.clocks import at_time
from humasflow.calendar.moving.movable import Look, Movable, told_by
from humasflow.calendar.policy import goes_out_unasked
from humasflow.core.db import Versioned
from humasflow.core.errors import Reason
from humasflow.core.localtime import show_date, to_local
from humasflow.planning.agenda.enums import Extent
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.campaigns.moving import move_campaign
from humasflow.planning.campaigns.policy import reasons_not_to_move
from humasflow.posts import services as posts
from humasflow.posts.enums import PostChange
from humasflow.posts.models import Post
from humasflow.posts.policy import reasons_not_to_change as reasons_not_to_schedule
from humasflow.publishing.enums import PostState
from humasflow.publishing.models import Delivery
from humasflow.publishing.workflow import shown_state
from humasflow.stories.assignment_policy import reasons_not_to_change as reasons_not_to_change_task
from humasflow.stories.models import Assignment
from humasflow.stories.services.assignments import change_assignment, check_due


@dataclass
class MovablePost(Movable):
    """A publication. ``approved`` and ``pending``: what an approval says of it."""

    kind = ItemKind.POST
    needs_future = True
    post: Post
    delivery: Delivery | None
    approved: bool
    pending: bool
    # Held here so that the session does not forget, and read again, what the post belongs to.
    kept: Sequence[Any] = field(default=())

    @property
    def subject(self) -> tuple[str, int]:
        return "post", self.post.id

    @property
    def thing(self) -> Versioned:
        return self.post

    @property
    def name(self) -> str:
        return self.post.account.name

    @property
    def title(self) -> str:
        return self.post.story.title

    @property
    def at(self) -> datetime | None:
        return self.post.scheduled_at

    @property
    def state(self) -> PostState:
        """What people see."""
        current = (
            self.delivery if self.delivery and self.delivery.generation == self.post.generation else None
        )
        return shown_state(
            delivery=current.state if current else None, approved=self.approved, pending=self.pending,
            scheduled=self.at is not None,
        )  # fmt: skip

    @property
    def waits_for_approval(self) -> bool:
        """Whether a time alone lets nothing out."""
        return not goes_out_unasked(self.state)

    def look(self) -> Look:
        tone, icon = LOOKS[self.state]
        return self.state.value, self.state.label, tone, self.post.account.kind.icon, icon

    def _in_tray(self) -> datetime | None:
        return None

    def reasons_of_person(self, actor: Principal) -> list[Reason]:
        return reasons_not_to_schedule(actor, self.post, PostChange.SCHEDULE)

    def reasons_of_time(self, to: datetime | None) -> list[Reason]:
        if to is None:
            return []
        return self._is_past(to) or told_by(lambda: posts.check_due(self.post, to))

    def move(self, to: datetime | None, *, actor: Principal, extent: Extent, drop: bool = False) -> None:
        posts.schedule_post(self.post, actor=actor, due_at=to)

    def said(self, before: datetime | None) -> str:
        if self.at is None and before is not None:
            return _("%(account)s: jadwalnya dilepas.", account=self.name)
        text = super().said(before)
        if self.waits_for_approval and self.at is not None:
            text += " " + _("Belum disetujui: tidak akan tayang sebelum disetujui.")
        return text


@dataclass
class MovableDeadline(Movable):
    """The open tasks of a story that are due at one time: one item on the calendar, named by the first of them."""

    kind = ItemKind.DEADLINE
    needs_future = True
    tasks: list[Assignment]
    kept: Sequence[Any] = field(default=())

    @property
    def first(self) -> Assignment:
        """The one the page knew."""
        return next(t for t in self.tasks if t.id == self.ref.id)

    @property
    def subject(self) -> tuple[str, int]:
        return "assignment", self.ref.id

    @property
    def thing(self) -> Versioned:
        return self.first

    @property
    def name(self) -> str:
        return _("Tenggat “%(title)s”", title=self.title)

    @property
    def title(self) -> str:
        return self.first.story.title

    @property
    def at(self) -> datetime | None:
        return self.first.due_at

    def look(self) -> Look:
        tone, icon, state_icon = TASK_LOOK
        return "", ItemKind.DEADLINE.label, tone, icon, state_icon

    def reasons_of_person(self, actor: Principal) -> list[Reason]:
        found = {r.message: r for task in self.tasks for r in reasons_not_to_change_task(actor, task)}
        return list(found.values())

    def reasons_of_time(self, to: datetime | None) -> list[Reason]:
        return (self._is_past(to) if to is not None else []) or told_by(lambda: check_due(to))

    def move(self, to: datetime | None, *, actor: Principal, extent: Extent, drop: bool = False) -> None:
        for task in self.tasks:
            change_assignment(task, actor=actor, due_at=to, brief=task.brief)

    def said(self, before: datetime | None) -> str:
        text = super().said(before)
        if len(self.tasks) > 1 and self.at != before:
            people = ", ".join(dict.fromkeys(t.person.name for t in self.tasks))
            text += " " + _("Berlaku untuk %(people)s.", people=people)
        return text

    def memory(self) -> dict[str, Any]:
        return {**super().memory(), "t": [t.id for t in self.tasks]}

    def recall(self, told: Mapping[str, Any]) -> None:
        self.tasks = [task for task in self.tasks if task.id in told["t"]]


@dataclass
class MovableCampaign(Movable):
    """A campaign; both ends move as far."""

    kind = ItemKind.CAMPAIGN
    campaign: Campaign

    @property
    def subject(self) -> tuple[str, int]:
        return "campaign", self.campaign.id

    @property
    def thing(self) -> Versioned:
        return self.campaign

    @property
    def name(self) -> str:
        return _("Kampanye “%(name)s”", name=self.campaign.name)

    @property
    def title(self) -> str:
        return self.campaign.name

    @property
    def at(self) -> datetime | None:
        return at_time(self.campaign.starts_on, time(), self.zone)

    @property
    def has_clock(self) -> bool:
        return False

    def look(self) -> Look:
        return "", ItemKind.CAMPAIGN.label, "campaign", "flag", "flag"

    def _on(self, day: date, clock: time | None) -> datetime:
        return at_time(day, time(), self.zone)

    def days_to(self, to: datetime | None) -> int:
        """By how many days both ends move."""
        if to is None:
            raise BadAsk("day", _("%(name)s harus punya hari. Pilih harinya.", name=self.name))
        return (to_local(to, self.zone).date() - self.campaign.starts_on).days

    def reasons_of_person(self, actor: Principal) -> list[Reason]:
        return reasons_not_to_move(actor, self.campaign)

    def reasons_of_time(self, to: datetime | None) -> list[Reason]:
        return told_by(lambda: check_day(self.campaign.ends_on + timedelta(days=self.days_to(to))))

    def move(self, to: datetime | None, *, actor: Principal, extent: Extent, drop: bool = False) -> None:
        move_campaign(self.campaign, actor=actor, days=self.days_to(to))

    @property
    def stands(self) -> str:
        return f"{show_date(self.campaign.starts_on)} – {show_date(self.campaign.ends_on)}"

    def said(self, before: datetime | None) -> str:
        return _("%(name)s sekarang %(days)s.", name=self.name, days=self.stands)
