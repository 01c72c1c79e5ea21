"""Whoever began a run hears how it ended, once, and gets to it from there."""

from typing import Any

import pytest
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.imports.backfill import queries, services
from humasflow.imports.backfill.enums import RunState
from humasflow.imports.backfill.models import BackfillRun
from humasflow.imports.backfill.services import applying
from humasflow.imports.backfill.services.applying import Choices
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.links import path_of_subject
from humasflow.notifications.models import Notification

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def notices(run: BackfillRun) -> list[Notification]:
    db.session.expire_all()
    found = db.session.scalars(
        select(Notification)
        .where(Notification.subject_type == "backfill_run", Notification.subject_id == run.id)
        .order_by(Notification.id)
    )
    return list(found)


def told(run: BackfillRun) -> list[tuple[K, int]]:
    return [(n.kind, n.user_id) for n in notices(run)]


def say_yes(world: Any, run: BackfillRun, user: User, work: Any) -> BackfillRun:
    db.session.expire_all()
    types = {row.category: world.news.id for row in queries.count_categories(run.id)}
    services.begin_applying(
        run, world.office, Choices(types=types, account_id=None), actor=world.as_(user), row_version=run.row_version
    )  # fmt: skip
    work()
    db.session.expire_all()
    return db.session.get_one(BackfillRun, run.id)


def test_who_said_yes_hears_that_it_is_done(world, portal, begin, work, browser_of):
    portal.add(1)
    run = begin(portal.url)
    work()
    assert told(run) == []  # it waits for a person
    run = say_yes(world, run, world.other_editor, work)
    assert run.state is RunState.DONE and told(run) == [(K.IMPORT_DONE, world.other_editor.id)]
    applying.apply_batch(str(run.id))  # the job once more
    db.session.commit()
    assert len(notices(run)) == 1
    [notice] = notices(run)
    assert (notice.params["title"], path_of_subject(notice.subject_type, notice.subject_id)) == (
        "127.0.0.1", f"/pengaturan/impor/situs/{run.id}",
    )  # fmt: skip
    browser = browser_of(world.other_editor)
    assert "Impor selesai: 127.0.0.1" in browser.get("/pemberitahuan/").main
    assert browser.post(f"/pemberitahuan/{notice.id}/baca").location == f"/pengaturan/impor/situs/{run.id}"


def test_who_left_while_it_was_read_hears_that_it_can_be_looked_at(world, portal, begin, work, browser_of):
    for number in range(1, 102):
        portal.add(number)
    run = begin(portal.url)
    work()
    assert told(run) == [(K.IMPORT_CHECKED, world.editor.id)]
    assert (
        "Selesai dibaca dan siap diimpor: 127.0.0.1" in browser_of(world.editor).get("/pemberitahuan/").main
    )


def test_taken_back(world, portal, begin, work):
    portal.add(1)
    run = begin(portal.url)
    work()
    run = say_yes(world, run, world.editor, work)
    services.begin_undoing(run, actor=world.as_(world.other_editor))
    work()
    assert told(run) == [(K.IMPORT_DONE, world.editor.id), (K.IMPORT_UNDONE, world.other_editor.id)]


@pytest.mark.parametrize("status", [403, 503])
def test_a_site_that_cannot_be_read(world, portal, begin, work, status):
    portal.add(1)
    portal.failures = [(status, {}, b"")] * 20
    run = begin(portal.url)
    work()
    [notice] = notices(run)
    assert (notice.kind, notice.user_id) == (K.IMPORT_FAILED, world.editor.id)
    assert notice.params["reason"] == db.session.get_one(BackfillRun, run.id).problem != ""


def test_a_trouble_of_ours_is_told_once_and_called_off_when_it_goes_on(
    world, portal, begin, work, monkeypatch
):
    portal.add(1)
    run = begin(portal.url)
    work()
    real = applying._record
    monkeypatch.setattr(applying, "_record", lambda *_all: 1 / 0)
    run = say_yes(world, run, world.editor, work)
    assert run.problem and told(run) == [(K.IMPORT_FAILED, world.editor.id)]
    applying.apply_batch(str(run.id))
    db.session.commit()
    assert len(notices(run)) == 1
    services.continue_run(run, actor=world.as_(world.editor))
    db.session.commit()
    assert notices(run)[0].settled_at is not None
    work()
    run = db.session.get_one(BackfillRun, run.id)
    assert run.problem and [n.settled_at is None for n in notices(run)] == [False, True]  # it failed again
    monkeypatch.setattr(applying, "_record", real)
    services.continue_run(run, actor=world.as_(world.editor))
    work()
    assert [n.kind for n in notices(run)] == [K.IMPORT_FAILED, K.IMPORT_FAILED, K.IMPORT_DONE]


def test_thrown_away(world, portal, begin, work):
    portal.failures = [(403, {}, b"")] * 20
    run = begin(portal.url)
    work()
    [notice] = notices(run)
    services.drop_run(db.session.get_one(BackfillRun, run.id), actor=world.as_(world.editor))
    db.session.commit()
    assert db.session.get_one(Notification, notice.id).settled_at is not None
