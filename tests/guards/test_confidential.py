"""A confidential story is seen by the people named for it, and by nobody else, on any page, until it is published."""

from collections import defaultdict
from typing import Any

import pytest
from flask import Flask

from humasflow.core.db import db
from humasflow.core.guards import guard_of
from humasflow.stories.models import Story
from humasflow.stories.services import make_confidential
from tests.factories import desk, newsroom
from tests.factories.world import World
from tests.guards.things import address, guarded_rules, things_of
from tests.support.page import Browser

TITLE = "Naskah rahasia kantor ini"
PARTS = ("story_id", "post_id", "package_id", "thread_id", "comment_id", "asset_id")
OTHERS = ["other_editor", "approver", "section_approver", "lead", "admin", "contributor"]


@pytest.fixture
def things(world: World) -> dict[str, Any]:
    found = things_of(world)
    story = db.session.get_one(Story, found["story_id"])
    picture = newsroom.picture(world)
    picture.caption = TITLE
    drawn = desk.story(world, pictures=(desk.picture(picture),), title=TITLE)
    for closed in (story, drawn):
        make_confidential(closed, actor=world.as_(world.editor), reader_ids=[])
    db.session.commit()
    found["asset_id"] = picture.id
    # What names no object (a rule, a crop, a lane): any word will do.
    return defaultdict(lambda: "draft", found)


@pytest.mark.parametrize("name", OTHERS)
def test_who_is_not_named_finds_nothing_of_it(
    app: Flask, world: World, things: dict[str, Any], name: str
) -> None:
    user = getattr(world, name)
    browser, principal = Browser(app).sign_in(user), world.as_(user)
    for rule in guarded_rules(app):
        guard = guard_of(app, rule.endpoint)
        assert guard is not None
        about_it = any(a in PARTS for a in rule.arguments)
        for method in sorted((rule.methods or set()) & ({"GET", "POST"} if about_it else {"GET"})):
            browser._forget()
            answer = browser.client.open(address(app, rule, things), method=method, buffered=True)
            if about_it:
                allowed = not guard.permissions or any(principal.can(p) for p in guard.permissions)
                assert answer.status_code == (404 if allowed else 403), f"{name} {method} {rule.endpoint}"
            assert TITLE.encode() not in answer.get_data(), f"{name} {method} {rule.endpoint}"


@pytest.mark.parametrize(
    "url",
    [
        "/naskah/?q=rahasia", "/naskah/?tampilan=daftar", "/naskah/?tampilan=daftar&q=rahasia+kantor",
        "/naskah/?pemegang=saya&keadaan=in_review", "/kalender/?bulan=2026-11", "/publikasi/?kanal=1",
        "/media/?q=rahasia", "/media/?jenis=image",
    ],
)  # fmt: skip
def test_filters_and_searches_do_not_find_it(
    app: Flask, world: World, things: dict[str, Any], url: str
) -> None:
    assert TITLE in Browser(app).sign_in(world.editor).get("/naskah/?tampilan=daftar").text
    assert TITLE not in Browser(app).sign_in(world.other_editor).get(url).text


def test_the_named_see_it_as_any_other(app: Flask, world: World, things: dict[str, Any]) -> None:
    story = db.session.get_one(Story, things["story_id"])
    make_confidential(story, actor=world.as_(world.editor), reader_ids=[world.approver.id])
    db.session.commit()
    approver = Browser(app).sign_in(world.approver)
    assert TITLE in approver.get(f"/naskah/{story.id}").text
    assert TITLE in approver.get("/persetujuan/").text
