"""A report from the order to the file: made once, by the worker, for whoever may have it, and gone after a while."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, UserError
from humasflow.core.periods import Quarter
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.outbox.runner import run_due
from humasflow.reports import queries, storage
from humasflow.reports.enums import ReportFormat, ReportKind, ReportScope, RunState, SpanKind
from humasflow.reports.makers import Progress
from humasflow.reports.models import ReportRun
from humasflow.reports.policy import may_read
from humasflow.reports.services import (
    Order,
    cancel_run,
    end_abandoned,
    expire_runs,
    making,
    repeat_run,
    request_run,
    tidy_folders,
)
from humasflow.reports.services.requesting import MOST_OPEN, job_key
from humasflow.reports.spans import Span
from tests.factories.world import World
from tests.reports.made import QUARTER, made, order, quarter

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

At = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few bytes: how they are drawn is tested elsewhere."""

    def make(_facts: object, _run: ReportRun, out: Path, progress: Progress) -> None:
        progress(1, 2, "Separuh jalan")
        out.write_bytes(b"%PDF-1.7 uji")

    monkeypatch.setattr(making, "maker_of", lambda _format: make)


def test_an_order_becomes_a_file(world: World, quick: None) -> None:
    run = made(world)
    assert run.state is RunState.READY, run.error
    (file,) = run.files
    path = storage.path_of(file)
    assert path.read_bytes() == b"%PDF-1.7 uji" and path.stat().st_size == file.size
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
    assert file.name == "laporan-kantor-uji-2026-TW1.pdf"
    told = db.session.scalars(select(Notification).where(Notification.user_id == world.lead.id)).all()
    assert [n.kind for n in told if n.subject_id == run.id] == [NoticeKind.REPORT_READY]
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_type == "report")).all()
    assert [a.value for a in acts] == ["reports.run.requested", "reports.run.made"]


def test_the_same_order_while_it_is_made_is_one_run(world: World) -> None:
    assert order(world).id == order(world).id
    assert order(world, language="en").id != order(world).id
    assert order(world, world.admin).id != order(world).id


def test_a_person_has_a_few_at_a_time(world: World) -> None:
    for n in range(1, MOST_OPEN + 1):
        found = Quarter.parse(f"20{20 + n}-TW1")
        order(world, span=Span(SpanKind.QUARTER, found.start, found.end))
    with pytest.raises(UserError):
        order(world)


def test_a_mistake_ends_the_run_with_its_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise UserError("Ruang penyimpanan penuh.")

    monkeypatch.setattr(making, "maker_of", lambda _format: refuse)
    run = made(world)
    assert (run.state, run.error, list(run.files)) == (RunState.FAILED, "Ruang penyimpanan penuh.", [])
    assert not storage.FOLDERS.folder_of(run.id).exists()
    kinds = db.session.scalars(select(Notification.kind).where(Notification.subject_type == "report")).all()
    assert list(kinds) == [NoticeKind.REPORT_FAILED]


def test_a_fault_is_tried_again_and_then_said(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_args: object) -> None:
        raise RuntimeError("rusak")

    monkeypatch.setattr(making, "maker_of", lambda _format: break_down)
    run = made(world)
    job = db.session.scalars(select(Job).where(Job.key == job_key(run.id))).one()
    assert run.state is RunState.MAKING and job.state is JobState.QUEUED
    job.attempts, job.due_at = job.max_attempts - 1, run.created_at
    db.session.commit()
    run_due()
    db.session.refresh(run)
    assert run.state is RunState.FAILED and "rusak" not in run.error and run.error


