"""The post editor's form: shape and wording. What a channel accepts is judged by its adapter, never here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from humasflow.core.forms import BaseForm, ChoiceField, MaxLength, int_or_none
from humasflow.media.models import Asset
from humasflow.planning.models import ContentType
from humasflow.posts.services import MAX_TEXT, PostContent, PostPictureContent


class PostForm(BaseForm):
    """A post's own text, link and what it counts as. Its pictures are rows (see :class:`PostPictureRow`)."""

    text = TextAreaField(_l("Teks"), [MaxLength(MAX_TEXT)])
    link = StringField(_l("Tautan"), [MaxLength(500)])
    content_type_id = ChoiceField(
        _l("Dihitung sebagai"), [InputRequired(_l("Pilih jenis kontennya."))], coerce=int_or_none
    )
    row_version = HiddenField()
    base = HiddenField()

    def offer(self, content_types: Sequence[ContentType]) -> None:
        """Fill the choices."""
        self.content_type_id.choices = [(t.id, t.label) for t in content_types]

    def content(self, rows: Iterable["PostPictureRow"]) -> PostContent:
        """What was typed, as the services take it."""
        pictures = tuple(r.content for r in rows if r.used)
        return PostContent(self.text.data or "", self.link.data or "", pictures)


@dataclass(frozen=True)
class PostPictureRow:
    """A picture of the story in the post's editor: used or not, with its own alternative text here."""

    asset: Asset
    used: bool
    alt_text: str
    credit: str

    @property
    def content(self) -> PostPictureContent:
        """As the services take it."""
        return PostPictureContent(self.asset.id, self.alt_text, self.credit)


def picture_rows(
    offered: Sequence[tuple[Asset, str, str]], used: Sequence[PostPictureContent]
) -> list[PostPictureRow]:
    """The pictures in the post first and in its order, then what else the story has. ``offered``: each picture that
    can be chosen, with the alternative text and credit it has in the story.
    """
    known = {asset.id: (asset, alt, credit) for asset, alt, credit in offered}
    rows = [
        PostPictureRow(known[p.asset_id][0], True, p.alt_text, p.credit) for p in used if p.asset_id in known
    ]
    taken = {row.asset.id for row in rows}
    return rows + [PostPictureRow(a, False, alt, credit) for a, alt, credit in offered if a.id not in taken]


def read_rows(offered: Sequence[tuple[Asset, str, str]], typed: MultiDict[str, str]) -> list[PostPictureRow]:
    """Rows as typed: chosen by checkbox, ordered by number. A picture that was not offered is left out."""
    known = {asset.id: (asset, alt, credit) for asset, alt, credit in offered}
    found: list[tuple[tuple[int, int], PostPictureRow]] = []
    for position, (ident, (asset, alt, credit)) in enumerate(known.items()):
        number = typed.get(f"order-{ident}", "")
        order = int(number) if number.isdecimal() and len(number) < 6 else position + 1
        row = PostPictureRow(
            asset, f"use-{ident}" in typed, typed.get(f"alt-{ident}", alt).replace("\x00", "").strip(), credit
        )
        found.append(((order, position), row))
    return [row for _key, row in sorted(found, key=lambda pair: (not pair[1].used, pair[0]))]
