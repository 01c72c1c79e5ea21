"""What a post version holds: cleaned, found fit to be stored, and put in digests. Pure but for translated refusals."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from humasflow.channels.adapters.counters import as_hashtag, find_hashtags, find_links
from humasflow.core.digests import canonical_digest
from humasflow.core.errors import UserError
from humasflow.media.enums import Ratio
from humasflow.posts.models import BaseText, PostVersion

MAX_TEXT = 70_000  # above the longest platform's limit (Facebook, 63,206): what is too long for it can still be saved
MAX_LINK = 500
MAX_TITLE = 300
MAX_COMMENT = 10_000
MAX_TAGS = 50
MAX_TAG = 100

_WORD = re.compile(r"\w+")
_BETWEEN_TAGS = re.compile(r"[\s,;]+")
_SHAPES = frozenset(ratio.value for ratio in Ratio)


@dataclass(frozen=True)
class PostPictureContent:
    """A picture of a post, in order. ``crop`` is a Ratio; empty: as it is."""

    asset_id: int
    alt_text: str = ""
    credit: str = ""
    crop: str = ""


@dataclass(frozen=True)
class PostContent:
    """Everything a post version holds. ``title`` empty: the story's; ``hashtags`` without their sign.

    ``follows_base``: text, link and hashtags are those of the story's base text, and change with it.
    """

    text: str = ""
    link: str = ""
    pictures: tuple[PostPictureContent, ...] = ()
    title: str = ""
    hashtags: tuple[str, ...] = ()
    first_comment: str = ""
    adds_utm: bool = False
    follows_base: bool = False


@dataclass(frozen=True)
class BaseContent:
    """Teks dasar of a story: what its posts have in common."""

    text: str = ""
    link: str = ""
    hashtags: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing was written for all channels."""
        return not (self.text or self.link or self.hashtags)


def base_of(stored: BaseText | None) -> BaseContent:
    """A stored base text as content; an empty one where there is none."""
    return BaseContent(stored.text, stored.link, tuple(stored.hashtags)) if stored else BaseContent()


def following(base: BaseContent, content: PostContent) -> PostContent:
    """The content with the words of the base text, where it follows it; what is its own otherwise stays."""
    if not content.follows_base:
        return content
    return replace(content, text=base.text, link=base.link, hashtags=base.hashtags)


def content_of(version: PostVersion) -> PostContent:
    """A stored version as content."""
    return PostContent(
        version.text, version.link,
        tuple(PostPictureContent(p.asset_id, p.alt_text, p.credit, p.crop) for p in version.pictures),
        title=version.title, hashtags=tuple(version.hashtags), first_comment=version.first_comment,
        adds_utm=version.adds_utm, follows_base=version.follows_base,
    )  # fmt: skip


def cleaned(content: PostContent) -> PostContent:
    """As it is stored: line ends alike, nothing blank around, hashtags once each and without their sign."""
    return PostContent(
        _lines(content.text), content.link.strip(),
        tuple(
            PostPictureContent(p.asset_id, p.alt_text.strip(), p.credit.strip(), p.crop)
            for p in content.pictures
        ),
        title=" ".join(content.title.split()), hashtags=plain_tags(content.hashtags),
        first_comment=_lines(content.first_comment), adds_utm=content.adds_utm,
        follows_base=content.follows_base,
    )  # fmt: skip


def cleaned_base(base: BaseContent) -> BaseContent:
    """The same for a base text."""
    return BaseContent(_lines(base.text), base.link.strip(), plain_tags(base.hashtags))


def is_untouched(typed: PostContent, opened: PostContent) -> bool:
    """Whether what came back from a form is what the form was opened with. The words of the base text are nobody's
    own, so they do not count where both follow it.
    """
    typed = cleaned(typed)
    if typed.follows_base and opened.follows_base:
        typed = replace(typed, text=opened.text, link=opened.link, hashtags=opened.hashtags)
    return typed == opened


def base_digest(base: BaseContent) -> str:
    """SHA-256 (hex) of a base text, by which a form knows whether it was changed since it was opened."""
    base = cleaned_base(base)
    return canonical_digest({"text": base.text, "link": base.link, "hashtags": list(base.hashtags)})


