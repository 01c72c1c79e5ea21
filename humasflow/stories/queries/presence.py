"""Who else is at a story now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.stories.enums import PresenceMode
from humasflow.stories.models import StoryPresence

# A window says that it is there every ten seconds: one lost message is forgiven.
GONE_AFTER = timedelta(seconds=25)


@dataclass(frozen=True)
class Present:
    """A person at a story: what they do there, and where."""

    user_id: int
    name: str
    initials: str
    mode: PresenceMode
    place: str
    since: datetime


def list_present(story_id: int, *, without: int | None = None) -> Sequence[Present]:
    """Who is there, those who write first; once each, however many windows they have. One statement. The caller has
    checked that whoever asks may read the story.
    """
    rows = db.session.execute(
        select(StoryPresence, User)
        .join(User, User.id == StoryPresence.user_id)
        .where(StoryPresence.story_id == story_id, StoryPresence.seen_at >= clock.now() - GONE_AFTER)
        .order_by(StoryPresence.seen_at.desc(), StoryPresence.tab)
    ).all()
    found: dict[int, Present] = {}
    for row, user in sorted(rows, key=lambda pair: pair[0].mode is not PresenceMode.EDITING):
        if user.id != without and user.id not in found:
            found[user.id] = Present(user.id, user.name, user.initials, row.mode, row.place, row.since)
    return list(found.values())
