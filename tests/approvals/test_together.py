"""Two people at once, each in a session of their own, on both databases."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from humasflow.accounts.models import User
from humasflow.accounts.queries import load_principal
from humasflow.approvals import services
from humasflow.approvals.enums import PackageState
from humasflow.approvals.jobs import remind_due
from humasflow.approvals.models import Decision, Package, Reminder
from humasflow.approvals.queries import approval_of, urgent_flags
from humasflow.approvals.services import PatienceContent, deciding, keeping, urgent
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent
from humasflow.stories import services as story_services
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.approvals.desk import OFFICE, TEXT, Desk, person, together
from tests.conftest import ON_POSTGRES
from tests.factories.world import World
from tests.support.page import Browser, Page

pytestmark = pytest.mark.db


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run all at once; an exception is an answer like any other."""
    answers: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            answers[index] = acts[index]()
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            answers[index] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def by(app: Flask, user_id: int, act: Callable[[Any], object]) -> Callable[[], object]:
    """An act of a person in a session of their own, committed."""

    def run() -> object:
        with app.app_context(), app.test_request_context():
            try:
                answer = act(load_principal(db.session.get_one(User, user_id)))
                db.session.commit()
                return answer
            finally:
                db.session.remove()

    return run


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """On PostgreSQL both have read the package before either locks it. SQLite has one writer at a time anyway."""
    barrier = threading.Barrier(2)
    waits = deciding.lock_package

    def met(package: Package) -> Package:
        if ON_POSTGRES:
            barrier.wait(30)
        return waits(package)

    monkeypatch.setattr(deciding, "lock_package", met)
    return barrier


def test_of_two_approvers_one_decides_and_the_other_reads_who(
    desk: Desk, app: Flask, browser_of: Callable[[Any], Browser], meeting: threading.Barrier
) -> None:
    second = desk.second_approver()
    package = desk.submit(desk.ready())
    db.session.commit()
    ident, story_id = package.id, package.story_id
    browsers = [browser_of(desk.world.approver), browser_of(second)]
    forms = [b.get(f"/persetujuan/{ident}").form("setujui") for b in browsers]
    db.session.remove()
    url = f"/persetujuan/{ident}/setujui"
    answers = at_once(
        *(lambda b=b, f=f: Page(b.client.post(url, data=f)) for b, f in zip(browsers, forms, strict=True))  # type: ignore[misc]
    )
    assert sorted(a.status for a in answers if isinstance(a, Page)) == [303, 409], answers
    late = next(a for a in answers if isinstance(a, Page) and a.status == 409)
    assert "sudah disetujui oleh" in late.main
    assert db.session.query(Decision).filter_by(package_id=ident).count() == 1
    assert db.session.get_one(Package, ident).state is PackageState.APPROVED
    assert db.session.get_one(Story, story_id).state is StoryState.APPROVED


