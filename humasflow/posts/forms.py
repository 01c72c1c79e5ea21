"""The forms about posts: shape and wording. What a channel accepts is judged by its adapter, never here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from humasflow.channels.adapters.counters import as_hashtag
from humasflow.core.forms import BaseForm, ChoiceField, MaxLength, int_or_none
from humasflow.media.enums import Ratio
from humasflow.media.models import Asset
from humasflow.planning.models import ContentType
from humasflow.posts.contents import (
    MAX_COMMENT,
    MAX_LINK,
    MAX_TEXT,
    MAX_TITLE,
    BaseContent,
    PostContent,
    PostPictureContent,
    base_digest,
    is_unstorable,
    refusal_of_tags,
    split_tags,
    unstorable_message,
)

OWN, BASE = "own", "base"


class Storable:
    """No character that the database does not take; it is told, not dropped in silence."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise when there is one among what was sent."""
        if any(is_unstorable(value) for value in field.raw_data or () if isinstance(value, str)):
            raise ValidationError(unstorable_message())


class Tags:
    """Words that can be hashtags."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise with the first that cannot."""
        refusal = refusal_of_tags(split_tags(field.data or ""))
        if refusal:
            raise ValidationError(refusal)


class BaseTextForm(BaseForm):
    """Teks dasar: what all posts of a story have in common."""

    text = TextAreaField(_l("Teks dasar"), [Storable(), MaxLength(MAX_TEXT)])
    link = StringField(_l("Tautan"), [Storable(), MaxLength(MAX_LINK)])
    hashtags = StringField(_l("Tagar"), [Storable(), Tags()])
    row_version = HiddenField()
    opened = HiddenField()

    def begin(self, base: BaseContent, row_version: int) -> None:
        """Fill with what stands there."""
        self.text.data, self.link.data = base.text, base.link
        self.hashtags.data, self.row_version.data = tags_line(base.hashtags), str(row_version)
        self.opened.data = base_digest(base)

    @property
    def content(self) -> BaseContent:
        """What was typed, as the services take it."""
        return BaseContent(
            self.text.data or "", self.link.data or "", split_tags(self.hashtags.data or "")
        )  # fmt: skip


class PostForm(BaseForm):
    """A post's own words and what it counts as. Its pictures are rows (see :class:`PostPictureRow`).

    Several stand on one page, each with a prefix; the page's own token guards them all.
    """

    mode = RadioField(_l("Teks untuk kanal ini"), default=OWN)
    title = StringField(_l("Judul"), [Storable(), MaxLength(MAX_TITLE)])
    text = TextAreaField(_l("Teks"), [Storable(), MaxLength(MAX_TEXT)])
    link = StringField(_l("Tautan"), [Storable(), MaxLength(MAX_LINK)])
    adds_utm = BooleanField(_l("Tambahkan penanda kunjungan (UTM) pada tautan"))
    hashtags = StringField(_l("Tagar"), [Storable(), Tags()])
    first_comment = TextAreaField(_l("Komentar pertama"), [Storable(), MaxLength(MAX_COMMENT)])
    content_type_id = ChoiceField(
        _l("Dihitung sebagai"), [InputRequired(_l("Pilih jenis kontennya."))], coerce=int_or_none
    )
    row_version = HiddenField()
    base = HiddenField()
    opened_type = HiddenField()  # what it counted as when the form was opened

    def offer(self, content_types: Sequence[ContentType]) -> None:
        """Fill the choices."""
        self.mode.choices = [(BASE, _("Ikuti teks dasar")), (OWN, _("Teks sendiri"))]
        self.content_type_id.choices = [(t.id, t.label) for t in content_types]

    @property
    def follows_base(self) -> bool:
        """Whether text, link and hashtags are those of the base text."""
        return bool(self.mode.data == BASE)

    def validate(self, extra_validators: Any = None) -> bool:
        """What it says of its own does not count while it follows the base text: those fields are not even shown."""
        fine = bool(super().validate(extra_validators))
        if fine or not self.follows_base:
            return fine
        for hidden in (self.text, self.link, self.hashtags):
            hidden.errors = []
        return not self.errors

    def begin(self, content: PostContent, content_type_id: int) -> None:
        """Fill with a content."""
        self.mode.data = BASE if content.follows_base else OWN
        self.title.data, self.text.data, self.link.data = content.title, content.text, content.link
        self.adds_utm.data, self.first_comment.data = content.adds_utm, content.first_comment
        self.hashtags.data, self.content_type_id.data = tags_line(content.hashtags), content_type_id
        self.opened_type.data = str(content_type_id)

    def content(self, rows: Iterable["PostPictureRow"]) -> PostContent:
        """What was typed, as the services take it."""
        return PostContent(
            self.text.data or "", self.link.data or "", tuple(r.content for r in rows if r.used),
            title=self.title.data or "", hashtags=split_tags(self.hashtags.data or ""),
            first_comment=self.first_comment.data or "", adds_utm=bool(self.adds_utm.data),
            follows_base=self.follows_base,
        )  # fmt: skip


