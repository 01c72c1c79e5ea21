"""Past posts of a real WordPress: by its REST API and by its feed, recorded once."""

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.imports.backfill import queries
from humasflow.imports.backfill.enums import ItemState, RunState, Source
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services import begin_applying, fetch_step, start_from_address
from humasflow.imports.backfill.services.applying import Choices, apply_batch
from tests.factories.world import World
from tests.servers.wordpress.server import WordPress

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture(autouse=True)
def _reachable(wordpress, reachable):
    reachable(wordpress.port)


@pytest.fixture
def posts(wordpress: WordPress) -> None:
    """120 posts of two years, one of them a draft: two pages of the API."""
    for number in range(120):
        wordpress.ask("POST", "posts", json={
            "title": f"Berita <{number}> & “kabar”", "content": "<p>Isi</p>", "status": "draft" if number == 7 else "publish",
            "date": f"20{20 + number % 2}-{number % 12 + 1:02}-05T08:00:00",
        })  # fmt: skip


def read(world: World, address: str, source: Source) -> tuple[BackfillRun, list[BackfillItem]]:
    run = start_from_address(world.office, actor=world.as_(world.editor), source=source, address=address)
    db.session.commit()
    while fetch_step(str(run.id)) is not None:
        db.session.commit()
    db.session.commit()
    found = db.session.scalars(select(BackfillItem).where(BackfillItem.run_id == run.id)).all()
    return run, list(found)


def test_every_public_post_comes_once(world: World, wordpress: WordPress, posts: None):
    public = wordpress.published()
    run, found = read(world, wordpress.url, Source.WORDPRESS)
    assert (run.state, run.problem, run.zone) == (RunState.READY, "", "Asia/Makassar")
    assert {i.url for i in found} == {p["link"] for p in public}
    assert {i.state for i in found} == {ItemState.FOUND}
    by_url = {p["link"]: p for p in public}
    for item in found:
        assert item.published_at is not None
        assert item.published_at.strftime("%Y-%m-%dT%H:%M:%S") == by_url[item.url]["date_gmt"]

    types = {row.category: world.news.id for row in queries.count_categories(run.id)}
    choices = Choices(types=types, account_id=None)
    begin_applying(run, world.office, choices, actor=world.as_(world.editor), row_version=run.row_version)
    db.session.commit()
    while apply_batch(str(run.id)) is not None:
        db.session.commit()
    db.session.commit()
    assert run.state is RunState.DONE
    assert queries.count_states(run.id) == {ItemState.ADDED: len(public)}

    _again, known = read(world, wordpress.url, Source.WORDPRESS)
    assert {i.state for i in known} == {ItemState.KNOWN}
    _feed, from_feed = read(world, f"{wordpress.url}/feed/", Source.FEED)
    assert {i.url for i in from_feed} == {p["link"] for p in public}
    assert {i.state for i in from_feed} == {ItemState.KNOWN}
