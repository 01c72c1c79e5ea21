"""The sentence of the standing that people pass on through their own WhatsApp: who is offered it, and what it says."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from humasflow.accounts.models import User
from humasflow.core import clock, whatsapp
from humasflow.core.db import db
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.services.schemes import ComponentSpec
from humasflow.stories.models import StoryReader
from tests.factories.publications import live_post
from tests.factories.standings import WITHIN, aim, news, planned, scheme_of, version_of
from tests.factories.world import World
from tests.support.page import Browser, Page

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
BrowserOf = Callable[[User], Browser]
PAGE = "/capaian/?periode=2026-TW1"


@pytest.fixture
def short(app: Flask, world: World, at: Any) -> World:
    """One of ten is live; a confidential one is planned, and one that everybody may know."""
    app.config["PUBLIC_URL"] = "https://humas.example"
    world.office.short_name = "KPKNL *Uji* & <Mitra> 100%+"
    scheme = scheme_of(world, news("Berita #1 & <utama>"))
    aim(world, scheme, version_of(scheme).components[0].key, 10)
    with at(WITHIN):
        live_post(world)
        secret, _post = planned(world, "Operasi senyap", agree=True, due="2026-02-20T02:00Z")
        secret.is_confidential = True
        planned(world, "Lelang terbuka", agree=True, due="2026-02-21T02:00Z")
        for user in (world.editor, world.approver):
            db.session.add(StoryReader(story_id=secret.id, user_id=user.id, added_at=clock.now()))
        db.session.commit()
    return world


def block(page: Page) -> tuple[str, str]:
    """The text on the page, and the address of the button."""
    (text,) = page.soup.select("main pre.share__text")
    (link,) = page.soup.select("main a[href^='https://wa.me/']")
    assert text["id"] == "teks-capaian" and text["tabindex"] == "0"
    assert page.soup.select_one("main [data-copy='#teks-capaian']") is not None
    assert link["target"] == "_blank" and set(link["rel"]) == {"noopener", "noreferrer"}
    return text.get_text(), str(link["href"])


def test_the_words_are_those_of_the_office_and_the_link_carries_them_whole(
    short: World, browser_of: BrowserOf, at: Any
) -> None:
    with at(WITHIN):
        text, link = block(browser_of(short.lead).get(PAGE))
    first, sentence, address = text.split("\n")
    assert first == "*KPKNL *Uji* & <Mitra> 100%+, Triwulan I 2026*"
    assert sentence.startswith("Kurang 9 Berita #1 & <utama>; ") and sentence.endswith(".")
    assert address.startswith("https://humas.example/capaian/?periode=2026-TW1&skema=")
    parts = urlsplit(link)
    assert (parts.netloc, parts.path, parts.fragment) == ("wa.me", "/", "")
    assert parse_qs(parts.query) == {"text": [text]}
    for raw in "&#<+*\n ":  # each would end or change the text on its way
        assert raw not in link.partition("text=")[2]
    assert "https://wa.me/?text=%2AKPKNL%20%2AUji%2A%20%26%20%3CMitra%3E%20100%25%2B" in link


def test_in_english_for_who_reads_english(short: World, browser_of: BrowserOf, at: Any) -> None:
    short.lead.locale = "en"
    db.session.commit()
    with at(WITHIN):
        page = browser_of(short.lead).get(PAGE)
    text, link = block(page)
    assert "Share this sentence" in page.main and "Bagikan" not in page.main
    first, sentence, _address = text.split("\n")
    assert "Triwulan" not in first and "2026" in first
    assert sentence.startswith("Still to do: 9 Berita #1 & <utama>; ") and "perlu" not in sentence
    assert parse_qs(urlsplit(link).query)["text"] == [text]


def test_who_may_read_the_standing_is_offered_it_and_nobody_else(
    short: World, browser_of: BrowserOf, at: Any
) -> None:
    with at(WITHIN):
        texts = {
            block(browser_of(user).get(PAGE))[0]
            for user in (short.lead, short.editor, short.approver, short.admin)
        }
        refused = browser_of(short.contributor).get(PAGE, status=403)
    assert len(texts) == 1  # what one may see for oneself changes nothing of what one passes on
    assert "wa.me" not in refused.html and "Kurang 9" not in refused.html


def test_it_names_no_story_and_nobody(short: World, browser_of: BrowserOf, at: Any) -> None:
    with at(WITHIN):
        for user in (short.editor, short.approver, short.lead):  # two of them know the confidential one
            text, _link = block(browser_of(user).get(PAGE))
            assert "Operasi" not in text and "Lelang terbuka" not in text
            for person in (short.lead, short.editor, short.contributor, short.approver):
                assert person.name not in text


def test_points_are_those_of_the_office(world: World, browser_of: BrowserOf, at: Any) -> None:
    spec = ComponentSpec(
        "Medsos", Decimal(100), kind=ComponentKind.POINTS, parameters={"points": {"*|website_own": "2.5"}}
    )
    aim(world, scheme_of(world, spec), "medsos", 10)
    with at(WITHIN):
        live_post(world)
        db.session.commit()
        text, _link = block(browser_of(world.approver).get(PAGE))
    assert "7,5 poin Medsos" in text and world.editor.name not in text


def test_a_period_without_a_scheme_has_nothing_to_share(world: World, browser_of: BrowserOf) -> None:
    page = browser_of(world.lead).get(PAGE)
    assert not page.soup.select("main a[href^='https://wa.me/']") and not page.soup.select("pre.share__text")


def test_too_long_for_an_address_it_is_copied(
    short: World, browser_of: BrowserOf, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp, "LINK_LENGTH", 20)
    with at(WITHIN):
        page = browser_of(short.lead).get(PAGE)
    assert page.soup.select_one("main pre.share__text") is not None
    assert not page.soup.select("main a[href^='https://wa.me/']")
    assert "Teksnya terlalu panjang untuk tombol WhatsApp." in page.main
