"""Who holds a story."""

from flask_babel import gettext as _

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused, UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.stories.events import StoryAssigned
from humasflow.stories.models import Story
from humasflow.stories.policy import reasons_not_to_assign
from humasflow.stories.services.confidentiality import name_reader


def assign_story(story: Story, *, actor: Principal, owner_id: int) -> None:
    """Hand the story to a person who may write in its office. Handing it to its holder changes nothing."""
    lock(story)
    reasons = reasons_not_to_assign(actor, story)
    if reasons:
        raise Refused(reasons)
    office = orgs.get_office(story.office_id)
    holder = next(
        (p for p in accounts.list_people_with(Permission.STORY_WRITE, office) if p.id == owner_id), None
    )
    if holder is None:
        raise UserError(_("Naskah hanya bisa dipegang oleh redaktur kantor ini."))
    if story.owner_id == owner_id:
        return
    story.owner_id, story.updated_at = owner_id, clock.now()
    db.session.flush()
    name_reader(story, owner_id, actor=actor)
    audit.record(
        AuditAction.STORY_ASSIGNED,
        ("story", story.id),
        office_id=story.office_id,
        actor=actor,
        label=holder.name,
        owner_id=owner_id,
    )
    emit(StoryAssigned(story_id=story.id, owner_id=owner_id, actor_id=actor.id))
