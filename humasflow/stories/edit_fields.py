"""The parts of a story and of a post that an office can mark: what has to be approved again when it changes.

A part stands by a digest, so that "did anything marked change since it was approved" compares a handful of short
strings and never the texts.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from humasflow.core.digests import canonical_digest
from humasflow.stories.contents import StoryContent


class EditField(StrEnum):
    """A part that can be marked, in the order in which it is read."""

    TITLE = "title"
    KICKER = "kicker"
    LEAD = "lead"
    BODY = "body"
    PICTURES = "pictures"
    FACTS = "facts"
    CREDITS = "credits"
    BRIEF = "brief"
    POST_TEXT = "post_text"
    POST_LINK = "post_link"
    POST_PICTURES = "post_pictures"

    @property
    def label(self) -> str:
        """For people, in the middle of a sentence."""
        return str(_LABELS[self])

    @property
    def is_of_post(self) -> bool:
        """Whether it belongs to a post, not to the story."""
        return self in POST_FIELDS


POST_FIELDS = frozenset({EditField.POST_TEXT, EditField.POST_LINK, EditField.POST_PICTURES})
STORY_FIELDS = frozenset(EditField) - POST_FIELDS

_LABELS = {
    EditField.TITLE: _l("judul"),
    EditField.KICKER: _l("kicker"),
    EditField.LEAD: _l("teras"),
    EditField.BODY: _l("isi naskah"),
    EditField.PICTURES: _l("foto dan keterangannya"),
    EditField.FACTS: _l("fakta (tanggal, tempat, sumber, kontak, klaim)"),
    EditField.CREDITS: _l("kredit penulis dan editor"),
    EditField.BRIEF: _l("tujuan, khalayak, agenda, dan tokoh"),
    EditField.POST_TEXT: _l("teks publikasi"),
    EditField.POST_LINK: _l("tautan publikasi"),
    EditField.POST_PICTURES: _l("foto publikasi"),
}

_PART_OF = {
    "title": EditField.TITLE,
    "kicker": EditField.KICKER,
    "lead": EditField.LEAD,
    "body_html": EditField.BODY,
    "pictures": EditField.PICTURES,
    "writer_credit": EditField.CREDITS,
    "editor_credit": EditField.CREDITS,
    "goal": EditField.BRIEF,
    "audience": EditField.BRIEF,
    "people": EditField.BRIEF,
    "agenda": EditField.BRIEF,
}


def field_digests(content: StoryContent) -> dict[str, str]:
    """A digest for each part of a cleaned content. What belongs nowhere else is a fact, so that nothing is left out."""
    parts: dict[EditField, dict[str, Any]] = {part: {} for part in EditField if not part.is_of_post}
    for item in fields(content):
        parts[_PART_OF.get(item.name, EditField.FACTS)][item.name] = _plain(getattr(content, item.name))
    return {part.value: canonical_digest(values) for part, values in parts.items()}


def post_digests(
    text: str, link: str, pictures: tuple[tuple[int, str, str, str], ...], extras: Mapping[str, Any]
) -> dict[str, str]:
    """The same for a post: its words, its link, and its pictures as (asset, alternative text, credit, crop) in order.
    ``extras``: what else it uses, by name; what it does not use changes no digest. "utm" belongs to the link, all
    others are words.
    """
    words = {name: value for name, value in extras.items() if name != "utm"}
    marked = {"utm": extras["utm"]} if "utm" in extras else {}
    shown = [[*picture, crop] if crop else picture for *picture, crop in pictures]
    return {
        EditField.POST_TEXT.value: canonical_digest({"text": text, **words}),
        EditField.POST_LINK.value: canonical_digest({"link": link, **marked}),
        EditField.POST_PICTURES.value: canonical_digest({"pictures": shown}),
    }


def changed_fields(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[EditField]:
    """The parts whose digests differ. A part that one side does not know has changed: doubt never keeps an approval."""
    return frozenset(
        part
        for part in EditField
        if (part.value in before or part.value in after) and before.get(part.value) != after.get(part.value)
    )


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, tuple):
        return [[getattr(p, f.name) for f in fields(p)] for p in value]
    return value.isoformat() if isinstance(value, date) else value