def test_agreeing_and_sending_back_at_once_leaves_one_decision(
    desk: Desk, browser_of: Callable[[Any], Browser], meeting: threading.Barrier
) -> None:
    second = desk.second_approver()
    package = desk.submit(desk.ready())
    db.session.commit()
    ident = package.id
    agree, back = browser_of(desk.world.approver), browser_of(second)
    yes = agree.get(f"/persetujuan/{ident}").form("setujui")
    no = back.get(f"/persetujuan/{ident}").form("kembalikan") | {"reason": "Kurang foto"}
    db.session.remove()
    answers = at_once(
        lambda: Page(agree.client.post(f"/persetujuan/{ident}/setujui", data=yes)),
        lambda: Page(back.client.post(f"/persetujuan/{ident}/kembalikan", data=no)),
    )
    assert sorted(a.status for a in answers if isinstance(a, Page)) == [303, 409], answers
    assert db.session.query(Decision).filter_by(package_id=ident).count() == 1


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time: nothing can interleave")
def test_saving_a_post_while_it_is_approved_ends_in_one_of_two_truths(
    desk: Desk, app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor holds the post and the record, the approver the story and the package, and each wants the other's."""
    story = desk.ready("facebook")
    package = desk.submit(story)
    db.session.commit()
    ident, post_id, digest = package.id, posts.list_posts_of(story.id)[0].id, package.digest
    approver, editor = world.approver.id, world.editor.id
    db.session.remove()
    barrier = threading.Barrier(2)
    lock, keep = deciding.lock_package, keeping.lock_story_now

    def locked(package: Package) -> Package:
        found = lock(package)
        barrier.wait(30)
        return found

    def wanted(story_id: int) -> Story:
        barrier.wait(30)
        return keep(story_id)

    monkeypatch.setattr(deciding, "lock_package", locked)
    monkeypatch.setattr(keeping, "lock_story_now", wanted)

    answers = at_once(
        by(
            app,
            approver,
            lambda who: deciding.approve(db.session.get_one(Package, ident), actor=who, digest=digest),
        ),
        by(
            app,
            editor,
            lambda who: post_services.save_post_version(
                db.session.get_one(Post, post_id), actor=who, content=PostContent("Teks lain")
            ),
        ),
    )
    assert isinstance(answers[0], Decision), answers
    assert isinstance(answers[1], Conflict), answers
    assert db.session.get_one(Package, ident).state is PackageState.APPROVED


def pages_of(desk: Desk, browser_of: Callable[[Any], Browser], users: list[User], ident: int) -> list[Page]:
    """Everybody reads the package, then all agree at once."""
    browsers = [browser_of(u) for u in users]
    forms = [b.get(f"/persetujuan/{ident}").form("setujui") for b in browsers]
    db.session.remove()
    url = f"/persetujuan/{ident}/setujui"
    answers = at_once(
        *(lambda b=b, f=f: Page(b.client.post(url, data=f)) for b, f in zip(browsers, forms, strict=True))  # type: ignore[misc]
    )
    assert all(isinstance(a, Page) for a in answers), answers
    return [a for a in answers if isinstance(a, Page)]


def test_two_who_are_asked_together_agree_at_once(
    desk: Desk, browser_of: Callable[[Any], Browser], meeting: threading.Barrier
) -> None:
    second = desk.second_approver()
    desk.chain(together("Bersama", person(second), OFFICE))
    package = desk.submit(desk.ready())
    db.session.commit()
    ident, story_id = package.id, package.story_id
    answers = pages_of(desk, browser_of, [desk.world.approver, second], ident)
    assert [a.status for a in answers] == [303, 303]
    assert db.session.query(Decision).filter_by(package_id=ident).count() == 2
    assert db.session.get_one(Package, ident).state is PackageState.APPROVED
    assert db.session.get_one(Story, story_id).state is StoryState.APPROVED


def test_two_of_one_group_at_once_fill_its_place_once(
    desk: Desk, browser_of: Callable[[Any], Browser], meeting: threading.Barrier
) -> None:
    """The step waits for somebody else besides: the slower one must not be taken for them."""
    second, third = desk.second_approver(), desk.person("Anggota Tiga", section=True)
    desk.chain(together("Bersama", desk.group("Tim", second, third), person(desk.world.approver)))
    package = desk.submit(desk.ready())
    db.session.commit()
    ident = package.id
    answers = pages_of(desk, browser_of, [second, third], ident)
    assert sorted(a.status for a in answers) == [303, 409]
    late = next(a for a in answers if a.status == 409)
    assert "Bagian ini baru saja disetujui oleh" in late.main
    assert db.session.query(Decision).filter_by(package_id=ident).count() == 1
    assert db.session.get_one(Package, ident).state is PackageState.PENDING


def test_deciding_and_letting_out_urgently_at_once_end_in_one_truth(
    desk: Desk, app: Flask, world: World, meeting: threading.Barrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = desk.submit(desk.ready("web"))
    db.session.commit()
    ident, story_id, digest = package.id, package.story_id, package.digest
    approver, lead = world.approver.id, world.lead.id
    db.session.remove()
    waits = urgent.lock_story

    def met(wanted: int) -> Story:
        if ON_POSTGRES:
            meeting.wait(30)
        return waits(wanted)

    monkeypatch.setattr(urgent, "lock_story", met)
    reason = "Peringatan dini banjir harus keluar malam ini juga."
    answers = at_once(
        by(app, approver, lambda who: deciding.approve(db.session.get_one(Package, ident), actor=who, digest=digest)),
        by(
            app, lead,
            lambda who: urgent.release_urgently(
                db.session.get_one(Story, story_id), actor=who, digest=digest, reason=reason
            ),
        ),
    )  # fmt: skip
    done = [a for a in answers if not isinstance(a, UserError)]
    assert len(done) == 1, answers
    state = db.session.get_one(Package, ident).state
    flagged = bool(urgent_flags([story_id]))
    assert (state, flagged) in ((PackageState.APPROVED, False), (PackageState.RELEASED, True))
    assert db.session.get_one(Story, story_id).state is StoryState.APPROVED


def test_editing_the_text_while_an_addition_is_approved_leaves_nothing_unseen_approved(
    desk: Desk, app: Flask, world: World
) -> None:
    """Whoever is first: the new text is not covered by an agreement that was given about the old one."""
    story, _first = desk.approved("web")
    late = desk.post(story, "x", "Menyusul")
    package = desk.submit(story)
    db.session.commit()
    ident, story_id, post_id, digest = package.id, story.id, late.id, package.digest
    approver, editor = world.approver.id, world.editor.id
    db.session.remove()
    changed = replace(TEXT, title="Judul yang tidak dibaca siapa pun")
    answers = at_once(
        by(app, approver, lambda who: deciding.approve(db.session.get_one(Package, ident), actor=who, digest=digest)),
        by(
            app, editor,
            lambda who: story_services.save_version(db.session.get_one(Story, story_id), actor=who, content=changed),
        ),
    )  # fmt: skip
    assert all(
        a is not None and (isinstance(a, UserError) or not isinstance(a, Exception)) for a in answers
    ), answers
    saved = not isinstance(answers[1], UserError)
    assert db.session.get_one(Story, story_id).title == (changed.title if saved else TEXT.title)
    assert approval_of([post_id])[post_id].approved is (not saved)


def test_a_reminder_sent_by_two_workers_at_once_is_sent_once(
    desk: Desk, app: Flask, at: Callable[[str], Any]
) -> None:
    with at("2026-03-02T10:00+07:00"):
        package = desk.submit(desk.ready("web"))
    services.set_patience(
        desk.world.office.id, actor=desk.as_(desk.world.admin), content=PatienceContent(remind_hours=4)
    )
    db.session.commit()
    ident, admin = package.id, desk.world.admin.id
    db.session.remove()
    with at("2026-03-02T15:00+07:00"):
        answers = at_once(*(by(app, admin, lambda _who: remind_due()) for _ in range(2)))
    assert sorted(answers) == [0, 1], answers  # type: ignore[type-var]
    assert db.session.query(Reminder).filter_by(package_id=ident).count() == 1
