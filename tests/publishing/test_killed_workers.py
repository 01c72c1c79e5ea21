"""Workers killed with SIGKILL while they publish: nothing twice, nothing lost."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from humasflow.audit.queries import check_chain
from humasflow.channels import services as channels
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.posts import services as posts
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery, Evidence
from humasflow.stories.enums import StoryState
from tests.publishing.desk import NewsDesk

KILLS = 24
STORIES, OUTLETS = 5, 8


@pytest.mark.db
def test_killed_workers_publish_everything_once(desk: NewsDesk, database_url: str, tmp_path: Path) -> None:
    world = desk.world
    office_id = world.office.id
    outlets = [world.web] + [
        channels.create_account(
            world.office.id, actor=None, kind=world.web.kind, name=f"Situs {n}", handle="", assignee_id=None
        )
        for n in range(OUTLETS - 1)
    ]
    for _story in range(STORIES):
        story = desk.story()
        made = [
            posts.create_post(
                story, actor=desk.editor, account_id=outlet.id, content_type_id=world.news.id,
                content=posts.PostContent("Ringkasan"),
            )
            for outlet in outlets
        ]  # fmt: skip
        desk.approve(desk.submit(story))
        for post in made:
            desk.schedule(post, clock.now())
    db.session.commit()
    db.session.remove()

    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.publishing.killing", database_url, str(tmp_path), str(KILLS)],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["killed"] >= 20
    sent = Counter(told["lines"])
    assert max(sent.values()) == 1, "sent twice"

    deliveries = db.session.scalars(select(Delivery)).all()
    assert len(deliveries) == STORIES * OUTLETS, "lost"
    for delivery in deliveries:
        # Killed between the note and the call: nobody can tell without looking, so a person is asked.
        assert delivery.state in (S.PUBLISHED, S.UNKNOWN)
        assert (delivery.state is S.PUBLISHED) == (delivery.idempotency_key in sent)
    published = [d for d in deliveries if d.state is S.PUBLISHED]
    assert len(published) > STORIES * OUTLETS / 2
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == len(published)
    open_jobs = (
        select(func.count()).select_from(Job).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
    )
    assert db.session.scalar(open_jobs.where(Job.kind.startswith("publishing."))) == 0
    assert {d.post.story.state for d in published} == {StoryState.PUBLISHED}
    assert check_chain(office_id) == []
