"""What was read of a site of past posts and waits to be looked at."""

from datetime import UTC, datetime

from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.secrets import encrypt
from humasflow.imports.backfill.enums import ItemState, RunState, Source
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from tests.factories.world import World

SITE = "https://situs-rahasia.example"


def backfill_of(world: World, *, state: RunState = RunState.READY, problem: str = "") -> BackfillRun:
    """A run with a new post of category Berita, and one without a date. Commits."""
    run = BackfillRun(
        office_id=world.office.id, created_by=world.editor.id, created_at=clock.now(), source=Source.WORDPRESS,
        name="situs-rahasia.example", address=encrypt(SITE), zone="Asia/Jakarta", state=state, cursor={},
        problem=problem,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    db.session.add_all([
        BackfillItem(
            run_id=run.id, url=f"{SITE}/1", address_key=f"{SITE}/1", title="Kiriman rahasia", category="Berita",
            published_at=datetime(2026, 1, 5, 1, tzinfo=UTC),
        ),
        BackfillItem(
            run_id=run.id, url=f"{SITE}/2", address_key=f"{SITE}/2", title="Kiriman rahasia tanpa tanggal",
            state=ItemState.REFUSED, reason="tanggal tayang tidak disebut",
        ),
    ])  # fmt: skip
    db.session.commit()
    return run


def backfill_things(world: World) -> dict[str, int]:
    """A run and the post in it that waits for a date, by the names of arguments. Commits."""
    run = backfill_of(world)
    undated = db.session.scalars(
        select(BackfillItem).where(BackfillItem.run_id == run.id, BackfillItem.state == ItemState.REFUSED)
    ).one()
    return {"backfill_run_id": run.id, "backfill_item_id": undated.id}
