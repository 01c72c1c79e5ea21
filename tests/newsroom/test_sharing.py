"""What makes the pages fit for caches and other sites: headers, conditions, no cookies; and the pictures."""

import pytest

from humasflow.core.db import db
from humasflow.media.services import storage
from tests.factories import newsroom

FRONT = "/berita/kantor-uji/"
PAGES = ["", "jenis/berita_terbaru", "sematan", "sematan/pasang", "feed.xml", "feed.json", "sitemap.xml"]

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def asset(world):
    return newsroom.picture(world)


@pytest.fixture
def live(world, asset):
    return newsroom.publish(world, pictures=(newsroom.shown(asset),))


@pytest.fixture
def addresses(world, live, asset):
    return [
        *(FRONT + p for p in PAGES), newsroom.path(world, live), f"{FRONT}gambar/{asset.id}/thumb", "/robots.txt",
    ]  # fmt: skip


# The same for everybody


def test_pages_leave_the_cookies_alone(browser, browser_of, world, addresses):
    people = [browser, browser_of(world.editor)]
    people[1].client.set_cookie("lang", "en")
    people[1].client.set_cookie("theme", "dark")
    for address in addresses:
        bodies = set()
        for person in people:
            with person.client.get(address) as answer:
                assert answer.status_code == 200, address
                assert "Set-Cookie" not in answer.headers, address
                assert "Cookie" not in answer.headers.get("Vary", ""), address
                bodies.add(answer.data)
        assert len(bodies) == 1, f"{address} differs by reader"
    assert people[1].get("/").status == 200, "and the session still stands"


def test_nobody_is_looked_up_for_a_public_page(browser_of, world, live, statements):
    editor = browser_of(world.editor)
    editor.get(FRONT)
    statements.reset()
    editor.get(FRONT)
    assert not any("user_session" in s or "app_user" in s for s in statements.statements)


def test_messages_meant_for_the_desk_do_not_appear(browser_of, world, live):
    editor = browser_of(world.editor)
    with editor.client.session_transaction() as session:
        session["_flashes"] = [("success", "Hanya untuk redaktur")]
    assert "Hanya untuk" not in editor.get(FRONT).text
    with editor.client.session_transaction() as session:
        assert session["_flashes"], "and stay for the page they are meant for"


def test_answers_may_be_shared_for_a_minute_and_are_asked_for_again(browser, addresses):
    for address in addresses:
        with browser.client.get(address) as first:
            cache = first.headers["Cache-Control"]
            etag = first.headers["ETag"]
        assert cache.startswith("public, max-age="), address
        with browser.client.get(address, headers={"If-None-Match": etag}) as again:
            assert (again.status_code, again.data) == (304, b""), address
            assert again.headers["Cache-Control"] == cache
            assert "Set-Cookie" not in again.headers
    assert browser.get(FRONT).response.headers["Cache-Control"] == "public, max-age=60"


def test_a_change_is_seen_in_spite_of_the_etag(browser, world, live):
    etag = browser.get(FRONT).response.headers["ETag"]
    newsroom.publish(world, title="Baru")
    assert browser.client.get(FRONT, headers={"If-None-Match": etag}).status_code == 200


def test_head_is_answered_without_a_body(browser, addresses):
    for address in addresses:
        with browser.client.head(address) as answer:
            assert (answer.status_code, answer.data) == (200, b""), address


def test_private_pages_stay_private(browser, world):
    assert "private" in browser.get("/masuk").response.headers["Cache-Control"]


# In a frame


def test_only_the_embedded_list_may_be_framed(browser, addresses):
    for address in addresses:
        with browser.client.get(address) as answer:
            policy = answer.headers["Content-Security-Policy"]
        if address.endswith("/sematan"):
            assert "frame-ancestors *" in policy
            assert "form-action 'none'" in policy
            assert "X-Frame-Options" not in answer.headers
        else:
            assert "frame-ancestors 'none'" in policy, address


def test_the_embedded_list(browser, world):
    newsroom.publish_many(world, 7)
    newsroom.publish(world, title="Kabar besar", content_type=world.headline)
    page = browser.get(f"{FRONT}sematan")
    links = page.soup.select("li a")
    assert len(links) == 5
    assert all(a["target"] == "_top" for a in page.soup.find_all("a"))
    assert all(a["href"].startswith(f"http://localhost{FRONT}") for a in page.soup.find_all("a"))
    assert "Sabtu, 21 November 2026 16.00 WIB" in page.text
    assert len(browser.get(f"{FRONT}sematan?jumlah=7").soup.select("li")) == 7
    section = browser.get(f"{FRONT}sematan?jenis=berita_utama")
    assert [b.get_text() for b in section.soup.select("li b")] == ["Kabar besar"]
    assert section.h1.startswith(world.headline.label)


