"""No payload of the public corpora survives in any place where a text is shown: everything goes in the way people take
it, and every page is read with a browser's parser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from humasflow.approvals import services as approvals
from humasflow.core.db import db
from humasflow.core.html import clean_html
from humasflow.publishing.snapshots import newsroom_path
from humasflow.stories import queries
from humasflow.stories.models import Story
from tests.factories import desk, newsroom
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.hostile import faults, payloads
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]
CHUNK = 30_000  # characters of payloads in one text: pages stay of a size that people meet


def chunks() -> Iterator[str]:
    """All payloads as bodies: each within a paragraph, an attribute, a cell, a caption, in turn."""
    wraps = (
        "<p>{}</p>",
        '<p title="{}">x</p>',
        "<table><tr><td>{}</td></tr></table>",
        "<figure data-asset='9'>{}</figure>",
        "{}",
    )
    body = "<p>Mulai</p>"
    for number, payload in enumerate(payloads()):
        body += wraps[number % len(wraps)].replace("{}", payload)
        if len(body) > CHUNK:
            yield body
            body = "<p>Mulai</p>"
    yield body


def check(html: str, where: str, *, holders: str = ".prose, .diff, [data-passages]") -> None:
    """Every place of the page that shows a text holds nothing but text and what is on the list."""
    soup = BeautifulSoup(html, "html5lib")
    found = [t for t in soup.select(holders) if isinstance(t, Tag)]
    assert found, f"{where} shows no text"
    for script in soup.find_all("script"):
        assert str(script.get("src", "")).startswith("/static/"), f"{where}: {str(script)[:200]}"
    for tag in soup.find_all(True):
        for name in tag.attrs:
            assert not name.lower().startswith("on"), f"{where}: {name}"
    for tag in found:
        for bad in tag.find_all(
            ["script", "iframe", "object", "embed", "svg", "math", "style", "form", "base", "meta", "link"]
        ):
            is_icon = bad.name == "svg" and "icon" in (bad.get("class") or ())
            assert is_icon, f"{where}: {str(bad)[:200]}"


@pytest.mark.parametrize("part", range(3))
def test_through_the_form_to_every_page(world: World, browser_of: BrowserOf, part: int) -> None:
    bodies = list(chunks())[part::3]
    story = desk.story(world, commit=True)
    browser, url = browser_of(world.editor), f"/naskah/{story.id}/sunting"
    number = 1
    for body in bodies:
        refused = browser.post(
            url, form_with(browser.get(url), "title") | {"body": body, "event_date": "x"}, status=422
        )
        typed = BeautifulSoup(refused.html, "html5lib").find("textarea", attrs={"name": "body"})
        assert typed is not None
        assert not typed.find_all(True)
        browser.post(url, form_with(browser.get(url), "title") | {"body": body})
        number += 1
        stored = queries.get_body(db.session.get_one(Story, story.id).current_version_id or 0)
        assert not list(faults(stored))
        assert clean_html(stored) == stored
        check(browser.get(f"/naskah/{story.id}").html, "story")
        check(browser.get(f"/naskah/{story.id}/versi/{number}").html, "version")


def test_in_review_in_the_newsroom_and_in_the_feeds(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.approver)
    for body in chunks():
        story = desk.story(world, body_html=body)
        desk.post(world, story, "web", words="")
        package = approvals.submit_package(story, actor=world.as_(world.editor))
        made = newsroom.publish(world, body_html=body)
        check(browser.get(f"/persetujuan/{package.id}").html, "review")
        check(browser.get(newsroom_path(world.office, made.post_id, made.title)).html, "article")
        check(browser_of(world.editor).get(f"/publikasi/{made.post_id}").html, "publication")
        for item in browser.client.get(f"/berita/{world.office.slug}/feed.json").json["items"][:1]:
            assert not list(faults(item["content_html"], shown=True))


def test_a_record_that_was_tampered_with_is_not_believed(world: World, browser_of: BrowserOf) -> None:
    """A version cannot be changed behind the product's back (a trigger refuses); the snapshot of a delivery can."""
    made = newsroom.publish(world)
    for raw in list(chunks())[:4]:
        made.payload = {
            **(made.payload or {}),
            "body_html": raw,
            "kicker": raw[:500],
            "claim": raw[:500],
            "dateline": raw[:120],
        }
        db.session.commit()
        check(
            browser_of(world.editor).get(newsroom_path(world.office, made.post_id, made.title)).html,
            "article",
        )
        check(browser_of(world.editor).get(f"/publikasi/{made.post_id}").html, "publication")
