"""The export file of WordPress (WXR 1.0 to 1.2), read as a stream: memory does not grow with the file.

Pictures stand in the file as posts of their own, anywhere; so a first pass collects their addresses.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from flask_babel import gettext as _

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
from humasflow.imports.backfill.sources.wordpress import NOT_NEWS

MAX_BYTES: Final = 200 * 1024 * 1024
AT_ONCE: Final = 500  # posts a step
MOST_PICTURES: Final = 200_000
_EXCERPT = "{http://wordpress.org/export/%s/excerpt/}encoded"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_VERSIONS = ("1.2", "1.1", "1.0")
_HIDDEN_TYPES = frozenset({
    *NOT_NEWS, "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request",
})  # fmt: skip
_NEVER = "0000-00-00 00:00:00"


def read_pages(path: Path, cursor: Mapping[str, Any], zone: str, *, other_types: bool) -> Iterator[Page]:
    """The posts of the file, AT_ONCE at a time; ``cursor["done"]`` of them were read before. Raises SourceRefused."""
    done = int(cursor.get("done", 0))
    pictures = _pictures(path)
    items: list[Found] = []
    number = 0
    for item, version in _items(path):
        found = _found(item, version, pictures, zone, other_types=other_types)
        if found is None:
            continue
        number += 1
        if number <= done:
            continue
        items.append(found)
        if len(items) == AT_ONCE:
            yield Page(items, {"done": number})
            items = []
    yield Page(items, None, total=number)


def _items(path: Path) -> Iterator[tuple[Element, str]]:
    """Each item with the version of the file's namespace; what was looked at is let go of at once."""
    version, seen_channel = "", False
    try:
        with path.open("rb") as file:
            stack: list[Element] = []
            for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    stack.append(element)
                    seen_channel = seen_channel or (len(stack) == 2 and element.tag == "channel")
                    continue
                stack.pop()
                if element.tag.endswith("}wxr_version") and element.tag.startswith(
                    "{http://wordpress.org/export/"
                ):
                    version = element.tag.split("/")[4]
                if element.tag == "item":
                    if version not in _VERSIONS:
                        break
                    yield element, version
                if len(stack) == 2 and stack:  # a child of the channel: its parent need not keep it
                    stack[-1].remove(element)
    except DefusedXmlException as refused:
        raise SourceRefused(
            _("Berkas ini memuat deklarasi XML yang tidak dibaca demi keamanan. Ekspor ulang dari WordPress.")
        ) from refused
    except (ParseError, LookupError, UnicodeError, ValueError) as broken:
        raise SourceRefused(
            _("Berkas ini rusak atau terpotong: XML-nya tidak dapat dibaca. Ekspor ulang dari WordPress.")
        ) from broken
    if not seen_channel or version not in _VERSIONS:
        raise SourceRefused(_("Ini bukan berkas ekspor WordPress (WXR). Di WordPress: Perkakas, Ekspor."))


def _pictures(path: Path) -> dict[str, str]:
    """The address of each attachment by its number."""
    found: dict[str, str] = {}
    for item, version in _items(path):
        if _wp(item, version, "post_type") == "attachment" and len(found) < MOST_PICTURES:
            found[_wp(item, version, "post_id")] = _wp(item, version, "attachment_url")
    return found


def _wp(item: Element, version: str, name: str) -> str:
    return (item.findtext(f"{{http://wordpress.org/export/{version}/}}{name}") or "").strip()


def _found(
    item: Element, version: str, pictures: Mapping[str, str], zone: str, *, other_types: bool
) -> Found | None:
    """The post, or None for what is no published one, or of a kind that was not asked for."""
    kind = _wp(item, version, "post_type")
    if _wp(item, version, "status") != "publish" or _wp(item, version, "post_password"):
        return None
    if kind != "post" and (not other_types or kind in _HIDDEN_TYPES or kind.startswith("wp_")):
        return None
    gmt, local = _wp(item, version, "post_date_gmt"), _wp(item, version, "post_date")
    published = read_time(f"{gmt}+00:00", zone) if gmt and gmt != _NEVER else None
    if published is None and local and local != _NEVER:
        published = read_time(local, zone)
    content = item.findtext(_CONTENT) or ""
    return Found(
        url=web_address(item.findtext("link")),
        title=plain(item.findtext("title"), MAX_TITLE),
        published_at=published or read_time(item.findtext("pubDate"), zone),
        category=plain(_category(item) if kind == "post" else f"[{kind}]", MAX_CATEGORY),
        excerpt=plain(item.findtext(_EXCERPT % version) or content[:20_000], MAX_EXCERPT),
        picture_url=web_address(pictures.get(_thumbnail(item, version), "")),
        guid=web_address(item.findtext("guid")),
    )


def _category(item: Element) -> str:
    for one in item.iterfind("category"):
        nice = one.get("nicename", "")
        if one.get("domain") == "category" and nice not in ("uncategorized", "tak-berkategori") and one.text:
            return one.text
    return ""


def _thumbnail(item: Element, version: str) -> str:
    tag = f"{{http://wordpress.org/export/{version}/}}"
    for meta in item.iterfind(f"{tag}postmeta"):
        if meta.findtext(f"{tag}meta_key") == "_thumbnail_id":
            return (meta.findtext(f"{tag}meta_value") or "").strip()
    return ""
