"""Somebody decides, signs or enters while a worker publishes in the same office: one waits, and both go through."""

import threading
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, set_read_only
from humasflow.core.periods import Quarter
from humasflow.orgs.models import Unit
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import past
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.adjusting import write_adjustment
from humasflow.scoring.services.booking import closed_for
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.holding import hold_many
from humasflow.scoring.services.ledger import reverse_delivery, score_delivery
from humasflow.scoring.services.official import Announcement, Subject, record_official
from humasflow.scoring.services.targets import set_target
from humasflow.scoring.services.verification import verify_point
from tests.approvals.test_together import by
from tests.conftest import ON_POSTGRES
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.test_random_histories import Yes

pytestmark = [
    pytest.mark.db,
    pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time anyway"),
]

TW1 = Quarter.parse("2026-TW1")


def scheme() -> ScoreScheme:
    return db.session.scalars(select(ScoreScheme)).one()


def delivery(number: int) -> Delivery:
    return db.session.scalars(select(Delivery).order_by(Delivery.id)).all()[number]


def office(actor: Principal) -> Unit:
    return db.session.get_one(Unit, scheme().office_id)


ACTS: dict[str, Callable[[Principal], object]] = {
    "verify": lambda actor: verify_point(delivery(0), actor=actor),
    "take back": lambda actor: reverse_delivery(delivery(0), actor=actor, reason="Data keliru"),
    "close": lambda actor: close_period(scheme(), TW1, actor=actor, answers=Yes()).id,
    "adjust": lambda actor: write_adjustment(
        scheme(), "berita-terbaru", actor=actor, quantity=Decimal(1), reason="Pencocokan", adjusts=None
    ).id,
    "target": lambda actor: set_target(
        scheme(), actor=actor, component_key="artikel", period=Quarter.parse("2026-TW2"), value=Decimal(4), letter="ND-1"
    ),
    "official": lambda actor: record_official(
        office(actor), Subject(scheme(), TW1, ResultKind.SCORE),
        Announcement(Decimal(67), date(2026, 4, 20), "ND-7/2026"), actor=actor,
    ),
}  # fmt: skip


def wait_until_somebody_waits() -> None:
    """Until another session of this database stands before a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _try in range(200):
        with db.engine.connect() as other:
            if other.scalar(waiting):
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("what", ACTS)
def test_whoever_writes_while_a_publication_goes_live_waits_for_it(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(
        clock, "_offset", clock._offset + (clock.now().fromisoformat("2026-05-04T02:00Z") - clock.now())
    )
    lead, office_id = world.lead.id, world.office.id
    with app.test_request_context():
        made = make_scheme(world)
        live_post(world)
        with monkeypatch.context() as quiet:
            quiet.setattr(past, "emit", lambda _event: None)
            live_post(world)
        scheme_id = made.id
        db.session.commit()
        answers: list[Any] = []

        def act() -> None:
            try:
                answers.append(by(app, lead, ACTS[what])())
            except Exception as error:  # noqa: BLE001 - looked at below
                answers.append(error)

        # The worker has recorded that it is live, and is about to score it.
        audit.record(AuditAction.POST_REFILED, ("score_scheme", scheme_id), office_id=office_id, actor=None)
        thread = threading.Thread(target=act)
        thread.start()
        wait_until_somebody_waits()
        assert len(score_delivery(delivery(1))) == 1
        db.session.commit()
        thread.join(60)
        assert answers and not isinstance(answers[0], Exception), answers
        db.session.expire_all()
        assert list(differences()) == []


def test_a_page_that_only_reads_holds_nothing(app: Flask, world: World) -> None:
    with app.test_request_context():
        made = make_scheme(world)
        live = live_post(world)
        db.session.commit()
        set_read_only(True)
        try:
            assert closed_for(live) == []
            with db.engine.connect() as signing:
                row = select(ScoreScheme.id).where(ScoreScheme.id == made.id).with_for_update(nowait=True)
                assert signing.scalar(row) == made.id, "whoever signs does not wait for readers"
        finally:
            set_read_only(False)


def test_a_batch_is_held_before_its_first_line(app: Flask, world: World) -> None:
    """In the order of the ids, all of them: what somebody else holds is waited for with nothing written yet."""
    with app.test_request_context():
        make_scheme(world)
        ids = [live_post(world).id for _n in range(2)]
        db.session.commit()
        hold_many(reversed(ids))
        with db.engine.connect() as other:
            free = select(Delivery.id).where(Delivery.id.in_(ids)).with_for_update(skip_locked=True)
            assert other.scalars(free).all() == []
