"""Deciding about publications: who may, what a decision does, how it is taken back, what a close leaves alone."""

from datetime import timedelta
from decimal import Decimal

import pytest

from humasflow.audit import queries as audit
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.media.services import storage
from humasflow.publishing.enums import LinkState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import retract
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import LedgerEntry, ScoreCount
from humasflow.scoring.open_questions import _points
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services import verifying_many
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.reconsidering import (
    UNDONE_WITHIN,
    recount_point,
    reverse_point,
    undo_decision,
)
from humasflow.scoring.services.verification import (
    confirm,
    dispute_point,
    question_link,
    verify_point,
)
from humasflow.scoring.services.verifying_many import AT_ONCE, verify_many
from humasflow.stories.enums import StoryState
from humasflow.stories.models import StoryReader
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.judging import close, proven

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
S = PointState


def state_of(delivery_id: int) -> PointState:
    return queries.point_state_of([delivery_id])[delivery_id]


def queue(world: World) -> queries.Queue:
    return queries.Queue(world.office.id, world.lead.id)


def counted(world: World) -> dict[PointState, int]:
    rows = db.session.query(ScoreCount).filter_by(office_id=world.office.id, beneficiary="office")
    return {row.state: row.number for row in rows if row.number}


def test_a_decision_is_taken_back_by_whom_it_was_made(world: World) -> None:
    make_scheme(world)
    delivery, lead = live_post(world), world.as_(world.lead)
    verify_point(delivery, actor=lead)
    with pytest.raises(Refused, match="tidak dapat diurungkan"):
        undo_decision(delivery, actor=world.as_(world.editor))
    undo_decision(delivery, actor=lead)
    assert state_of(delivery.id) is S.LIVE_UNVERIFIED
    assert counted(world) == {S.LIVE_UNVERIFIED: 1}
    with pytest.raises(Refused):
        undo_decision(delivery, actor=lead)
    assert list(differences()) == []
    actions = [e.action.value for e in audit.list_timeline(("post", delivery.post_id))]
    assert "scoring.point.taken_back" in actions


