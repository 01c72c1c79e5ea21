"""What the office adds to an event that another calendar keeps: what it needs, whose it is, which campaign it serves.

Reading the other calendar again leaves it alone.
"""

from collections.abc import Sequence
from typing import Any

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import lock
from humasflow.core.errors import Refused
from humasflow.core.versions import expect_version
from humasflow.planning.agenda.enums import EventNeed
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.policy import reasons_not_to_add
from humasflow.planning.agenda.services.contents import check_filing
from humasflow.planning.agenda.services.parting import touched


def add_to_event(
    event: AgendaEvent,
    *,
    actor: Principal,
    needs: Sequence[EventNeed],
    section_id: int | None,
    campaign_id: int | None,
    row_version: int | None = None,
) -> AgendaEvent:
    """Say of the whole event what public relations owes it and where it belongs, whoever keeps its times. Flushes.
    Raises Refused, Conflict, NotFound (a section or campaign of another office).
    """
    lock(event)
    reasons = reasons_not_to_add(actor, event)
    if reasons:
        raise Refused(reasons)
    expect_version(event, row_version)
    check_filing(event.office_id, section_id, campaign_id)
    values: dict[str, Any] = {
        "needs": [n.value for n in EventNeed if n in set(needs)], "section_id": section_id, "campaign_id": campaign_id,
    }  # fmt: skip
    changed: dict[str, Any] = {name: value for name, value in values.items() if getattr(event, name) != value}
    if not changed:
        return event
    for name, value in changed.items():
        setattr(event, name, value)
    touched(event)
    audit.record(
        AuditAction.AGENDA_CHANGED, ("agenda_event", event.id), office_id=event.office_id, actor=actor,
        label=event.title, **{**changed, "changed": list(changed)},
    )  # fmt: skip
    return event
