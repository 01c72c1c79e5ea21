"""A story's life, against an oracle drawn by hand from the product's diagram, not from the table under test."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow.audit import queries as audit
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.stories import services
from humasflow.stories.enums import OPEN, StoryMove, StoryState
from humasflow.stories.policy import reasons_not_to_move
from humasflow.stories.services import ReasonNeeded
from humasflow.stories.workflow import STORY
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

# naskah:  draf → direviu → disetujui → tayang → arsip
#            ↑______|  koreksi(reason, revisi ke-n)
#          any open state → ditunda ↔ ; → dibatalkan(reason) ; tayang → diturunkan(reason)
# An edit after approval leads back to draft; the writer may take back what is in review; what is urgent goes out of
# review without a decision (and is flagged by approvals).
DIAGRAM = {
    "draft": {"submit": "in_review", "hold": "on_hold", "cancel": "cancelled"},
    "in_review": {
        "return": "draft", "recall": "draft", "approve": "approved", "release": "approved", "hold": "on_hold",
        "cancel": "cancelled",
    },
    "approved": {"void": "draft", "publish": "published", "hold": "on_hold", "cancel": "cancelled"},
    "on_hold": {"resume": "draft", "cancel": "cancelled"},
    "published": {"archive": "archived", "withdraw": "withdrawn"},
    "archived": {"withdraw": "withdrawn"},
    "cancelled": {},
    "withdrawn": {},
}  # fmt: skip
NEED_A_REASON = {"return", "cancel", "withdraw"}

moves = st.lists(
    st.tuples(st.sampled_from(list(StoryMove)), st.sampled_from(["", "  ", "Alasan"])), max_size=14
)


@given(steps=moves)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_story_goes_only_where_the_diagram_leads(world: World, steps: list[tuple[StoryMove, str]]) -> None:
    with db.session.begin_nested() as savepoint:
        story = desk.story(world)
        state, returns, recorded = "draft", 0, 1
        for move, reason in steps:
            target = DIAGRAM[state].get(move.value)
            try:
                services.move_story(story, move, actor=None, reason=reason)
            except Refused:
                assert target is None, f"{move} from {state} was refused"
            except ReasonNeeded:
                assert target is not None
                assert move.value in NEED_A_REASON
                assert not reason.strip()
            else:
                assert target is not None, f"{move} from {state} was let through"
                assert move.value not in NEED_A_REASON or reason.strip()
                state, recorded = target, recorded + 1
                returns += move is StoryMove.RETURN
            assert (story.state.value, story.returns) == (state, returns)
        assert len(audit.list_timeline(("story", story.id))) == recorded
        savepoint.rollback()


def test_the_table_is_the_diagram() -> None:
    assert {
        s.value: {m.value: STORY.target(s, m).value for m in STORY.moves_from(s)} for s in StoryState
    } == DIAGRAM
    assert {m.value for m in StoryMove if STORY.needs_reason(m)} == NEED_A_REASON
    assert {s.value for s in OPEN} == {s for s, ways in DIAGRAM.items() if "cancel" in ways}


def test_a_returned_story_shows_its_reason_until_it_is_submitted_again(world: World) -> None:
    story = desk.story(world, state=StoryState.IN_REVIEW)
    services.move_story(story, StoryMove.RETURN, actor=None, reason="Lengkapi 5W1H")
    assert (story.returns, story.last_reason) == (1, "Lengkapi 5W1H")
    services.move_story(story, StoryMove.HOLD, actor=None)
    services.move_story(story, StoryMove.RESUME, actor=None)
    assert story.last_reason == "Lengkapi 5W1H"
    services.move_story(story, StoryMove.SUBMIT, actor=None)
    services.move_story(story, StoryMove.RECALL, actor=None)
    assert (story.returns, story.last_reason) == (1, "")


def test_the_button_and_the_service_give_the_same_reasons(world: World) -> None:
    for user in (world.editor, world.approver, world.lead, world.contributor):
        actor = world.as_(user)
        story = desk.story(world, state=StoryState.PUBLISHED)
        for move in (
            StoryMove.HOLD,
            StoryMove.RESUME,
            StoryMove.CANCEL,
            StoryMove.ARCHIVE,
            StoryMove.WITHDRAW,
        ):
            told = reasons_not_to_move(actor, story, move)
            if not told:
                continue
            with pytest.raises(Refused) as refused:
                services.move_story(story, move, actor=actor, reason="Alasan")
            assert list(refused.value.reasons) == told


def test_a_reader_is_told_both_reasons_at_once(world: World) -> None:
    story = desk.story(world)
    told = reasons_not_to_move(world.as_(world.lead), story, StoryMove.WITHDRAW)
    assert [r.code for r in told] == ["permission", "state"]
    assert str(told[1]) == "Naskah sekarang berstatus “Draf”, sehingga “Turunkan” tidak tersedia."
