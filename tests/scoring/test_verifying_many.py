"""Confirming many publications at once, and taking all of it back with one press."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from humasflow.audit import queries as audit
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, UserError
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import ScoreCount
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services import verifying_many
from humasflow.scoring.services.reconsidering import UNDONE_WITHIN
from humasflow.scoring.services.verification import dispute_point, question_link, verify_point
from humasflow.scoring.services.verifying_many import (
    AT_ONCE,
    undo_many,
    undoable_together,
    verify_many,
)
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.conftest import QueryCount
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.judging import close, proven
from tests.support.page import Browser

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
S = PointState
BrowserOf = Callable[[object], Browser]
LIST = "/capaian/verifikasi?tampilan=daftar"


def state_of(delivery: Delivery) -> PointState:
    return queries.point_state_of([delivery.id])[delivery.id]


def counted(world: World) -> dict[PointState, int]:
    rows = db.session.query(ScoreCount).filter_by(office_id=world.office.id, beneficiary="office")
    return {row.state: row.number for row in rows if row.number}


def three(world: World) -> list[Delivery]:
    make_scheme(world)
    return [proven(world, title=f"Berita {n}") for n in (1, 2, 3)]


def together(world: World, deliveries: list[Delivery]) -> tuple[int, ...]:
    outcome = verify_many([d.id for d in deliveries], actor=world.as_(world.lead))
    assert len(outcome.verified) == len(outcome.decisions) == len(deliveries)
    return outcome.decisions


def test_one_press_takes_them_all_back_and_a_second_changes_nothing(world: World) -> None:
    deliveries = three(world)
    decisions = together(world, deliveries)
    assert counted(world) == {S.VERIFIED: 3}
    taken = undo_many(decisions, actor=world.as_(world.lead))
    assert {d.id for d in taken.undone} == {d.id for d in deliveries} and not taken.left
    assert {state_of(d) for d in deliveries} == {S.LIVE_UNVERIFIED} and counted(world) == {
        S.LIVE_UNVERIFIED: 3
    }
    again = undo_many(decisions, actor=world.as_(world.lead))
    assert not again.undone and not again.left
    assert [len(queries.list_events_of(d.id)) for d in deliveries] == [3, 3, 3]
    acts = [e.action.value for e in audit.list_timeline(("post", deliveries[0].post_id))]
    assert acts.count("scoring.point.taken_back") == 1
    assert list(differences()) == []


def test_what_somebody_else_decided_meanwhile_stays_and_is_named(world: World) -> None:
    kept, asked, gone = three(world)
    decisions = together(world, [kept, asked, gone])
    dispute_point(asked, actor=world.as_(world.editor), reason="Bukan kanal kami")
    question_link(gone)
    taken = undo_many(decisions, actor=world.as_(world.lead))
    assert [d.id for d in taken.undone] == [kept.id]
    said = {title: str(reasons[0]) for title, reasons in taken.left}
    assert said == {
        asked.title: f"sudah diputuskan {queries.list_events_of(asked.id)[-1].actor_label}",
        gone.title: "sudah diputuskan humasflow",
    }
    assert (state_of(kept), state_of(asked), state_of(gone)) == (S.LIVE_UNVERIFIED, S.DISPUTED, S.DISPUTED)


def test_a_decision_of_ones_own_that_came_after_is_not_touched(world: World) -> None:
    first, second, third = three(world)
    decisions = together(world, [first, second, third])
    undo_many(decisions, actor=world.as_(world.lead))
    verify_point(first, actor=world.as_(world.lead))
    taken = undo_many(decisions, actor=world.as_(world.lead))
    assert not taken.undone and not taken.left and state_of(first) is S.VERIFIED


def test_after_half_an_hour_they_stand(world: World) -> None:
    deliveries = three(world)
    decisions = together(world, deliveries)
    lead = world.as_(world.lead)
    begun = clock.now()
    with clock.moved_to(begun + UNDONE_WITHIN - timedelta(minutes=1)):
        assert len(undoable_together(decisions, actor=lead)) == 3
    with clock.moved_to(begun + UNDONE_WITHIN + timedelta(minutes=1)):
        assert undoable_together(decisions, actor=lead) == []
        taken = undo_many(decisions, actor=lead)
    assert not taken.undone and [reasons[0].code for _title, reasons in taken.left] == ["undone"] * 3
    assert {state_of(d) for d in deliveries} == {S.VERIFIED}


def test_what_was_closed_or_hidden_meanwhile_is_left(world: World) -> None:
    first, second, third = three(world)
    decisions = together(world, [first, second, third])
    story = db.session.get_one(Story, second.story_id)
    story.is_confidential, story.state = True, StoryState.APPROVED
    db.session.flush()
    taken = undo_many(decisions, actor=world.as_(world.lead))
    assert [d.id for d in taken.undone] == [first.id, third.id]
    assert [title for title, _reasons in taken.left] == ["Naskah rahasia"], "no title is told"
    assert state_of(second) is S.VERIFIED

    scheme = queries.list_schemes(world.office.id)[0]
    again = together(world, [first, third])
    close(scheme, "2026-TW1")
    taken = undo_many(again, actor=world.as_(world.lead))
    assert not taken.undone
    assert {reason.code for _title, reasons in taken.left for reason in reasons} == {"closed"}


def test_only_ones_own_verifications_are_taken_back(world: World, other_world: World) -> None:
    deliveries = three(world)
    decisions = together(world, deliveries)
    for actor in (world.as_(world.editor), other_world.as_(other_world.lead)):
        assert undoable_together(decisions, actor=actor) == []
        with pytest.raises(NotFound):
            undo_many(decisions, actor=actor)
    question = dispute_point(deliveries[0], actor=world.as_(world.lead), reason="Ragu")
    with pytest.raises(NotFound):
        undo_many([question.id], actor=world.as_(world.lead))
    with pytest.raises(NotFound):
        undo_many([], actor=world.as_(world.lead))
    with pytest.raises(UserError, match=str(AT_ONCE)):
        undo_many(range(1, AT_ONCE + 2), actor=world.as_(world.lead))


def test_somebody_decides_while_the_press_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    deliveries = three(world)
    decisions = together(world, deliveries)
    hold = verifying_many.hold_many

    def somebody_is_faster(ids: list[int]) -> None:
        dispute_point(deliveries[0], actor=world.as_(world.editor), reason="Bukan kanal kami")
        hold(ids)

    monkeypatch.setattr(verifying_many, "hold_many", somebody_is_faster)
    taken = undo_many(decisions, actor=world.as_(world.lead))
    assert len(taken.undone) == 2 and [title for title, _reasons in taken.left] == [deliveries[0].title]
    assert state_of(deliveries[0]) is S.DISPUTED


def test_the_page_offers_it_and_goes_back(world: World, browser_of: BrowserOf) -> None:
    deliveries = three(world)
    db.session.commit()
    lead = browser_of(world.lead)
    page = lead.get(LIST)
    sent = page.form("/banyak") | {"pilih": [str(d.id) for d in deliveries]}
    after = lead.follow(lead.post("/capaian/verifikasi/banyak", sent))
    bar = after.soup.select_one(".undo")
    assert bar is not None and "3 publikasi diverifikasi." in bar.text
    assert {state_of(d) for d in deliveries} == {S.VERIFIED}
    dispute_point(deliveries[2], actor=world.as_(world.editor), reason="Bukan kanal kami")
    db.session.commit()
    undo = after.form("/banyak/urungkan")
    back = lead.follow(lead.post("/capaian/verifikasi/banyak/urungkan", undo))
    assert (
        "Verifikasi 2 publikasi diurungkan. 1 dibiarkan (sudah diputuskan" in back.text
        and f"“{deliveries[2].title}”" in back.text
    )
    assert back.soup.select_one(".undo") is None, "what was taken back is not offered again"
    assert [state_of(d) for d in deliveries] == [S.LIVE_UNVERIFIED, S.LIVE_UNVERIFIED, S.DISPUTED]
    decisions = {"bersama": undo["bersama"]}
    twice = lead.follow(lead.post("/capaian/verifikasi/banyak/urungkan", decisions))
    assert "1 dibiarkan" in twice.text
    for wrong in ("", "x", "1,x", "999999999"):
        lead.post("/capaian/verifikasi/banyak/urungkan", {"bersama": wrong}, status=404)
    browser_of(world.contributor).post("/capaian/verifikasi/banyak/urungkan", decisions, status=403)


def test_what_is_offered_takes_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    deliveries = three(world)
    db.session.commit()
    decisions = together(world, deliveries)
    db.session.commit()
    lead = browser_of(world.lead)

    def asked(ids: tuple[int, ...]) -> int:
        lead.get(LIST)
        statements.reset()
        page = lead.get(f"{LIST}&bersama={','.join(str(i) for i in ids)}")
        assert f"{len(ids)} publikasi diverifikasi." in page.main
        return len(statements)

    assert asked(decisions[:1]) == asked(decisions)
    many = ",".join(str(n) for n in range(1, AT_ONCE + 2))
    for wrong in ("x", "", many, "999999999"):
        assert lead.get(f"{LIST}&bersama={wrong}").soup.select_one(".undo") is None
