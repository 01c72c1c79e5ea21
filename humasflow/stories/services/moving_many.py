"""Many stories moved at once: the same rows and the same record as one after the other (:mod:`.moving`), without asking
anything for each of them.
"""

from collections.abc import Iterable

from sqlalchemy import select, update

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, table_of
from humasflow.core.events import emit
from humasflow.stories.enums import StoryMove
from humasflow.stories.events import StoriesMoved, StoryMoved
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.services.moving import move_story
from humasflow.stories.workflow import STORY


def withdraw_stories(office_id: int, story_ids: Iterable[int], *, reason: str) -> None:
    """The product withdraws those stories of the office that may be; whoever calls has locked them. What is in the
    session is read again. A fixed number of statements. Flushes; emits StoriesMoved.
    """
    db.session.flush()
    rows = db.session.execute(
        select(Story.id, Story.state, StoryVersion.sealed_at)
        .outerjoin(StoryVersion, StoryVersion.id == Story.current_version_id)
        .where(Story.id.in_(set(story_ids)), Story.office_id == office_id)
        .order_by(Story.id)
    ).all()
    allowed = [row for row in rows if STORY.allows(row.state, StoryMove.WITHDRAW)]
    moved = [
        StoryMoved(
            story_id=row.id, move=StoryMove.WITHDRAW, before=row.state,
            after=STORY.target(row.state, StoryMove.WITHDRAW), actor_id=None, reason=reason,
        )
        for row in allowed
        if row.sealed_at is not None
    ]  # fmt: skip
    if moved:
        _write(office_id, moved, reason)
    for row in allowed:
        if row.sealed_at is None:  # somebody writes at it: to be sealed first, and told of
            move_story(db.session.get_one(Story, row.id), StoryMove.WITHDRAW, actor=None, reason=reason)


def _write(office_id: int, moved: list[StoryMoved], reason: str) -> None:
    now, stories = clock.now(), table_of(Story)
    for after in {m.after for m in moved}:
        ids = [m.story_id for m in moved if m.after is after]
        db.session.execute(
            update(stories)
            .where(stories.c.id.in_(ids))
            .values(
                state=after, state_since=now, updated_at=now, last_reason=reason,
                row_version=stories.c.row_version + 1,
            )
        )  # fmt: skip
    db.session.expire_all()
    audit.record_many(
        [
            audit.Act(
                AuditAction.STORY_WITHDRAWN, ("story", m.story_id), None,
                detail={"before": m.before.value, "after": m.after.value, "reason": reason},
            )
            for m in moved
        ],
        office_id=office_id,
    )  # fmt: skip
    emit(StoriesMoved(tuple(moved)))
