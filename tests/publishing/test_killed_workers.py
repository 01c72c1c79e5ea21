"""Workers killed with SIGKILL at every line between claim and done: nothing twice, nothing lost, nothing claimed that is
not so.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from humasflow.audit.queries import check_chain
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.posts import services as posts
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import StoryState
from tests.publishing.channel import connect, install
from tests.publishing.desk import NewsDesk
from tests.publishing.outlets import outlets
from tests.support.loopback import LoopbackAdapter, LoopbackServer

DEEP = bool(os.environ.get("HUMASFLOW_TEST_DEEP"))  # then at every single line
LINES = 480 if DEEP else 60  # of the way out; a third of it each while it is asked about
STORIES, OUTLETS = (62 if DEEP else 8), 13


@pytest.mark.db
def test_killed_at_every_line_everything_goes_out_once(
    desk: NewsDesk, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = desk.world
    office_id = world.office.id
    install(monkeypatch, LoopbackAdapter(lambda *_a, **_k: pytest.fail("the desk does not publish")))  # type: ignore[arg-type]
    with LoopbackServer(tmp_path / "channel.jsonl") as server:
        accounts = outlets(world, OUTLETS)
        for account in accounts:
            connect(account, "loopback", base=f"http://127.0.0.1:{server.port}")
        due = clock.now()
        for _story in range(STORIES):
            story = desk.story()
            made = [
                posts.create_post(
                    story, actor=desk.editor, account_id=account.id, content_type_id=world.social.id,
                    content=posts.PostContent("Sosialisasi aset. #BMN"),
                )
                for account in accounts
            ]  # fmt: skip
            desk.approve(desk.submit(story))
            for post in made:
                desk.schedule(post, due)
        db.session.commit()
        db.session.remove()

        root = Path(__file__).resolve().parents[2]
        done = subprocess.run(
            [sys.executable, "-m", "tests.publishing.killing", database_url, str(tmp_path), str(server.port), str(LINES)],
            cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=3000 if DEEP else 900,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        sent = server.ledger.refs()
    told = json.loads(done.stdout.splitlines()[-1])  # of each matrix: lines there are, workers killed
    print(told)
    killed = {name: count for name, (_lines, count) in told.items()}
    assert killed["out"] >= 45 and killed["there"] >= 12 and killed["not there"] >= 12, told
    assert sum(killed.values()) >= 60

    assert max(sent.values()) == 1, [ref for ref, times in sent.items() if times > 1]
    deliveries = db.session.scalars(select(Delivery)).all()
    assert len(deliveries) == STORIES * OUTLETS, "lost"
    # The channel's "no" is a no, so nothing is left to people.
    assert {d.state for d in deliveries} == {S.PUBLISHED}
    assert {d.idempotency_key for d in deliveries} == set(sent)
    assert {d.external_id for d in deliveries} == {p["id"] for p in server.ledger.posts()}
    announced = (
        select(func.count())
        .select_from(Job)
        .where(Job.kind == "publishing.announce", Job.state == JobState.DONE)
    )
    assert db.session.scalar(announced) == len(deliveries)
    assert {d.post.story.state for d in deliveries} == {StoryState.PUBLISHED}
    assert check_chain(office_id) == []
