"""A portal, allowed as an address, and the worker run until it has nothing to do."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from humasflow.core.db import database_now, db
from humasflow.imports.backfill.enums import Source
from humasflow.imports.backfill.models import BackfillRun
from humasflow.imports.backfill.services import start_from_address
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.outbox.runner import run_next
from tests.factories.world import World
from tests.imports.backfill.portal import Portal, portal_running


@pytest.fixture
def portal(app: Flask) -> Iterator[Portal]:
    with portal_running() as running:
        app.config["OUTBOUND_PRIVATE_HOSTS"] = (f"127.0.0.1:{running.port}",)
        yield running


@pytest.fixture
def work() -> Callable[[], list[timedelta]]:
    """Run the jobs of past posts until none is left, as if time passed; returns how long each waited."""

    def run() -> list[timedelta]:
        waits: list[timedelta] = []
        db.session.commit()
        for _round in range(500):
            now = database_now()
            later = db.session.scalars(
                select(Job).where(Job.state == JobState.QUEUED, Job.kind.like("imports.backfill.%"))
            ).all()
            if not later:
                db.session.commit()
                return waits
            waits += [job.due_at - now for job in later]
            # Everything else waits, so that only what is ours is run.
            db.session.execute(
                update(Job)
                .where(Job.state == JobState.QUEUED, Job.kind.not_like("imports.backfill.%"))
                .values(due_at=now + timedelta(days=30))
            )
            db.session.execute(
                update(Job)
                .where(Job.state == JobState.QUEUED, Job.kind.like("imports.backfill.%"))
                .values(due_at=now - timedelta(seconds=1))
            )
            db.session.commit()
            run_next()
        raise AssertionError("it never ends")

    return run


@pytest.fixture
def begin(world: World) -> Callable[..., BackfillRun]:
    def start(address: str, source: Source = Source.WORDPRESS, **more: object) -> BackfillRun:
        run = start_from_address(
            world.office, actor=world.as_(world.editor), source=source, address=address, **more
        )
        db.session.commit()
        return run

    return start
