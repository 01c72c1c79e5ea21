"""What a version holds, apart from the database: compared, checked, cleaned and digested."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from flask_babel import gettext as _

from humasflow.core.digests import canonical_digest
from humasflow.core.errors import UserError
from humasflow.core.html import clean_html
from humasflow.stories.enums import StorySource
from humasflow.stories.models import StoryVersion
from humasflow.stories.policy import needs_source_note

_LIMITS = {
    "title": 200, "lead": 500, "source_note": 200, "goal": 300, "audience": 300, "place": 200, "people": 300,
    "writer_credit": 120, "kicker": 120, "agenda": 200, "dateline": 120, "contact": 300, "claim": 1000,
    "claim_source": 300, "fact_source": 1000, "editor_credit": 120,
}  # fmt: skip


@dataclass(frozen=True)
class PictureContent:
    """A picture of a version, in the order of the story; the first is the cover."""

    asset_id: int
    credit: str = ""
    alt_text: str = ""
    caption: str = ""


@dataclass(frozen=True)
class StoryContent:
    """Everything a version holds. ``body_html`` is cleaned on the way in.

    ``kicker`` stands above the title, ``dateline`` and ``contact`` belong to a press release; ``claim``,
    ``claim_source`` (where it went round) and ``fact_source`` to a clarification of a hoax.
    """

    title: str
    lead: str = ""
    body_html: str = ""
    source: StorySource = StorySource.OWN
    source_note: str = ""
    goal: str = ""
    audience: str = ""
    event_date: date | None = None
    place: str = ""
    people: str = ""
    writer_credit: str = ""
    kicker: str = ""
    agenda: str = ""
    dateline: str = ""
    contact: str = ""
    claim: str = ""
    claim_source: str = ""
    fact_source: str = ""
    editor_credit: str = ""
    pictures: tuple[PictureContent, ...] = ()


# Everything but the body and the pictures stands in the version's own row, under the same names.
PLAIN_FIELDS = tuple(f.name for f in fields(StoryContent) if f.name not in ("body_html", "pictures"))


def plain_fields(content: StoryContent) -> dict[str, Any]:
    """What stands in the version's own row."""
    return {name: getattr(content, name) for name in PLAIN_FIELDS}


def content_of(version: StoryVersion, body_html: str) -> StoryContent:
    """A stored version as content, to compare, restore or prefill."""
    return StoryContent(
        body_html=body_html,
        pictures=tuple(PictureContent(p.asset_id, p.credit, p.alt_text, p.caption) for p in version.pictures),
        **{name: getattr(version, name) for name in PLAIN_FIELDS},
    )


_LATER_PARTS = ("kicker", "dateline", "contact", "claim", "claim_source", "fact_source", "editor_credit")


def content_digest(content: StoryContent, picture_hashes: Sequence[str]) -> str:
    """SHA-256 (hex) of canonical JSON of what a reader sees: the same content has the same digest on every machine.

    Goal, audience, agenda and the people to mention are for the desk and are left out. A picture stands by the hash
    of its file, so that the digest can be checked against the files themselves.
    """
    seen = {
        "title": content.title,
        "lead": content.lead,
        "body": content.body_html,
        "source": content.source.value,
        "source_note": content.source_note,
        "event_date": content.event_date.isoformat() if content.event_date else None,
        "place": content.place,
        "writer_credit": content.writer_credit,
        "pictures": [
            {"sha256": sha, "credit": p.credit, "alt": p.alt_text, "caption": p.caption}
            for p, sha in zip(content.pictures, picture_hashes, strict=True)
        ],
    }
    # Parts that came later count where they are filled, so that what was agreed to before keeps its digest.
    seen |= {name: getattr(content, name) for name in _LATER_PARTS if getattr(content, name)}
    return canonical_digest(seen)


def cleaned(content: StoryContent, known: StoryContent | None = None) -> StoryContent:
    """The content as it is stored. A body that is ``known`` word for word was cleaned when it was stored."""
    body = content.body_html
    values = {name: str(getattr(content, name)).strip() for name in _LIMITS}
    pictures = tuple(
        PictureContent(p.asset_id, p.credit.strip(), p.alt_text.strip(), p.caption.strip())
        for p in content.pictures
    )
    return StoryContent(
        body_html=body if known is not None and body == known.body_html else clean_html(body),
        source=content.source,
        event_date=content.event_date,
        pictures=pictures,
        **values,
    )


def check_content(content: StoryContent) -> None:
    """Raise UserError unless the content is fit to be stored."""
    if not content.title.strip():
        raise UserError(_("Judul naskah perlu diisi."))
    for name, limit in _LIMITS.items():
        size = len(getattr(content, name).strip())
        if size > limit:
            raise UserError(_too_long(name, limit, size))
    if needs_source_note(content.source) and not content.source_note.strip():
        raise UserError(_("Sebutkan asal rilis atau kiriman ini, karena pembaca perlu tahu."))
    wanted = [p.asset_id for p in content.pictures]
    if len(set(wanted)) != len(wanted):
        raise UserError(_("Satu foto cukup dipakai satu kali dalam naskah."))
    for picture in content.pictures:
        if len(picture.credit.strip()) > 120 or len(picture.alt_text.strip()) > 1000:
            raise UserError(_("Kredit foto paling panjang 120 karakter, teks alternatif 1.000 karakter."))


def _too_long(name: str, limit: int, size: int) -> str:
    if name == "title":
        return _("Judul paling panjang %(limit)s karakter; sekarang %(size)s.", limit=limit, size=size)
    return _("Salah satu isian terlalu panjang: paling banyak %(limit)s karakter; sekarang %(size)s.",
             limit=limit, size=size)  # fmt: skip


def pack(content: StoryContent) -> str:
    """A content as text, to travel through a form."""
    values = plain_fields(content) | {
        "source": content.source.value,
        "event_date": content.event_date.isoformat() if content.event_date else None,
        "body_html": content.body_html,
        "pictures": [[p.asset_id, p.credit, p.alt_text, p.caption] for p in content.pictures],
    }
    return json.dumps(values, ensure_ascii=False)


def unpack(text: str) -> StoryContent:
    """What :func:`pack` wrote, cleaned: it comes from a browser. Raises UserError for anything else."""
    try:
        values = json.loads(text)
        pictures = tuple(
            PictureContent(int(ident), *map(str, words))
            for ident, *words in values["pictures"]
            if len(words) == len(fields(PictureContent)) - 1
        )
        day = values["event_date"]
        return cleaned(
            StoryContent(
                body_html=str(values["body_html"]), source=StorySource(values["source"]),
                event_date=date.fromisoformat(day) if day else None, pictures=pictures,
                **{name: str(values[name]) for name in _LIMITS},
            )
        )  # fmt: skip
    except (ValueError, TypeError, KeyError) as error:
        raise UserError(
            _("Halaman ini sudah tidak utuh. Kembali ke penyunting, lalu simpan lagi.")
        ) from error
