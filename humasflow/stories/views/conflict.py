"""The page for two people who saved at the same time: what it shows, and what the choices on it give."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from humasflow.stories import queries
from humasflow.stories.comparison import Piece, compare_words, words_of
from humasflow.stories.comparison.merging import Choice
from humasflow.stories.comparison.rendered import render_body_diff
from humasflow.stories.comparison.threeway import (
    FieldMerge,
    PassageClash,
    ThreeWay,
    merge_contents,
    merge_field,
)
from humasflow.stories.contents import PLAIN_FIELDS, StoryContent, cleaned, content_of, pack, unpack
from humasflow.stories.enums import StorySource
from humasflow.stories.forms import FILING, StoryForm
from humasflow.stories.models import Story, StoryVersion

# Names of what the page sends along beside the editor's fields.
OPENED_ON, TYPED, CHOSEN_BEFORE, CHOICE = "dibuka", "diketik", "pilihan-lama", "pilih-"


@dataclass
class Merging:
    """A stale save on its way to a version: the three texts, what was chosen, and what stands in the editor."""

    story: Story
    form: StoryForm
    stamp: str  # what the form was opened on, before anybody else saved
    mine: StoryContent
    typed_filing: tuple[int | None, int | None, int | None, int | None]
    choices: Mapping[str, Choice]

    @cached_property
    def theirs(self) -> StoryVersion:
        """What stands now."""
        return queries.get_current_version(self.story)

    @cached_property
    def base(self) -> StoryVersion | None:
        """What the form was opened on; None when nobody knows."""
        return queries.get_base_version(self.story, self.stamp)

    @cached_property
    def three(self) -> ThreeWay:
        """The contents brought together. Without a base everything that differs is a clash."""
        base = self.base
        known = content_of(base, queries.get_body(base.id)) if base else StoryContent(title="")
        return merge_contents(known, self.mine, content_of(self.theirs, queries.get_body(self.theirs.id)))

    @cached_property
    def filing(self) -> list[FieldMerge]:
        """The same for what the story is filed under."""
        read = queries.read_stamp(self.stamp)
        story = self.story
        stored = (story.content_type_id, story.section_id, story.pillar_id, story.campaign_id)
        before = read.filing if read else (None, None, None, None)
        merged = (
            merge_field(name, getattr(self.form, name).label.text, *values)
            for name, *values in zip(FILING, before, self.typed_filing, stored, strict=True)
        )
        return [m for m in merged if m is not None]

    @property
    def clashes(self) -> list[FieldMerge]:
        """Facts and filing to choose."""
        return [*self.three.field_clashes, *(f for f in self.filing if f.clash)]

    @property
    def taken(self) -> list[str]:
        """What was taken from the other person without asking."""
        return [*self.three.taken, *(f.label for f in self.filing if f.from_theirs)]

    @property
    def to_choose(self) -> int:
        """How many choices there are."""
        return self.three.to_choose + sum(1 for f in self.filing if f.clash)

    @property
    def their_name(self) -> str:
        """Who saved meanwhile."""
        return self.theirs.author.name if self.theirs.author else _("Sistem")

    @property
    def is_own(self) -> bool:
        """Whether it was the same person, in another window."""
        return bool(self.theirs.author_id == current_user.id)

    def result(self) -> StoryContent:
        """The merge as chosen."""
        return self.three.content(self.choices)

    def result_after(self, edited: StoryContent, before: Mapping[str, Choice]) -> StoryContent:
        """The merge as chosen now, with what was changed by hand in the merge as chosen before."""
        return merge_contents(self.three.content(before), edited, self.result()).content({})

    def words(self, field: FieldMerge, value: Any) -> str:
        """A fact in words."""
        if field.key not in FILING:
            return words_of(value)
        offered = {v: str(label) for v, label, *_rest in getattr(self.form, field.key).iter_choices()}
        return offered.get(value or "", "")

    def pieces(self, field: FieldMerge, value: Any) -> list[Piece]:
        """A fact with what differs from the beginning."""
        return compare_words(self.words(field, field.base), self.words(field, value))

    def passage(self, clash: PassageClash, side: str) -> Markup:
        """A passage with what differs from the beginning, as it looks."""
        return render_body_diff(clash.base, side, lambda asset: f"<em>{_('Foto nomor %(n)s', n=asset)}</em>")

    def chosen(self, key: str, default: Choice) -> str:
        """Which radio button is on."""
        return self.choices.get(key, default).value

    def note(self) -> str:
        """Why the merged version is there: it names both."""
        return _(
            "Gabungan tulisan %(mine)s dan %(theirs)s (versi %(n)s)",
            mine=current_user.name, theirs=self.their_name, n=self.theirs.number,
        )  # fmt: skip

    def hidden(self) -> dict[str, str]:
        """What the page has to bring back to choose again."""
        picked = ",".join(f"{key}={choice.value}" for key, choice in sorted(self.choices.items()))
        return {OPENED_ON: self.stamp, TYPED: pack(self.mine), CHOSEN_BEFORE: picked,
                **{f"diketik-{n}": str(v or "") for n, v in zip(FILING, self.typed_filing, strict=True)}}  # fmt: skip


def merging_of(story: Story, form: StoryForm, typed: StoryContent) -> Merging:
    """A save that turned out to be stale."""
    filing = (
        form.content_type_id.data, form.section_id.data, form.pillar_id.data, form.campaign_id.data,
    )  # fmt: skip
    return Merging(story, form, form.stamp.data or "", cleaned(typed), filing, {})


def merging_again(story: Story, form: StoryForm) -> Merging:
    """The same one, after choosing on its page. Raises UserError for what is no such page."""
    texts = request.form
    content_type, section, pillar, campaign = (_number(texts.get(f"diketik-{name}", "")) for name in FILING)
    choices = {
        name.removeprefix(CHOICE): _choice(value) for name, value in texts.items() if name.startswith(CHOICE)
    }
    return Merging(
        story, form, texts.get(OPENED_ON, ""), unpack(texts.get(TYPED, "")), (content_type, section, pillar, campaign),
        {key: choice for key, choice in choices.items() if choice},
    )  # fmt: skip


def chosen_before() -> dict[str, Choice]:
    """What had been chosen when the page was made."""
    pairs = (pair.partition("=") for pair in request.form.get(CHOSEN_BEFORE, "").split(",") if pair)
    found = {key: _choice(value) for key, _equals, value in pairs}
    return {key: choice for key, choice in found.items() if choice}


def show_content(form: StoryForm, content: StoryContent) -> None:
    """Put a content into the editor's form."""
    for name in PLAIN_FIELDS:
        value = getattr(content, name)
        getattr(form, name).data = value.value if isinstance(value, StorySource) else value
    form.body.data = content.body_html


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _choice(value: str) -> Choice | None:
    return Choice(value) if value in set(Choice) else None
