"""What waits for a job that never comes says so, and goes on when somebody presses the button."""

import pytest
from sqlalchemy import delete, update

from humasflow.core.db import db
from humasflow.imports.backfill.enums import RunState
from humasflow.imports.backfill.services import stop_abandoned as stop_backfills
from humasflow.imports.enums import BatchState
from humasflow.imports.services.applying import begin_applying
from humasflow.imports.services.running import stop_abandoned
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.outbox.services import enqueue
from humasflow.publishing.models import Delivery
from tests.factories.backfills import backfill_of
from tests.factories.imports import GOOD, HEAD, checked
from tests.factories.world import World
from tests.support.forms import form_with

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.mark.parametrize("how", ["dead", "never came"])
def test_an_import_without_its_job_stops_and_goes_on(world: World, browser_of, finish, how: str) -> None:  # type: ignore[no-untyped-def]
    batch = checked(world, f"{HEAD}\n{GOOD}\n".encode())
    begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=False)
    db.session.commit()
    assert stop_abandoned() == 0, "its job waits"
    mine = Job.lane == f"import:{batch.id}"
    db.session.execute(
        update(Job).where(mine).values(state=JobState.DEAD) if how == "dead" else delete(Job).where(mine)
    )
    db.session.commit()
    assert stop_abandoned() == 1
    assert stop_abandoned() == 0, "it is said once"
    db.session.refresh(batch)
    assert (batch.state, batch.failed_at) == (BatchState.FAILED, BatchState.APPLYING)

    editor, address = browser_of(world.editor), f"/impor/{batch.id}"
    page = editor.get(address)
    assert "Proses latar berhenti di tengah jalan. Lanjutkan dari sini." in page.main
    assert "Proses latar berhenti" in editor.get("/pemberitahuan/").main
    editor.post(f"{address}/lanjutkan", page.form("lanjutkan"), status=303)
    assert finish().state is BatchState.APPLIED
    assert db.session.query(Delivery).count() == 1


def test_past_posts_without_their_job_stop_and_go_on(world: World, browser_of) -> None:  # type: ignore[no-untyped-def]
    run = backfill_of(world, state=RunState.FETCHING)
    enqueue("imports.backfill.fetch", run.id, office_id=world.office.id, lane=f"backfill:{run.id}")
    waiting = backfill_of(world)
    db.session.commit()
    assert stop_backfills() == 0
    db.session.execute(delete(Job).where(Job.lane == f"backfill:{run.id}"))
    db.session.commit()
    assert stop_backfills() == 1
    assert stop_backfills() == 0
    db.session.refresh(run)
    db.session.refresh(waiting)
    assert (run.state, waiting.problem) == (RunState.FETCHING, "")
    editor, address = browser_of(world.editor), f"/pengaturan/impor/situs/{run.id}"
    page = editor.get(address)
    assert "Proses latar berhenti di tengah jalan." in page.main
    editor.post(f"{address}/lanjutkan", form_with(page, "csrf_token"), status=303)
    db.session.refresh(run)
    assert run.problem == ""
    assert db.session.query(Job).filter(Job.lane == f"backfill:{run.id}").count() == 1
