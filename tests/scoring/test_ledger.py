"""The ledger: one line a component and address, reversed and never changed, the same whatever the order of events."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.core.periods import Quarter
from humasflow.publishing.services import retract
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import LedgerEntry, PointEvent
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.ledger import reverse_delivery, score_delivery
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.scoring.standing import get_standing
from tests.factories.publications import live_post
from tests.factories.scoring import forget_lines, make_scheme, set_targets
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def lines() -> list[tuple[str, str, int]]:
    rows = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    return [(r.component_key, r.period, int(r.quantity)) for r in rows]


def test_a_live_post_writes_a_line_in_the_quarter_of_the_offices_clock(
    world: World, other_world: World
) -> None:
    """23.30 WIT on 31 March is the first quarter; the same instant is so in Jakarta too, an hour later it parts."""
    for w in (world, other_world):
        make_scheme(w)
        live_post(w, at="2026-03-31T15:30Z")
    found = {r.office_id: r for r in db.session.scalars(select(LedgerEntry))}
    assert found[world.office.id].period == "2026-TW1"
    assert found[world.office.id].deciding_date.isoformat() == "2026-03-31"
    assert found[other_world.office.id].period == "2026-TW2"
    assert found[other_world.office.id].deciding_date.isoformat() == "2026-04-01"


def test_scoring_again_adds_nothing(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    assert lines() == [("berita-terbaru", "2026-TW1", 1)]
    assert score_delivery(delivery) == []
    assert len(lines()) == 1


def test_a_post_that_no_component_selects_counts_for_nothing(world: World) -> None:
    make_scheme(world)
    live_post(world, account=world.x, content_type=world.social, url="https://x.com/kantoruji/status/1")
    assert lines() == []


def test_a_retracted_post_is_reversed_by_a_further_line(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    before = db.session.scalars(select(LedgerEntry)).one()
    was = (before.quantity, before.period, before.created_at)
    retract(delivery, actor=world.as_(world.editor), reason="Data keliru")
    assert lines() == [("berita-terbaru", "2026-TW1", 1), ("berita-terbaru", "2026-TW1", -1)]
    db.session.refresh(before)
    assert (before.quantity, before.period, before.created_at) == was
    assert queries.point_state_of([delivery.id]) == {delivery.id: PointState.REVERSED}
    assert reverse_delivery(delivery, actor=None, reason="lagi") == []


def test_verification_is_a_dated_event_by_a_named_person(world: World) -> None:
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_terbaru=4, berita_utama=1, artikel=1, profil_kantor=1)
    delivery = live_post(world)
    standing = get_standing(world.office, Quarter.parse("2026-TW1"))
    assert standing is not None and str(standing.total.value) == "0.00"
    event = verify_point(delivery, actor=world.as_(world.lead), document="ND-3")
    assert event is not None
    assert event.actor_label == "Kepala Kantor, Ketua Tim"
    assert verify_point(delivery, actor=world.as_(world.lead)) is None
    standing = get_standing(world.office, Quarter.parse("2026-TW1"))
    assert standing is not None and str(standing.total.value) == "15.00"
    dispute_point(delivery, actor=world.as_(world.editor), reason="Tautan mati")
    standing = get_standing(world.office, Quarter.parse("2026-TW1"))
    assert standing is not None
    row = standing.components[1]
    assert (row.verified, row.unverified, row.disputed) == (0, 0, 1)
    states = [e.state for e in db.session.scalars(select(PointEvent).order_by(PointEvent.id))]
    assert states == [PointState.LIVE_UNVERIFIED, PointState.VERIFIED, PointState.DISPUTED]


def test_who_may_verify(world: World, other_world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    with pytest.raises(Refused):
        verify_point(delivery, actor=world.as_(world.contributor))
    with pytest.raises(Refused):
        verify_point(delivery, actor=other_world.as_(other_world.lead))
    delivery.evidence[0].captured_by = world.editor.id
    db.session.flush()
    with pytest.raises(Refused, match="Anda sendiri"):
        verify_point(delivery, actor=world.as_(world.editor))
    world.office.four_eyes = False
    assert verify_point(delivery, actor=world.as_(world.editor)) is not None
    with pytest.raises(UserError, match="alasan"):
        dispute_point(delivery, actor=world.as_(world.lead), reason="  ")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["publish", "again", "score", "retract"]), st.integers(0, 4)), max_size=14
    )
)
def test_totals_equal_a_recomputation_whatever_happens(world: World, steps: list[tuple[str, int]]) -> None:
    """Random histories of publishing, importing the same address, scoring again and taking down."""
    with db.session.begin_nested() as savepoint:
        make_scheme(world)
        live: dict[int, object] = {}
        expected: set[int] = set()
        for step, n in steps:
            url = f"https://kantor-uji.example/sama/{n}"
            if step in ("publish", "again"):
                known = n in live
                delivery = live_post(world, url=url)
                if not known:
                    live[n] = delivery
                    expected.add(n)
            elif step == "score" and n in live:
                score_delivery(live[n])  # type: ignore[arg-type]
            elif step == "retract" and n in expected:
                retract(live[n], actor=world.as_(world.editor), reason="uji")  # type: ignore[arg-type]
                expected.discard(n)
        total = sum((r.quantity for r in db.session.scalars(select(LedgerEntry))), Decimal(0))
        assert total == len(expected)
        assert list(differences()) == []
        savepoint.rollback()
    db.session.expire_all()


def test_verify_finds_a_line_that_is_missing_or_made_up(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    assert list(differences()) == []
    line = db.session.scalars(select(LedgerEntry)).one()
    forget_lines(delivery)
    assert [d for d in differences() if "does not" in d]
    score_delivery(delivery)
    line = db.session.scalars(select(LedgerEntry)).one()
    line.period = "2026-TW2"
    db.session.flush()
    assert len(list(differences())) == 3  # the line, and the sums of both quarters


def test_an_address_that_is_told_later_makes_no_second_publication(world: World) -> None:
    """Many channels tell it hours after the receipt; by then the point is booked."""
    delivery = live_post(world)
    address, delivery.permalink, delivery.canonical_url = delivery.canonical_url, None, None
    db.session.commit()
    make_scheme(world)
    make_scheme(world, name="Skema kedua")
    score_delivery(delivery)
    assert {r.subject_key for r in db.session.scalars(select(LedgerEntry))} == {f"post:{delivery.post_id}"}
    before = len(lines())
    assert before == 2
    delivery.permalink = delivery.canonical_url = address
    db.session.commit()
    assert list(differences()) == []
    assert score_delivery(delivery) == []
    assert len(lines()) == before
    again = live_post(world)
    reverse_delivery(again, actor=None, reason="uji")
    again.canonical_url = address
    db.session.commit()
    assert score_delivery(again) == [], "the same address never counts twice"
