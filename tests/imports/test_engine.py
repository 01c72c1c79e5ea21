"""What an import promises whatever happens on the way: nothing half-written, nothing twice, everything can go back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import RoleGrant
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, UserError
from humasflow.imports import queries
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.base import Applied, Outcome
from humasflow.imports.kinds.publications import KIND
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.imports.services import checking
from humasflow.imports.services.applying import BadRows, apply_batch, begin_applying
from humasflow.imports.services.at_once import work
from humasflow.imports.services.checking import check_batch, fix_cells
from humasflow.imports.services.mapping import set_mapping
from humasflow.imports.services.taking import discard, forget_batches, go_on
from humasflow.imports.services.undoing import begin_undoing
from humasflow.media.services import storage
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.outbox import turns
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.services.verification import verify_point
from tests.factories.imports import BAD, GOOD, HEAD, checked, load, uploaded
from tests.factories.scoring import make_scheme
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def many(count: int) -> bytes:
    rows = [GOOD.replace("berita/1", f"berita/{n}").replace("tertib", f"ke-{n}") for n in range(count)]
    return "\n".join([HEAD, *rows]).encode()


def number(model: type, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


def test_a_worker_that_dies_between_chunks_is_followed_by_one_that_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(world, many(25))
    monkeypatch.setattr(type(KIND), "chunk", 10)
    monkeypatch.setattr(turns, "TURN_SECONDS", -1)
    begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=False)
    db.session.commit()
    assert apply_batch(str(batch.id)) == timedelta(0)
    assert number(Delivery) == 10
    db.session.rollback()  # whatever was begun since is gone; what was committed stays
    db.session.refresh(batch)
    assert (batch.state, batch.done) == (BatchState.APPLYING, 10)
    work(batch)
    assert (batch.state, number(Delivery)) == (BatchState.APPLIED, 25)
    assert queries.count_rows(batch).outcomes == {Outcome.MADE: 25}
    assert apply_batch(str(batch.id)) is None, "a job that comes late finds nothing to do"


def test_a_worker_that_dies_in_checking_is_followed_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 10)
    monkeypatch.setattr(turns, "TURN_SECONDS", -1)
    batch = uploaded(world, many(25))
    set_mapping(batch, batch.mapping, batch.defaults, actor=world.as_(world.editor))
    db.session.commit()
    assert check_batch(str(batch.id)) == timedelta(0)
    work(batch)
    assert (batch.state, queries.count_rows(batch).good) == (BatchState.CHECKED, 25)


def test_a_failure_is_told_and_goes_on_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(world, many(25))
    monkeypatch.setattr(type(KIND), "chunk", 10)
    write, calls = type(KIND).apply, []

    def fail_once(self, rows, context, prepared):
        calls.append(len(rows))
        if len(calls) == 2:
            raise RuntimeError("disk on fire")
        return write(self, rows, context, prepared)

    monkeypatch.setattr(type(KIND), "apply", fail_once)
    begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=False)
    with pytest.raises(UserError, match="gangguan"):
        work(batch)
    assert (batch.state, batch.failed_at, number(Delivery)) == (BatchState.FAILED, BatchState.APPLYING, 10)
    assert number(Notification, Notification.kind == NoticeKind.IMPORT_FAILED) == 1
    with pytest.raises(Conflict, match="Sebagian sudah diimpor"):
        discard(batch, actor=world.as_(world.editor))
    db.session.rollback()
    with pytest.raises(Conflict):
        begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=False)
    db.session.rollback()
    with pytest.raises(Conflict):
        set_mapping(batch, batch.mapping, batch.defaults, actor=world.as_(world.editor))
    db.session.rollback()
    go_on(batch, actor=world.as_(world.editor))
    go_on(batch, actor=world.as_(world.editor))
    work(batch)
    assert (batch.state, number(Delivery)) == (BatchState.APPLIED, 25)


def test_all_or_nothing_does_not_begin_with_a_bad_row(world: World) -> None:
    batch = checked(world, f"{HEAD}\n{GOOD}\n{BAD}\n".encode())
    with pytest.raises(BadRows, match="Masih ada 1 baris"):
        begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=True)
    assert batch.state is BatchState.CHECKED


def test_all_or_nothing_takes_everything_back_when_a_row_is_refused_in_writing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(world, many(25))
    monkeypatch.setattr(type(KIND), "chunk", 10)
    write, calls = type(KIND).apply, []

    def refuse_later(self, rows, context, prepared):
        calls.append(len(rows))
        if len(calls) == 3:
            return [Applied(r.line, Outcome.REFUSED, reason="kanalnya hilang") for r in rows]
        return write(self, rows, context, prepared)

    monkeypatch.setattr(type(KIND), "apply", refuse_later)
    begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=True)
    work(batch)
    assert batch.state is BatchState.UNDONE
    assert "Baris 22: kanalnya hilang" in batch.error
    assert number(Delivery, Delivery.state == DeliveryState.PUBLISHED) == 0
    assert queries.count_rows(batch).undone == 20


def test_undoing_keeps_what_somebody_decided_since(world: World) -> None:
    make_scheme(world)
    told = load(world.office, world.as_(world.editor), many(3))
    delivery = db.session.scalars(select(Delivery).order_by(Delivery.id)).first()
    assert delivery is not None
    verify_point(delivery, actor=world.as_(world.lead))
    begin_undoing(told.batch, actor=world.as_(world.editor))
    begin_undoing(told.batch, actor=world.as_(world.editor))
    work(told.batch)
    counts = queries.count_rows(told.batch)
    assert (told.batch.state, counts.undone, counts.kept) == (BatchState.UNDONE, 2, 1)
    assert number(ImportRow, ImportRow.reason == "sudah diverifikasi") == 1
    again = load(world.office, world.as_(world.editor), many(3))
    assert (again.added, again.known) == (2, 1)


def test_undoing_what_this_import_vouched_for_takes_it_back(world: World) -> None:
    make_scheme(world)
    told = load(world.office, world.as_(world.editor), many(3), verified=True)
    begin_undoing(told.batch, actor=world.as_(world.editor))
    work(told.batch)
    assert queries.count_rows(told.batch).undone == 3


def test_a_corrected_type_goes_back(world: World) -> None:
    make_scheme(world)
    load(world.office, world.as_(world.editor), f"{HEAD}\n{GOOD}\n".encode())
    told = load(
        world.office, world.as_(world.editor), f"{HEAD}\n{GOOD.replace('terbaru', 'utama')}\n".encode()
    )
    assert told.outcomes == [Outcome.CHANGED]
    begin_undoing(told.batch, actor=world.as_(world.editor))
    work(told.batch)
    delivery = db.session.scalars(select(Delivery)).one()
    assert (delivery.state, delivery.content_type_id) == (DeliveryState.PUBLISHED, world.news.id)


def test_whoever_may_no_longer_import_does_not(world: World) -> None:
    batch = checked(world, many(2))
    begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=False)
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == world.editor.id)):
        db.session.delete(grant)
    with pytest.raises(UserError, match="tidak lagi termasuk tugas"):
        work(batch)
    assert number(Delivery) == 0
    with pytest.raises(NotAllowed):
        begin_applying(batch, actor=world.as_(world.contributor), all_or_nothing=False)


def test_a_mended_row_moves_the_repetition(world: World) -> None:
    batch = checked(world, f"{HEAD}\n{GOOD}\n{GOOD}\n{GOOD}\n".encode())
    assert queries.count_rows(batch).same == 2
    first = db.session.query(ImportRow).filter_by(batch_id=batch.id, line=2).one()
    fix_cells(batch, first, {"url": "https://kantor.example/lain"}, actor=world.as_(world.editor))
    rows = dict(db.session.query(ImportRow.line, ImportRow.same_line).filter(*queries.of_table(batch)).all())
    assert rows == {2: None, 3: 3, 4: 3}
    assert first.edited_by == world.editor.id


def test_what_nobody_imports_is_forgotten_and_its_file_too(world: World) -> None:
    batch = checked(world, many(2))
    path = storage().path(batch.file_key)
    assert path.is_file()
    assert forget_batches() == 0
    batch.created_at = clock.now() - timedelta(days=31)
    db.session.flush()
    assert forget_batches() == 1
    assert (batch.state, number(ImportRow), path.is_file()) == (BatchState.DISCARDED, 0, False)
    done = load(world.office, world.as_(world.editor), many(2)).batch
    done.finished_at = clock.now() - timedelta(days=91)
    db.session.flush()
    assert forget_batches() == 1
    with pytest.raises(Conflict, match="terlalu lama"):
        begin_undoing(done, actor=world.as_(world.editor))


def test_the_file_stays_while_another_import_needs_it(world: World) -> None:
    first, second = uploaded(world, many(2)), uploaded(world, many(2))
    discard(first, actor=world.as_(world.editor))
    assert storage().path(second.file_key).is_file()


def test_everything_is_on_record(world: World) -> None:
    told = load(world.office, world.as_(world.editor), f"{HEAD}\n{GOOD}\n{BAD}\n".encode())
    begin_undoing(told.batch, actor=world.as_(world.editor))
    work(told.batch)
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_type == "import_batch").order_by(AuditEntry.id)
    ).all()
    assert [str(a) for a in actions] == [
        "imports.table.started", "imports.list.recorded", "imports.table.undone",
    ]  # fmt: skip
    assert number(ImportBatch) == 1


def test_a_long_undo_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = load(world.office, world.as_(world.editor), many(7))
    monkeypatch.setattr(type(KIND), "undone_at_once", 3)
    monkeypatch.setattr(turns, "TURN_SECONDS", -1)
    begin_undoing(told.batch, actor=world.as_(world.editor))
    work(told.batch)
    assert queries.count_rows(told.batch).undone == 7


def test_a_row_refused_in_writing_leaves_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = checked(world, f"{many(3).decode()}\n{BAD}\n".encode())
    write = type(KIND).apply

    def refuse_first(self, rows, context, prepared):
        refused = Applied(rows[0].line, Outcome.REFUSED, reason="kanalnya hilang")
        return [refused, *write(self, rows[1:], context, prepared)]

    monkeypatch.setattr(type(KIND), "apply", refuse_first)
    begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=False)
    work(batch)
    assert batch.state is BatchState.APPLIED
    assert queries.count_rows(batch).outcomes == {Outcome.REFUSED: 1, Outcome.MADE: 2}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "imports.list.recorded")).one()
    assert (entry.detail["added"], entry.detail["refused"]) == (2, 2)


def test_a_chunk_that_cannot_be_written_names_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self, rows, context, prepared):
        raise UserError("kanalnya hilang")

    batch = checked(world, many(3))
    monkeypatch.setattr(type(KIND), "apply", refuse)
    begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=False)
    work(batch)
    assert queries.count_rows(batch).outcomes == {Outcome.REFUSED: 3}
    assert number(ImportRow, ImportRow.reason == "kanalnya hilang") == 3
