"""What a source tells of one post, cleaned; the same form whatever the source. Pure."""

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from humasflow.core.html import text_from_html
from humasflow.core.localtime import ZONE_LABELS
from humasflow.core.urls import NotHttpUrl, canonical_url, is_http_url

MAX_TITLE, MAX_EXCERPT, MAX_ADDRESS, MAX_CATEGORY = 200, 500, 1000, 120
EARLIEST = 1995  # a year before it is a broken clock
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "agt": 8,
    "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
_NAMED_ZONES = {label: name for name, label in ZONE_LABELS.items()}
_INDONESIAN = re.compile(
    r"(?:[a-z']+,?\s+)?(?P<d>\d{1,2})[\s-]+(?P<m>[a-z]{3,9})\.?[\s-]+(?P<y>\d{4})"
    r"(?:[,\s|-]+(?:pukul\s+)?(?P<h>\d{1,2})[.:](?P<i>\d{2})(?:[.:](?P<s>\d{2}))?)?(?:\s*(?P<z>wib|wita|wit))?",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_AMP_QUERY = {"amp", "amp_markup", "outputtype"}


@dataclass(frozen=True)
class Found:
    """One post. ``published_at`` in UTC, None when the source does not say; ``guid``: another address of the post."""

    url: str
    title: str
    published_at: datetime | None = None
    category: str = ""
    excerpt: str = ""
    picture_url: str = ""
    guid: str = ""


@dataclass(frozen=True)
class Page:
    """What one step of the reading brought. ``cursor`` None: there is no more. ``zone``: the site's own, if it says."""

    items: Sequence[Found]
    cursor: Mapping[str, Any] | None
    total: int | None = None
    zone: str | None = None
    note: str = ""


def plain(value: object, limit: int) -> str:
    """Words without markup, entities and control characters, at most ``limit`` characters."""
    text = value if isinstance(value, str) else ""
    text = text_from_html(text.replace("\x00", "")) if "<" in text else html.unescape(text)
    text = "".join(c for c in text if c.isprintable() or c.isspace())
    text = _SPACE.sub(" ", text.encode("utf-8", "ignore").decode()).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def web_address(value: object) -> str:
    """The address if it may be stored and linked, otherwise empty."""
    text = value.strip() if isinstance(value, str) else ""
    return text if len(text) <= MAX_ADDRESS and is_http_url(text) else ""


def address_key(url: str) -> str:
    """The key under which a publication is known, with the marks of an AMP page left out. Raises NotHttpUrl."""
    parts = urlsplit(url.strip())
    path = re.sub(r"/amp/?$", "/", parts.path)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k.lower() not in _AMP_QUERY]
    return canonical_url(urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), "")))


def keys_of(found: Found) -> tuple[str, str | None]:
    """The key of a post, and that of its other address. A post without an address has a digest of what it says, so
    that reading a page again does not double it.
    """
    try:
        key = address_key(found.url)
    except NotHttpUrl:
        digest = hashlib.sha256(f"{found.url}\n{found.title}\n{found.published_at}".encode()).hexdigest()
        return f"!{digest}", None
    try:
        other = address_key(found.guid) if found.guid else None
    except NotHttpUrl:
        other = None
    return key, other if other != key and _names_a_post(other) else None


def _names_a_post(key: str | None) -> bool:
    """A bare host as guid names a site, not a post."""
    return key is not None and bool(urlsplit(key).path.strip("/") or urlsplit(key).query)


def read_time(text: object, zone: str) -> datetime | None:
    """An instant in UTC from what feeds write: ISO 8601, RFC 2822, ``23 November 2026 10.00 WIB``. Without a zone it is
    the wall clock of ``zone``. None for what is no time, or lies before EARLIEST.
    """
    if not isinstance(text, str) or not text.strip() or len(text) > 80:
        return None
    words = _SPACE.sub(" ", text.strip())
    moment = _iso(words) or _indonesian(words) or _rfc(words)
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    try:
        moment = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if EARLIEST <= moment.year < 2200 else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)  # "-0000" gives a naive one, which then is the site's own clock
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _indonesian(text: str) -> datetime | None:
    match = _INDONESIAN.fullmatch(text)
    month = _MONTHS.get(match["m"][:3].lower()) if match else None
    if match is None or month is None:
        return None
    zone = _NAMED_ZONES.get((match["z"] or "").upper())
    try:
        return datetime(
            int(match["y"]), month, int(match["d"]), int(match["h"] or 12), int(match["i"] or 0),
            int(match["s"] or 0), tzinfo=ZoneInfo(zone) if zone else None,
        )  # fmt: skip
    except ValueError:
        return None
