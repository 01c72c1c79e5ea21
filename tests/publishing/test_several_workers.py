"""Several whole workers at once: every post goes out once, from whichever of them, and none is left over."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from humasflow.audit.queries import check_chain
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts import services as posts
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from tests.conftest import ON_POSTGRES
from tests.publishing.channel import connect, install
from tests.publishing.desk import NewsDesk
from tests.publishing.outlets import outlets
from tests.support.loopback import LoopbackAdapter, LoopbackServer

STORIES, OUTLETS = 10, 6
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def working(url: str, data: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A worker that is about to look for work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.publishing.working", url, str(data), str(port)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()


def stopped(process: "subprocess.Popen[str]") -> int:
    """Told to stop, it finishes what is at hand and says how many it sent."""
    process.send_signal(signal.SIGTERM)
    told, _none = process.communicate(timeout=60)
    assert process.returncode == 0
    return int(told.strip().splitlines()[-1])


def wait_for(count: int, *, seconds: float) -> None:
    """Until so many are live."""
    until = time.monotonic() + seconds
    live = select(func.count()).select_from(Delivery).where(Delivery.state == S.PUBLISHED)
    while db.session.scalar(live) != count:
        db.session.rollback()
        assert time.monotonic() < until, "not all of them went out"
        time.sleep(0.2)
    db.session.rollback()


@pytest.mark.db
@pytest.mark.parametrize("workers", [2, 4] if ON_POSTGRES else [2])
def test_each_post_goes_out_once_from_whichever_worker(
    desk: NewsDesk, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    world, office_id = desk.world, desk.world.office.id
    install(monkeypatch, LoopbackAdapter(lambda *_a, **_k: pytest.fail("the desk does not publish")))  # type: ignore[arg-type]
    with LoopbackServer(tmp_path / "channel.jsonl") as server, ExitStack() as running:
        accounts = outlets(world, OUTLETS)
        for account in accounts:
            connect(account, "loopback", base=f"http://127.0.0.1:{server.port}")
        made = []
        for _story in range(STORIES):
            story = desk.story()
            made += [
                posts.create_post(
                    story, actor=desk.editor, account_id=account.id, content_type_id=world.social.id,
                    content=posts.PostContent("Sosialisasi aset. #BMN"),
                )
                for account in accounts
            ]  # fmt: skip
            desk.approve(desk.submit(story))
        db.session.commit()
        every = [running.enter_context(working(database_url, tmp_path, server.port)) for _n in range(workers)]
        with server.slow(**{"POST /posts": 0.05}):  # a channel takes its time, and so they overlap
            for post in made:
                desk.schedule(post, clock.now() + timedelta(seconds=1))
            db.session.commit()
            wait_for(len(made), seconds=120)
        sent = [stopped(process) for process in every]
        refs = server.ledger.refs()
    assert sorted(refs.values()) == [1] * len(made)
    assert sum(sent) == len(made), "sent more often than it is there"
    assert min(sent) > 0, f"one of them did nothing: {sent}"
    db.session.expire_all()
    assert {queries.state_of(post).value for post in made} == {"published"}
    deliveries = list(db.session.scalars(select(Delivery)))
    assert {d.external_id for d in deliveries} == {p["id"] for p in server.ledger.posts()}
    assert check_chain(office_id) == []
