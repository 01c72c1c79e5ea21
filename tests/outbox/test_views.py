"""The page of jobs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from humasflow.audit.queries import list_timeline
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import runner, services
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from tests.factories.world import World
from tests.outbox.conftest import Kinds
from tests.support.page import Browser

Open = Callable[[Any], Browser]
PATH = "/pengaturan/pekerjaan"


@pytest.fixture
def dead(app: Flask, world: World, kinds: Kinds) -> Job:
    def broken(_ref: str) -> None:
        raise ConnectionRefusedError("111")

    kinds(notifications_send_mail=broken)
    made = services.enqueue("notifications.send_mail", 5, office_id=world.office.id, max_attempts=1)
    db.session.commit()
    runner.run_due()
    return made


@pytest.fixture
def kinds(kinds: Kinds) -> Callable[..., None]:
    from humasflow.outbox import handling

    def bind(**handlers: Callable[[str], None]) -> None:
        handling._handlers.update({k.replace("_", ".", 1): v for k, v in handlers.items()})

    return bind


def test_a_dead_letter_says_why_and_can_be_tried_again(
    dead: Job, world: World, browser_of: Open, kinds: Callable[..., None]
) -> None:
    admin = browser_of(world.admin)
    page = admin.get(PATH)
    assert "Mengirim surel" in page.main
    assert "Sambungan keluar gagal atau tidak dijawab." in page.main
    assert "ConnectionRefusedError: 111" in page.main
    ran: list[str] = []
    kinds(notifications_send_mail=ran.append)
    form = page.form("/ulangi")
    admin.post(f"{PATH}/{dead.id}/ulangi", form)
    assert dead.state is JobState.QUEUED
    assert [e.action.value for e in list_timeline(("job", dead.id))] == ["outbox.job.revived"]
    runner.run_due()
    assert ran == ["5"]
    assert "Tidak ada yang berhenti" in admin.get(PATH).main
    assert "sudah dijalankan ulang" in admin.post(f"{PATH}/{dead.id}/ulangi", status=409).main


def test_a_stopped_worker_is_said_clearly(world: World, browser_of: Open) -> None:
    admin = browser_of(world.admin)
    assert "Proses latar tidak berjalan Belum pernah terlihat." in admin.get(PATH).main
    services.beat("pekerja")
    db.session.commit()
    assert "Proses latar berjalan" in admin.get(PATH).main
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert "Proses latar tidak berjalan Terakhir terlihat 2 jam lalu." in admin.get(PATH).main


def test_what_is_overdue_is_listed(world: World, browser_of: Open) -> None:
    services.enqueue(
        "publishing.publish", 1, office_id=world.office.id, due_at=clock.now() - timedelta(hours=1)
    )
    services.enqueue(
        "publishing.publish", 2, office_id=world.office.id, due_at=clock.now() + timedelta(hours=1)
    )
    db.session.commit()
    page = browser_of(world.admin).get(PATH)
    assert "Terlambat 1" in page.main
    assert "Menerbitkan publikasi" in page.main


def test_only_who_may_and_only_their_office(
    dead: Job, world: World, other_world: World, browser_of: Open
) -> None:
    for person in (world.editor, world.lead, world.contributor):
        browser_of(person).get(PATH, status=403)
        browser_of(person).post(f"{PATH}/{dead.id}/ulangi", status=403)
    other = browser_of(other_world.admin)
    assert "ConnectionRefusedError" not in other.get(PATH).main
    other.post(f"{PATH}/{dead.id}/ulangi", status=404)
    other.post(f"{PATH}/999999/ulangi", status=404)
    assert dead.state is JobState.DEAD


def test_the_page_costs_the_same_for_one_and_for_three(
    world: World, browser_of: Open, statements: Any
) -> None:
    admin = browser_of(world.admin)
    admin.get(PATH)
    counts = []
    for _round in range(2):
        for _n in range(_round * 2 + 1):
            made = services.enqueue("publishing.announce", 1, office_id=world.office.id)
            made.state, made.error = JobState.DEAD, "KeyError: 'x'"
        db.session.commit()
        statements.reset()
        admin.get(PATH)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10
