"""Bantuan: topics in both languages, a search that finds them, words explained, first steps, shortcuts."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.html import clean_html
from humasflow.pages.manual import library
from humasflow.pages.manual.first_steps import first_steps
from humasflow.pages.manual.library import LANGUAGES, ORDER, topics
from humasflow.pages.manual.search import fold, marked, search, words_of
from humasflow.pages.manual.shortcuts import PLACES
from humasflow.pages.manual.terms import TERMS
from tests.conftest import QueryCount
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.pitches.ideas import pitched
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
ROOT = Path(__file__).resolve().parents[2]
TEMPLATES, TRANSLATIONS = ROOT / "templates", ROOT / "humasflow/translations"


def test_every_topic_is_there_in_every_language_with_the_same_parts() -> None:
    for language in LANGUAGES:
        assert {p.stem for p in (library.FOLDER / language).glob("*")} == set(ORDER)
    for slug in ORDER:
        id_, en = (topics(language)[slug] for language in LANGUAGES)
        assert len(id_.headings) == len(en.headings) >= 3, slug
        assert id_.title and en.title and id_.summary != en.summary, slug
        for topic in (id_, en):
            assert 90 <= sum(len(b.text.split()) for b in topic.blocks) <= 260, (
                f"{topic.title} is long or short"
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_a_topic_is_lost_in_the_cleaning(language: str) -> None:
    for path in (library.FOLDER / language).glob("*.html"):
        source = path.read_text()
        assert clean_html(source).count("<") == source.count("<"), path.name


def test_links_in_topics_lead_to_pages_and_topics_that_exist(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for language in LANGUAGES:
        for topic in topics(language).values():
            for link in BeautifulSoup(topic.body, "html5lib").find_all("a"):
                path = urlsplit(link["href"]).path
                try:
                    endpoint, values = adapter.match(path)
                except (HTTPException, RequestRedirect) as wrong:
                    pytest.fail(f"{language}/{topic.slug}: {path} {wrong}")
                if endpoint == "pages.manual_topic":
                    assert values["key"] in ORDER, f"{language}/{topic.slug}: {path}"


def test_both_languages_link_to_the_same_pages() -> None:
    for slug in ORDER:
        id_, en = (re.findall(r'href="([^"]+)"', topics(language)[slug].body) for language in LANGUAGES)
        assert id_ == en, slug


def test_words_in_bold_are_those_of_the_screens_in_both_languages() -> None:
    """What a topic says to press is what the button says. A bold word with a full stop or colon only leads a line."""
    with (TRANSLATIONS / "en/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file)
    words = {m.id: m.string for m in catalog if isinstance(m.id, str)}
    for slug in ORDER:
        id_, en = (
            [b.get_text() for b in BeautifulSoup(topics(language)[slug].body, "html5lib").find_all("strong")]
            for language in LANGUAGES
        )
        assert len(id_) == len(en), slug
        for here, there in zip(id_, en, strict=True):
            if not here.endswith((".", ":")):
                assert here in words, f"{slug}: no screen says “{here}”"
                assert str(words[here]).lower() == there.lower(), f"{slug}: “{here}”"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_found_first_by_its_title(language: str) -> None:
    for topic in topics(language).values():
        for query in (topic.title, topic.title.upper(), f"  {topic.title}  "):
            assert search(topics(language).values(), query).hits[0].topic is topic, query


def test_title_before_heading_before_text_and_ties_in_the_order_of_the_work() -> None:
    known = topics("id")
    assert search(known.values(), "verifikasi").hits[0].topic.slug == "verifikasi"
    found = [hit.topic.slug for hit in search(known.values(), "embargo").hits]
    assert found[0] == "naskah-rahasia" and "kalender" in found
    assert found == [hit.topic.slug for hit in search(known.values(), "EMBARGO").hits]


def test_accents_and_case_do_not_matter_and_hits_are_marked_in_the_text_as_written() -> None:
    assert fold("Straße É")[0] == "strasse e"
    assert (
        str(marked("Réviu <b> & reviu", words_of("REVIU")))
        == "<mark>Réviu</mark> &lt;b&gt; &amp; <mark>reviu</mark>"
    )
    assert str(marked("Straße", ["ss"])) == "Stra<mark>ß</mark>e"
    assert words_of("a di  Di x") == ["di"]


def test_what_no_topic_holds_wholly_is_said_to_be_partial() -> None:
    found = search(topics("id").values(), "embargo zzzz")
    assert found.is_partial and found.hits[0].topic.slug == "naskah-rahasia"
    assert search(topics("id").values(), "zzzz").hits == []
    assert search(topics("id").values(), "").hits == []


def test_the_help_is_read_and_searched(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.contributor)
    front = browser.get("/bantuan/")
    links = [a["href"] for a in front.soup.select(".help-card")]
    assert links == [f"/bantuan/{slug}" for slug in ORDER]
    assert browser.get("/").link("Bantuan") == "/bantuan/"
    for link in links:
        assert browser.get(link).status == 200
    page = browser.get("/bantuan/?q=%20%20Jam+TENANG%00")
    assert [m.get_text() for m in page.soup.select(".help-hits li:first-child .list__title mark")] == [
        "jam",
        "tenang",
    ]
    assert page.soup.select_one("input[name=q]")["value"] == "Jam TENANG"
    nothing = browser.get("/bantuan/?q=<script>zzz")
    assert "Belum ada topik tentang itu" in nothing.main and len(nothing.soup.select(".help-tips a")) == 5
    assert browser.client.get("/bantuan/tidak-ada").status_code == 404
    assert browser.client.get("/bantuan/?q=" + "x" * 5000).status_code == 200


def test_the_help_follows_the_language_switch(world: World, browser_of: BrowserOf) -> None:
    world.editor.locale = "en"
    db.session.commit()
    browser = browser_of(world.editor)
    assert browser.get("/bantuan/kirim-usulan").h1 == "Send a pitch"
    assert browser.get("/bantuan/?q=evidence").soup.select(".help-hits mark")


# Words


def test_each_word_is_explained_once_and_leads_to_its_topic(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.contributor)
    used = set()
    for path in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r'\bwhat\("(\w+)"', path.read_text()))
    assert used == set(TERMS)
    for term in TERMS.values():
        assert term.topic in ORDER
        assert str(term.says) in browser.get(f"/bantuan/{term.topic}").main


def test_the_mark_beside_a_word_works_without_scripts(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    make_scheme(world)
    db.session.commit()
    page = browser_of(world.lead).get("/capaian/")
    marks = page.soup.select("details.what")
    names = [m.summary["aria-label"] for m in marks]
    assert {"Apa itu estimasi?", "Apa itu terverifikasi?", "Apa itu sasaran?", "Apa itu laju?"} <= set(names)
    for mark in marks:
        assert mark.find_parent(["p", "h2", "h3", "label"]) is None  # where it may not stand
        assert mark.select_one("a")["href"].startswith("/bantuan/")


# First steps


def test_steps_are_those_a_person_may_take(world: World, browser_of: BrowserOf) -> None:
    seen = {}
    for name in ("contributor", "editor", "approver", "lead", "admin"):
        browser = browser_of(getattr(world, name))
        page = browser.get("/bantuan/")
        seen[name] = [a["href"] for a in page.soup.select(".help-steps > li > div > a")]
        for address in seen[name]:
            assert browser.client.get(address).status_code == 200, f"{name} {address}"
    assert "/usulan/kirim" in seen["contributor"] and "/pengaturan/kanal" not in seen["contributor"]
    assert seen["admin"][0] == "/pengaturan/pengguna"
    assert "/persetujuan/" in seen["approver"] and "/persetujuan/" not in seen["editor"]


@pytest.mark.db
def test_a_step_is_ticked_once_the_facts_show_it(world: World, in_request: None) -> None:
    def done(user: User, topic: str) -> bool:
        return next(s for s in first_steps(world.as_(user)) if s.topic == topic).is_done

    assert not done(world.contributor, "kirim-usulan")
    pitched(world, "Satu")
    assert done(world.contributor, "kirim-usulan")
    assert not done(world.editor, "kirim-usulan")  # somebody else's is not one's own


@pytest.mark.db
def test_steps_cost_one_statement_whoever_asks(
    world: World, in_request: None, statements: QueryCount
) -> None:
    for user in (world.contributor, world.editor, world.lead, world.admin):
        person = world.as_(user)
        assert person.office
        statements.reset()
        assert first_steps(person)
        assert len(statements) == 1


# Shortcuts


def test_the_table_holds_every_shortcut_there_is() -> None:
    for place in PLACES:
        found: set[str] = set()
        for name in place.templates:
            part = TEMPLATES / name
            for path in sorted(part.rglob("*.html")) if part.is_dir() else [part]:
                found |= set(re.findall(r'data-key="([^"{]+)"', path.read_text()))
        if "layouts/app.html" in place.templates:
            keys = re.search(r"set keys = \{(.*?)\}", (TEMPLATES / "layouts/app.html").read_text())
            assert keys
            found |= {f"g {key}" for key in re.findall(r': "(\w)"', keys[1])} | {"?", "/", "ctrl+k", "ctrl+z"}
        if place.templates == ("calendar",):
            from humasflow.calendar.views.framing import _KEYS

            found |= set(_KEYS.values())
        if place.templates:
            assert {s.keys for s in place.shortcuts if not set(s.keys) & set("↑↓←→")} == found, place.label


def test_no_template_has_a_shortcut_outside_the_table() -> None:
    covered = [TEMPLATES / name for place in PLACES for name in place.templates]
    for path in TEMPLATES.rglob("*.html"):
        if "data-key=" in path.read_text():
            assert any(path == part or part in path.parents for part in covered), path


def test_the_table_is_linked_from_the_help_and_from_the_sheet(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    page = browser.get("/bantuan/")
    assert page.link("Pintasan papan ketik") == "/bantuan/pintasan" == page.soup.body["data-keys"]
    table = browser.get("/bantuan/pintasan")
    assert len(table.soup.select(".help-keys dt")) == sum(len(p.shortcuts) for p in PLACES)
    world.editor.shortcuts = False
    db.session.commit()
    assert "sedang Anda matikan" in browser.get("/bantuan/pintasan").main
