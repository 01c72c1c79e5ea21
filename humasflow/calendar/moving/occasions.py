"""Agenda, for moving: once of an event, it and the later ones, or all, with what hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.accounts.policy import Principal
from humasflow.calendar.enums import ItemKind
from humasflow.calendar.items import EVENT_LOOKS
from humasflow.calendar.moving.asking import BadAsk
from humasflow.calendar.moving.clocks import later
from humasflow.calendar.moving.hanging import Followed, Hanging, give_back
from humasflow.calendar.moving.movable import Look, Movable, told_by
from humasflow.core.db import Versioned, db
from humasflow.core.errors import Reason, UserError
from humasflow.core.localtime import to_local
from humasflow.planning.agenda.enums import EventState, Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.policy import reasons_not_to_move
from humasflow.planning.agenda.queries import Occurrence, get_occurrence
from humasflow.planning.agenda.services import move_event
from humasflow.planning.agenda.services.contents import check_times
from humasflow.planning.agenda.services.losing import WouldDrop


@dataclass
class MovableEvent(Movable):
    """Once of an event of the agenda, and with ``extent`` the later ones or all."""

    kind = ItemKind.EVENT
    event: AgendaEvent
    shown: Occurrence
    moved_extent: Extent = Extent.ONE
    followed: Followed | None = None  # what its last move did to what hangs on it
    former: Followed | None = None  # the same of the move that is to be taken back

    @property
    def subject(self) -> tuple[str, int]:
        return "agenda_event", self.event.id

    @property
    def thing(self) -> Versioned:
        return self.event

    @property
    def name(self) -> str:
        return f"“{self.title}”"

    @property
    def title(self) -> str:
        return self.shown.title

    @property
    def at(self) -> datetime | None:
        return self.shown.starts_at

    @property
    def has_clock(self) -> bool:
        return not self.event.all_day

    @property
    def occurrence(self) -> datetime | None:
        return self.shown.occurrence

    def stays(self, to: datetime | None) -> bool:
        return super().stays(to) and not self._waits

    @property
    def is_undoable(self) -> bool:
        return not self._waits  # a move ends the waiting, and moving back would not begin it again

    @property
    def _waits(self) -> bool:
        return self.shown.state is EventState.POSTPONED

    def look(self) -> Look:
        tone, state_icon = EVENT_LOOKS[self.shown.state]
        return self.shown.state.value, self.shown.state.label, tone, "users", state_icon

    def _on(self, day: date, clock: time | None) -> datetime:
        """A whole day moves by days on the clock of its own zone, where it goes from midnight to midnight."""
        if self.has_clock:
            return super()._on(day, clock)
        days = (day - to_local(self.shown.starts_at, self.zone).date()).days
        return later(self.shown.starts_at, days, self.event.zone)

    def reasons_of_person(self, actor: Principal) -> list[Reason]:
        return reasons_not_to_move(actor, self.event, self.shown.state)

    def reasons_of_time(self, to: datetime | None) -> list[Reason]:
        length = self.shown.ends_at - self.shown.starts_at
        return told_by(lambda: check_times(to, to + length)) if to is not None else []

    def move(self, to: datetime | None, *, actor: Principal, extent: Extent, drop: bool = False) -> None:
        if to is None:
            raise BadAsk("day", _("%(name)s harus punya hari. Pilih harinya.", name=self.name))
        before = Hanging.on(self.event.id)
        back = self.former.still() if self.former is not None else Hanging()
        stay = self.former.unmoved(back) if self.former is not None else frozenset()
        moved = move_event(
            self.event, actor=actor, occurrence=self.shown.occurrence, extent=extent, starts_at=to, drop=drop,
            stay=stay,
        )  # fmt: skip
        if moved.event_id != self.event.id:
            self.event = db.session.get_one(AgendaEvent, moved.event_id)
        self.shown = get_occurrence(self.event, moved.occurrence)
        self.moved_extent = extent
        give_back(back, actor=actor)
        self.followed = Followed(before, before.now())

    def rehearse(self, to: datetime, *, actor: Principal, extent: Extent) -> list[str]:
        """What the move would cost, told by making it and taking all of it back at once. Of one that repeats nothing,
        and on which no publication hangs, nothing but one statement.
        """
        if not Hanging.on(self.event.id).posts and (extent is Extent.ONE or not self.event.rule):
            return []
        try:
            return self._lost(to, actor=actor, extent=extent, drop=False)
        except WouldDrop as error:
            return [error.message, *self._lost(to, actor=actor, extent=extent, drop=True)]
        except UserError:
            return []  # refused: said when it is moved

    def _lost(self, to: datetime, *, actor: Principal, extent: Extent, drop: bool) -> list[str]:
        kept = self.event, self.shown, self.moved_extent, self.followed
        step = db.session.begin_nested()
        try:
            self.move(to, actor=actor, extent=extent, drop=drop)
            lost = self.followed.before.lost(self.followed.after) if self.followed else 0
        finally:
            step.rollback()
            self.event, self.shown, self.moved_extent, self.followed = kept
        if not lost:
            return []
        return [
            ngettext(
                "%(name)s: %(num)s publikasi yang bergantung padanya kehilangan jadwalnya.",
                "%(name)s: %(num)s publikasi yang bergantung padanya kehilangan jadwalnya.",
                lost, name=self.name,
            )
        ]  # fmt: skip

    def memory(self) -> dict[str, Any]:
        # What was split stays in two; the later part goes back as a whole.
        extent = Extent.ONE if self.moved_extent is Extent.ONE else Extent.ALL
        hanging = self.followed.told() if self.followed is not None else {}
        return {
            "k": self.kind.value, "i": self.event.id, "o": self.shown.occurrence.isoformat(), "e": extent.value,
            **({"h": hanging} if hanging else {}),
        }  # fmt: skip

    def recall(self, told: Mapping[str, Any]) -> None:
        self.former = Followed.read(told.get("h", {}))
