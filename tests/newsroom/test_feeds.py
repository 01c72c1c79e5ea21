"""Atom, JSON Feed, sitemaps, robots.txt."""

from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import feedparser
import pytest

from humasflow.core.db import db
from humasflow.newsroom import feeds, views
from humasflow.orgs.models import Unit
from tests.factories import newsroom

FRONT = "/berita/kantor-uji/"
HOST = "http://localhost"
ODD = "Lelang <b>serentak</b> & \"murah\" 🎉 'ya' ]]>\x0b\ufffe"
CLEAN = "Lelang <b>serentak</b> & \"murah\" 🎉 'ya' ]]>"

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def story(world):
    asset = newsroom.picture(world)
    made = newsroom.publish(
        world, title="Sementara", lead="Ringkasan <ini> & itu", body_html="<p>Isi &amp; <em>lengkap</em></p>",
        pictures=(newsroom.shown(asset, alt_text='Aula "besar"'),), writer_credit="Penulis & Rekan",
    )  # fmt: skip
    made.title = ODD  # as an import or an old database might hold it
    db.session.commit()
    return made


def atom_of(browser, query=""):
    answer = browser.client.get(f"{FRONT}feed.xml{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return feedparser.parse(answer.data), ET.fromstring(answer.data)


def test_atom_is_valid_and_complete(browser, world, story):
    feed, root = atom_of(browser)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.title == "Kantor Uji: berita"
    assert feed.feed.id == f"{HOST}{FRONT}"
    assert {link.rel: link.href for link in feed.feed.links} == {
        "alternate": f"{HOST}{FRONT}", "self": f"{HOST}{FRONT}feed.xml",
    }  # fmt: skip
    # RFC 4287: one each of id, title, updated in feed and entry, and an author.
    entry = root.find(f"{{{feeds.ATOM}}}entry")
    for element in (root, entry):
        for name in ("id", "title", "updated", "author"):
            assert len(element.findall(f"{{{feeds.ATOM}}}{name}")) == 1, name
    (item,) = feed.entries
    assert entry.findtext(f"{{{feeds.ATOM}}}title") == CLEAN
    assert item.link == f"{HOST}{FRONT}{story.post_id}/lelang-b-serentak-b-murah-ya"
    assert item.published == "2026-11-21T09:00:00+07:00"
    assert item.published_parsed[:6] == (2026, 11, 21, 2, 0, 0)
    assert item.author == "Penulis & Rekan"
    assert item.tags[0].label == "Berita terbaru"
    html = item.content[0].value
    assert "<p>Isi &amp; <em>lengkap</em></p>" in html
    assert f'src="{HOST}{FRONT}gambar/' in html
    assert "Foto: Fotografer Satu" in html


def test_json_feed_is_valid_and_complete(browser, world, story):
    answer = browser.client.get(f"{FRONT}feed.json")
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = answer.get_json(force=True)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Kantor Uji: berita"
    assert feed["feed_url"] == f"{HOST}{FRONT}feed.json"
    assert feed["home_page_url"] == f"{HOST}{FRONT}"
    (item,) = feed["items"]
    assert item["title"] == ODD
    assert item["date_published"] == "2026-11-21T09:00:00+07:00"
    assert item["image"].startswith(f"{HOST}{FRONT}gambar/")
    assert item["authors"] == [{"name": "Penulis & Rekan"}]
    assert item["summary"] == "Ringkasan <ini> & itu"
    assert "<p>Isi &amp; <em>lengkap</em></p>" in item["content_html"]
    assert item["id"] == feedparser.parse(browser.client.get(f"{FRONT}feed.xml").data).entries[0].id


def test_an_empty_feed_is_valid_too(browser, world):
    feed, _root = atom_of(browser)
    assert not feed.bozo
    assert feed.entries == []
    assert browser.client.get(f"{FRONT}feed.json").get_json(force=True)["items"] == []


def test_an_entry_keeps_its_name_when_its_title_changes(browser, world, story):
    before, _ = atom_of(browser)
    story.title, story.updated_at = "Judul yang dibetulkan", story.updated_at + timedelta(days=1)
    db.session.commit()
    after, _ = atom_of(browser)
    assert after.entries[0].id == before.entries[0].id
    assert after.entries[0].link != before.entries[0].link
    assert after.entries[0].updated == "2026-11-22T09:00:00+07:00"
    assert after.entries[0].published == "2026-11-21T09:00:00+07:00"


def test_a_mirror_can_walk_to_the_oldest_story(browser, world, monkeypatch):
    monkeypatch.setattr(views, "FEED_PAGE", 2)
    newsroom.publish_many(world, 5)
    titles, address = [], f"{FRONT}feed.json"
    while address:
        feed = browser.client.get(address.removeprefix(HOST)).get_json(force=True)
        assert feed["feed_url"] == f"{HOST}{address.removeprefix(HOST)}"
        titles += [i["title"] for i in feed["items"]]
        address = feed.get("next_url")
    assert titles == [f"Berita {n}" for n in (5, 4, 3, 2, 1)]
    feed, _ = atom_of(browser)
    following = next(link.href for link in feed.feed.links if link.rel == "next")
    page = feedparser.parse(browser.client.get(following.removeprefix(HOST)).data)
    assert [e.title for e in page.entries] == ["Berita 3", "Berita 2"]


def test_a_feed_of_one_section(browser, world):
    newsroom.publish(world, title="Kabar harian")
    newsroom.publish(world, title="Kabar besar", content_type=world.headline)
    feed, _ = atom_of(browser, "?jenis=berita_utama")
    assert [e.title for e in feed.entries] == ["Kabar besar"]
    assert feed.feed.title == f"Kantor Uji: {world.headline.label}"
    assert browser.client.get(f"{FRONT}feed.xml?jenis=tidak-ada").status_code == 404


def test_what_was_taken_down_leaves_the_feeds(browser, world, story):
    newsroom.retract(story)
    feed, _ = atom_of(browser)
    assert feed.entries == []


@pytest.mark.parametrize("name", ["feed.xml", "feed.json"])
def test_feeds_take_the_same_number_of_statements(browser, world, statements, name):
    asset = newsroom.picture(world)
    counts = []
    for _ in range(2):
        newsroom.publish_many(world, 2, pictures=(newsroom.shown(asset),))
        browser.client.get(FRONT + name)
        statements.reset()
        browser.client.get(FRONT + name)
        counts.append(len(statements))
    assert counts == [2, 2], statements.statements


@pytest.mark.parametrize("name", ["feed.xml", "feed.json"])
def test_other_sites_may_read_the_feeds(browser, world, name):
    headers = browser.client.get(FRONT + name).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


# Sitemaps


def locations(browser, address, kind):
    answer = browser.client.get(address.removeprefix(HOST))
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    root = ET.fromstring(answer.data)
    assert root.tag == f"{{{feeds.SITEMAP}}}{kind}"
    return [e.text for e in root.iter(f"{{{feeds.SITEMAP}}}loc")], root


def test_the_sitemap_lists_every_live_story(browser, world):
    first, second = newsroom.publish_many(world, 2)
    newsroom.retract(newsroom.publish(world, title="Diturunkan"))
    found, root = locations(browser, f"{FRONT}sitemap.xml", "urlset")
    assert found == [
        f"{HOST}{FRONT}", HOST + newsroom.path(world, second), HOST + newsroom.path(world, first),
    ]  # fmt: skip
    assert [e.text for e in root.iter(f"{{{feeds.SITEMAP}}}lastmod")] == [
        "2026-11-21T11:00:00+07:00", "2026-11-21T10:00:00+07:00",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_a_long_sitemap_is_a_list_of_lists(browser, world, monkeypatch, number):
    monkeypatch.setattr(views, "SITEMAP_PAGE", 2)
    made = newsroom.publish_many(world, number)
    if number <= 2:
        parts = [f"{HOST}{FRONT}sitemap.xml"]
    else:
        parts, _ = locations(browser, f"{FRONT}sitemap.xml", "sitemapindex")
        # A sitemap speaks for the folder it lies in.
        assert all(p.rpartition("/")[0] == HOST + FRONT.rstrip("/") for p in parts)
    found = [url for part in parts for url in locations(browser, part, "urlset")[0]]
    expected = [f"{HOST}{FRONT}", *(HOST + newsroom.path(world, d) for d in reversed(made))]
    assert found == expected
    assert len(parts) == (number + 1) // 2


def test_a_sitemap_that_does_not_exist(browser, world):
    assert browser.client.get(f"{FRONT}sitemap-x.xml").status_code == 404


def test_robots_may_read_the_newsrooms_only(browser, world, other_world):
    db.session.get(Unit, other_world.office.id).is_active = False
    db.session.commit()
    answer = browser.client.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    rules = RobotFileParser()
    rules.parse(answer.get_data(as_text=True).splitlines())
    assert rules.can_fetch("Googlebot", f"{HOST}{FRONT}")
    for private in ("/", "/masuk", "/naskah/1", "/media/1/medium"):
        assert not rules.can_fetch("Googlebot", HOST + private), private
    assert rules.site_maps() == [f"{HOST}{FRONT}sitemap.xml"]


def test_years_long_ago(browser, world):
    newsroom.publish(world, title="Lama", published_at=datetime(2020, 1, 3, 2, tzinfo=UTC))
    feed, _ = atom_of(browser)
    assert feed.entries[0].published == "2020-01-03T09:00:00+07:00"