def test_taking_back_a_second_decision_leads_to_the_first(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    dispute_point(delivery, actor=world.as_(world.editor), reason="Judulnya lain")
    verify_point(delivery, actor=world.as_(world.lead))
    undo_decision(delivery, actor=world.as_(world.lead))
    (row,) = queries.list_disputed(queue(world))
    assert row.note == "Judulnya lain", "the question that somebody has to answer stands again"


def test_a_question_taken_back_leaves_the_verification_to_who_made_it(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    verify_point(delivery, actor=world.as_(world.editor))
    dispute_point(delivery, actor=world.as_(world.lead), reason="Salah lihat")
    again = undo_decision(delivery, actor=world.as_(world.lead))
    assert again.state is S.VERIFIED and counted(world) == {S.VERIFIED: 1}
    assert "verifikasi oleh" in again.note and "Redaktur Satu" in again.note
    assert list(differences()) == []


def test_after_a_while_a_decision_stands(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    verify_point(delivery, actor=world.as_(world.lead))
    with clock.moved_to(clock.now() + UNDONE_WITHIN + timedelta(minutes=1)), pytest.raises(Refused):
        undo_decision(delivery, actor=world.as_(world.lead))


def test_a_decision_about_what_somebody_else_decided_meanwhile_is_refused(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    seen = queries.newest_events_of([delivery.id])[delivery.id].id
    dispute_point(delivery, actor=world.as_(world.editor), reason="Bukan kanal kami", seen=seen)
    with pytest.raises(Conflict, match="Dipertanyakan, oleh .*Redaktur Satu"):
        verify_point(delivery, actor=world.as_(world.lead), seen=seen)
    assert state_of(delivery.id) is S.DISPUTED
    verify_point(delivery, actor=world.as_(world.lead))
    assert verify_point(delivery, actor=world.as_(world.lead), seen=seen) is None, "nothing to disagree about"


def test_what_was_questioned_can_stop_counting_and_count_again(world: World) -> None:
    make_scheme(world)
    delivery, lead = live_post(world), world.as_(world.lead)
    with pytest.raises(Refused, match="Pertanyakan dahulu"):
        reverse_point(delivery, actor=lead, reason="Bukan berita kantor")
    dispute_point(delivery, actor=lead, reason="Ganda")
    with pytest.raises(UserError, match="mengapa"):
        reverse_point(delivery, actor=lead, reason=" ")
    reverse_point(delivery, actor=lead, reason="Sama dengan siaran pers")
    assert reverse_point(delivery, actor=lead, reason="sekali lagi") is None
    assert state_of(delivery.id) is S.REVERSED
    lines = db.session.query(LedgerEntry).filter_by(beneficiary="office").order_by(LedgerEntry.id).all()
    assert [line.quantity for line in lines] == [Decimal(1), Decimal(-1)]
    assert (lines[1].reverses_id, lines[1].reason) == (lines[0].id, "Sama dengan siaran pers")
    assert score_delivery(delivery) == [], "scoring everything again does not overrule a person"
    assert list(differences()) == []
    recount_point(delivery, actor=lead)
    assert recount_point(delivery, actor=lead) is None
    assert (state_of(delivery.id), counted(world)) == (S.LIVE_UNVERIFIED, {S.LIVE_UNVERIFIED: 1})
    assert list(differences()) == []


def test_what_counts_nowhere_can_be_set_aside_too(world: World) -> None:
    delivery, lead = live_post(world), world.as_(world.lead)
    score_delivery(delivery)
    dispute_point(delivery, actor=lead, reason="Uji coba")
    reverse_point(delivery, actor=lead, reason="Uji coba")
    assert state_of(delivery.id) is S.REVERSED
    assert len(queries.list_disputed(queue(world))) == 0


def test_in_a_closed_period_nobody_decides_by_hand(world: World) -> None:
    scheme = make_scheme(world)
    delivery, lead = live_post(world), world.as_(world.lead)
    close(scheme, "2026-TW1")
    with pytest.raises(Refused, match="Triwulan I 2026 sudah ditutup.*Penyesuaian"):
        verify_point(delivery, actor=lead)
    with pytest.raises(Refused, match="Triwulan I 2026 sudah ditutup.*Penyesuaian"):
        dispute_point(delivery, actor=lead, reason="Salah")
    assert confirm(delivery, actor=lead, label="Impor") is None
    assert question_link(delivery) is None, "a dead link leaves a closed period alone"
    assert state_of(delivery.id) is S.LIVE_UNVERIFIED
    assert len(queries.list_unverified(queue(world))) == 0, "nobody is asked about it"
    assert (queries.count_unverified(queue(world)), queries.count_frozen(queue(world))) == (0, 1)
    assert queries.place_of(queue(world)) is None


def test_a_reopened_period_asks_again(world: World) -> None:
    scheme = make_scheme(world)
    delivery = live_post(world)
    closed = close(scheme, "2026-TW1")
    closed.reopened_at = clock.now()
    db.session.flush()
    assert [r.delivery_id for r in queries.list_unverified(queue(world))] == [delivery.id]
    assert verify_point(delivery, actor=world.as_(world.lead)) is not None


def test_what_still_counts_in_an_open_period_can_be_decided(world: World) -> None:
    """A scheme of its own closes its own period; the other one still asks."""
    first = make_scheme(world)
    make_scheme(world, name="Skema kedua")
    delivery = live_post(world)
    close(first, "2026-TW1")
    assert queries.count_unverified(queue(world)) == 1
    assert verify_point(delivery, actor=world.as_(world.lead)) is not None


def test_many_are_confirmed_when_their_evidence_is_complete(world: World, other_world: World) -> None:
    make_scheme(world)
    good, bare = proven(world), live_post(world)
    unseen = proven(world)
    unseen.link_state, unseen.confirmed_at = LinkState.UNKNOWN, None
    dead = proven(world)
    dead.link_state = LinkState.GONE
    own = proven(world)
    own.evidence[0].captured_by = world.lead.id
    db.session.flush()
    ids = [d.id for d in (good, bare, unseen, dead, own)]
    outcome = verify_many(ids, actor=world.as_(world.lead))
    assert [d.id for d in outcome.verified] == [good.id]
    why = {d.id: {r.code for r in reasons} for d, reasons in outcome.left_out}
    assert why == {
        bare.id: {"link", "no_picture"}, unseen.id: {"link"}, dead.id: {"link"}, own.id: {"four_eyes"},
    }  # fmt: skip
    again = verify_many([good.id], actor=world.as_(world.lead))
    assert not again.verified
    with pytest.raises(NotFound):
        verify_many([proven(other_world).id], actor=world.as_(world.lead))
    with pytest.raises(UserError, match="satu publikasi"):
        verify_many([], actor=world.as_(world.lead))
    with pytest.raises(UserError, match=str(AT_ONCE)):
        verify_many(range(1, AT_ONCE + 2), actor=world.as_(world.lead))


def test_many_at_once_overrule_no_question_that_was_asked_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody decides while this person's request waits for the publications."""
    make_scheme(world)
    delivery = proven(world)
    hold = verifying_many.hold_many

    def somebody_is_faster(ids: list[int]) -> None:
        dispute_point(delivery, actor=world.as_(world.editor), reason="Bukan kanal kami")
        hold(ids)

    monkeypatch.setattr(verifying_many, "hold_many", somebody_is_faster)
    outcome = verify_many([delivery.id], actor=world.as_(world.lead))
    assert not outcome.verified and [r.code for r in outcome.left_out[0][1]] == ["decided"]
    assert state_of(delivery.id) is S.DISPUTED


def test_a_question_that_a_close_left_open_waits_for_nobody(world: World) -> None:
    scheme = make_scheme(world)
    delivery = live_post(world)
    dispute_point(delivery, actor=world.as_(world.lead), reason="Ganda")
    assert queries.count_disputed(queue(world)) == 1
    close(scheme, "2026-TW1")
    assert len(queries.list_disputed(queue(world))) == queries.count_disputed(queue(world)) == 0
    assert queries.count_frozen(queue(world)) == 1, "and it is said"


def test_what_waits_can_be_narrowed_to_a_period_of_a_scheme(world: World) -> None:
    """The same publications that the questions before a close count."""
    scheme = make_scheme(world)
    first, asked = live_post(world), live_post(world, at="2026-05-10T02:00Z")
    questioned = live_post(world, at="2026-05-11T02:00Z")
    dispute_point(questioned, actor=world.as_(world.lead), reason="Ganda")
    live_post(world, account=world.instagram, at="2026-05-12T02:00Z").content_type_id = world.social.id
    second = queries.Narrowed(scheme.id, "2026-TW2")
    of = queries.Queue(world.office.id, world.lead.id, second)
    number = _points(world.office.id, scheme.id, "2026-TW2")
    assert queries.count_unverified(of) == number[S.LIVE_UNVERIFIED] == 2
    assert queries.count_disputed(of) == number[S.DISPUTED] == 1
    assert asked.id in {r.delivery_id for r in queries.list_unverified(of)}
    assert [r.delivery_id for r in queries.list_disputed(of)] == [questioned.id]
    place = queries.place_of(of, asked.id)
    assert place is not None and (place.delivery_id, place.total, place.after) == (asked.id, 2, None)
    assert first.id in {r.delivery_id for r in queries.list_unverified(queue(world))}
    other = queries.Queue(world.office.id, world.lead.id, queries.Narrowed(scheme.id, "2026-TW3"))
    assert queries.place_of(other) is None


def test_a_story_kept_from_the_person_is_not_put_before_them(world: World) -> None:
    """One channel is out, another waits: the story is not public yet, and this person could not open it."""
    make_scheme(world)
    story = live_post(world, title="Rahasia").post.story
    story.is_confidential, story.state = True, StoryState.APPROVED
    db.session.flush()
    assert len(queries.list_unverified(queue(world))) == 0 and queries.place_of(queue(world)) is None
    db.session.add(StoryReader(story_id=story.id, user_id=world.lead.id, added_at=clock.now()))
    db.session.flush()
    assert queries.count_unverified(queue(world)) == 1


def test_a_picture_whose_file_is_gone_is_no_complete_evidence(world: World) -> None:
    make_scheme(world)
    delivery = proven(world)
    shot = delivery.evidence[0].screenshot
    assert shot is not None
    storage().path(shot.original_key).unlink()
    outcome = verify_many([delivery.id], actor=world.as_(world.lead))
    assert [r.code for r in outcome.left_out[0][1]] == ["lost_picture"]
    assert len(queries.list_unverified(queue(world))) == 1, "the line stays, and so does the question"


def test_the_queue_goes_from_one_to_the_next(world: World) -> None:
    make_scheme(world)
    oldest = live_post(world, at="2026-02-01T02:00Z").id
    middle = live_post(world, at="2026-02-02T02:00Z").id
    newest = live_post(world, at="2026-02-03T02:00Z").id
    first = queries.place_of(queue(world))
    assert first is not None and (first.delivery_id, first.number, first.total) == (newest, 1, 3)
    assert (first.before, first.after) == (None, middle)
    there = queries.place_of(queue(world), middle)
    assert there is not None and (there.number, there.before, there.after) == (2, newest, oldest)
    verify_point(db.session.get_one(Delivery, middle), actor=world.as_(world.lead))
    onward = queries.place_of(queue(world), middle)
    assert onward is not None and onward.delivery_id == oldest, "what is decided leads to the one after it"


def test_what_was_taken_down_asks_nobody(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    retract(delivery, actor=world.as_(world.editor), reason="Keliru")
    assert queries.count_unverified(queue(world)) == 0
    with pytest.raises(Refused, match="tidak sedang tayang"):
        verify_point(delivery, actor=world.as_(world.lead))


def test_the_queue_takes_a_fixed_number_of_statements(world: World, statements: QueryCount) -> None:
    make_scheme(world)
    live_post(world)
    queries.place_of(queue(world))
    statements.reset()
    queries.place_of(queue(world))
    few = len(statements)
    for _n in range(3):
        live_post(world)
    statements.reset()
    queries.place_of(queue(world))
    assert len(statements) == few
