"""Atom (RFC 4287), JSON Feed 1.1 and sitemaps (sitemaps.org 0.9): what a portal or a search engine takes over.

Feeds carry stories in full, pictures with their credits included, so that a portal can show them as they are.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import render_template
from flask_babel import gettext as _

from humasflow.core.localtime import to_local
from humasflow.core.paging import Page
from humasflow.newsroom.addresses import absolute, article_url
from humasflow.newsroom.bodies import feed_body
from humasflow.newsroom.content import Address, Article, Newsroom, Section

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
EMPTY_SINCE = datetime(
    1970, 1, 1, tzinfo=UTC
)  # a feed must say when it changed, even one that never had anything

# What XML 1.0 cannot carry, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(newsroom: Newsroom, page: Page[Article], *, section: Section | None, cursor: str | None) -> bytes:
    """An Atom document."""
    code = section.code if section else None
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "id"})
    _add(feed, "title", _title(newsroom, section))
    _add(feed, "id", absolute("newsroom.index", slug=newsroom.slug) + (f"jenis/{code}" if code else ""))
    _add(feed, "updated", _stamp(max((a.updated_at for a in page.items), default=EMPTY_SINCE), newsroom))
    _link(feed, "alternate", _home(newsroom, section), "text/html")
    _link(feed, "self", absolute("newsroom.atom", slug=newsroom.slug, jenis=code, setelah=cursor))
    if page.next:
        _link(feed, "next", absolute("newsroom.atom", slug=newsroom.slug, jenis=code, setelah=page.next))
    _add(_add(feed, "author"), "name", newsroom.name)
    for article in page.items:
        _atom_entry(feed, newsroom, article)
    return _document(feed)


def _atom_entry(feed: ET.Element, newsroom: Newsroom, article: Article) -> None:
    entry = _add(feed, "entry")
    _add(entry, "title", article.title)
    _add(entry, "id", _lasting_id(newsroom, article))
    _link(entry, "alternate", article_url(newsroom.slug, article), "text/html")
    _add(entry, "published", _stamp(article.published_at, newsroom))
    _add(entry, "updated", _stamp(article.updated_at, newsroom))
    _add(_add(entry, "author"), "name", article.writer_credit or newsroom.name)
    ET.SubElement(entry, "category", {"term": article.type_code, "label": _xml(article.type_label)})
    if article.lead:
        _add(entry, "summary", article.lead)
    if article.cover:
        _link(entry, "enclosure", _picture_url(newsroom, article.cover.asset_id), "image/webp")
    _add(entry, "content", _content(newsroom, article)).set("type", "html")


def json_feed(
    newsroom: Newsroom, page: Page[Article], *, section: Section | None, cursor: str | None
) -> dict[str, Any]:
    """A JSON Feed document."""
    code = section.code if section else None
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(newsroom, section),
        "home_page_url": _home(newsroom, section),
        "feed_url": absolute("newsroom.json_feed", slug=newsroom.slug, jenis=code, setelah=cursor),
        "language": "id",
        "authors": [{"name": newsroom.name, "url": absolute("newsroom.index", slug=newsroom.slug)}],
        "items": [_json_item(newsroom, article) for article in page.items],
    }
    if page.next:
        feed["next_url"] = absolute("newsroom.json_feed", slug=newsroom.slug, jenis=code, setelah=page.next)
    return feed


def _json_item(newsroom: Newsroom, article: Article) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": _lasting_id(newsroom, article),
        "url": article_url(newsroom.slug, article),
        "title": article.title,
        "content_html": _content(newsroom, article),
        "date_published": _stamp(article.published_at, newsroom),
        "date_modified": _stamp(article.updated_at, newsroom),
        "authors": [{"name": article.writer_credit or newsroom.name}],
        "tags": [article.type_label],
    }
    if article.lead:
        item["summary"] = article.lead
    if article.cover:
        item["image"] = _picture_url(newsroom, article.cover.asset_id)
    return item


# Sitemaps


def sitemap(newsroom: Newsroom, addresses: Iterable[Address], *, with_home: bool) -> bytes:
    """A list of pages with the day each last changed."""
    found = ET.Element("urlset", {"xmlns": SITEMAP})
    if with_home:
        _add(_add(found, "url"), "loc", absolute("newsroom.index", slug=newsroom.slug))
    for address in addresses:
        url = _add(found, "url")
        _add(url, "loc", article_url(newsroom.slug, address))
        _add(url, "lastmod", _stamp(address.updated_at, newsroom))
    return _document(found)


def sitemap_index(newsroom: Newsroom, cursors: Sequence[str]) -> bytes:
    """A list of sitemaps; ``cursors`` says where each begins."""
    found = ET.Element("sitemapindex", {"xmlns": SITEMAP})
    for cursor in cursors:
        where = absolute("newsroom.sitemap_page", slug=newsroom.slug, cursor=cursor)
        _add(_add(found, "sitemap"), "loc", where)
    return _document(found)


# Parts


def _title(newsroom: Newsroom, section: Section | None) -> str:
    return f"{newsroom.name}: {section.label if section else _('berita')}"


def _home(newsroom: Newsroom, section: Section | None) -> str:
    if section is None:
        return absolute("newsroom.index", slug=newsroom.slug)
    return absolute("newsroom.by_type", slug=newsroom.slug, code=section.code)


def _lasting_id(newsroom: Newsroom, article: Article) -> str:
    """A tag URI (RFC 4151): it stays when the title, and with it the address, changes."""
    host = urlsplit(absolute("newsroom.index", slug=newsroom.slug)).hostname or "localhost"
    day = to_local(article.published_at, newsroom.timezone).date()
    return f"tag:{host},{day}:{newsroom.slug}/{article.post_id}"


def _picture_url(newsroom: Newsroom, asset_id: int) -> str:
    return absolute("newsroom.picture", slug=newsroom.slug, asset_id=asset_id, size="medium")


def _content(newsroom: Newsroom, article: Article) -> str:
    return _xml(
        render_template(
            "newsroom/_feed_item.html", newsroom=newsroom, article=article, body=feed_body(newsroom, article)
        ).strip()
    )


def _stamp(instant: datetime, newsroom: Newsroom) -> str:
    """RFC 3339 on the office's clock."""
    return to_local(instant, newsroom.timezone).isoformat(timespec="seconds")


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    made = ET.SubElement(parent, name)
    if text is not None:
        made.text = _xml(text)
    return made


def _link(parent: ET.Element, rel: str, href: str, kind: str = "application/atom+xml") -> None:
    ET.SubElement(parent, "link", {"rel": rel, "type": kind, "href": href})


def _document(root: ET.Element) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}'.encode()
