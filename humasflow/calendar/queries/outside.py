"""What of the plan may be read by people who are not signed in: on a shared page, on the wall."""

from collections.abc import Iterable

from sqlalchemy import select

from humasflow.calendar.items import Item
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.stories.models import Story
from humasflow.stories.visibility import public_now

_ASKED_AT_ONCE = 500  # ids in one statement


def for_everybody(items: Iterable[Item]) -> list[Item]:
    """The items without those of a story that nobody outside is to know of yet, or any more, and without events that
    their own calendar keeps from others. One statement for each few hundred stories.
    """
    every = [i for i in items if not i.is_private]
    asked, hidden = sorted({i.story_id for i in every if i.story_id is not None}), set[int]()
    now = clock.now()
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        part = Story.id.in_(asked[start : start + _ASKED_AT_ONCE])
        hidden |= set(db.session.scalars(select(Story.id).where(part, ~public_now(now))))
    return [i for i in every if i.story_id not in hidden]
