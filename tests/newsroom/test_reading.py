"""Counting readers: each once a day, no robots, no other sites, nothing about the person kept."""

import pytest
from sqlalchemy import select, text

from humasflow.core import rate_limit
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.metrics.models import ReaderCount
from humasflow.metrics.queries import readers_of
from humasflow.newsroom import queries, services
from humasflow.newsroom.policy import comes_from_own_page, is_bot, network_of
from tests.factories import newsroom

PHONE = "Mozilla/5.0 (Linux; Android 14; CUBOT X90) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"
OWN = {"Sec-Fetch-Site": "same-origin"}

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def live(world):
    return newsroom.publish(world)


@pytest.fixture
def read(app, live):
    """``read(address="10.0.0.1", agent=…)`` posts as the page's script does; the status."""
    client = app.test_client()

    def post(address="203.0.113.7", agent=PHONE, post_id=None, slug="kantor-uji", headers=OWN):
        answer = client.post(
            f"/berita/{slug}/{post_id or live.post_id}/dibaca", headers={"User-Agent": agent, **headers},
            environ_base={"REMOTE_ADDR": address},
        )  # fmt: skip
        assert "Set-Cookie" not in answer.headers
        db.session.expire_all()
        return answer.status_code

    return post


def counted(live):
    return readers_of([live.story_id])[live.story_id]


def test_a_reader_counts_once_and_the_page_says_so(browser, world, live, read):
    page = browser.get(newsroom.path(world, live))
    assert page.soup.select_one("[data-read-url]")["data-read-url"] == (
        f"/berita/kantor-uji/{live.post_id}/dibaca"
    )
    assert read() == 204
    assert read() == 204
    assert counted(live) == 1
    assert "1 kali dibaca" in browser.get(newsroom.path(world, live)).main


def test_another_person_behind_the_same_address_counts_too(live, read):
    read(agent=PHONE)
    read(agent=DESKTOP)
    read(agent=DESKTOP, address="198.51.100.4")
    assert counted(live) == 3


def test_one_address_cannot_inflate_the_count(live, read, monkeypatch):
    monkeypatch.setattr(services, "READERS_OF_A_NETWORK", 3)
    for n in range(10):
        assert read(agent=f"{DESKTOP} {n}") == 204
    assert counted(live) == 3


def test_one_person_who_reloads_leaves_room_for_the_colleagues(live, read, monkeypatch):
    monkeypatch.setattr(services, "READERS_OF_A_NETWORK", 3)
    for _again in range(10):
        read(agent=PHONE)
    read(agent=DESKTOP)
    assert counted(live) == 2


def test_the_same_reader_twice_at_the_same_moment_counts_once(world, live, monkeypatch, in_request):
    """Both requests look before either has written: what is not known yet is told by the count itself."""
    site = queries.get_newsroom(world.office.slug)
    real = services.db.session.scalar
    monkeypatch.setattr(
        services.db.session,
        "scalar",
        lambda query, *a, **k: None if "rate_window" in str(query) else real(query, *a, **k),
    )
    given = {"address": "203.0.113.7", "user_agent": PHONE}
    assert [services.count_read(site, live.post_id, **given) for _twice in range(2)] == [True, False]
    assert counted(live) == 1


def test_a_device_that_changes_its_address_within_its_network_counts_once(live, read):
    read(address="2001:db8:1:2:aaaa::1")
    read(address="2001:db8:1:2:bbbb::9")
    read(address="2001:db8:1:3::1")
    assert counted(live) == 2


def test_each_story_has_its_own_count(world, live, read):
    other = newsroom.publish(world, title="Berita kedua")
    read()
    read(post_id=other.post_id)
    assert (counted(live), counted(other)) == (1, 1)


def test_the_day_is_the_offices_own(other_world, read, at):
    live = newsroom.publish(other_world)
    for instant in ("2026-03-31T14:59:00Z", "2026-03-31T15:01:00Z"):  # 23.59 and 00.01 WIT
        with at(instant):
            read(post_id=live.post_id, slug="kantor-lain")
    rows = db.session.execute(
        select(ReaderCount.local_date, ReaderCount.readers).order_by(ReaderCount.local_date)
    )
    assert [(str(d), n) for d, n in rows] == [("2026-03-31", 1), ("2026-04-01", 1)]


