"""Two people at once, each in a session of their own, on both databases."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from humasflow.accounts.models import User
from humasflow.accounts.queries import load_principal
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Decision, Package
from humasflow.approvals.services import deciding, voiding
from humasflow.core.db import db
from humasflow.core.errors import Conflict
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.approvals.desk import Desk
from tests.conftest import ON_POSTGRES
from tests.factories.world import World
from tests.support.page import Browser, Page

pytestmark = pytest.mark.db


def together(*acts: Callable[[], object]) -> list[object]:
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
    answers = together(
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
    answers = together(
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
    lock, void = deciding.lock_package, voiding.lock_story_now

    def locked(package: Package) -> Package:
        found = lock(package)
        barrier.wait(30)
        return found

    def wanted(story_id: int) -> Story:
        barrier.wait(30)
        return void(story_id)

    monkeypatch.setattr(deciding, "lock_package", locked)
    monkeypatch.setattr(voiding, "lock_story_now", wanted)

    def as_(user_id: int, act: Callable[[Any], object]) -> Callable[[], object]:
        def run() -> object:
            with app.app_context(), app.test_request_context():
                try:
                    answer = act(load_principal(db.session.get_one(User, user_id)))
                    db.session.commit()
                    return answer
                finally:
                    db.session.remove()

        return run

    answers = together(
        as_(
            approver,
            lambda who: deciding.approve(db.session.get_one(Package, ident), actor=who, digest=digest),
        ),
        as_(
            editor,
            lambda who: post_services.save_post_version(
                db.session.get_one(Post, post_id), actor=who, content=PostContent("Teks lain")
            ),
        ),
    )
    assert isinstance(answers[0], Decision), answers
    assert isinstance(answers[1], Conflict), answers
    assert db.session.get_one(Package, ident).state is PackageState.APPROVED
