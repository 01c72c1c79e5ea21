"""How long something has waited, in working time, and what the office thinks of that."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.approvals.enums import AgeBand
from humasflow.approvals.models import ApprovalSettings
from humasflow.approvals.worktime import WorkingTime
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.orgs.models import Unit

# Where an office set no figures of its own: a working day is soon, two are too long.
USUAL_REMIND, USUAL_ESCALATE = timedelta(hours=8), timedelta(hours=16)


@dataclass(frozen=True)
class Ageing:
    """An office's working time and figures. Zero: it is not done by itself."""

    working: WorkingTime
    remind: timedelta
    escalate: timedelta

    def waited(self, since: datetime) -> timedelta:
        """Working time since then."""
        return self.working.between(since, clock.now())

    def band(self, since: datetime) -> AgeBand:
        """How urgent it has become."""
        waited = self.waited(since)
        if waited >= (self.escalate or max(USUAL_ESCALATE, 2 * self.remind)):
            return AgeBand.OVERDUE
        return AgeBand.DUE if waited >= (self.remind or USUAL_REMIND) else AgeBand.FRESH


def ageing_of(office: Unit) -> Ageing:
    """What holds in an office. One statement."""
    settings = db.session.get(ApprovalSettings, office.id)
    zone = office.zone_name
    if settings is None:
        return Ageing(WorkingTime(zone), timedelta(), timedelta())
    return Ageing(
        WorkingTime(zone, settings.day_starts, settings.day_ends),
        timedelta(hours=settings.remind_hours),
        timedelta(hours=settings.escalate_hours),
    )


def in_words(waited: timedelta, day: timedelta) -> str:
    """``3 jam kerja``, ``2 hari kerja``: whole units, rounded down."""
    days = int(waited / day) if day else 0
    if days:
        return ngettext("%(num)s hari kerja", "%(num)s hari kerja", days)
    hours = int(waited / timedelta(hours=1))
    if hours:
        return ngettext("%(num)s jam kerja", "%(num)s jam kerja", hours)
    return _("kurang dari sejam")
