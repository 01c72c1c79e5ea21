"""Feeds as generators write them, and as portals get them wrong."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.imports.backfill.enums import ItemState, RunState, Source
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services import reading

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
DATA = Path(__file__).parent / "data"
XML = {"Content-Type": "application/rss+xml; charset=UTF-8"}


def items(run: BackfillRun) -> list[BackfillItem]:
    return list(
        db.session.scalars(
            select(BackfillItem).where(BackfillItem.run_id == run.id).order_by(BackfillItem.id)
        )
    )


def read(
    portal, begin, work, body: bytes, headers=XML, path="/rss"
) -> tuple[BackfillRun, list[BackfillItem]]:
    portal.answers[path] = (200, headers, body.replace(b"{site}", portal.url.encode()))
    run = begin(portal.url + path, Source.FEED)
    work()
    db.session.expire_all()
    return db.session.get_one(BackfillRun, run.id), items(run)


def rss(*entries: str) -> bytes:
    return f'<rss version="2.0"><channel><title>P</title>{"".join(entries)}</channel></rss>'.encode()


def entry(number: int, **more: str) -> str:
    said = {
        "title": f"Berita {number}", "link": f"https://p.example/{number}", "pubDate": "Mon, 06 Jan 2020 08:00:00 GMT",
    } | more  # fmt: skip
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in said.items()) + "</item>"


def test_wordpress_rss2_and_its_further_pages(world, portal, begin, work):
    body = (DATA / "wordpress.rss").read_bytes()
    second = body.replace(b"portal.example/2021", b"portal.example/2020").replace(b"/?p=", b"/?p=9")
    portal.answers["/feed/"] = lambda query: (
        (200, XML, body)
        if "paged" not in query
        else (200, XML, second)
        if query["paged"] == ["2"]
        else (404, {}, b"")
    )
    run = begin(f"{portal.url}/feed/", Source.FEED)
    work()
    found = items(run)
    assert [i.state for i in found] == [ItemState.FOUND] * 4
    assert portal.asked == ["/feed/", "/feed/?paged=2", "/feed/?paged=3"]
    titles = {i.title: i for i in found}
    assert titles["Lelang & “aset” laku"].published_at == datetime(2021, 3, 1, 0, 0, tzinfo=UTC)
    assert titles["Siaran pers akhir tahun"].category == "Siaran Pers"


def test_wordpress_atom(world, portal, begin, work):
    portal.answers["/feed/atom/"] = lambda query: (
        (200, XML, (DATA / "wordpress.atom").read_bytes()) if "paged" not in query else (404, {}, b"")
    )
    run = begin(f"{portal.url}/feed/atom/", Source.FEED)
    work()
    assert {i.title for i in items(run)} == {"Lelang & “aset” laku", "Siaran pers akhir tahun"}
    assert all(i.published_at and i.published_at.year == 2021 for i in items(run))


def test_blogger_goes_on_where_it_says(world, portal, begin, work):
    body = (DATA / "blogger.atom").read_bytes().replace(b"{site}", portal.url.encode())
    last = (
        body.replace(b"jadwal.html", b"kedua.html")
        .replace(b"post-1<", b"post-2<")
        .replace(b"rel='next'", b"rel='x'")
    )
    portal.answers["/feeds/posts/default"] = lambda query: (200, {}, last if query else body)
    run = begin(f"{portal.url}/feeds/posts/default", Source.FEED)
    work()
    found = items(run)
    assert [i.url for i in found] == [
        "https://blog.example/2024/02/jadwal.html",
        "https://blog.example/2024/02/kedua.html",
    ]
    assert (found[0].title, found[0].category) == ("Jadwal & layanan", "Pengumuman")
    assert found[0].published_at == datetime(2024, 2, 29, 13, 30, tzinfo=UTC)
    assert found[0].picture_url.startswith("https://blogger.example/img/")


def test_json_feed(world, portal, begin, work):
    run, found = read(
        portal, begin, work, (DATA / "feed.json").read_bytes(), {"Content-Type": "application/feed+json"}
    )
    assert run.state is RunState.READY
    assert [i.state for i in found] == [ItemState.FOUND, ItemState.FOUND, ItemState.REFUSED]
    assert found[0].url == f"{portal.url}/berita/1"
    assert found[0].picture_url == f"{portal.url}/foto/1.jpg"
    assert found[0].published_at == datetime(2023, 5, 1, 1, tzinfo=UTC)
    assert found[1].title == "Tanpa judul tetapi ada isinya."


def test_a_portal_that_writes_as_it_likes(world, portal, begin, work):
    _run, found = read(portal, begin, work, (DATA / "portal.rss").read_bytes())
    by_title = {i.title: i for i in found}
    first = by_title['Lelang "Aset" & Barang Sitaan']
    assert first.url == f"{portal.url}/berita/baca/1/lelang"
    assert first.picture_url == f"{portal.url}/foto/1.jpg"
    assert first.published_at == datetime(2020, 12, 23, 6, 30, tzinfo=UTC)
    assert by_title["Tanpa zona"].published_at == datetime(
        2020, 12, 24, 1, tzinfo=UTC
    )  # the office's own clock
    assert by_title["Menurut aturan"].published_at == datetime(2020, 12, 24, 1, tzinfo=UTC)
    assert by_title["Menurut aturan"].picture_url == "https://www.portal.example/foto/4.jpg"
    for title in ("Tanpa tanggal", "Tanggal mustahil"):
        assert by_title[title].state is ItemState.REFUSED
        assert "tanggal tayang tidak disebut" in by_title[title].reason


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-8", "iso-8859-1", "application/xml"),
        ("cp1252", "utf-8", "application/xml"),
        ("cp1252", "windows-1252", "application/xml; charset=utf-8"),
        ("utf-16", "utf-16", "application/xml"),
    ],
)
def test_wrong_charsets(world, portal, begin, work, encoding, declared, header):
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss(entry(1, title="Café “baru” résumé")).decode()
    _run, found = read(portal, begin, work, text.encode(encoding), {"Content-Type": header})
    assert [i.title for i in found] == ["Café “baru” résumé"]


def test_ten_thousand_posts_in_one_feed(world, portal, begin, work):
    run, found = read(portal, begin, work, rss(*(entry(n) for n in range(10_000))))
    assert run.state is RunState.READY
    assert len(found) == 10_000


def test_endless_paging_ends(world, portal, begin, work, monkeypatch):
    """A feed that always names a further page: the same posts end it, ever new ones end at a limit."""

    def same(query):
        number = int(query.get("n", ["1"])[0])
        link = f'<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/rss?n={number + 1}"/>'
        return 200, XML, rss(link, entry(1))

    portal.answers["/rss"] = same
    run = begin(f"{portal.url}/rss", Source.FEED)
    work()
    assert db.session.get_one(BackfillRun, run.id).state is RunState.READY
    assert len(portal.asked) == 2

    def new(query):
        number = int(query.get("n", ["1"])[0])
        link = f'<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/baru?n={number + 1}"/>'
        return 200, XML, rss(link, entry(number + 10))

    monkeypatch.setattr(reading, "MOST_PAGES", 5)
    portal.answers["/baru"] = new
    run = begin(f"{portal.url}/baru", Source.FEED)
    work()
    found = db.session.get_one(BackfillRun, run.id)
    assert (found.state, found.pages, len(items(run))) == (RunState.READY, 5, 5)
    assert "Berhenti sesudah 5 berita" in found.note


BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((200, XML, BOMB + rss(entry(1, title="&b;"))), "deklarasi entitas"),
        ((200, {"Content-Type": "text/html"}, b"<html><body>Halaman</body></html>"), "tidak ada umpan"),
        ((200, {"Content-Type": "application/json"}, b"[1, 2]"), "tidak ada umpan"),
        ((302, {"Location": "http://10.1.2.3/rss"}, b""), "jaringan dalam"),
        ((404, {}, b""), "tidak ada lagi"),
    ],
)
def test_what_cannot_be_read_is_said(world, portal, begin, work, answer, says):
    portal.answers["/rss"] = answer
    run = begin(f"{portal.url}/rss", Source.FEED)
    work()
    found = db.session.get_one(BackfillRun, run.id)
    assert says in found.problem
    assert items(run) == []


def test_a_server_that_is_too_slow(world, portal, begin, work, monkeypatch):
    from humasflow.core.outbound import Limits
    from humasflow.imports.backfill.sources import feed

    monkeypatch.setattr(feed, "LIMITS", Limits(connect=1, read=0.2, total=0.3, size=1_000))
    portal.slow = 0.6
    run = begin(f"{portal.url}/rss", Source.FEED)
    work()
    assert "terlalu lama menjawab" in db.session.get_one(BackfillRun, run.id).problem


def test_hostile_words_are_only_words(world, portal, begin, work):
    _run, found = read(portal, begin, work, rss(
        entry(1, title="&lt;script&gt;alert(1)&lt;/script&gt;Judul"), entry(2, link="javascript:alert(1)"),
        entry(3, link="data:text/html,x"), entry(4, title="=HYPERLINK(1)"),
    ))  # fmt: skip
    assert [i.state for i in found] == [
        ItemState.FOUND,
        ItemState.REFUSED,
        ItemState.REFUSED,
        ItemState.FOUND,
    ]
    assert found[0].title == "Judul"
    assert found[1].url == found[2].url == ""