def test_midnight_in_greenwich_does_not_make_a_second_reader(live, read, at):
    for instant in (
        "2026-03-30T17:00:00Z",
        "2026-03-30T23:59:00Z",
        "2026-03-31T00:01:00Z",
        "2026-03-31T16:59:00Z",
    ):
        with at(instant):  # 00.00 to 23.59 WIB
            read()
            rate_limit.prune()
            db.session.commit()
    assert counted(live) == 1


@pytest.mark.parametrize(
    "agent",
    [
        "", " ", "curl/8.5.0", "python-requests/2.32", "WhatsApp/2.24.1 A", "Go-http-client/2.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "TelegramBot (like TwitterBot)", "Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/126.0 Safari/537.36",
        "Mozilla/5.0 (compatible; YandexBot/3.0)", "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)", "SkypeUriPreview Preview/0.5", "Wget/1.21",
        "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)", "GoogleOther",
        "Mozilla/5.0 (compatible; ChatGPT-User/1.0)", "Mozilla/5.0 (compatible; Pingdom.com_bot_version_1.4)",
    ],
)  # fmt: skip
def test_programs_are_left_out(live, read, agent):
    assert is_bot(agent)
    assert read(agent=agent) == 204
    assert counted(live) == 0


@pytest.mark.parametrize(
    "agent",
    [
        PHONE, DESKTOP,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1",
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0]",
        "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 Chrome/109.0.0.0 Safari/537.36",
    ],
)  # fmt: skip
def test_people_are_not_taken_for_programs(agent):
    assert not is_bot(agent)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 204), ({"Origin": "http://localhost"}, 204),
        ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403), ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403), ({}, 403),
    ],
)  # fmt: skip
def test_only_our_own_pages_may_count(live, read, headers, status):
    assert read(headers=headers) == status
    assert counted(live) == (1 if status == 204 else 0)


def test_the_public_address_is_our_own_even_behind_a_proxy(app, live, read):
    app.config["PUBLIC_URL"] = "https://humas.example/"
    assert read(headers={"Origin": "https://humas.example"}) == 204
    assert read(headers={"Origin": "https://humas.example.evil.example"}) == 403
    assert not comes_from_own_page(None, None, {"https://humas.example"})


def test_it_works_without_a_csrf_token_and_no_other_form_does(app, browser, live, read):
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    assert read() == 204
    assert counted(live) == 1
    assert browser.client.post("/masuk", data={"email": "a@b.example"}).status_code == 400


def test_it_is_for_posts_only(browser, live):
    assert browser.client.get(f"/berita/kantor-uji/{live.post_id}/dibaca").status_code in (301, 404, 405)
    assert counted(live) == 0


def test_stories_that_are_not_live_here_have_no_readers(world, other_world, live, read):
    foreign = newsroom.publish(other_world)
    gone = newsroom.publish(world, title="Diturunkan")
    newsroom.retract(gone)
    for post_id in (foreign.post_id, gone.post_id, 999_999):
        assert read(post_id=post_id) == 404
    assert read(slug="tidak-ada") == 404
    assert db.session.scalars(select(ReaderCount)).all() == []


@pytest.mark.db
def test_nothing_of_the_reader_is_kept(app, world):
    live = newsroom.publish(world)
    site = queries.get_newsroom("kantor-uji")
    assert services.count_read(site, live.post_id, address="203.0.113.7", user_agent=PHONE)
    assert not services.count_read(site, live.post_id, address="203.0.113.7", user_agent=PHONE)
    assert counted(live) == 1
    rows = (
        db.session.execute(text("SELECT * FROM rate_window")).all()
        + db.session.execute(text("SELECT * FROM reader_count")).all()
    )
    kept = " ".join(str(value) for row in rows for value in row)
    assert "203.0.113" not in kept
    assert "CUBOT" not in kept


@pytest.mark.db
def test_the_hashes_are_forgotten_by_the_next_day(app, world, at):
    live = newsroom.publish(world)
    site = queries.get_newsroom("kantor-uji")
    with at("2026-03-31T10:00Z"):
        services.count_read(site, live.post_id, address="203.0.113.7", user_agent=PHONE)
    with at("2026-04-01T11:00Z"):
        rate_limit.prune()
    assert db.session.scalars(select(rate_limit.RateWindow)).all() == []
    assert counted(live) == 1


@pytest.mark.db
def test_an_unknown_story_is_not_counted(app, world):
    with pytest.raises(NotFound):
        services.count_read(
            queries.get_newsroom("kantor-uji"), 999_999, address="203.0.113.7", user_agent=PHONE
        )


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"), ("", ""), ("unix:", ""),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
    ],
)  # fmt: skip
def test_networks(address, network):
    assert network_of(address) == network
