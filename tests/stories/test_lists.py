"""The desk's lists on both databases: every open story in one lane, what is out newest first."""

import pytest
from sqlalchemy import false

from humasflow.stories.enums import OPEN, StoryMove, StoryState
from humasflow.stories.queries import RETURNED, count_by_state, list_board, list_desk
from humasflow.stories.services import move_story
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def test_the_board_holds_what_is_in_work_and_the_newest_that_are_out(
    world: World, other_world: World
) -> None:
    for state in StoryState:
        desk.story(world, title=state.value, state=state)
    returned = desk.story(world, title="returned", state=StoryState.IN_REVIEW)
    move_story(returned, StoryMove.RETURN, actor=None, reason="Lengkapi")
    for n in range(3):
        desk.story(world, title=f"out {n}", state=StoryState.PUBLISHED)
    desk.story(other_world, title="elsewhere")
    rows = list_board(world.office.id, scheduled=false(), recent=2)
    assert {r.title for r in rows if r.lane != StoryState.PUBLISHED} == {s.value for s in OPEN} | {"returned"}
    assert [r.title for r in rows if r.lane == RETURNED] == ["returned"]
    assert [r.title for r in rows if r.lane == StoryState.PUBLISHED] == ["out 2", "out 1"]
    assert all(r.lane == r.state for r in rows if r.lane != RETURNED)


def test_a_lane_is_cut_but_counted_whole(world: World) -> None:
    for n in range(5):
        desk.story(world, title=f"Naskah {n}")
    rows = list_board(world.office.id, scheduled=false(), per_lane=2)
    assert [(r.title, r.lane_total) for r in rows] == [("Naskah 0", 5), ("Naskah 1", 5)]


def test_who_reads_no_stories_lists_only_those_they_began(world: World) -> None:
    desk.story(world)
    mine = desk.story(world, title="Saya mulai")
    mine.created_by = world.contributor.id
    assert [r.title for r in list_desk(world.as_(world.contributor))] == ["Saya mulai"]
    assert len(list_desk(world.as_(world.editor))) == 2
    assert count_by_state(world.office.id) == {StoryState.DRAFT: 2}
