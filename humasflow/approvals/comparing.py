"""What changed between two versions of a story or a post, part by part."""

from collections.abc import Sequence

from flask_babel import gettext as _

from humasflow.approvals.diffing import FieldChange, Paragraph, diff_paragraphs, readable
from humasflow.core.localtime import show_date
from humasflow.posts.models import PostPicture, PostVersion
from humasflow.stories.models import StoryPicture, StoryVersion


def compare_stories(
    old: StoryVersion, old_body: str, new: StoryVersion, new_body: str
) -> tuple[FieldChange, ...]:
    """The changed parts of a story, in the order in which they are read."""
    return _changes(
        (_("Judul"), old.title, new.title),
        (_("Teras"), old.lead, new.lead),
        (_("Isi"), readable(old_body), readable(new_body)),
        (_("Foto"), _story_pictures(old.pictures), _story_pictures(new.pictures)),
        (_("Narasi"), old.writer_credit, new.writer_credit),
        (_("Tanggal kejadian"), _day(old), _day(new)),
        (_("Tempat"), old.place, new.place),
        (_("Orang"), old.people, new.people),
        (_("Sumber"), _source(old), _source(new)),
        (_("Tujuan"), old.goal, new.goal),
        (_("Khalayak"), old.audience, new.audience),
    )


def differs_in_form_only(old_body: str, new_body: str) -> bool:
    """The words are the same, their form (headings, bold, lists) is not."""
    return old_body != new_body and readable(old_body) == readable(new_body)


def compare_posts(old: PostVersion, new: PostVersion) -> tuple[FieldChange, ...]:
    """The changed parts of a post."""
    return _changes(
        (_("Teks"), old.text, new.text),
        (_("Tautan"), old.link, new.link),
        (_("Foto"), _post_pictures(old.pictures), _post_pictures(new.pictures)),
    )


def _changes(*parts: tuple[str, str, str]) -> tuple[FieldChange, ...]:
    found: list[tuple[str, tuple[Paragraph, ...]]] = [(label, diff_paragraphs(a, b)) for label, a, b in parts]
    return tuple(FieldChange(label, paragraphs) for label, paragraphs in found if paragraphs)


def _day(version: StoryVersion) -> str:
    return show_date(version.event_date) if version.event_date else ""


def _source(version: StoryVersion) -> str:
    return f"{version.source.label}: {version.source_note}" if version.source_note else version.source.label


def _story_pictures(pictures: Sequence[StoryPicture]) -> str:
    return "\n\n".join(_picture(p.asset.filename, p.alt_text, p.credit, p.caption) for p in pictures)


def _post_pictures(pictures: Sequence[PostPicture]) -> str:
    return "\n\n".join(_picture(p.asset.filename, p.alt_text, p.credit) for p in pictures)


def _picture(filename: str, alt_text: str, credit: str, caption: str = "") -> str:
    parts = [filename, alt_text, caption, _("Foto: %(credit)s", credit=credit) if credit else ""]
    return " · ".join(p for p in parts if p)
