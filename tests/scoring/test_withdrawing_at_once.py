"""A story is withdrawn while somebody decides about one of its publications: one waits, and both go through."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, Refused, UserError
from humasflow.metrics.services.grid import Entry, record_grid
from humasflow.orgs.queries import get_office
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import past
from humasflow.publishing.services.moving import lock_delivery
from humasflow.scoring import queries
from humasflow.scoring.jobs import rescore
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.ledger import reverse_delivery, score_delivery
from humasflow.scoring.services.reconsidering import recount_point, reverse_point, undo_decision
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.scoring.services.verifying_many import verify_many
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import withdraw_story
from tests.approvals.test_together import by
from tests.conftest import ON_POSTGRES
from tests.factories.imports import load
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.test_lock_order import wait_until_somebody_waits

pytestmark = [
    pytest.mark.db,
    pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time anyway"),
]

Act = Callable[[Principal], object]


def every() -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def second() -> Delivery:
    return every()[1]


def import_list(actor: Principal) -> object:
    """A list that tells of another publication first, and of the withdrawn one as something else."""
    new = "10/02/2026 09:00;WIB;website;Artikel;Baru;https://kantor-uji.example/baru"
    known = f"10/02/2026 09:00;WIB;website;Artikel;Lama;{second().permalink}"
    text = f"tanggal;zona;kanal;jenis;judul;url\n{new}\n{known}\n"
    told = load(get_office(second().office_id), actor, text.encode(), verified=True, document="ND-1")
    return list(told.refused)


def numbers(actor: Principal) -> object:
    entries = [Entry(d.id, {"likes": 3}) for d in every()]
    return record_grid(second().office_id, entries, actor=actor, seen_at=clock.now())


def rules(_actor: Principal) -> None:
    """The job after rules changed; here the first publication counts no longer as what it did."""
    rescore(str(db.session.scalars(select(ScoreScheme)).one().versions[0].id))


# What somebody does, and what stood before it.
ACTS: dict[str, tuple[Act | None, Act]] = {
    "verify": (None, lambda actor: verify_point(second(), actor=actor)),
    "dispute": (None, lambda actor: dispute_point(second(), actor=actor, reason="Ganda")),
    "set aside": (
        lambda actor: dispute_point(second(), actor=actor, reason="Ganda"),
        lambda actor: reverse_point(second(), actor=actor, reason="Ganda"),
    ),
    "count again": (
        lambda actor: reverse_delivery(second(), actor=actor, reason="Keliru"),
        lambda actor: recount_point(second(), actor=actor),
    ),
    "undo": (
        lambda actor: verify_point(second(), actor=actor),
        lambda actor: undo_decision(second(), actor=actor),
    ),
    "several": (None, lambda actor: verify_many([d.id for d in every()], actor=actor)),
    "rules": (lambda _actor: setattr(every()[0], "content_type_id", every()[0].content_type_id + 1), rules),
    "numbers": (None, numbers),
}


def run_beside(app: Flask, person: int, act: Act) -> tuple[threading.Thread, list[Any]]:
    """An act in a session of its own that has come to where it waits."""
    answers: list[Any] = []

    def other() -> None:
        try:
            answers.append(by(app, person, act)())
        except Exception as error:  # noqa: BLE001 - looked at by the test
            answers.append(error)

    thread = threading.Thread(target=other)
    thread.start()
    wait_until_somebody_waits()
    return thread, answers


@pytest.mark.parametrize("what", ACTS)
def test_who_decides_while_its_story_is_withdrawn_waits_and_nobody_fails(
    app: Flask, world: World, what: str
) -> None:
    person = world.lead.id
    prepare, act = ACTS[what]
    with app.test_request_context():
        make_scheme(world)
        for _n in range(2):
            score_delivery(live_post(world))
        if prepare is not None:
            prepare(world.as_(world.lead))
        db.session.commit()
        story = db.session.get_one(Story, second().story_id)
        # Whoever withdraws it holds the story, and the office's turn of the record; its publications come next.
        lock(story)
        audit.record(AuditAction.POST_REFILED, ("story", story.id), office_id=story.office_id, actor=None)
        thread, answers = run_beside(app, person, act)
        withdraw_story(story, actor=world.as_(world.editor), reason="Keliru", public_note="Ditarik.")
        db.session.commit()
        thread.join(60)
        assert answers, "it came to an end"
        late = answers[0]
        assert not isinstance(late, Exception) or isinstance(late, UserError | Conflict | Refused), late
        db.session.expire_all()
        assert db.session.get_one(Story, story.id).state is StoryState.WITHDRAWN
        assert second().state is DeliveryState.RETRACTED
        assert list(differences()) == []


def test_a_list_that_tells_of_something_decided_just_now_waits_before_it_writes(
    app: Flask, world: World
) -> None:
    """Its first row is new and its second known: the second is not waited for with the record in hand."""
    with app.test_request_context():
        make_scheme(world)
        for _n in range(2):
            live_post(world)
        db.session.commit()
        deciding = second()
        lock_delivery(deciding)
        thread, answers = run_beside(app, world.editor.id, import_list)
        verify_point(deciding, actor=world.as_(world.lead))
        db.session.commit()
        thread.join(60)
        assert answers == [[]], "nothing refused, nobody failed"
        db.session.expire_all()
        assert len(every()) == 3
        assert list(differences()) == []


def test_what_else_is_live_at_its_address_is_counted_though_somebody_decides_about_it(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two publications at one address the first counts. It is taken back while somebody holds the second and waits
    for the record: its line is written, and neither waits for the other crosswise.
    """
    with app.test_request_context():
        make_scheme(world)
        live_post(world)
        with monkeypatch.context() as quiet:
            quiet.setattr(past, "emit", lambda _event: None)
            live_post(world)
        first, twin = every()
        twin.canonical_url = first.canonical_url
        assert score_delivery(twin) == [], "the address counts once"
        db.session.commit()
        twin_id = twin.id

        def decide(actor: Principal) -> object:
            held = db.session.get_one(Delivery, twin_id)
            lock_delivery(held)
            return audit.record(
                AuditAction.POST_REFILED, ("post", held.post_id), office_id=held.office_id, actor=actor
            ).id

        audit.await_turn([first.office_id])
        thread, answers = run_beside(app, world.lead.id, decide)
        reverse_delivery(first, actor=None, reason="Keliru")
        db.session.commit()
        thread.join(60)
        assert answers and not isinstance(answers[0], Exception), answers
        assert [line.delivery_id for line in queries.lines_at_address(first)] == [first.id, first.id, twin_id]
        assert list(differences()) == []
