"""What a post looks like on a portal: its names, its text, its pictures where the text wants them."""

import hashlib
import re
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any, Final
from urllib.parse import urljoin

from humasflow.channels.adapters.variant import Job, MediaItem, MediaKind, Variant
from humasflow.core.html import body_from_form, figure_assets, rendered_body
from humasflow.core.slugs import slugify
from humasflow.core.urls import is_http_url

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LOCAL_LINK: Final = re.compile(r'(<a\b[^>]*?\bhref=")(/[^"]*)"')
_LONGEST_TITLE_PART: Final = 80
_LONGEST_SLUG: Final = 150  # characters; WordPress cuts at 200, also in the middle of what tells two apart


def clean(text: str) -> str:
    """Without what no reader sees and some databases refuse: NUL, other control characters, half characters."""
    return _CONTROL.sub("", text)


def as_title(text: str) -> str:
    """Plain words as WordPress stores a title or a caption, which is HTML there."""
    return clean(text).strip().replace("<", "&lt;").replace(">", "&gt;")


def fingerprint(job: Job) -> str:
    """16 characters that belong to one delivery alone: also another installation that publishes on the same portal
    has other ones.
    """
    told = f"{job.idempotency_key}\n{job.created_at.isoformat()}".encode()
    return b32encode(hashlib.sha256(told).digest()).decode()[:16].lower()


def slug_of(job: Job) -> str:
    """The last part of the address: as it is wished, otherwise the title with enough of the fingerprint to be nobody
    else's.
    """
    if job.variant.slug:
        return slugify(job.variant.slug, limit=_LONGEST_SLUG, fallback=f"berita-{fingerprint(job)[:8]}")
    words = slugify(job.variant.title, limit=_LONGEST_TITLE_PART, fallback="berita")
    return f"{words}-{fingerprint(job)[:8]}"


def marker_of(job: Job) -> str:
    """What tells our post from any other one with the same address; a comment that no reader sees."""
    return f"<!-- humasflow:{fingerprint(job)} -->"


def file_slug(job: Job, item: MediaItem) -> str:
    """The name of a picture among the portal's media. Another picture, another shape: another name."""
    told = f"{item.asset_id}:{item.sha256}:{item.crop}".encode()
    return f"{file_prefix(job)}{hashlib.sha256(told).hexdigest()[:10]}"


def file_prefix(job: Job) -> str:
    """How the names of all pictures of this delivery begin."""
    return f"hf-{fingerprint(job)}-"


def pictures_of(variant: Variant) -> tuple[MediaItem, ...]:
    """The pictures, each once, in their order."""
    found = {item.asset_id: item for item in reversed(variant.media) if item.kind is MediaKind.IMAGE}
    return tuple(item for item in dict.fromkeys(variant.media) if found.get(item.asset_id) is item)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A picture as the portal has it. ``url`` of the size that fits a text, ``width`` and ``height`` in pixels."""

    id: int
    url: str
    width: int = 0
    height: int = 0

    def to_state(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"id": self.id, "url": self.url, "width": self.width, "height": self.height}


def body_of(job: Job, uploaded: Mapping[str, Uploaded]) -> str:
    """The text as HTML: cleaned, its pictures by the portal's own addresses, those that it does not show itself after
    it (the first one is the post's featured picture instead), links to our own site made whole.

    ``uploaded`` by the name of :func:`file_slug`. A picture that is not there yet is left out.
    """
    pictures = pictures_of(job.variant)
    figures = {
        item.asset_id: _figure(item, uploaded[name])
        for item in pictures
        if (name := file_slug(job, item)) in uploaded
    }
    text = body_from_form(clean(job.variant.text))
    shown = set(figure_assets(text))
    html = str(rendered_body(text, lambda asset_id: figures.get(asset_id, "")))
    html = _with_whole_links(html, job.destination.get("base_url"))
    beside = [figures.get(item.asset_id, "") for item in pictures[1:] if item.asset_id not in shown]
    return _marked(html + _link(job.variant, html) + "".join(beside), marker_of(job))


def _figure(item: MediaItem, uploaded: Uploaded) -> str:
    size = (
        f' width="{uploaded.width}" height="{uploaded.height}"' if uploaded.width and uploaded.height else ""
    )
    caption = as_title(item.credit)
    told = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f'<figure class="wp-block-image size-large"><img src="{escape(uploaded.url)}"'
        f' alt="{escape(clean(item.alt_text).strip())}" class="wp-image-{uploaded.id}"{size}>{told}</figure>'
    )


def _link(variant: Variant, html: str) -> str:
    link = (variant.link or "").strip()
    if not link or not is_http_url(link) or escape(link) in html:
        return ""
    return f'<p><a href="{escape(link)}" rel="noopener noreferrer">{escape(link)}</a></p>'


def _with_whole_links(html: str, base: object) -> str:
    """``/berita/…`` is a page of ours only on our own site."""
    if not isinstance(base, str) or not is_http_url(base):
        return html
    return _LOCAL_LINK.sub(lambda m: f'{m[1]}{escape(urljoin(base, unescape(m[2])))}"', html)


def _marked(html: str, marker: str) -> str:
    """With the marker inside the last element: alone at the end WordPress would make it a paragraph, a gap."""
    last = html.rfind("</")
    return f"{html}{marker}" if last < 0 else f"{html[:last]}{marker}{html[last:]}"
