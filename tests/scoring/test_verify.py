"""``flask scoring verify``: whatever is tampered with is found and printed, and the command fails."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import past, retract
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, PeriodClose, Point, PointEvent, ScoreCount
from humasflow.scoring.recomputation import differences, publications
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.verification import verify_point
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.test_random_histories import Yes

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def delivery(world: World, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """One that counts for its office, its section (all of it), and nobody else."""
    make_scheme(world)
    with monkeypatch.context() as patch:
        patch.setattr(past, "emit", lambda _event: None)
        made = live_post(world)
    made.post.story.section_id = world.section.id
    db.session.flush()
    score_delivery(made)
    assert list(differences()) == []
    return made


def office_line() -> LedgerEntry:
    return db.session.scalars(select(LedgerEntry).where(LedgerEntry.beneficiary == Beneficiary.OFFICE)).one()


TAMPERING: list[tuple[str, Callable[[], object], str]] = [
    ("a sum", lambda: db.session.execute(update(ScoreCount).values(number=7)), "the sum is 7"),
    ("a sum is gone", lambda: db.session.execute(delete(ScoreCount)), r"the sum is 0 \(0\), the lines give 1"),
    ("a state", lambda: db.session.execute(update(Point).values(state=PointState.VERIFIED)), "its events say"),
    (
        "a share",
        lambda: db.session.execute(
            update(LedgerEntry).where(LedgerEntry.beneficiary == Beneficiary.SECTION).values(share=Decimal("99.99"))
        ),
        "sum to 99.99",
    ),
    ("a quantity", lambda: setattr(office_line(), "quantity", Decimal(2)), "counts 2 for berita-terbaru, not 1"),
    ("a period", lambda: setattr(office_line(), "period", "2026-TW3"), "its date is in 2026-TW1"),
    ("a component", lambda: setattr(office_line(), "component_key", "artikel"), "counts for artikel and should not"),
    ("an office", lambda: setattr(office_line(), "beneficiary", Beneficiary.PERSON), "should count .* and does not"),
    ("the events", lambda: db.session.execute(delete(PointEvent)), "has lines and no point"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "tamper", "told"), TAMPERING, ids=[t[0] for t in TAMPERING])
def test_what_was_tampered_with_is_found(
    app: Flask, delivery: Delivery, what: str, tamper: Callable[[], object], told: str
) -> None:
    tamper()
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["scoring", "verify"])
    assert answer.exit_code == 1, what
    assert any(re.search(told, line) for line in answer.output.splitlines()), answer.output


def test_an_untouched_ledger_agrees(app: Flask, delivery: Delivery) -> None:
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["scoring", "verify"])
    assert (answer.exit_code, answer.output) == (0, "The ledger agrees with what is live.\n")


def test_a_line_changed_after_its_period_was_closed_breaks_the_digest(
    world: World, at: Callable[[str], AbstractContextManager[None]]
) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = make_scheme(world)
        live_post(world)
        close_period(scheme, Quarter.parse("2026-TW1"), actor=world.as_(world.lead), answers=Yes())
        assert list(differences()) == []
        office_line().reason = "Diubah diam-diam"
        db.session.flush()
        assert any("was closed with 1 lines and digest" in found for found in differences())
        assert db.session.scalars(select(PeriodClose)).one().is_in_force


def test_a_line_that_takes_back_another_amount_is_found(world: World, delivery: Delivery) -> None:
    verify_point(delivery, actor=world.as_(world.lead))
    retract(delivery, actor=world.as_(world.editor), reason="Data keliru")
    assert list(differences()) == []
    back = db.session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.reverses_id.is_not(None), LedgerEntry.beneficiary == Beneficiary.OFFICE
        )
    ).one()
    back.quantity = Decimal(-3)
    db.session.flush()
    assert any("does not take back" in found for found in differences())


def test_every_line_is_read_once_in_batches(
    world: World, monkeypatch: pytest.MonkeyPatch, statements: QueryCount
) -> None:
    """Memory and statements: a batch is a handful of statements, however many lines it has."""
    monkeypatch.setattr(publications, "BATCH", 4)
    make_scheme(world)
    for _n in range(3):
        live_post(world)
    db.session.flush()
    list(differences())
    statements.reset()
    assert list(differences()) == []
    few = sum("FROM ledger_entry" in s for s in statements.statements)
    for _n in range(6):
        live_post(world)
    db.session.flush()
    statements.reset()
    assert list(differences()) == []
    more = sum("FROM ledger_entry" in s for s in statements.statements)
    assert more == few + 2, "two more batches of four"
