"""After publication: a correction as a new version with a public note, and a withdrawal with an explanation."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused, UserError
from humasflow.core.events import emit
from humasflow.stories import queries
from humasflow.stories.contents import StoryContent, content_of
from humasflow.stories.enums import ChangeKind, StoryMove
from humasflow.stories.events import StoryCorrected, StoryCorrectionReworded
from humasflow.stories.models import Story, StoryChange, StoryVersion
from humasflow.stories.policy import reasons_not_to_edit
from humasflow.stories.services.moving import move_story
from humasflow.stories.services.writing import save_version

NOTE_LENGTH = 1000
ORDER_LENGTH = 200


@dataclass(frozen=True)
class ChangeContent:
    """What readers are told, and by whose order or at whose request the office acts."""

    kind: ChangeKind
    public_note: str
    ordered_by: str


def save_correction(
    story: Story, *, actor: Principal, content: StoryContent, change: ChangeContent, **given: Any
) -> StoryVersion | None:
    """Prepare a correction of a live story: a new version that readers see once it is approved, and the entry of the
    change log that goes with it. What is live stays as it is until then. ``given`` as :func:`save_version` takes it.
    None when neither the text nor what is said about it changed. Raises Refused, Conflict, UserError. Flushes.
    """
    change = _checked(change)
    base_id = story.current_version_id
    version = save_version(story, actor=actor, content=content, correcting=True, **given)
    prepared = queries.get_prepared_change(story.id)
    if version is None and prepared is None:
        raise UserError(_("Belum ada yang dibetulkan. Ubah isinya dahulu, lalu simpan sebagai ralat."))
    if prepared is None:
        prepared = StoryChange(
            story_id=story.id, kind=change.kind, version_id=None, base_version_id=base_id, public_note="",
            ordered_by="", created_by=actor.id, created_at=clock.now(), published_at=None,
        )  # fmt: skip
        db.session.add(prepared)
    told_otherwise = (prepared.kind, prepared.public_note) != (change.kind, change.public_note)
    prepared.kind, prepared.public_note, prepared.ordered_by = (
        change.kind, change.public_note, change.ordered_by,
    )  # fmt: skip
    prepared.version_id, prepared.created_by = story.current_version_id, actor.id
    db.session.flush()
    audit.record(
        AuditAction.STORY_CORRECTION_PREPARED, ("story", story.id), office_id=story.office_id, actor=actor,
        kind=change.kind.value, reason=change.public_note, ordered_by=change.ordered_by,
        version_id=story.current_version_id,
    )  # fmt: skip
    if version is None and told_otherwise:
        emit(StoryCorrectionReworded(story_id=story.id, actor_id=actor.id))
    return version


def discard_correction(story: Story, *, actor: Principal) -> None:
    """Give a prepared correction up: what it was to correct becomes the current text again, as a new version.
    Repeating it changes nothing. Raises Refused. Flushes.
    """
    lock(story)
    prepared = queries.get_prepared_change(story.id)
    if prepared is None:
        return
    reasons = reasons_not_to_edit(actor, story, correcting=True)
    if reasons:
        raise Refused(reasons)
    base_id = prepared.base_version_id
    db.session.delete(prepared)
    db.session.flush()
    if base_id is not None:
        base = queries.get_version(base_id)
        save_version(
            story, actor=actor, content=content_of(base, queries.get_body(base.id)),
            note=_("Ralat dibatalkan"), correcting=True,
        )  # fmt: skip
    audit.record(
        AuditAction.STORY_CORRECTION_DISCARDED, ("story", story.id), office_id=story.office_id, actor=actor
    )
    emit(StoryCorrectionReworded(story_id=story.id, actor_id=actor.id))


def publish_change(story: Story) -> StoryChange | None:
    """The prepared correction of the story's current version has been approved: readers are told from now on. The
    caller brings it to the channels. None when nothing is prepared for this version. Flushes.
    """
    prepared = queries.get_prepared_change(story.id)
    if prepared is None or prepared.version_id != story.current_version_id:
        return None
    prepared.published_at = clock.now()
    db.session.flush()
    audit.record(
        AuditAction.STORY_CORRECTED, ("story", story.id), office_id=story.office_id, actor=None,
        kind=prepared.kind.value, reason=prepared.public_note, ordered_by=prepared.ordered_by,
    )  # fmt: skip
    emit(StoryCorrected(story_id=story.id, change_id=prepared.id))
    return prepared


def withdraw_story(
    story: Story, *, actor: Principal, reason: str, public_note: str, ordered_by: str = ""
) -> None:
    """Take a story down everywhere. ``reason`` is for the office, ``public_note`` stands in the story's place for its
    readers. A correction that was being prepared is given up. Raises Refused, ReasonNeeded, UserError. Flushes.
    """
    lock(story)
    change = _checked(ChangeContent(ChangeKind.WITHDRAWAL, public_note, ordered_by), note_needed=False)
    prepared = queries.get_prepared_change(story.id)
    now = clock.now()
    entry = StoryChange(
        story_id=story.id, kind=ChangeKind.WITHDRAWAL, version_id=None, base_version_id=None,
        public_note=change.public_note, ordered_by=change.ordered_by, created_by=actor.id,
        created_at=now, published_at=now,
    )  # fmt: skip
    if prepared is not None:
        db.session.delete(prepared)
    db.session.add(entry)
    move_story(story, StoryMove.WITHDRAW, actor=actor, reason=reason)
    db.session.flush()


def _checked(change: ChangeContent, *, note_needed: bool = True) -> ChangeContent:
    note, ordered_by = change.public_note.strip(), change.ordered_by.strip()
    if note_needed and not note:
        raise UserError(_("Tuliskan catatan untuk pembaca: apa yang dibetulkan."))
    if len(note) > NOTE_LENGTH or len(ordered_by) > ORDER_LENGTH:
        raise UserError(
            _("Catatan untuk pembaca paling panjang 1.000 karakter, dan pemberi perintah 200 karakter.")
        )
    return ChangeContent(change.kind, note, ordered_by)