def test_calling_off_stops_it_at_the_next_step(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(_facts: object, run: ReportRun, out: Path, progress: Progress) -> None:
        out.write_bytes(b"%PDF-1.7 setengah")
        id_ = run.id
        db.session.rollback()
        making.set_read_only(False)
        cancel_run(db.session.get_one(ReportRun, id_), actor=world.as_(db.session.get_one(User, lead)))
        db.session.commit()
        progress(1, 2, "tidak sampai")

    lead = world.lead.id
    monkeypatch.setattr(making, "maker_of", lambda _format: make)
    run = made(world)
    assert run.state is RunState.CANCELLED and not storage.FOLDERS.folder_of(run.id).exists()
    with pytest.raises(Conflict):
        cancel_run(run, actor=world.as_(world.lead))


def test_files_go_after_two_weeks_and_can_be_made_again(world: World, quick: None, at: At) -> None:
    with at("2026-04-02T02:00Z"):
        run = made(world)
        assert expire_runs() == 0
    path = storage.path_of(run.files[0])
    with at("2026-04-17T02:00Z"):
        assert expire_runs() == 1
        db.session.refresh(run)
        assert run.state is RunState.EXPIRED and list(run.files) == [] and not path.exists()
        again = repeat_run(run, actor=world.as_(world.lead))
        assert again.id != run.id and again.state is RunState.QUEUED
        assert (again.start_on, again.formats, again.scope) == (run.start_on, run.formats, run.scope)


def test_a_worker_that_was_killed_leaves_no_run_open(world: World) -> None:
    run = order(world)
    db.session.commit()
    assert end_abandoned() == 0
    db.session.scalars(select(Job).where(Job.key == job_key(run.id))).one().state = JobState.DEAD
    assert end_abandoned() == 1 and run.state is RunState.FAILED and run.error


def test_folders_that_no_run_knows_go(world: World, quick: None, at: At) -> None:
    run = made(world)
    stray = storage.FOLDERS.root() / "987654"
    stray.mkdir(mode=0o700)
    assert tidy_folders() == 0
    with at("2027-06-01T02:00Z"):
        assert tidy_folders() == 1
    assert not stray.exists() and storage.FOLDERS.folder_of(run.id).exists()


def test_orders_that_cannot_be(world: World) -> None:
    late = Span(SpanKind.FREE, QUARTER.start, QUARTER.start.replace(year=2031))
    with pytest.raises(UserError):
        order(world, formats=())
    with pytest.raises(UserError):
        order(world, span=late)
    with pytest.raises(UserError):
        order(world, span=Span(SpanKind.FREE, QUARTER.end, QUARTER.start))
    with pytest.raises(NotFound):
        order(world, scope=ReportScope.SECTION, subject_id=world.office.id)
    with pytest.raises(NotFound):
        order(world, scope=ReportScope.PERSON, subject_id=987654)
    with pytest.raises(NotFound):
        order(world, scheme_id=987654)
    assert db.session.scalar(select(func.count()).select_from(ReportRun)) == 0


def test_who_may_order_what(world: World, other_world: World) -> None:
    mine = order(world, world.contributor, scope=ReportScope.PERSON, subject_id=world.contributor.id)
    assert not mine.names_people
    with pytest.raises(NotAllowed):
        order(world, world.contributor)
    with pytest.raises(NotAllowed):
        order(world, world.contributor, scope=ReportScope.PERSON, subject_id=world.editor.id)
    with pytest.raises(NotAllowed):  # an editor makes reports and may not read what each colleague brought
        order(world, world.editor, scope=ReportScope.PERSON, subject_id=world.contributor.id)
    with pytest.raises(NotAllowed):  # a pack holds everybody's evidence
        request_run(
            world.office.id, actor=world.as_(world.contributor),
            order=Order(ReportKind.PACK, QUARTER, (ReportFormat.PDF,), ReportScope.PERSON, world.contributor.id),
        )  # fmt: skip
    with pytest.raises(NotFound):
        order(world, other_world.lead)


def test_who_may_read_what(world: World, other_world: World) -> None:
    """The list and the question about one run agree."""
    runs = {
        "own": order(world, world.contributor, scope=ReportScope.PERSON, subject_id=world.contributor.id),
        "named": order(world),  # the lead's: it names people
        "plain": order(world, world.editor),
        "about": order(world, scope=ReportScope.PERSON, subject_id=world.contributor.id),
    }
    expected = {
        world.contributor.id: {"own", "about"},
        world.other_contributor.id: set(),
        world.editor.id: {"plain"},
        world.other_editor.id: {"plain"},
        world.lead.id: set(runs),
        world.admin.id: {"plain"},
    }
    for user_id, seen in expected.items():
        reader = world.as_(db.session.get_one(User, user_id))
        assert {key for key, run in runs.items() if may_read(reader, run)} == seen
        listed = {run.id for run in queries.list_runs(world.office, reader=reader)}
        assert listed == {runs[key].id for key in seen}
        for key, run in runs.items():
            if key not in seen:
                with pytest.raises(NotFound):
                    queries.get_run(run.id, reader=reader)
    stranger = other_world.as_(other_world.lead)
    assert not any(may_read(stranger, run) for run in runs.values())


def test_a_finished_run_is_not_made_twice(world: World, quick: None) -> None:
    run = made(world)
    digest = run.files[0].sha256
    making.make_run(str(run.id))
    making.make_run("987654")
    assert run.state is RunState.READY and run.files[0].sha256 == digest
    quarter(world)  # what comes later changes no finished report
    assert run.files[0].sha256 == digest
