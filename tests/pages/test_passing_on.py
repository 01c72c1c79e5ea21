"""Texts that people pass on through their own WhatsApp: to whom, what they say, and what they never say."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from humasflow.accounts.phones import shown, to_e164
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.whatsapp import LINK_LENGTH, link_to, one_line
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import StoryReader
from tests.approvals.desk import Desk
from tests.factories import desk
from tests.factories.world import World
from tests.stories.tasks import in_days, task


def link_on(page: Any) -> Any:
    return page.soup.select_one("a[href^='https://wa.me/']")


def said(link: Any) -> str:
    return parse_qs(urlsplit(link["href"]).query)["text"][0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812 3456 7890", "+6281234567890"), ("+62 812-3456-7890", "+6281234567890"), ("", ""), ("  ", ""),
        ("123", None), ("bukan nomor", None), ("+65 6123 4567", "+6561234567"),
    ],
)  # fmt: skip
def test_a_number_is_kept_in_one_way(typed: str, kept: str | None) -> None:
    assert to_e164(typed) == kept


def test_a_number_is_shown_as_people_write_it() -> None:
    assert shown("+6281234567890") == "0812-3456-7890"
    assert shown("+6561234567").startswith("+65")
    assert shown("") == ""


def test_a_link_is_percent_encoded_and_not_made_of_too_much() -> None:
    text = "Naik 5% & lebih #1?\nBaris kedua +"
    link = link_to(text, "+6281234567890")
    assert link.startswith("https://wa.me/6281234567890?text=")
    assert parse_qs(urlsplit(link).query)["text"] == [text]
    assert link_to("a" * (LINK_LENGTH + 1)) == "" == link_to("")
    assert one_line(" *dua\nbaris* ") == "dua baris"


@pytest.mark.db
def test_the_number_is_the_persons_own_to_tell(world: World, browser_of) -> None:
    browser = browser_of(world.contributor)
    fields = browser.get("/profil").form("/profil")
    assert fields["phone"] == ""
    page = browser.post("/profil", {**fields, "phone": "satu dua"}, status=422)
    assert "Nomor ini tidak dikenal" in page.text
    browser.post("/profil", {**fields, "phone": "0812 3456 7890"})
    db.session.expire_all()
    assert world.contributor.phone == "+6281234567890"
    fields = browser.get("/profil").form("/profil")
    browser.post("/profil", {**fields, "phone": ""})
    db.session.expire_all()
    assert world.contributor.phone == ""


@pytest.mark.db
def test_editors_ask_the_person_of_a_task(app, world: World, in_request: None, browser_of) -> None:
    app.config["PUBLIC_URL"] = "https://humas.example"
    world.contributor.phone = "+6281234567890"
    made = task(world, desk.story(world), to=world.contributor, due=in_days(2))
    db.session.commit()
    page = browser_of(world.editor).get(f"/tugas/{made.id}")
    link = link_on(page)
    assert link["rel"] == ["noopener", "noreferrer"]
    assert link["href"].startswith("https://wa.me/6281234567890?text=")
    assert made.story.title in said(link)
    assert said(link).endswith(f"https://humas.example/tugas/{made.id}")
    assert "0812-3456-7890" in page.text
    for other in (world.contributor, world.lead, world.approver):
        page = browser_of(other).get(f"/tugas/{made.id}")
        assert "81234567890" not in page.html.replace("-", "")


@pytest.mark.db
def test_of_a_confidential_story_nothing_is_passed_on(world: World, in_request: None, browser_of) -> None:
    made = task(world, desk.story(world), to=world.contributor, due=in_days(2))
    made.story.is_confidential = True
    for user in (world.editor, world.contributor):
        db.session.add(StoryReader(story_id=made.story_id, user_id=user.id, added_at=clock.now()))
    db.session.commit()
    assert link_on(browser_of(world.editor).get(f"/tugas/{made.id}")) is None


@pytest.mark.db
def test_a_finished_task_is_not_asked_about(world: World, in_request: None, browser_of) -> None:
    made = task(world, desk.story(world), to=world.contributor, due=in_days(2))
    db.session.commit()
    made.state = AssignmentState.CANCELLED
    db.session.commit()
    assert link_on(browser_of(world.editor).get(f"/tugas/{made.id}")) is None


@pytest.mark.db
def test_who_submitted_and_editors_ask_for_the_decision_while_it_waits(
    world: World, in_request: None, browser_of
) -> None:
    at_work = Desk(world)
    package = at_work.submit(at_work.ready("facebook"))
    db.session.commit()
    path = f"/persetujuan/{package.id}"
    for user in (world.editor, world.other_editor):
        link = link_on(browser_of(user).get(path))
        assert world.approver.name in said(link) and package.story.title in said(link)
    for user in (world.approver, world.lead):
        assert link_on(browser_of(user).get(path)) is None
    at_work.approve(package)
    db.session.commit()
    assert link_on(browser_of(world.editor).get(path)) is None


@pytest.mark.db
def test_of_a_confidential_package_no_words_are_made(world: World, in_request: None, browser_of) -> None:
    at_work = Desk(world)
    package = at_work.submit(at_work.ready("facebook"))
    package.story.is_confidential = True
    for user in (world.editor, world.approver):
        db.session.add(StoryReader(story_id=package.story_id, user_id=user.id, added_at=clock.now()))
    db.session.commit()
    assert link_on(browser_of(world.editor).get(f"/persetujuan/{package.id}")) is None
