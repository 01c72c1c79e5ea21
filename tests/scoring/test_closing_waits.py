"""A period is not frozen while a worker still counts by rules that were just activated, or after it was opened again."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select, update

from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.scoring.jobs import rescore
from humasflow.scoring.services.closing import close_period, reasons_not_to_close, reopen_period
from humasflow.scoring.services.schemes import RESCORE
from tests.factories.measured import TW1
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.test_random_histories import Yes

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

At = Callable[[str], AbstractContextManager[None]]


def work() -> None:
    """The worker takes what is queued."""
    for job in db.session.scalars(select(Job).where(Job.kind == RESCORE, Job.state == JobState.QUEUED)).all():
        rescore(job.ref)
        job.state = JobState.DONE
    db.session.commit()


def test_rules_that_were_just_activated_are_counted_first(world: World, at: At) -> None:
    lead = world.as_(world.lead)
    with at("2026-05-04T02:00Z"):
        live_post(world)  # before there were any rules
        scheme = make_scheme(world)
        with pytest.raises(Refused, match="masih dihitung ulang"):
            close_period(scheme, TW1, actor=lead, answers=Yes())
        db.session.execute(update(Job).values(state=JobState.DEAD))
        (reason,) = reasons_not_to_close(lead, scheme, TW1)
        assert "berhenti sebelum selesai" in str(reason)
        db.session.execute(update(Job).values(state=JobState.QUEUED))
        work()
        assert close_period(scheme, TW1, actor=lead, answers=Yes()).lines == 1


def test_a_period_that_was_opened_again_is_counted_before_it_is_signed_again(world: World, at: At) -> None:
    lead = world.as_(world.lead)
    with at("2026-05-04T02:00Z"):
        scheme = make_scheme(world)
        live_post(world)
        close = close_period(scheme, TW1, actor=lead, answers=Yes())
        reopen_period(close, actor=world.as_(world.admin), reason="Ada yang terlewat")
        assert [reason.code for reason in reasons_not_to_close(lead, scheme, TW1)] == ["scoring"]
        work()
        assert reasons_not_to_close(lead, scheme, TW1) == []


def test_rules_without_anything_to_count_keep_nobody_waiting(world: World, at: At) -> None:
    """The job is queued all the same; what went live later is counted at once."""
    with at("2026-05-04T02:00Z"):
        live_post(world, at="2026-04-20T02:00Z")  # in another period
        scheme = make_scheme(world)
        live_post(world)
        assert reasons_not_to_close(world.as_(world.lead), scheme, TW1) == []