def tags_line(tags: Iterable[str]) -> str:
    """Hashtags as they stand in a field."""
    return " ".join(as_hashtag(tag) for tag in tags)


@dataclass(frozen=True)
class PostPictureRow:
    """A picture of the story, or a video or PDF of the library, in the post's editor: used or not. A picture has its
    own alternative text and shape here.
    """

    asset: Asset
    used: bool
    alt_text: str
    credit: str
    crop: str = ""

    @property
    def content(self) -> PostPictureContent:
        """As the services take it."""
        return PostPictureContent(self.asset.id, self.alt_text, self.credit, self.crop)


Offered = Sequence[tuple[Asset, str, str]]
"""The files that can be chosen; a picture with the alternative text and credit it has in the story."""


def chosen_ids(typed: Iterable[str]) -> list[int]:
    """The files that a form names as used, whatever card they stand in: ``typed`` are the names of its fields."""
    found = (_CHOSEN.search(name) for name in typed)
    return sorted({int(match[1]) for match in found if match})[:MAX_CHOSEN]


_CHOSEN = re.compile(r"(?:^|-)use-([0-9]{1,15})$", re.ASCII)
MAX_CHOSEN = 200  # far more than all channels of a story take together


def picture_rows(offered: Offered, used: Sequence[PostPictureContent]) -> list[PostPictureRow]:
    """The pictures in the post first and in its order, then what else the story has."""
    known = {asset.id: asset for asset, _alt, _credit in offered}
    rows = [
        PostPictureRow(known[p.asset_id], True, p.alt_text, p.credit, p.crop)
        for p in used
        if p.asset_id in known
    ]
    taken = {row.asset.id for row in rows}
    return rows + [PostPictureRow(a, False, alt, credit) for a, alt, credit in offered if a.id not in taken]


def read_rows(offered: Offered, typed: Mapping[str, str], prefix: str = "") -> list[PostPictureRow]:
    """Rows as typed: chosen by checkbox, ordered by number. A picture that was not offered is left out, and a shape
    that is none is as if none was chosen.
    """
    found: list[tuple[tuple[int, int], PostPictureRow]] = []
    for position, (asset, alt, credit) in enumerate(offered):
        name = f"{prefix}{{}}-{asset.id}"
        number = typed.get(name.format("order"), "")
        order = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else position + 1
        crop = typed.get(name.format("crop"), "")
        row = PostPictureRow(
            asset, name.format("use") in typed,
            typed.get(name.format("alt"), alt).replace("\x00", "").strip() if asset.is_image else "", credit,
            crop if asset.is_image and crop in _SHAPES else "",
        )  # fmt: skip
        found.append(((order, position), row))
    return [row for _key, row in sorted(found, key=lambda pair: (not pair[1].used, pair[0]))]


_SHAPES = frozenset(ratio.value for ratio in Ratio)
