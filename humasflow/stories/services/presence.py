"""Saying "I am here": one small row a window, never a lock, forgotten by itself."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.stories.enums import PresenceMode
from humasflow.stories.models import Story, StoryPresence
from humasflow.stories.queries.presence import GONE_AFTER

PLACE_LENGTH = 120
SWEPT_AFTER = timedelta(hours=1)


def note_presence(story: Story, *, actor: Principal, tab: str, mode: PresenceMode, place: str = "") -> None:
    """Somebody who may read the story has it open in a window. One statement; the story itself is not touched, and
    nothing is recorded: being there is no act.
    """
    now = clock.now()
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    row = insert(StoryPresence).values(
        story_id=story.id, user_id=actor.id, tab=tab, mode=mode, place=place.strip()[:PLACE_LENGTH],
        since=now, seen_at=now,
    )  # fmt: skip
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=[StoryPresence.story_id, StoryPresence.user_id, StoryPresence.tab],
            set_={"mode": row.excluded.mode, "place": row.excluded.place, "seen_at": row.excluded.seen_at},
        )
    )


def leave(story: Story, *, actor: Principal, tab: str) -> None:
    """The window was closed. Saying it twice changes nothing."""
    db.session.execute(
        delete(StoryPresence).where(
            StoryPresence.story_id == story.id, StoryPresence.user_id == actor.id, StoryPresence.tab == tab
        )
    )


def sweep_presence() -> int:
    """Remove the rows of windows that said nothing for long. Returns how many."""
    result = db.session.execute(
        delete(StoryPresence).where(StoryPresence.seen_at < clock.now() - max(SWEPT_AFTER, GONE_AFTER))
    )
    return int(getattr(result, "rowcount", 0))
