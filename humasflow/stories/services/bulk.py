"""What is done to many stories one at a time: small changes that have no page of their own."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db, lock
from humasflow.core.errors import Reason, Refused
from humasflow.core.permissions import Permission
from humasflow.planning import queries as planning
from humasflow.stories.models import Story
from humasflow.stories.policy import reasons_not_to_file
from humasflow.stories.queries.assignments import list_open_of_story
from humasflow.stories.services.assignments import change_assignment, check_due
from humasflow.stories.services.writing import refile


def lock_stories(story_ids: Iterable[int]) -> None:
    """Wait for whoever is changing any of them, in the order of their numbers; held until the transaction ends."""
    wanted = select(Story.id).where(Story.id.in_(sorted(set(story_ids)))).order_by(Story.id)
    db.session.execute(wanted.with_for_update()).all()


def set_pillar(story: Story, *, actor: Principal, pillar_id: int | None) -> bool:
    """File the story under another pillar, or none; whether that changed anything. Its text and approval stay.

    Raises Refused, NotFound for a pillar of another office.
    """
    lock(story)
    reasons = reasons_not_to_file(actor, story)
    if reasons:
        raise Refused(reasons)
    if pillar_id is not None:
        planning.get_pillar(story.office_id, pillar_id)
    if story.pillar_id == pillar_id:
        return False
    refile(story, story.content_type_id, story.section_id, pillar_id, actor=actor)
    return True


def set_due(story: Story, *, actor: Principal, due_at: datetime | None) -> int:
    """Give every task of the story that is not done this deadline (aware; None takes it away); how many changed.

    Raises Refused when there is nothing to give it to, DuePassed for a time that is over.
    """
    lock(story)
    if not actor.can(Permission.STORY_WRITE, story.office_id):
        raise Refused([Reason("permission", _("Peran Anda belum mencakup pengaturan tugas."))])
    check_due(due_at)
    tasks = list_open_of_story(story.id)
    if not tasks:
        raise Refused(
            [
                Reason(
                    "no_task", _("Belum ada tugas yang berjalan. Beri penugasan di halaman naskahnya dahulu.")
                )
            ]
        )
    return sum(change_assignment(task, actor=actor, due_at=due_at, brief=task.brief) for task in tasks)
