"""What of a story a remark can be about: the whole, one of its texts, or a picture."""

from collections.abc import Sequence

from flask_babel import gettext as _

from humasflow.stories.anchors import project_html, project_plain
from humasflow.stories.contents import StoryContent

WHOLE = "whole"
KICKER, TITLE, LEAD, BODY = "kicker", "title", "lead", "body"
# The texts in the order in which they are read; a passage that is only quoted is looked for where most is written.
TEXTS = (KICKER, TITLE, LEAD, BODY)
SEARCHED = (BODY, LEAD, TITLE, KICKER)

_RANKS = {WHOLE: 0, KICKER: 1, TITLE: 2, LEAD: 3, BODY: 4}
_PICTURE = "picture:"
_STEP = 10**9


def picture_part(asset_id: int) -> str:
    """The name of a picture as a part."""
    return f"{_PICTURE}{asset_id}"


def picture_of(part: str) -> int | None:
    """The asset that a part names, if it is a picture."""
    number = part.removeprefix(_PICTURE)
    is_number = number != part and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if is_number else None


def text_of_part(content: StoryContent, part: str) -> str:
    """The plain text in which passages of this part are found; empty for what holds no text."""
    if part == BODY:
        return project_html(content.body_html)
    return project_plain(getattr(content, part)) if part in TEXTS else ""


def position_of(part: str, start: int) -> int:
    """Where a remark stands among all of a story, as one reads."""
    asset_id = picture_of(part)
    if asset_id is not None:
        return len(_RANKS) * _STEP + asset_id % _STEP
    return _RANKS[part] * _STEP + start


def label_of_part(part: str, pictures: Sequence[int]) -> str:
    """The part for people. ``pictures``: asset ids in the order of the story."""
    asset_id = picture_of(part)
    if asset_id is None:
        return {
            WHOLE: _("Seluruh naskah"), KICKER: _("Kicker"), TITLE: _("Judul"), LEAD: _("Teras"),
            BODY: _("Isi naskah"),
        }[part]  # fmt: skip
    if asset_id in pictures:
        return _("Foto %(n)s", n=pictures.index(asset_id) + 1)
    return _("Foto yang sudah tidak dipakai")
