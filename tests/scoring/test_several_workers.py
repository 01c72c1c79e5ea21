"""Whole processes that score the same publications at the same moment: each line is written once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from humasflow.core.db import db
from humasflow.publishing.services import past
from humasflow.scoring.enums import Beneficiary
from humasflow.scoring.models import LedgerEntry, Point, PointEvent, ScoreCount, ScoreScheme
from humasflow.scoring.recomputation import differences
from tests.conftest import ON_POSTGRES
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

ROOT = Path(__file__).resolve().parents[2]
POSTS, WORKERS = 6, 3 if ON_POSTGRES else 2


def workers(url: str, data: Path, ids: list[int]) -> list["subprocess.Popen[str]"]:
    """So many, ready to begin; each takes the publications in another order."""
    started = []
    for number in range(WORKERS):
        turned = ids[number:] + ids[:number] if number % 2 else ids
        started.append(subprocess.Popen(
            [sys.executable, "-m", "tests.scoring.scoring_worker", url, str(data), "2", *map(str, turned)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        ))  # fmt: skip
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return started


def test_workers_that_score_at_once_write_one_line(
    world: World, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_scheme(world)
    monkeypatch.setattr(past, "emit", lambda _event: None)
    deliveries = [live_post(world) for _n in range(POSTS)]
    same = live_post(world)  # another publication, whose channel tells the same address
    same.canonical_url = deliveries[0].canonical_url
    for n, delivery in enumerate([*deliveries, same]):
        delivery.post.story.section_id = world.section.id if n % 2 else None
    ids = [delivery.id for delivery in [*deliveries, same]]
    db.session.commit()
    every = workers(database_url, tmp_path, ids)
    for process in every:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=120) for process in every]
    assert [process.returncode for process in every] == [0] * WORKERS
    assert sum(int(out.strip()) for out, _err in told) == POSTS, "one line for each address, whoever wrote it"
    db.session.rollback()
    db.session.expire_all()
    lines = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.beneficiary == Beneficiary.OFFICE)
    assert db.session.scalar(lines) == POSTS
    assert db.session.scalar(select(func.count()).select_from(PointEvent)) == POSTS + 1
    assert db.session.scalar(select(func.count()).select_from(Point)) == POSTS + 1
    counted = select(func.sum(ScoreCount.number)).where(ScoreCount.beneficiary == Beneficiary.OFFICE)
    assert db.session.scalar(counted) == POSTS
    assert list(differences()) == []


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time anyway")
def test_nobody_closes_a_period_while_a_line_is_written_and_writers_do_not_wait(world: World) -> None:
    scheme = make_scheme(world)
    db.session.commit()
    delivery = live_post(world)  # its line is written and not committed yet
    assert db.session.scalars(select(LedgerEntry).where(LedgerEntry.delivery_id == delivery.id)).all()
    row = select(ScoreScheme.id).where(ScoreScheme.id == scheme.id)
    with db.engine.connect() as other:
        assert other.scalar(row.with_for_update(read=True, nowait=True)) == scheme.id, (
            "another writer goes on"
        )
    with db.engine.connect() as closing, pytest.raises(OperationalError, match="could not obtain lock"):
        closing.scalar(row.with_for_update(nowait=True))