def check_words(content: PostContent | BaseContent) -> None:
    """Raise UserError for what cannot be stored, or would not be what it was typed as. What is too long for a channel
    passes: it can still be saved.
    """
    texts = [content.text, content.link, *content.hashtags]
    if isinstance(content, PostContent):
        texts += [content.title, content.first_comment, *(p.alt_text for p in content.pictures)]
        texts += [p.credit for p in content.pictures]
        if len(content.title.strip()) > MAX_TITLE:
            raise UserError(_("Judul publikasi paling panjang %(limit)s karakter.", limit=MAX_TITLE))
        if len(content.first_comment) > MAX_COMMENT:
            raise UserError(_("Komentar pertama ini terlalu panjang untuk disimpan."))
        if any(p.crop and p.crop not in _SHAPES for p in content.pictures):
            raise UserError(_("Bentuk foto ini tidak dikenal. Pilih salah satu dari daftar."))
        if any(len(p.alt_text.strip()) > 1000 or len(p.credit.strip()) > 120 for p in content.pictures):
            raise UserError(_("Kredit foto paling panjang 120 karakter, teks alternatif 1.000 karakter."))
    if any(is_unstorable(text) for text in texts):
        raise UserError(unstorable_message())
    if len(content.text) > MAX_TEXT or len(content.link.strip()) > MAX_LINK:
        raise UserError(_("Teks atau tautan ini terlalu panjang untuk disimpan."))
    refusal = refusal_of_tags(plain_tags(content.hashtags))
    if refusal:
        raise UserError(refusal)


def is_unstorable(text: str) -> bool:
    """A NUL, which no database takes, or half a character (a lone surrogate), which no channel does."""
    return "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text)


def unstorable_message() -> str:
    """What a person reads about it."""
    return _("Teks ini memuat karakter tak terlihat (NUL) yang tidak dapat disimpan. Ketik ulang bagian itu.")


# Hashtags


def split_tags(typed: str) -> tuple[str, ...]:
    """Hashtags as people type them: with or without the sign, apart by spaces or commas, or run together (#a#b)."""
    spaced = typed.replace("#", " ").replace("＃", " ")
    return plain_tags(_BETWEEN_TAGS.split(spaced))


def plain_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Without their sign, each once (``Lelang`` and ``lelang`` are one), in order."""
    bare = [tag.strip().lstrip("#＃").strip() for tag in tags]
    first: dict[str, str] = {}
    for tag in bare:
        if tag:
            first.setdefault(tag.casefold(), tag)
    return tuple(first.values())


def refusal_of_tags(tags: Sequence[str]) -> str:
    """Why these cannot be hashtags, in a sentence; empty when they can."""
    if len(tags) > MAX_TAGS:
        return _("Tagar paling banyak %(limit)s.", limit=MAX_TAGS)
    for tag in tags:
        whole = as_hashtag(tag)
        if len(tag) > MAX_TAG or [span.value for span in find_hashtags(whole)] != [whole]:
            return _(
                "“%(tag)s” tidak dapat menjadi tagar: pakai huruf, angka, dan garis bawah, paling sedikit satu huruf.",
                tag=tag[:40],
            )
    return ""


# Digests


def content_digest(content: PostContent, picture_hashes: Sequence[str]) -> str:
    """SHA-256 (hex) of canonical JSON of what goes out; a picture stands by the hash of its file.

    What a content does not use is not in it, so that contents from before a field existed keep their digest. That it
    follows the base text does not go out.
    """
    seen: dict[str, Any] = {
        "text": content.text,
        "link": content.link,
        "pictures": [
            {"sha256": sha, "alt": p.alt_text, "credit": p.credit} | ({"crop": p.crop} if p.crop else {})
            for p, sha in zip(content.pictures, picture_hashes, strict=True)
        ],
    }
    return canonical_digest(seen | extras_of(content))


def extras_of(content: PostContent) -> dict[str, Any]:
    """The words and choices beside text and link, as far as they are used."""
    extras = {
        "title": content.title, "hashtags": list(content.hashtags), "first_comment": content.first_comment,
        "utm": content.adds_utm,
    }  # fmt: skip
    return {name: value for name, value in extras.items() if value}


def words_digest(text: str) -> str:
    """SHA-256 (hex) of the words alone, without case, punctuation and links: equal for texts that say the same.
    Empty for a text without words.
    """
    at, rest = 0, []
    for link in find_links(text):
        rest.append(text[at : link.start])
        at = link.end
    plain = unicodedata.normalize("NFKC", " ".join([*rest, text[at:]])).casefold()
    words = _WORD.findall(plain)
    return canonical_digest(words) if words else ""


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
