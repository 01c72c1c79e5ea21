"""What readers are told about a correction is read and agreed to together with its text."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from humasflow.approvals import services
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.approvals.services import StepContent
from humasflow.core.db import db
from humasflow.stories import queries
from humasflow.stories import services as stories
from humasflow.stories.enums import ChangeKind, StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import ChangeContent
from tests.approvals.desk import Desk
from tests.approvals.guests import Visitor, asks, guest_of, mails, with_mail
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = pytest.mark.db
BrowserOf = Callable[[Any], Browser]
CHANGE = ChangeContent(ChangeKind.CORRECTION, "Jumlah peserta semula tertulis 40.", "Kepala Kantor")


@pytest.fixture
def live(desk: Desk) -> Story:
    story, _package = desk.approved("web", "facebook")
    stories.move_story(story, StoryMove.PUBLISH, actor=None)
    return story


def correct(desk: Desk, story: Story, change: ChangeContent = CHANGE, **texts: str) -> None:
    version = queries.get_current_version(story)
    content = stories.content_of(version, queries.get_body(version.id))
    stories.save_correction(story, actor=desk.editor, content=replace(content, **texts), change=change)  # type: ignore[arg-type]


def test_the_review_page_shows_what_readers_are_told(desk: Desk, live: Story, browser_of: BrowserOf) -> None:
    correct(desk, live, title="Empat puluh dua peserta")
    package = desk.submit(live)
    db.session.commit()
    page = browser_of(desk.world.approver).get(f"/persetujuan/{package.id}")
    for words in ("Ralat: yang disampaikan kepada pembaca", CHANGE.public_note, "permintaan Kepala Kantor"):
        assert words in page.main


def test_a_package_that_corrects_nothing_has_no_such_note(
    desk: Desk, live: Story, browser_of: BrowserOf
) -> None:
    (first,) = db.session.scalars(db.select(Package).where(Package.story_id == live.id)).all()
    correct(desk, live, title="Empat puluh dua peserta")
    db.session.commit()
    page = browser_of(desk.world.approver).get(f"/persetujuan/{first.id}")
    assert "disampaikan kepada pembaca" not in page.main


def test_a_guest_reads_it_too(desk: Desk, live: Story, app: Flask) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    desk.chain(StepContent("Kanwil", [asks(guest)]))
    correct(desk, live, title="Empat puluh dua peserta")
    package = desk.submit(live)
    made = services.ask_guest(package, guest, actor=desk.editor)
    db.session.commit()
    page = Visitor(app, made.url).enter()
    assert CHANGE.public_note in page.main
    assert mails("guest-link")


@pytest.mark.parametrize(
    "change",
    [replace(CHANGE, public_note="Yang hadir 42 orang."), replace(CHANGE, kind=ChangeKind.UPDATE)],
)
def test_another_note_is_asked_about_anew(desk: Desk, live: Story, change: ChangeContent) -> None:
    correct(desk, live, title="Empat puluh dua peserta")
    package = desk.submit(live)
    correct(desk, live, change)
    assert package.state is PackageState.VOIDED
    assert live.state is StoryState.PUBLISHED
    again = desk.submit(live)
    desk.approve(again)
    assert again.state is PackageState.APPROVED


def test_by_whose_order_it_is_made_is_for_the_office_alone(desk: Desk, live: Story) -> None:
    correct(desk, live, title="Empat puluh dua peserta")
    package = desk.submit(live)
    correct(desk, live, replace(CHANGE, ordered_by="Kepala Kantor Wilayah"))
    assert package.state is PackageState.PENDING


def test_nobody_is_asked_about_a_correction_that_was_given_up(desk: Desk, live: Story) -> None:
    first = queries.get_current_version(live).title
    correct(desk, live, title="Empat puluh dua peserta")
    correct(desk, live, title=first)
    package = desk.submit(live)
    stories.discard_correction(live, actor=desk.editor)
    assert package.state is PackageState.VOIDED


def test_a_correction_leaves_the_story_filed_where_it_counted(
    world: World, desk: Desk, live: Story, browser_of: BrowserOf
) -> None:
    filed = (live.content_type_id, live.section_id, live.pillar_id)
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get(f"/naskah/{live.id}/sunting")
    assert page.soup.select_one("[name=pillar_id], [name=section_id], select[name=content_type_id]") is None
    form = page.form("/sunting") | {
        "title": "Empat puluh dua peserta", "change-kind": "correction", "change-public_note": "Bukan 40.",
        "content_type_id": str(world.headline.id), "section_id": str(world.section.id),
        "pillar_id": str(world.pillar.id),
    }  # fmt: skip
    browser.post(f"/naskah/{live.id}/sunting", form)
    story = db.session.get_one(Story, live.id)
    assert queries.get_current_version(story).title == "Empat puluh dua peserta"
    assert (story.content_type_id, story.section_id, story.pillar_id) == filed
    stories.save_correction(
        story, actor=desk.editor, change=CHANGE, content=stories.content_of(
            queries.get_current_version(story), queries.get_body(story.current_version_id or 0)
        ), content_type_id=world.headline.id,
    )  # fmt: skip
    assert (story.content_type_id, story.section_id, story.pillar_id) == filed


def test_another_section_of_an_approved_story_asks_other_people(desk: Desk, world: World) -> None:
    story, package = desk.approved("web")
    version = queries.get_current_version(story)
    stories.save_version(
        story, actor=desk.editor, content=stories.content_of(version, queries.get_body(version.id)),
        content_type_id=story.content_type_id, section_id=world.section.id, pillar_id=world.pillar.id,
    )  # fmt: skip
    assert story.state is StoryState.DRAFT
    assert package.state is PackageState.VOIDED


def test_another_pillar_asks_nobody(desk: Desk, world: World) -> None:
    story, _package = desk.approved("web")
    version = queries.get_current_version(story)
    stories.save_version(
        story, actor=desk.editor, content=stories.content_of(version, queries.get_body(version.id)),
        content_type_id=story.content_type_id, section_id=story.section_id, pillar_id=world.pillar.id,
    )  # fmt: skip
    assert story.state is StoryState.APPROVED
