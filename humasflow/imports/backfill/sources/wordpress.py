"""A WordPress site through its REST API, as anybody may ask it: only what is public comes back.

Pages go from the oldest post to the newest, so what is published while we read adds to the end and shifts nothing.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from flask_babel import gettext as _

from humasflow.core.localtime import ZONE_LABELS
from humasflow.core.outbound import FetchFailed, Limits, fetch
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

LIMITS = Limits(connect=10, read=20, total=50, size=20_000_000)
AT_ONCE: Final = 100  # posts a page, the most that WordPress gives
FEW: Final = 20  # when a page of AT_ONCE is too large or too slow
FIELDS = "id,link,guid,date,date_gmt,title,excerpt,type,_links,_embedded"
# What themes and the editor keep in posts of their own, and pages, which are no news.
NOT_NEWS = frozenset({"page", "attachment"})
_OF_THE_EDITOR = re.compile(r"wp_|nav_menu")
_NAMELESS = frozenset({"uncategorized", "uncategorised", "tak berkategori", "tanpa kategori", "lainnya"})
_OFFSET_ZONES = {7: "Asia/Jakarta", 8: "Asia/Makassar", 9: "Asia/Jayapura"}


def read_page(address: str, cursor: Mapping[str, Any], zone: str, *, other_types: bool) -> Page:
    """The next step: first what kinds of posts the site has, then one page of one of them.

    Raises FetchFailed, SourceRefused.
    """
    if "types" not in cursor:
        return _begin(address, other_types=other_types)
    return _posts(cursor, zone)


def _begin(address: str, *, other_types: bool) -> Page:
    root, told = _find_root(address)
    types = [{"base": "posts", "name": ""}]
    if other_types:
        types += _other_types(root)
    zone = _zone_of(told)
    name = plain(told.get("name"), 80)
    return Page(
        items=(), zone=zone, cursor={"root": root, "types": types, "page": 1, "count": AT_ONCE},
        note=_("Situs: %(name)s.", name=name) if name else "",
    )  # fmt: skip


def _find_root(address: str) -> tuple[str, Mapping[str, Any]]:
    """Where the API is: below pretty addresses, or behind a query where a site has none."""
    parts = urlsplit(address)
    path = re.sub(r"/(wp-json(/.*)?|wp-admin(/.*)?|wp-login\.php|index\.php)?$", "", parts.path)
    site = f"{parts.scheme}://{parts.netloc}{path}"
    first: FetchFailed | None = None
    for root in (f"{site}/wp-json/", f"{site}/?rest_route=/"):
        try:
            answer = fetch(root, headers={"Accept": "application/json"}, limits=LIMITS)
        except FetchFailed as failed:
            if failed.fault not in (Fault.GONE, Fault.DENIED):
                raise
            first = first or failed
            continue
        told = _json(answer.body)
        if isinstance(told, dict) and "wp/v2" in (told.get("namespaces") or ()):
            return root, told
    if first is not None and first.fault is Fault.DENIED:
        raise first
    raise SourceRefused(
        _(
            "Di alamat ini tidak ada WordPress yang dapat dibaca. Coba alamat beranda situsnya, atau pakai umpan RSS "
            "atau berkas ekspornya."
        )
    )


def _other_types(root: str) -> list[dict[str, str]]:
    told = _json(fetch(_at(root, "wp/v2/types"), limits=LIMITS).body)
    found = []
    for slug, one in told.items() if isinstance(told, dict) else ():
        base = one.get("rest_base") if isinstance(one, dict) else None
        if slug == "post" or slug in NOT_NEWS or _OF_THE_EDITOR.match(slug):
            continue
        if isinstance(base, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,60}", base):
            found.append({"base": base, "name": plain(one.get("name"), 60) or slug})
    return found[:20]


def _zone_of(told: Mapping[str, Any]) -> str | None:
    name = told.get("timezone_string")
    if name in ZONE_LABELS:
        return str(name)
    try:
        return _OFFSET_ZONES.get(int(float(told.get("gmt_offset") or 0)))
    except (TypeError, ValueError):
        return None


def _at(root: str, path: str, query: Mapping[str, Any] | None = None) -> str:
    tail = urlencode(query or {}, safe=",:")
    if "rest_route=" in root:
        return f"{root}{quote(path)}" + (f"&{tail}" if tail else "")
    return f"{root}{path}" + (f"?{tail}" if tail else "")


def _posts(cursor: Mapping[str, Any], zone: str) -> Page:
    """One page of the kind at the head of the list."""
    root, page, count = str(cursor["root"]), int(cursor["page"]), int(cursor["count"])
    types: Sequence[Mapping[str, str]] = cursor["types"]
    kind = types[0]
    query = {
        "per_page": count, "page": page, "orderby": "date", "order": "asc",
        "_embed": "wp:featuredmedia,wp:term", "_fields": FIELDS,
    }  # fmt: skip
    try:
        answer = fetch(_at(root, f"wp/v2/{kind['base']}", query), limits=LIMITS)
    except FetchFailed as failed:
        if failed.status_code == 400 and page > 1:  # beyond the last page
            return Page((), _next_kind(cursor))
        if failed.fault in (Fault.TOO_LARGE, Fault.TOO_SLOW) and count > FEW:
            # From the start of this kind: what was read is recognised and not doubled.
            return Page((), {**cursor, "page": 1, "count": FEW})
        if kind["name"] and failed.fault in (Fault.DENIED, Fault.GONE):
            note = _("Jenis “%(name)s” tidak dibuka untuk umum, jadi dilewati.", name=kind["name"])
            return Page((), _next_kind(cursor), note=note)
        raise
    told = _json(answer.body)
    if not isinstance(told, list):
        raise SourceRefused(_("Jawaban situs ini bukan daftar tulisan WordPress."))
    items = [_found(one, kind["name"], zone) for one in told if isinstance(one, dict)]
    pages = _number(answer.headers.get("x-wp-totalpages"))
    total = _number(answer.headers.get("x-wp-total")) if not kind["name"] else None
    ended = not told or (page >= pages if pages is not None else len(told) < count)
    following = _next_kind(cursor) if ended else {**cursor, "page": page + 1}
    return Page(items, following, total=total)


def _next_kind(cursor: Mapping[str, Any]) -> dict[str, Any] | None:
    left = list(cursor["types"])[1:]
    return {**cursor, "types": left, "page": 1} if left else None


def _found(one: Mapping[str, Any], kind: str, zone: str) -> Found:
    embedded = one.get("_embedded")
    embedded = embedded if isinstance(embedded, dict) else {}
    gmt = one.get("date_gmt")
    published = read_time(f"{gmt}Z", zone) if isinstance(gmt, str) and gmt else None
    return Found(
        url=web_address(one.get("link")),
        title=plain(_rendered(one.get("title")), MAX_TITLE),
        published_at=published or read_time(one.get("date"), zone),
        category=plain(f"[{kind}]" if kind else _category(embedded), MAX_CATEGORY),
        excerpt=plain(_rendered(one.get("excerpt")), MAX_EXCERPT),
        picture_url=_picture(embedded),
        guid=web_address(_rendered(one.get("guid")).replace("&#038;", "&").replace("&amp;", "&")),
    )


def _rendered(value: Any) -> str:
    inner = value.get("rendered") if isinstance(value, dict) else value
    return inner if isinstance(inner, str) else ""


def _category(embedded: Mapping[str, Any]) -> str:
    for group in embedded.get("wp:term") or ():
        for term in group if isinstance(group, list) else ():
            name = plain(term.get("name"), MAX_CATEGORY) if isinstance(term, dict) else ""
            if name and term.get("taxonomy") == "category" and name.casefold() not in _NAMELESS:
                return name
    return ""


def _picture(embedded: Mapping[str, Any]) -> str:
    media = embedded.get("wp:featuredmedia")
    one = media[0] if isinstance(media, list) and media and isinstance(media[0], dict) else {}
    return web_address(one.get("source_url"))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        # Some plug-ins print a warning before the answer; a byte order mark is another guest.
        start = min((i for i in (body.find(b"{"), body.find(b"[")) if i >= 0), default=-1)
        try:
            return json.loads(body[start:]) if 0 < start < 20_000 else None
        except (ValueError, RecursionError):
            return None
