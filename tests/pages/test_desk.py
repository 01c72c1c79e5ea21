"""Meja redaksi: by who has to act next, filtered in the address, at a constant cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts import services as posts
from humasflow.stories import services as stories
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.queries import PER_LANE
from tests.factories import desk
from tests.factories.world import World
from tests.stories.test_lists import task
from tests.support.page import Browser, Page

BrowserOf = Callable[[Any], Browser]


def lanes(page: Page) -> dict[str, list[str]]:
    """Titles by column."""
    return {
        col["id"].removeprefix("kolom-"): [h.get_text(strip=True) for h in col.select("h3")]  # type: ignore[union-attr]
        for col in page.soup.select(".board .col")
    }


def scheduled(world: World, title: str) -> Story:
    story = desk.story(world, title=title)
    post = desk.post(world, story)
    desk.bring_to(story, StoryState.APPROVED)
    posts.schedule_post(post, actor=world.as_(world.editor), due_at=clock.now() + timedelta(days=2))
    return story


def test_every_story_in_work_has_its_column(world: World, browser_of: BrowserOf) -> None:
    for state in (
        StoryState.DRAFT,
        StoryState.IN_REVIEW,
        StoryState.APPROVED,
        StoryState.PUBLISHED,
        StoryState.CANCELLED,
    ):
        desk.story(world, title=state.value, state=state)
    returned = desk.story(world, title="returned", state=StoryState.IN_REVIEW)
    stories.move_story(returned, StoryMove.RETURN, actor=None, reason="Lengkapi")
    scheduled(world, "scheduled")
    desk.story(world, title="on_hold", state=StoryState.ON_HOLD)
    db.session.commit()
    page = browser_of(world.editor).get("/naskah/")
    assert lanes(page) == {
        "draft": ["draft"], "returned": ["returned"], "in_review": ["in_review"], "approved": ["approved"],
        "scheduled": ["scheduled"], "published": ["published"], "on_hold": ["on_hold"],
    }  # fmt: skip
    assert "5 naskah dalam proses. 1 perlu koreksi." in page.main
    assert "revisi ke-1" in page.main


def test_a_returned_story_that_is_taken_up_again_is_no_longer_returned(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world, state=StoryState.IN_REVIEW)
    for move in (StoryMove.RETURN, StoryMove.SUBMIT, StoryMove.RECALL):
        stories.move_story(story, move, actor=None, reason="Alasan")
    db.session.commit()
    assert lanes(browser_of(world.editor).get("/naskah/"))["returned"] == []


def test_filters_are_in_the_address(world: World, browser_of: BrowserOf) -> None:
    mine = desk.story(world, title="Lelang eksekusi 100%")
    theirs = desk.story(world, title="Sosialisasi")
    stories.assign_story(theirs, actor=world.as_(world.editor), owner_id=world.other_editor.id)
    theirs.content_type_id, theirs.pillar_id = world.headline.id, None
    db.session.commit()
    browser = browser_of(world.editor)
    for query, wanted in {
        "": [mine, theirs], "?pemegang=saya": [mine], "?q=lelang": [mine], "?q=100%25": [mine], "?q=_": [],
        f"?jenis={world.headline.id}": [theirs], f"?pilar={world.pillar.id}": [mine],
        f"?pemegang=saya&jenis={world.headline.id}": [], "?jenis=bukan&setelah=x~y": [mine, theirs],
    }.items():  # fmt: skip
        titles = sorted(s.title for s in wanted)
        shown = [t for titles in lanes(browser.get(f"/naskah/{query}")).values() for t in titles]
        assert sorted(shown) == titles, query
        listed = browser.get(f"/naskah/{query or '?'}&tampilan=daftar")
        assert sorted(a.get_text(strip=True) for a in listed.soup.select("td .list__title")) == titles, query


def test_the_list_pages_without_skipping_or_repeating(world: World, browser_of: BrowserOf) -> None:
    made = [desk.story(world, title=f"Naskah {n:02}") for n in range(53)]
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get("/naskah/?tampilan=daftar&keadaan=draft")
    first = [a.get_text(strip=True) for a in page.soup.select("td .list__title")]
    rest = browser.get(page.link("Muat berikutnya"))
    second = [a.get_text(strip=True) for a in rest.soup.select("td .list__title")]
    assert first + second == [s.title for s in reversed(made)]
    assert "keadaan=draft" in page.link("Muat berikutnya")


def test_a_full_column_goes_on_under_its_own_address(world: World, browser_of: BrowserOf) -> None:
    for n in range(43):
        desk.story(world, title=f"Naskah {n:02}")
    db.session.commit()
    page = browser_of(world.editor).get("/naskah/")
    assert len(lanes(page)["draft"]) == 40
    assert "43 naskah dalam proses." in page.main
    rest = browser_of(world.editor).get(page.link(f"Tampilkan {PER_LANE} lagi"))
    assert [h.get_text(strip=True) for h in rest.soup.select(".card h3")] == [
        f"Naskah {n}" for n in (40, 41, 42)
    ]
    assert not rest.soup.select("a[data-more]")


def test_what_presses_is_counted_beyond_the_cards_that_are_shown(world: World, browser_of: BrowserOf) -> None:
    long_ago = clock.now() - timedelta(days=5)
    for n in range(43):
        story = desk.story(world, title=f"Naskah {n:02}", state=StoryState.IN_REVIEW)
        story.state_since = long_ago
        task(world, story, due_in=timedelta(hours=-1))
    held = desk.story(world, state=StoryState.ON_HOLD)
    task(world, held, due_in=timedelta(hours=-1))
    task(world, desk.story(world, title="Selesai"), due_in=timedelta(hours=-1), done=True)
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get("/naskah/")
    assert len(lanes(page)["in_review"]) == PER_LANE
    assert "43 menunggu reviu lebih dari dua hari. 43 lewat tenggat." in page.main
    assert "1 menunggu reviu lebih dari dua hari. 1 lewat tenggat." in browser.get("/naskah/?q=07").main


@pytest.mark.parametrize("view", ["", "?tampilan=daftar", "?tampilan=daftar&q=sosialisasi", "?q=sosialisasi"])
def test_the_desk_costs_the_same_for_one_and_for_three(
    world: World, browser_of: BrowserOf, statements: Any, view: str
) -> None:
    browser = browser_of(world.editor)
    browser.get("/")  # the session's own touch is once a while, not a page's cost
    counts: list[int] = []
    seen: list[str] = []
    for _round in range(2):
        for _n in range(1 if not counts else 2):
            made = desk.asset(world)
            story = desk.story(world, pictures=(desk.picture(made),))
            desk.post(world, story)
            desk.post(world, story, "x")
            desk.story(world, state=StoryState.PUBLISHED)
        db.session.commit()
        statements.reset()
        browser.get(f"/naskah/{view}")
        counts.append(len(statements))
        seen += list(statements.statements)
    assert counts[0] == counts[1]
    own = [
        s
        for s in seen[: counts[0]]
        if any(t in s for t in ("FROM story", "FROM post", "FROM (SELECT", "content_type", "pillar"))
        and "notification" not in s  # what every page asks for its navigation
    ]
    assert len(own) <= 5, own
    assert counts[0] <= 10
    assert not any(
        f"{word} story_{part}" in s for s in seen for word in ("FROM", "JOIN") for part in ("body", "version")
    )


def test_cards_name_channels_and_holder(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    desk.post(world, story)
    db.session.commit()
    page = browser_of(world.lead).get("/naskah/")
    assert page.soup.select('.card [aria-label="Facebook Kantor"]')
    assert "Dipegang Redaktur Satu" in page.main
    assert not page.soup.select('main a[href$="/naskah/baru"]')


def test_an_empty_desk_teaches_the_next_step(world: World, browser_of: BrowserOf) -> None:
    assert "Meja masih kosong" in browser_of(world.editor).get("/naskah/").main
    assert "Tidak ada naskah yang cocok" in browser_of(world.editor).get("/naskah/?q=zzz").main


def test_who_may_come(world: World, other_world: World, browser_of: BrowserOf) -> None:
    desk.story(other_world, title="Rahasia kantor lain", commit=True)
    browser_of(world.contributor).get("/naskah/", status=403)
    assert "Rahasia" not in browser_of(world.editor).get("/naskah/").main
    assert "Rahasia" not in browser_of(world.editor).get("/naskah/?tampilan=daftar").main
