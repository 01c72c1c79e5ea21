"""Who else is at a story: seen by those who may read it, forgotten by itself, in nobody's way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import UserSession
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.stories import queries, services
from humasflow.stories.models import Story, StoryPresence, StoryReader
from humasflow.stories.services.presence import sweep_presence
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

BrowserOf = Callable[[Any], Browser]
TAB, OTHER_TAB = "a" * 24, "b" * 24
JSON = {"Accept": "application/json"}


def beat(browser: Browser, story: Story, *, status: int = 200, **data: str) -> dict[str, Any]:
    values = {"tab": TAB, "mode": "reading", "tempat": ""} | data
    page = browser.post(f"/naskah/{story.id}/hadir", values, status=status, headers=JSON)
    return dict(page.response.get_json() or {})


def test_two_people_see_each_other_and_where(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    one, two = browser_of(world.editor), browser_of(world.other_editor)
    assert beat(one, story, mode="editing", tempat="Isi naskah › Latar belakang")["others"] == []
    assert beat(two, story)["others"] == [
        {
            "name": "Redaktur Satu",
            "initials": "RS",
            "mode": "editing",
            "doing": "menyunting",
            "place": "Isi naskah › Latar belakang",
        }
    ]
    assert [p["doing"] for p in beat(one, story, mode="editing")["others"]] == ["membaca"]


def test_who_stops_answering_is_gone_after_25_seconds(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    one, two = browser_of(world.editor), browser_of(world.other_editor)
    beat(one, story)
    for seconds, seen in ((24, 1), (26, 0)):
        with clock.moved_to(clock.now() + timedelta(seconds=seconds)):
            assert len(beat(two, story)["others"]) == seen


def test_closing_the_window_says_goodbye_at_once(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    one, two = browser_of(world.editor), browser_of(world.other_editor)
    beat(one, story)
    beat(one, story, pergi="1")
    assert beat(two, story)["others"] == []


def test_two_windows_are_one_person_who_writes_rather_than_reads(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    one, two = browser_of(world.editor), browser_of(world.other_editor)
    beat(one, story, mode="editing", tempat="Judul")
    beat(one, story, tab=OTHER_TAB)
    assert [(p["name"], p["mode"], p["place"]) for p in beat(two, story)["others"]] == [
        ("Redaktur Satu", "editing", "Judul")
    ]


def test_who_may_only_read_is_never_shown_as_writing(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    beat(browser_of(world.approver), story, mode="editing")
    assert [p["mode"] for p in beat(browser_of(world.editor), story)["others"]] == ["reading"]


def test_a_save_by_somebody_else_is_told_with_the_next_beat(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    stamp = queries.edit_stamp(story)
    one = browser_of(world.editor)
    assert "saved" not in beat(one, story, stamp=stamp)
    services.save_version(
        story, actor=world.as_(world.other_editor), content=desk.text(title="Baru"), stamp=stamp
    )
    db.session.commit()
    saved = beat(one, story, stamp=stamp)["saved"]
    assert (saved["number"], saved["who"], saved["own"]) == (2, "Redaktur Dua", False)
    assert saved["url"].endswith(f"/naskah/{story.id}/versi/2")
    assert "saved" not in beat(one, story, stamp="rusak")


def test_it_costs_one_write_and_touches_nothing_else(
    world: World, browser_of: BrowserOf, statements: Any
) -> None:
    story = desk.story(world, commit=True)
    version, entries = story.row_version, db.session.scalar(select(func.count()).select_from(AuditEntry))
    one, two = browser_of(world.editor), browser_of(world.other_editor)
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    beat(one, story)
    counts = []
    for _round in range(2):
        statements.reset()
        beat(two, story, stamp=queries.edit_stamp(story))
        counts.append(len(statements))
        written = [s for s in statements.statements if not s.startswith(("SELECT", "WITH"))]
        assert len(written) == 1 and "story_presence" in written[0]
        for number in range(3):
            beat(browser_of([world.lead, world.approver, world.admin][number]), story)
    assert counts[0] <= counts[1] + 1 and counts[1] <= counts[0], "the same with five people there"
    db.session.refresh(story)
    assert story.row_version == version
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries + 6, (
        "signing in, nothing else"
    )


def test_a_page_left_open_does_not_keep_the_session_alive(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    before = db.session.scalars(select(UserSession.seen_at)).all()
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        beat(browser, story)
        assert db.session.scalars(select(UserSession.seen_at)).all() == before
    with clock.moved_to(clock.now() + timedelta(hours=9)):
        assert beat(browser, story, status=401)["error"] == "Sesi Anda sudah berakhir."


def test_old_rows_are_swept(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    beat(browser_of(world.editor), story)
    assert sweep_presence() == 0
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert sweep_presence() == 1
    assert db.session.scalar(select(func.count()).select_from(StoryPresence)) == 0


def test_only_those_who_may_read_see_anybody(world: World, other_world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    for stranger in (world.contributor, other_world.editor):
        beat(browser_of(stranger), story, status=404)
    story.is_confidential = True
    db.session.add(
        StoryReader(
            story_id=story.id, user_id=world.editor.id, added_by=world.editor.id, added_at=clock.now()
        )
    )
    db.session.commit()
    beat(browser_of(world.other_editor), story, status=404)
    assert beat(browser_of(world.editor), story)["others"] == []


@pytest.mark.parametrize("tab", ["", "x", "A" * 24, "a" * 33, "a' --" * 4])
def test_a_window_has_a_proper_name(world: World, browser_of: BrowserOf, tab: str) -> None:
    story = desk.story(world, commit=True)
    beat(browser_of(world.editor), story, tab=tab, status=404)


def test_a_long_place_is_cut_and_a_strange_one_is_only_text(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    beat(browser_of(world.editor), story, tempat="<b>" + "x" * 500 + "\x00")
    place = beat(browser_of(world.other_editor), story)["others"][0]["place"]
    assert len(place) == 120 and place.startswith("<b>x")
