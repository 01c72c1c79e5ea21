"""Penyesuaian: what a person corrects after a period was closed stands in the open one, with a reason."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from sqlalchemy import select

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.core.periods import Quarter
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.models import LedgerEntry, ScoreCount, ScoreScheme
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.adjusting import write_adjustment
from humasflow.scoring.services.closing import close_period, digest_of, reopen_period
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.test_random_histories import Yes

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

At = Callable[[str], AbstractContextManager[None]]
TW1 = Quarter.parse("2026-TW1")


def closed_first_quarter(world: World) -> ScoreScheme:
    scheme = make_scheme(world)
    live_post(world)
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=Yes())
    return scheme


def quantity_in(period: str) -> Decimal:
    rows = db.session.scalars(
        select(ScoreCount.quantity).where(
            ScoreCount.period == period, ScoreCount.component_key == "berita-terbaru",
            ScoreCount.beneficiary == Beneficiary.OFFICE, ScoreCount.state == PointState.VERIFIED,
        )
    )  # fmt: skip
    return sum(rows, Decimal(0))


def adjust(world: World, scheme: ScoreScheme, quantity: str = "2", **more: object) -> LedgerEntry:
    given: dict[str, object] = {"reason": "Dua berita terlewat", "adjusts": TW1} | more
    return write_adjustment(
        scheme, "berita-terbaru", actor=world.as_(world.lead), quantity=Decimal(quantity), **given  # type: ignore[arg-type]
    )  # fmt: skip


def test_it_counts_in_the_open_period_and_names_the_closed_one(world: World, at: At) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = closed_first_quarter(world)
        before = digest_of(scheme.id, TW1)
        line = adjust(world, scheme, document="ND-9/2026")
        assert (line.period, line.adjusts, line.stands_alone) == ("2026-TW2", "2026-TW1", True)
        assert (line.deciding_date.isoformat(), line.delivery_id, line.share) == (
            "2026-05-04",
            None,
            Decimal(100),
        )
        assert line.reason == "Dua berita terlewat (ND-9/2026)"
        assert quantity_in("2026-TW2") == 2
        again = adjust(world, scheme, "-1", reason="Satu ternyata tayang ulang")
        assert (again.subject_key, again.sequence) == (line.subject_key, 2)
        assert quantity_in("2026-TW2") == 1
        assert digest_of(scheme.id, TW1) == before, "a closed period never changes"
        assert list(differences()) == []
        entry = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == AuditAction.ADJUSTMENT_WRITTEN)
            .order_by(AuditEntry.id)
        ).first()
        assert entry is not None


def test_while_the_present_period_is_closed_it_goes_to_the_next(world: World, at: At) -> None:
    scheme = make_scheme(world)
    with at("2026-07-02T02:00Z"):
        for key in ("2026-TW1", "2026-TW2"):
            close_period(scheme, Quarter.parse(key), actor=world.as_(world.lead), answers=Yes())
    with at("2026-06-29T02:00Z"):  # clocks of two machines differ: today lies in a closed one
        assert adjust(world, scheme).period == "2026-TW3"


@pytest.mark.parametrize(
    ("quantity", "message"), [("0", "selain 0"), ("NaN", "selain 0"), ("1e9", "selain 0"), ("0.5", "bulat")]
)
def test_a_number_that_is_none_is_refused(world: World, at: At, quantity: str, message: str) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = closed_first_quarter(world)
        with pytest.raises(UserError, match=message):
            adjust(world, scheme, quantity)
        assert quantity_in("2026-TW2") == 0


def test_it_needs_a_reason_a_closed_period_and_a_component_that_is_counted(world: World, at: At) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = closed_first_quarter(world)
        with pytest.raises(UserError, match="alasannya"):
            adjust(world, scheme, reason="  ")
        with pytest.raises(UserError, match="belum ditutup"):
            adjust(world, scheme, adjusts=Quarter.parse("2026-TW2"))
        with pytest.raises(UserError, match="tidak ada di skema"):
            write_adjustment(
                scheme, "lain", actor=world.as_(world.lead), quantity=Decimal(1), reason="x", adjusts=None
            )
        component = next(c for c in scheme.versions[0].components if c.key == "berita-terbaru")
        component.kind = ComponentKind.RUBRIC
        with pytest.raises(UserError, match="tidak dijumlahkan dari publikasi"):
            adjust(world, scheme)


def test_who_may_write_one(world: World, other_world: World, at: At) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = closed_first_quarter(world)
        for person, error in ((world.editor, NotAllowed), (other_world.lead, NotFound)):
            with pytest.raises(error):
                write_adjustment(
                    scheme,
                    "berita-terbaru",
                    actor=world.as_(person),
                    quantity=Decimal(1),
                    reason="x",
                    adjusts=TW1,
                )


def test_it_stays_when_the_period_is_opened_again(world: World, at: At) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = make_scheme(world)
        close = close_period(scheme, TW1, actor=world.as_(world.lead), answers=Yes())
        adjust(world, scheme)
        reopen_period(close, actor=world.as_(world.admin), reason="Ada yang terlewat")
        assert quantity_in("2026-TW2") == 2
        assert list(differences()) == []
