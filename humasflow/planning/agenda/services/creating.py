"""A new event."""

from uuid import uuid4

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.orgs.queries import get_office
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.policy import MANAGING
from humasflow.planning.agenda.queries import series_of
from humasflow.planning.agenda.services.contents import EventContent, aligned, checked


def create_event(*, actor: Principal, office_id: int, content: EventContent) -> AgendaEvent:
    """Put an event on the office's agenda, on its office's clock. A repeating one begins on the first day its rule
    names. Flushes. Raises NotAllowed, BadContent, BadRule, NotFound.
    """
    require(actor, MANAGING, office_id)
    zone = get_office(office_id).zone_name
    told = aligned(checked(content, office_id=office_id, zone=zone), zone)
    now = clock.now()
    made = AgendaEvent(
        office_id=office_id, uid=f"{uuid4()}@humasflow", sequence=0, title=told.title, description=told.description,
        place=told.place, organizer=told.organizer, starts_at=told.starts_at, ends_at=told.ends_at, zone=zone,
        all_day=told.all_day, rule=told.rule, needs=[n.value for n in told.needs], section_id=told.section_id,
        campaign_id=told.campaign_id, created_by=actor.id, created_at=now, updated_at=now,
    )  # fmt: skip
    made.until_at = series_of(made).until_at()
    db.session.add(made)
    db.session.flush()
    audit.record(
        AuditAction.AGENDA_CREATED, ("agenda_event", made.id), office_id=office_id, actor=actor, label=made.title,
        starts_at=made.starts_at.isoformat(), rule=made.rule,
    )  # fmt: skip
    return made
