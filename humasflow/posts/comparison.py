"""What differs between two versions of a post, word by word."""

from collections.abc import Mapping

from flask_babel import gettext as _

from humasflow.posts.models import PostVersion
from humasflow.posts.services import PostContent, content_of
from humasflow.stories.comparison import Difference, compare_parts, picture_words


def compare_versions(old: PostVersion, new: PostVersion) -> list[Difference]:
    """The changed parts of two stored versions."""
    names = {p.asset_id: p.asset.filename for v in (old, new) for p in v.pictures}
    return compare_contents(content_of(old), content_of(new), names)


def compare_contents(old: PostContent, new: PostContent, names: Mapping[int, str]) -> list[Difference]:
    """The same for contents that may not be stored yet; ``names`` are file names of pictures by asset id."""
    return compare_parts(
        (_("Teks"), old.text, new.text),
        (_("Tautan"), old.link, new.link),
        (_("Foto"), _pictures(old, names), _pictures(new, names)),
    )


def _pictures(content: PostContent, names: Mapping[int, str]) -> str:
    return "\n\n".join(
        picture_words(names.get(p.asset_id, ""), alt_text=p.alt_text, credit=p.credit)
        for p in content.pictures
    )
