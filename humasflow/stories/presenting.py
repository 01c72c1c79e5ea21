"""Two versions beside each other, as the pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import url_for
from markupsafe import Markup, escape

from humasflow.core.html import clean_html
from humasflow.media.models import Asset
from humasflow.stories import queries
from humasflow.stories.comparison import Difference, Mark, compare_facts
from humasflow.stories.comparison.pictures import ChangedPicture, compare_pictures
from humasflow.stories.comparison.rendered import (
    Passage,
    Stretch,
    compare_bodies,
    describe_body,
    passages_of,
    render_passage,
    stretches_of,
)
from humasflow.stories.contents import content_of
from humasflow.stories.models import StoryVersion


@dataclass(frozen=True)
class VersionComparison:
    """What differs from one version to another."""

    old: StoryVersion
    new: StoryVersion
    facts: Sequence[Difference]
    pictures: Sequence[ChangedPicture]
    stretches: Sequence[Stretch]
    summary: str
    assets: Mapping[int, Asset]

    @property
    def is_same(self) -> bool:
        """Whether nothing at all differs."""
        return not (self.facts or self.pictures or self.has_body_changes)

    @cached_property
    def has_body_changes(self) -> bool:
        """Whether the body differs."""
        return any(passage.is_changed for stretch in self.stretches for passage in stretch.passages)

    def together(self, passage: Passage) -> Markup:
        """A passage in one column."""
        return render_passage(passage, None, self.figure)

    def before(self, passage: Passage) -> Markup:
        """Its left side."""
        return render_passage(passage, Mark.DELETED, self.figure)

    def after(self, passage: Passage) -> Markup:
        """Its right side."""
        return render_passage(passage, Mark.INSERTED, self.figure)

    def figure(self, asset_id: int) -> str:
        """A picture inside the text; nothing for one that is not this story's."""
        asset = self.assets.get(asset_id)
        if asset is None:
            return ""
        address = url_for("media.rendition", asset_id=asset.id, size="thumb")
        return str(
            Markup('<span class="diff-figure"><img src="{}" alt="{}" loading="lazy"></span>').format(
                address, escape(asset.alt_text or asset.filename)
            )
        )


def compare_stored(old: StoryVersion, new: StoryVersion) -> VersionComparison:
    """Compare two stored versions of one story. Two statements for the bodies and the pictures."""
    bodies = queries.get_bodies({old.id, new.id})
    before, after = content_of(old, bodies.get(old.id, "")), content_of(new, bodies.get(new.id, ""))
    # What was stored is cleaned once more before it becomes a page, as wherever else it is shown.
    steps = compare_bodies(clean_html(before.body_html), clean_html(after.body_html))
    return VersionComparison(
        old, new, compare_facts(before, after), compare_pictures(before.pictures, after.pictures),
        stretches_of(passages_of(steps)), describe_body(steps),
        {p.asset_id: p.asset for v in (old, new) for p in v.pictures},
    )  # fmt: skip
