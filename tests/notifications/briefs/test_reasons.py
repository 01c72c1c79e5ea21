"""What somebody wrote as a reason is read in the product: it goes out neither by mail nor into a group."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from humasflow.core.db import db
from humasflow.notifications.briefs.daily import build_day
from humasflow.notifications.briefs.letters import as_text, compose
from humasflow.notifications.briefs.shared import Shared
from humasflow.notifications.enums import NoticeKind as K
from tests.factories import desk
from tests.factories.world import World

pytestmark = pytest.mark.db
At = Callable[[str], AbstractContextManager[None]]
MONDAY = "2026-11-23T00:16:00+00:00"
WHY = "Nama saksi Rukmini tidak boleh disebut"


def test_why_a_story_came_back_stays_in_the_product(
    world: World, at: At, in_request: None, browser_of
) -> None:
    with at(MONDAY):
        story = desk.story(world)
        story.returns, story.last_reason = 1, WHY
        db.session.commit()
        brief = build_day(world.as_(world.editor), Shared(world.office))
        letter = compose(K.BRIEF_DAY, brief, user=world.editor, office=world.office)
        group = as_text(brief, "Senin", world.office, "briefs.today")
        assert WHY in browser_of(world.editor).get("/hari-ini").text
    for text in (letter.text, letter.html, group):
        assert story.title in text
        assert "Rukmini" not in text
    outside = [n for told in (brief.outside(), brief.shared()) for s in told.sections for n in s.lines]
    assert not any(n.reason for n in outside)
