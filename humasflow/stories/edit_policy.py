"""Whether an edit keeps an approval, and the words that say so before anybody saves."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from humasflow.core.db import db
from humasflow.stories.contents import StoryContent
from humasflow.stories.edit_fields import (
    POST_FIELDS,
    STORY_FIELDS,
    EditField,
    changed_fields,
    field_digests,
)
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.models.edit_policy import EditPolicy

# States in which something approved can stand.
APPROVED_IN = frozenset({StoryState.APPROVED, StoryState.PUBLISHED})


@dataclass(frozen=True)
class EditRules:
    """An office's policy: any edit voids (``marked`` holds every part), or only one of marked parts."""

    marked: frozenset[EditField] = frozenset(EditField)

    def voids(self, changed: Iterable[EditField]) -> bool:
        """Whether these changes take the approval away."""
        return not self.marked.isdisjoint(changed)


def edit_rules(office_id: int) -> EditRules:
    """The policy in force. One statement the first time in a unit of work."""
    policy = db.session.get(EditPolicy, office_id)
    if policy is None or not policy.only_marked:
        return EditRules()
    return EditRules(frozenset(part for part in EditField if part.value in policy.marked))


def keeps_approval(story: Story, before: StoryContent, after: StoryContent) -> bool:
    """Whether a save from one (cleaned) content to another leaves the story approved, by its office's policy."""
    changed = changed_fields(field_digests(before), field_digests(after))
    return not edit_rules(story.office_id).voids(changed)


@dataclass(frozen=True)
class Consequence:
    """What saving would do to an approval, in words for the editor. ``marked`` and ``unmarked`` are names of parts."""

    title: str
    text: str
    always: bool  # whatever is changed voids
    marked: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()

    @property
    def never(self) -> bool:
        """Nothing that can be edited here is marked."""
        return not self.always and not self.marked


def consequence_of_edit(story: Story) -> Consequence | None:
    """What saving the story's text would do; None when nothing is approved."""
    if story.state is StoryState.PUBLISHED:
        return Consequence(
            _("Naskah ini sudah tayang."),
            _("Yang tayang tetap seperti sekarang sampai perubahan ini disetujui."),
            always=True,
        )
    if story.state is not StoryState.APPROVED:
        return None
    return _consequence(
        edit_rules(story.office_id), STORY_FIELDS, _("Naskah ini sudah disetujui."),
        _("Persetujuannya gugur dan naskah kembali menjadi draf. Publikasi yang sudah terjadwal tidak akan tayang "
          "sebelum disetujui lagi."),
    )  # fmt: skip


def consequence_of_post_edit(story: Story) -> Consequence | None:
    """What saving a post of the story would do; None when nothing is approved or asked. While the story is in review
    the office's policy does not matter: what is being read must not change.
    """
    if story.state is StoryState.IN_REVIEW:
        return Consequence(
            _("Naskah sedang direviu."),
            _("Bila publikasi ini ikut diajukan, menyimpan perubahan menggugurkan pengajuan itu."),
            always=True,
        )
    if story.state not in APPROVED_IN:
        return None
    return _consequence(
        edit_rules(story.office_id), POST_FIELDS, _("Naskah ini sudah disetujui."),
        _("Publikasi yang sudah disetujui perlu disetujui lagi sesudah diubah. Publikasi lain tidak terpengaruh."),
    )  # fmt: skip


def _consequence(rules: EditRules, parts: frozenset[EditField], title: str, loss: str) -> Consequence:
    marked = tuple(p.label for p in EditField if p in parts and p in rules.marked)
    unmarked = tuple(p.label for p in EditField if p in parts and p not in rules.marked)
    return Consequence(title, loss, always=not unmarked, marked=marked, unmarked=unmarked)