@pytest.mark.parametrize(
    ("query", "items"), [("0", 1), ("-5", 1), ("9999", 3), ("banyak", 3), ("", 3), ("1e3", 3), ("2", 2)]
)
def test_any_number_asked_for(browser, world, query, items):
    newsroom.publish_many(world, 3)
    assert len(browser.get(f"{FRONT}sematan?jumlah={query}").soup.select("li")) == items


@pytest.mark.parametrize(
    ("asked", "given"), [("gelap", "dark"), ("terang", "light"), ("", None), ('"><b>', None)]
)
def test_the_portal_may_choose_the_theme(browser, world, asked, given):
    assert browser.get(f"{FRONT}sematan", query_string={"tema": asked}).soup.html.get("data-theme") == given


def test_an_empty_embedded_list_and_an_unknown_section(browser, world):
    assert "Belum ada berita" in browser.get(f"{FRONT}sematan").text
    browser.get(f"{FRONT}sematan?jenis=tidak-ada", status=404)


def test_the_guide_gives_the_code_to_paste(browser, world, live):
    page = browser.get(f"{FRONT}sematan/pasang")
    code = page.soup.find("textarea").get_text()
    assert f'<iframe src="http://localhost{FRONT}sematan?jumlah=5"' in code
    assert 'src="http://localhost/static/js/embed.js"' in code
    assert browser.get(FRONT).link("Pasang di situs Anda") == f"{FRONT}sematan/pasang"


# Pictures


def test_a_picture_of_a_live_story_in_each_size(browser, world, live, asset):
    for size in ("thumb", "medium", "original"):
        with browser.client.get(f"{FRONT}gambar/{asset.id}/{size}") as answer:
            assert answer.data == storage().path(getattr(asset, f"{size}_key")).read_bytes()
            assert answer.mimetype == "image/webp"
            assert answer.headers["Cache-Control"] == "public, max-age=604800, immutable"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    browser.get(f"{FRONT}gambar/{asset.id}/besar", status=404)


def test_pictures_that_no_live_story_shows_are_not_found(browser, world, other_world, live):
    unused = newsroom.picture(world, colour="#111111")
    draft = newsroom.picture(world, colour="#222222")
    newsroom.post(world, title="Belum tayang", pictures=(newsroom.shown(draft),))
    foreign = newsroom.picture(other_world, colour="#333333")
    newsroom.publish(other_world, pictures=(newsroom.shown(foreign),))
    only_in_story = newsroom.picture(world, colour="#444444")
    older = newsroom.picture(world, colour="#555555")
    corrected = newsroom.publish(world, title="Diganti fotonya", pictures=(newsroom.shown(older),))
    corrected.post_version_id = live.post_version_id
    social = newsroom.picture(world, colour="#666666")
    elsewhere = newsroom.publish(world, title="Facebook", pictures=(newsroom.shown(social),))
    elsewhere.account_id = world.facebook.id
    db.session.commit()
    for picture in (unused, draft, foreign, only_in_story, older, social):
        browser.get(f"{FRONT}gambar/{picture.id}/medium", status=404)
    browser.get(f"{FRONT}gambar/999999/medium", status=404)
    with browser.client.get(f"/berita/kantor-lain/gambar/{foreign.id}/medium") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "state", ["queued", "held", "manual_due", "retracted", "cancelled", "failed", "unknown"]
)
def test_a_picture_goes_when_the_story_goes(browser, world, live, asset, state):
    address = f"{FRONT}gambar/{asset.id}/medium"
    with browser.client.get(address) as answer:
        etag = answer.headers["ETag"]
    live.state = state
    db.session.commit()
    assert browser.client.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_a_missing_file_is_not_found_and_logged(browser, world, live, asset, caplog):
    storage().delete(asset.medium_key)
    browser.get(f"{FRONT}gambar/{asset.id}/medium", status=404)
    assert "picture file is missing" in caplog.text


def test_a_picture_takes_two_statements_and_no_snapshot(browser, world, live, asset, statements):
    address = f"{FRONT}gambar/{asset.id}/thumb"
    browser.client.get(address).close()
    statements.reset()
    browser.client.get(address).close()
    assert len(statements) == 2
    assert not any("payload" in s for s in statements.statements)
