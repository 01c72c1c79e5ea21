"""Rows of rooms that one job each works at: how far it is, and whether its job still comes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update

from humasflow.core.db import db
from humasflow.outbox import lease
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job


def keys_without_job(keys: Collection[str]) -> set[str]:
    """Those whose job gave up without a word (a worker that was killed at each try), or is not there. One statement."""
    alive = select(Job.key).where(Job.key.in_(list(keys)), Job.state.in_([JobState.QUEUED, JobState.RUNNING]))
    return set(keys) - set(db.session.scalars(alive)) if keys else set()


def lanes_without_job(lanes: Collection[str]) -> set[str]:
    """The same of rows whose jobs have a lane to themselves. One statement."""
    alive = select(Job.lane).where(
        Job.lane.in_(list(lanes)), Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    )
    return set(lanes) - set(db.session.scalars(alive)) if lanes else set()


def note_progress(model: Any, run_id: int, at_work: Any, *, done: int, total: int, phrase: str) -> bool:
    """Say how far a run is (``done`` of ``total``, and a phrase for people) and keep the lease of its job. Returns
    whether the run is still in the state ``at_work``: else it was called off. Commits. Raises LeaseLost.
    """
    lease.keep()
    going_on = db.session.execute(
        update(model)
        .where(model.id == run_id, model.state == at_work)
        .values(done=done, total=total, phrase=phrase[:120])
        .returning(model.id)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.commit()
    return going_on is not None
