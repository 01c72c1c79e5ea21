"""What comes after a close: found late, withdrawn, corrected, questioned; the closed period never changes."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.core.periods import PeriodType, Quarter
from humasflow.publishing.events import LinkGone
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import retract, retype_past_publication
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, PeriodClose, ScoreCount, ScoreScheme
from humasflow.scoring.queries.closing import list_adjustments
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.booking import ensure_open
from humasflow.scoring.services.closing import close_period, digest_of, reopen_period
from humasflow.scoring.services.schemes import create_scheme, create_scheme_version
from humasflow.scoring.services.verification import verify_point
from tests.factories.publications import live_post
from tests.factories.scoring import SPECS, make_scheme
from tests.factories.world import World
from tests.scoring.test_random_histories import Yes

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

TW1 = Quarter.parse("2026-TW1")
At = Callable[[str], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _in_may(at: At) -> Iterator[None]:
    with at("2026-05-04T02:00Z"):
        yield


def close(world: World, scheme: ScoreScheme) -> PeriodClose:
    return close_period(scheme, TW1, actor=world.as_(world.lead), answers=Yes())


def lines(delivery: Delivery) -> list[tuple[str, int, str | None, bool]]:
    rows = db.session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.delivery_id == delivery.id, LedgerEntry.beneficiary == Beneficiary.OFFICE)
        .order_by(LedgerEntry.id)
    )
    return [(r.period, int(r.quantity), r.adjusts, r.stands_alone) for r in rows]


def count_of(period: str, state: PointState = PointState.VERIFIED) -> int:
    rows = db.session.scalars(
        select(ScoreCount.number).where(
            ScoreCount.period == period,
            ScoreCount.state == state,
            ScoreCount.beneficiary == Beneficiary.OFFICE,
        )
    )
    return sum(rows)


def test_what_is_found_late_is_booked_in_the_open_period_and_says_so(world: World) -> None:
    scheme = make_scheme(world)
    closed = close(world, scheme)
    late = live_post(world)
    assert lines(late) == [("2026-TW2", 1, "2026-TW1", False)]
    row = db.session.scalars(select(LedgerEntry)).one()
    assert row.reason == f"Baru tercatat setelah {TW1.label} ditutup."
    assert row.deciding_date.isoformat() == "2026-02-10"
    ensure_open(late)
    assert verify_point(late, actor=world.as_(world.lead)) is not None, "it is judged like any other"
    assert (count_of("2026-TW1"), count_of("2026-TW2")) == (0, 1)
    assert tuple(digest_of(scheme.id, TW1)) == (closed.digest, closed.lines)
    assert list(differences()) == []


def test_what_was_found_late_is_withdrawn_beside_the_line_it_takes_back(world: World) -> None:
    """Both speak of the closed period, so the page of adjustments shows both, and together they are nothing."""
    scheme = make_scheme(world)
    close(world, scheme)
    late = live_post(world)
    retract(late, actor=world.as_(world.editor), reason="Data keliru")
    assert lines(late) == [("2026-TW2", 1, "2026-TW1", False), ("2026-TW2", -1, "2026-TW1", False)]
    listed = list_adjustments(world.office.id, scheme.id)
    assert sum(line.quantity for line in listed) == 0 and len(listed.items) == 2
    assert list(differences()) == []


def test_what_counted_and_is_withdrawn_later_counts_against_the_open_period(world: World) -> None:
    scheme = make_scheme(world)
    counted, waiting = live_post(world), live_post(world)
    verify_point(counted, actor=world.as_(world.lead))
    closed = close(world, scheme)
    for delivery in (counted, waiting):
        retract(delivery, actor=world.as_(world.editor), reason="Data keliru")
    assert lines(counted) == [("2026-TW1", 1, None, False), ("2026-TW2", -1, "2026-TW1", True)]
    assert lines(waiting) == [("2026-TW1", 1, None, False), ("2026-TW2", -1, "2026-TW1", False)]
    assert (count_of("2026-TW1"), count_of("2026-TW2")) == (1, -1), "together nothing; each as it was"
    assert tuple(digest_of(scheme.id, TW1)) == (closed.digest, closed.lines)
    assert list(differences()) == []
    reopen_period(closed, actor=world.as_(world.admin), reason="Ada yang terlewat")
    assert (count_of("2026-TW1"), count_of("2026-TW2")) == (1, -1), "not taken away twice"
    assert list(differences()) == []


def test_a_decision_about_a_closed_period_is_refused_with_what_is_left_to_do(world: World) -> None:
    scheme = make_scheme(world)
    delivery, other = live_post(world), live_post(world, at="2026-04-20T02:00Z")
    close(world, scheme)
    with pytest.raises(Refused, match=r"Triwulan I 2026 sudah ditutup.*Penyesuaian") as refused:
        ensure_open(delivery)
    assert refused.value.reasons[0].code == "closed"
    ensure_open(other)


def test_while_another_scheme_still_counts_it_it_is_judged(world: World) -> None:
    """By quarter it is closed, by year it is open: what was signed is shown as it was then."""
    scheme = make_scheme(world)
    yearly = create_scheme(world.office.id, actor=world.admin, name="Tahunan", period_type=PeriodType.YEAR)
    year = next(iter({Quarter.parse("2026-TW1").start.year}))
    from humasflow.core.periods import Year

    create_scheme_version(yearly, actor=world.admin, components=SPECS, effective_from=Year(year))
    delivery = live_post(world)
    closed = close(world, scheme)
    ensure_open(delivery)
    assert verify_point(delivery, actor=world.as_(world.lead)) is not None
    assert tuple(digest_of(scheme.id, TW1)) == (closed.digest, closed.lines)
    assert list(differences()) == []


def test_a_link_that_is_gone_leaves_closed_periods_alone(world: World) -> None:
    scheme = make_scheme(world)
    old, new = live_post(world), live_post(world, at="2026-04-20T02:00Z")
    for delivery in (old, new):
        verify_point(delivery, actor=world.as_(world.lead))
    close(world, scheme)
    for delivery in (old, new):
        emit(LinkGone(delivery_id=delivery.id, post_id=delivery.post_id))
    assert queries.point_state_of([old.id, new.id]) == {
        old.id: PointState.VERIFIED, new.id: PointState.DISPUTED
    }  # fmt: skip


def test_another_type_is_counted_anew_unless_the_period_is_closed(world: World) -> None:
    scheme = make_scheme(world)
    closed_one, open_one = live_post(world), live_post(world, at="2026-04-20T02:00Z")
    closed = close(world, scheme)
    for delivery in (closed_one, open_one):
        assert retype_past_publication(delivery, world.headline, actor=world.admin, document="ND-4")
        assert not retype_past_publication(delivery, world.headline, actor=world.admin), (
            "twice changes nothing"
        )
    assert lines(closed_one) == [("2026-TW1", 1, None, False)]
    rows = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.delivery_id == open_one.id).order_by(LedgerEntry.id)
    ).all()
    assert [(r.component_key, int(r.quantity)) for r in rows] == [
        ("berita-terbaru", 1), ("berita-terbaru", -1), ("berita-utama", 1)
    ]  # fmt: skip
    assert rows[1].reason == f"Jenisnya dibetulkan menjadi {world.headline.label}. (ND-4)"
    assert tuple(digest_of(scheme.id, TW1)) == (closed.digest, closed.lines)
    assert list(differences()) == []
