"""Who may change the agenda: whoever writes stories in its office, unless another calendar keeps the event."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.planning.agenda.enums import EventMove, EventState
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.workflow import EVENT

MANAGING = Permission.STORY_WRITE


def can_manage(actor: Principal, office_id: int) -> bool:
    """Whether the actor keeps this office's agenda."""
    return actor.can(MANAGING, office_id)


def reasons_not_to_add(actor: Principal, event: AgendaEvent) -> list[Reason]:
    """Why the actor cannot say what the office needs from this event and where it belongs."""
    reasons = []
    if not can_manage(actor, event.office_id):
        reasons.append(Reason("role", _("Mengubah agenda adalah tugas redaktur.")))
    if event.removed_at is not None:
        reasons.append(Reason("removed", _("Agenda ini sudah dihapus.")))
    return reasons


def reasons_not_to_change(actor: Principal, event: AgendaEvent) -> list[Reason]:
    """Why the actor cannot change, move, cancel or remove this event."""
    reasons = reasons_not_to_add(actor, event)
    if event.feed_id is not None:
        reasons.append(
            Reason("elsewhere", _("Agenda ini mengikuti kalender lain. Ubahlah di kalender asalnya."))
        )
    return reasons


def reasons_not_to_move(actor: Principal, event: AgendaEvent, state: EventState) -> list[Reason]:
    """The same, and what does not take place has no time to move."""
    reasons = reasons_not_to_change(actor, event)
    if not EVENT.allows(state, EventMove.POSTPONE):
        reasons.append(Reason("cancelled", _("Agenda ini dibatalkan. Pulihkan dahulu, lalu pindahkan.")))
    return reasons
