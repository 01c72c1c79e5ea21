"""Finding a post again among the account's own.

X changes a text on its way: links become t.co, pictures add one, ``&`` comes back escaped. Both sides are brought to
one form before they are compared.
"""

import html
import re
import unicodedata
from typing import Any

from humasflow.channels.adapters.counters import find_links
from humasflow.core.urls import canonical_url

_OF_MEDIA = re.compile(r"/status/[0-9]+/(?:photo|video)/[0-9]+$")


def key_of(text: str) -> str:
    """A text in the form in which two are compared: links canonical, white space single, NFC."""
    normal = unicodedata.normalize("NFC", text)
    pieces, position = [], 0
    for link in find_links(normal):
        pieces += [normal[position : link.start], _link(link.value)]
        position = link.end
    return " ".join("".join([*pieces, normal[position:]]).split())


def text_of(post: dict[str, Any]) -> str:
    """The text as it was written: short links replaced by what they stand for, those of media taken out. A long one is
    whole in ``note_post`` (``note_tweet`` before 2.167) only.
    """
    note = post.get("note_post") or post.get("note_tweet")
    whole = note if isinstance(note, dict) and note.get("text") else post
    text = html.unescape(str(whole.get("text", "")))
    entities = whole.get("entities") or post.get("entities")
    urls = entities.get("urls") if isinstance(entities, dict) else None
    for entity in urls if isinstance(urls, list) else ():
        short = entity.get("url") if isinstance(entity, dict) else None
        if not isinstance(short, str) or not short:
            continue
        full = str(entity.get("expanded_url") or "")
        is_medium = bool(entity.get("media_key") or _OF_MEDIA.search(full))
        text = text.replace(short, "" if is_medium else full)
    return text


def is_same(post: dict[str, Any], text: str, media: int) -> bool:
    """Whether ``post`` is the one that was to be made: this text, so many media."""
    attachments = post.get("attachments")
    keys = attachments.get("media_keys") if isinstance(attachments, dict) else None
    return key_of(text_of(post)) == key_of(text) and len(keys or ()) == media


def _link(link: str) -> str:
    try:
        return canonical_url(link)
    except ValueError:
        return link
