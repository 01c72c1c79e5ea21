"""What differs between two versions of a post, word by word."""

from collections.abc import Mapping

from flask_babel import gettext as _

from humasflow.channels.adapters.counters import as_hashtag
from humasflow.media.enums import Ratio
from humasflow.posts.contents import PostContent, content_of
from humasflow.posts.models import PostVersion
from humasflow.stories.comparison import Difference, compare_parts, picture_words


def compare_versions(old: PostVersion, new: PostVersion) -> list[Difference]:
    """The changed parts of two stored versions."""
    names = {p.asset_id: p.asset.filename for v in (old, new) for p in v.pictures}
    return compare_contents(content_of(old), content_of(new), names)


def compare_contents(old: PostContent, new: PostContent, names: Mapping[int, str]) -> list[Difference]:
    """The same for contents that may not be stored yet; ``names`` are file names of pictures by asset id."""
    return compare_parts(
        (_("Judul"), old.title, new.title),
        (_("Teks"), old.text, new.text),
        (_("Tautan"), _link(old), _link(new)),
        (_("Tagar"), _tags(old), _tags(new)),
        (_("Komentar pertama"), old.first_comment, new.first_comment),
        (_("Foto"), _pictures(old, names), _pictures(new, names)),
    )


def _link(content: PostContent) -> str:
    if content.link and content.adds_utm:
        return _("%(link)s (dengan penanda kunjungan UTM)", link=content.link)
    return content.link


def _tags(content: PostContent) -> str:
    return " ".join(as_hashtag(tag) for tag in content.hashtags)


def _pictures(content: PostContent, names: Mapping[int, str]) -> str:
    return "\n\n".join(
        "\n".join(
            part
            for part in (
                picture_words(names.get(p.asset_id, ""), alt_text=p.alt_text, credit=p.credit),
                _("Bentuk: %(shape)s", shape=Ratio(p.crop).label) if p.crop else "",
            )
            if part
        )
        for p in content.pictures
    )
