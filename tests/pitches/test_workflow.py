"""Random walks never leave the table, and the database never holds an impossible pitch."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.core.machines import IllegalMove
from humasflow.pitches.enums import PitchMove as M
from humasflow.pitches.enums import PitchState as S
from humasflow.pitches.services import PitchContent, accept_pitch, move_pitch, send_pitch
from humasflow.pitches.workflow import PITCH
from tests.factories.world import World

# Written out on its own, so that a change of the table is a decision and not an accident.
LEGAL = {
    (S.NEW, M.ACCEPT): S.ACCEPTED, (S.NEW, M.PARK): S.PARKED, (S.NEW, M.REJECT): S.REJECTED,
    (S.PARKED, M.ACCEPT): S.ACCEPTED, (S.PARKED, M.REJECT): S.REJECTED, (S.PARKED, M.REOPEN): S.NEW,
    (S.REJECTED, M.REOPEN): S.NEW,
}  # fmt: skip


@given(st.lists(st.sampled_from(list(M)), max_size=30))
def test_the_table_alone(moves):
    state = PITCH.initial
    for move in moves:
        assert PITCH.allows(state, move) is ((state, move) in LEGAL)
        if (state, move) in LEGAL:
            assert PITCH.target(state, move) is LEGAL[state, move]
            state = LEGAL[state, move]
        else:
            with pytest.raises(IllegalMove):
                PITCH.target(state, move)


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(walk=st.lists(st.tuples(st.sampled_from(list(M)), st.sampled_from(["", "  ", "Alasan"])), max_size=8))
@pytest.mark.usefixtures("in_request")
def test_services_follow_the_table(world: World, walk):
    editor = world.as_(world.editor)
    pitch = send_pitch(
        actor=world.as_(world.contributor), office_id=world.office.id, content=PitchContent("Jalan acak")
    )
    for move, reason in walk:
        before = pitch.state
        legal = (before, move) in LEGAL and (move is not M.REJECT or bool(reason.strip()))
        try:
            if move is M.ACCEPT:
                accept_pitch(pitch, actor=editor, content_type_id=world.news.id)
            else:
                move_pitch(pitch, move, actor=editor, reason=reason)
        except Refused as refused:
            assert not legal
            codes = {r.code for r in refused.reasons}
            assert ("state" in codes) is ((before, move) not in LEGAL)
            assert ("needs_reason" in codes) is (move is M.REJECT and not reason.strip())
            assert pitch.state is before
        else:
            assert legal
            assert pitch.state is LEGAL[before, move]
        assert (pitch.story_id is not None) is (pitch.state is S.ACCEPTED)
        assert (pitch.decided_by is None) is (pitch.state is S.NEW)
        assert bool(pitch.reason) or pitch.state is not S.REJECTED
    db.session.rollback()
