"""The feed of any portal: RSS, Atom (also Blogger's) and JSON Feed; further pages where the feed names them, or where
WordPress made it, which numbers them.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import feedparser
from flask_babel import gettext as _

from humasflow.core.outbound import Answer, FetchFailed, Limits, fetch
from humasflow.core.outbound_faults import Fault
from humasflow.imports.backfill.found import (
    MAX_CATEGORY,
    MAX_EXCERPT,
    MAX_TITLE,
    Found,
    Page,
    plain,
    read_time,
    web_address,
)
from humasflow.imports.backfill.sources import SourceRefused

LIMITS = Limits(connect=10, read=20, total=50, size=30_000_000)
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/xml;q=0.8, */*;q=0.5"
_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)")
_PICTURE = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']([^\"']{1,1000})[\"']", re.IGNORECASE)
_KIND_SCHEME = "schemas.google.com/g/2005#kind"  # Blogger files what a thing is among its categories


def read_page(address: str, cursor: Mapping[str, Any], zone: str) -> Page:
    """The next page. Raises FetchFailed, SourceRefused."""
    url = str(cursor.get("url") or address)
    try:
        answer = fetch(url, headers={"Accept": ACCEPT}, limits=LIMITS)
    except FetchFailed as failed:
        if cursor.get("guessed") and failed.fault is Fault.GONE:  # beyond WordPress's last page
            return Page((), None)
        raise
    page = _json_feed(answer, zone) if _is_json(answer) else _xml_feed(answer, zone, number=_page_of(cursor))
    seen = [*cursor.get("seen", ()), url]
    if page.cursor is None:
        return page
    following = str(page.cursor["url"])
    if following in seen or not web_address(following):
        return Page(page.items, None, note=page.note)
    return Page(page.items, {**page.cursor, "seen": seen[-50:]}, note=page.note)


def _page_of(cursor: Mapping[str, Any]) -> int:
    return int(cursor.get("number", 1))


def _is_json(answer: Answer) -> bool:
    return (
        "json" in answer.headers.get("content-type", "")
        or answer.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{"
    )


def _json_feed(answer: Answer, zone: str) -> Page:
    try:
        told = json.loads(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        told = None
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(items, list):
        raise _refused()
    found = [_from_json(one, answer.url, zone) for one in items if isinstance(one, dict)]
    following = told.get("next_url")
    onward = {"url": urljoin(answer.url, following)} if isinstance(following, str) and following else None
    return Page(found, onward)


def _from_json(one: Mapping[str, Any], base: str, zone: str) -> Found:
    tags = one.get("tags")
    said = one.get("content_html")
    html = said if isinstance(said, str) else ""
    number = one.get("id")
    return Found(
        url=_link(base, one.get("url") or one.get("external_url")),
        title=plain(one.get("title"), MAX_TITLE) or plain(one.get("content_text") or html, 120),
        published_at=read_time(one.get("date_published"), zone) or read_time(one.get("date_modified"), zone),
        category=plain(tags[0], MAX_CATEGORY) if isinstance(tags, list) and tags else "",
        excerpt=plain(one.get("summary") or one.get("content_text") or html, MAX_EXCERPT),
        picture_url=_link(base, one.get("image") or one.get("banner_image")) or _first_picture(base, html),
        guid=web_address(number),
    )


def _xml_feed(answer: Answer, zone: str, *, number: int) -> Page:
    body = answer.body
    if _ENTITY.search(body.replace(b"\x00", b"")):
        raise SourceRefused(_("Umpan ini memuat deklarasi entitas XML, yang tidak dibaca demi keamanan."))
    headers = {"content-type": _content_type(answer), "content-location": answer.url}
    parsed = feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=True)
    if not parsed.get("version"):
        raise _refused()
    feed = parsed.get("feed", {})
    found = [_from_entry(entry, answer.url, zone) for entry in parsed.entries]
    note = ""
    if parsed.get("bozo") and not isinstance(
        parsed.get("bozo_exception"), feedparser.CharacterEncodingOverride
    ):
        note = _("Umpan ini tidak ditulis menurut aturan; yang dapat dibaca telah diambil.")
    return Page(found, _following(feed, answer.url, number) if found else None, note=note)


def _content_type(answer: Answer) -> str:
    """The type that the server claims, unless the bytes say plainly that its charset is wrong."""
    claimed = answer.headers.get("content-type", "application/xml")
    if "xml" not in claimed and "rss" not in claimed:
        claimed = "application/xml"
    declared = _DECLARED.match(answer.body[:200])
    says = (declared[1].decode("ascii", "ignore") if declared else "").lower()
    if answer.body.startswith((b"\xff\xfe", b"\xfe\xff")) or says.startswith("utf-16"):
        return "application/xml"
    try:
        answer.body.decode("utf-8")
    except UnicodeDecodeError:
        if _CHARSET.search(claimed) and says and says not in ("utf-8", "utf8"):
            return f"application/xml; charset={says}"
        return claimed
    return "application/xml; charset=utf-8"


def _from_entry(entry: Any, base: str, zone: str) -> Found:
    html = next((c.get("value", "") for c in entry.get("content", ())), "") or entry.get("summary", "")
    words = entry.get("summary", "") or html
    title = plain(entry.get("title"), MAX_TITLE)
    return Found(
        url=_link(base, entry.get("feedburner_origlink")) or _link(base, entry.get("link")),
        title=title or plain(words, 120),
        published_at=_published(entry, zone),
        category=_category(entry),
        excerpt=plain(words, MAX_EXCERPT),
        picture_url=_picture(entry, base, html),
        guid=web_address(entry.get("id")),
    )


def _published(entry: Any, zone: str) -> Any:
    for name in ("published", "created", "updated"):
        # Not through the dictionary's "get": asked for "updated", it answers with "published".
        found = read_time(dict.get(entry, name), zone)
        if found is not None:
            return found
    return None


def _category(entry: Any) -> str:
    for tag in entry.get("tags", ()):
        if _KIND_SCHEME not in (tag.get("scheme") or ""):
            name = plain(tag.get("label") or tag.get("term"), MAX_CATEGORY)
            if name and name.casefold() not in ("uncategorized", "tak berkategori"):
                return name
    return ""


def _picture(entry: Any, base: str, html: str) -> str:
    for one in [*entry.get("media_content", ()), *entry.get("media_thumbnail", ())]:
        if (one.get("medium") in (None, "image")) and (one.get("type") or "image/").startswith("image/"):
            found = _link(base, one.get("url"))
            if found:
                return found
    for one in entry.get("enclosures", ()):
        if (one.get("type") or "").startswith("image/"):
            found = _link(base, one.get("href"))
            if found:
                return found
    return _first_picture(base, html)


def _first_picture(base: str, html: str) -> str:
    match = _PICTURE.search(html[:200_000])
    return _link(base, match[1].replace("&amp;", "&")) if match else ""


def _following(feed: Any, base: str, number: int) -> dict[str, Any] | None:
    """The page after this one: RFC 5005 and Blogger name it, WordPress counts."""
    for link in feed.get("links", ()):
        if link.get("rel") == "next" and link.get("href"):
            return {"url": urljoin(base, link["href"]), "number": number + 1}
    if "wordpress.org" in str(feed.get("generator", "")) or "wordpress.org" in str(
        (feed.get("generator_detail") or {}).get("href", "")
    ):
        parts = urlsplit(base)
        query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "paged"]
        query.append(("paged", str(number + 1)))
        return {
            "url": urlunsplit((*parts[:3], urlencode(query), "")), "number": number + 1, "guessed": True,
        }  # fmt: skip
    return None


def _link(base: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        return ""
    try:
        return web_address(urljoin(base, value.strip()))
    except ValueError:
        return ""


def _refused() -> SourceRefused:
    return SourceRefused(
        _(
            "Di alamat ini tidak ada umpan RSS, Atom, atau JSON. Umpan WordPress biasanya di alamat situs ditambah "
            "/feed/."
        )
    )
