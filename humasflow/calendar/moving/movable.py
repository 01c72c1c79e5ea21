"""What anything that can be moved answers: where it stands, where it would land, what is against it; and moves."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import today_at
from humasflow.calendar.enums import ItemKind
from humasflow.calendar.moving.asking import BadAsk, Ref, Where, check_day
from humasflow.calendar.moving.clocks import at_time, on_day
from humasflow.core.db import Versioned
from humasflow.core.errors import Reason, UserError
from humasflow.core.localtime import show_date, show_instant, to_local
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.enums import Extent

TRAY_TIME: Final = time(9)
Look = tuple[str, str, str, str, str]  # state, its label, tone, icon, icon of the state


@dataclass
class Movable(ABC):
    """One thing on the calendar, read for moving. ``office``: whose clock counts."""

    kind: ClassVar[ItemKind]
    needs_future: ClassVar[bool] = False  # work that is still to be done cannot be put on a day that is over
    ref: Ref
    office: Unit
    was_undoable = True  # as :attr:`is_undoable` said before it moved

    @property
    @abstractmethod
    def subject(self) -> tuple[str, int]:
        """Under what name the record knows it."""

    @property
    @abstractmethod
    def thing(self) -> Versioned:
        """The row whose version the page knew."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called in a sentence."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is called in a list."""

    @property
    @abstractmethod
    def at(self) -> datetime | None:
        """The instant it stands at; None in the tray."""

    @abstractmethod
    def look(self) -> Look:
        """How it is drawn now."""

    @abstractmethod
    def reasons_of_person(self, actor: Principal) -> list[Reason]:
        """What is against moving it at all: who asks, and the state it is in."""

    @abstractmethod
    def reasons_of_time(self, to: datetime | None) -> list[Reason]:
        """What is against that time. Costs no statement."""

    @abstractmethod
    def move(self, to: datetime | None, *, actor: Principal, extent: Extent, drop: bool = False) -> None:
        """Move it; ``drop``: also where something set by itself is lost. Flushes. Raises UserError for what has changed
        since the reasons were asked.
        """

    @property
    def zone(self) -> str:
        """Whose clock shows its time."""
        return self.office.zone_name

    @property
    def has_clock(self) -> bool:
        """Whether it has a time of day."""
        return True

    @property
    def occurrence(self) -> datetime | None:
        """Which of a series it is, by the instant the rule gives it."""
        return None

    @property
    def day(self) -> date | None:
        """The day it stands on."""
        return to_local(self.at, self.zone).date() if self.at is not None else None

    @property
    def is_undoable(self) -> bool:
        """Whether moving it back leaves everything as it was."""
        return True

    def stays(self, to: datetime | None) -> bool:
        """Whether moving it there changes nothing."""
        return to == self.at

    def landing(self, where: Where) -> datetime | None:
        """Where it would stand. Raises :class:`BadAsk`."""
        at = self.at
        if where.shift is not None:
            if at is None:
                raise BadAsk("shift", _("%(name)s belum punya hari. Pilih harinya.", name=self.name))
            day: date | None = to_local(at, self.zone).date() + timedelta(days=where.shift)
        else:
            day = where.day
        return self._on(check_day(day), where.clock) if day is not None else self._in_tray()

    def _on(self, day: date, clock: time | None) -> datetime:
        if clock is None and self.at is not None:
            return on_day(self.at, day, self.zone)
        return at_time(day, clock or TRAY_TIME, self.zone)

    def _in_tray(self) -> datetime | None:
        raise BadAsk("day", _("%(name)s harus punya hari. Pilih harinya.", name=self.name))

    @property
    def is_stale(self) -> bool:
        """Whether it was changed since the page was drawn."""
        return self.ref.row_version not in (None, self.thing.row_version)

    def when(self, at: datetime | None) -> str:
        """A time as a sentence says it."""
        if at is None:
            return _("daftar yang belum dijadwalkan")
        return show_instant(at, self.zone) if self.has_clock else show_date(at, self.zone)

    @property
    def stands(self) -> str:
        """Where it stands, in a list."""
        return self.when(self.at) if self.at is not None else _("belum dijadwalkan")

    def said(self, before: datetime | None) -> str:
        """What became of it."""
        if self.at == before:
            return _("%(name)s tetap di %(when)s.", name=self.name, when=self.when(self.at))
        return _("%(name)s dipindahkan ke %(when)s.", name=self.name, when=self.when(self.at))

    def memory(self) -> dict[str, Any]:
        """What moving it back needs, beside the two times."""
        return {"k": self.kind.value, "i": self.ref.id}

    def recall(self, told: Mapping[str, Any]) -> None:  # noqa: B027 - most need nothing of it
        """Be told what an undo remembers of it."""

    def reasons(self, actor: Principal, to: datetime | None) -> list[Reason]:
        """Everything that is against moving it there; of staying, only what is against moving it at all."""
        return self.reasons_of_person(actor) + ([] if to == self.at else self.reasons_of_time(to))

    def _is_past(self, to: datetime) -> list[Reason]:
        day = to_local(to, self.zone).date()
        if day >= today_at(self.office):
            return []
        return [Reason("past", _("%(day)s sudah lewat. Pilih hari ini atau sesudahnya.", day=long_day(day)))]


def long_day(day: date) -> str:
    """Such as Selasa, 13 Oktober 2026."""
    return show_date(day, style="EEEE, d MMMM yyyy")


def told_by(check: Any) -> list[Reason]:
    """What a check of a time says, as reasons."""
    try:
        check()
    except UserError as error:
        return [Reason("time", error.message)]
    return []
