"""Stopping mail from the mail itself (RFC 8058): one press, no sign-in, no token of a form; a GET changes nothing."""

import re

import pytest
from flask import Flask

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.mailbox import views
from humasflow.notifications.routing.enums import NoticeMode, NoticeTopic
from humasflow.notifications.routing.models import NoticePreference
from humasflow.notifications.unsubscribe import token_of
from humasflow.outbox import runner
from tests.factories.world import World
from tests.notifications.server import Box
from tests.support.page import Browser

pytestmark = pytest.mark.db
PRESS = {"List-Unsubscribe": "One-Click"}


def path(world: World, topic: str = "") -> str:
    return f"/surel/berhenti/{token_of(world.editor.id, topic)}"


def wishes() -> list[tuple[NoticeTopic, NoticeMode]]:
    db.session.rollback()
    return [(p.topic, p.mode) for p in db.session.query(NoticePreference)]


def test_a_mail_program_presses_it_without_a_session(world: World, box: Box, app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    services.notify(
        [world.editor], K.REVIEW_RETURNED, office_id=world.office.id, subject=("story", 7), key="a", title="Judul",
        actor_name="Penyetuju", story_id=7,
    )  # fmt: skip
    db.session.commit()
    runner.run_due()
    header = box.messages[0]["List-Unsubscribe"]
    found = re.fullmatch(r"<http://localhost(/surel/berhenti/[^>]+)>", header)
    assert found, header
    assert box.messages[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = app.test_client()
    for _again in range(2):
        answer = client.post(found[1], data=PRESS)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert wishes() == [(NoticeTopic.APPROVALS, NoticeMode.OFF)]
    stopped = [
        e for e in audit.list_timeline(("user", world.editor.id)) if e.action is AuditAction.MAIL_STOPPED
    ]
    assert len(stopped) == 1


def test_a_get_says_what_will_happen_and_changes_nothing(world: World, app: Flask) -> None:
    browser = Browser(app)
    page = browser.get(path(world, "tasks"))
    assert "Tombol ini mematikan surel tentang Tugas." in page.main
    assert "e…@kantor-uji.example" in page.main
    assert world.editor.email not in page.html
    assert wishes() == []
    assert world.editor.wants_email


def test_one_topic_everything_and_back_again(world: World, app: Flask) -> None:
    browser = Browser(app)
    url = path(world, "tasks")
    browser.post(url, {"pilihan": "topik"})
    assert wishes() == [(NoticeTopic.TASKS, NoticeMode.OFF)]
    assert "Surel tentang Tugas sudah dimatikan" in browser.get(url).main
    assert "Tombol ini" in browser.get(path(world, "agenda")).main, "others go on"
    browser.post(url, {"pilihan": "nyalakan"})
    assert wishes() == []
    browser.post(url, {"pilihan": "semua"})
    db.session.refresh(world.editor)
    assert not world.editor.wants_email
    assert "Surel sudah dimatikan" in browser.get(path(world)).main
    browser.post(path(world), {"pilihan": "nyalakan"})
    db.session.refresh(world.editor)
    assert world.editor.wants_email


@pytest.mark.parametrize("token", ["x", "WzEsIiJd.salah", "a" * 400])
def test_what_was_not_signed_here_does_nothing(world: World, app: Flask, token: str) -> None:
    client = app.test_client()
    assert client.get(f"/surel/berhenti/{token}").status_code == 400
    assert client.post(f"/surel/berhenti/{token}", data=PRESS).status_code == 400
    db.session.refresh(world.editor)
    assert world.editor.wants_email


def test_a_token_of_another_purpose_is_none(world: World, app: Flask) -> None:
    good = token_of(world.editor.id)
    other = token_of(world.other_editor.id).rpartition(".")[2]
    forged = good.rpartition(".")[0] + "." + other
    assert app.test_client().post(f"/surel/berhenti/{forged}", data=PRESS).status_code == 400


def test_only_so_often(world: World, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PRESSES", 2)
    client = app.test_client()
    codes = [client.post(path(world), data=PRESS).status_code for _n in range(3)]
    assert codes == [200, 200, 429]


def test_needed_mail_cannot_be_stopped(world: World, box: Box) -> None:
    services.queue_invitation(world.editor, office=world.office, url="http://localhost/undangan/x")
    services.queue_test(world.office, actor=world.as_(world.admin))
    db.session.commit()
    runner.run_due()
    assert len(box.messages) == 2
    assert all(m["List-Unsubscribe"] is None for m in box.messages)
