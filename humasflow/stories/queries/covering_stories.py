"""Who covers what of the agenda, for its own pages: the stories with the people at work on them."""

from collections import defaultdict
from collections.abc import Sequence, Set

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.planning.agenda.events import CoveredBy
from humasflow.stories.enums import OVER
from humasflow.stories.models import Assignment, Story
from humasflow.stories.policy import can_read
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.queries.coverage import Key
from humasflow.stories.visibility import visible_to


def coverage_of(
    actor: Principal, keys: Sequence[Key], whole: Set[int] = frozenset()
) -> dict[Key, list[CoveredBy]]:
    """The stories in work, or out, that cover these occurrences, or any of the events of ``whole``, oldest first. Two
    statements, however many; of a confidential story nothing is said to whoever may not see it.
    """
    wanted = set(keys)
    if not wanted and not whole:
        return {}
    stories = db.session.scalars(
        select(Story)
        .where(
            Story.event_id.in_({event_id for event_id, _at in wanted} | whole), Story.state.not_in(sorted(OVER)),
            visible_to(actor.id),
        )
        .order_by(Story.id)
    ).all()  # fmt: skip
    mine = [s for s in stories if s.event_id in whole or (s.event_id, s.occurrence) in wanted]
    people = _people_of([s.id for s in mine])
    found: dict[Key, list[CoveredBy]] = defaultdict(list)
    for story in mine:
        url = url_for("pages.story", story_id=story.id) if can_read(actor, story) else ""
        if story.event_id is not None:
            found[story.event_id, story.occurrence].append(
                CoveredBy(url, story.title, story.state, people.get(story.id, ()))
            )
    return dict(found)


def _people_of(story_ids: Sequence[int]) -> dict[int, list[str]]:
    """``Nama (Fotografer)`` of the open tasks of each story."""
    if not story_ids:
        return {}
    rows = db.session.execute(
        select(Assignment, User.name)
        .join(User, User.id == Assignment.person_id)
        .where(Assignment.story_id.in_(story_ids), is_open())
        .options(joinedload(Assignment.role))
        .order_by(Assignment.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for task, name in rows:
        said = _("%(name)s (%(role)s)", name=name, role=task.role.label)
        if said not in found[task.story_id]:
            found[task.story_id].append(said)
    return found
