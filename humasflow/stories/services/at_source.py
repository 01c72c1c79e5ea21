"""What becomes of a story in its own office reaches the offices that were given it.

Nothing of theirs is changed but the embargo, which binds whoever was given the story; the rest is for their editors to
decide, and they are told. Every function records and tells; it flushes and never commits.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.events import emit
from humasflow.core.localtime import show_instant
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.stories.contents import StoryContent
from humasflow.stories.enums import OPEN, ChangeKind, HandoverState, SourceChange
from humasflow.stories.events import HandoverSourceChanged, StoryEmbargoChanged
from humasflow.stories.models import Story, StoryChange, StoryHandover
from humasflow.stories.queries.sources import origin_of
from humasflow.stories.visibility import is_closed

_RECORDED = {
    SourceChange.WITHDRAWN: AuditAction.SOURCE_WITHDRAWN,
    SourceChange.CORRECTED: AuditAction.SOURCE_CORRECTED,
    SourceChange.RENEWED: AuditAction.SOURCE_RENEWED,
}


def tell_gone(story: Story) -> None:
    """It was taken down or given up. What its own office says to itself about that stays there; what readers are told
    goes along.
    """
    note = db.session.scalar(
        select(StoryChange.public_note)
        .where(StoryChange.story_id == story.id, StoryChange.kind == ChangeKind.WITHDRAWAL)
        .order_by(StoryChange.id.desc())
        .limit(1)
    )
    for given in _given(story, HandoverState.TAKEN, HandoverState.OFFERED):
        _tell(given, SourceChange.WITHDRAWN, note or _("Tanpa penjelasan untuk pembaca."))


def tell_corrected(story: Story, change_id: int) -> None:
    """Readers are told of a correction."""
    change = db.session.get_one(StoryChange, change_id)
    for given in _given(story, HandoverState.TAKEN):
        if given.version_id != change.version_id:
            _tell(given, SourceChange.CORRECTED, change.public_note)


def tell_renewed(story: Story) -> None:
    """Another version than the one that was given has been approved. Of a confidential story nothing is told."""
    if is_closed(story):
        return
    for given in _given(story, HandoverState.TAKEN):
        if given.version_id != story.current_version_id:
            _tell(given, SourceChange.RENEWED, "")


def pass_embargo_on(story: Story, before: datetime | None) -> None:
    """What was made of it waits as long as the story itself, or as long as that office set itself: the later of both.

    ``before``: how long the story waited. An office hears of a change as long as it makes a difference there.
    """
    until = story.embargo_until
    for given in _given(story, HandoverState.TAKEN):
        own = db.session.get_one(Story, given.taken_as_id)
        lock(own)
        was, then = (_later(own.own_embargo_until, theirs) for theirs in (before, until))
        if was == then:
            continue
        if own.state in OPEN and own.embargo_until != then:  # what readers have read already waits no longer
            keep_embargo(own, then, get_office(given.from_office_id))
        _emit(given, SourceChange.EMBARGOED, _said(until, get_office(own.office_id)))


def keep_credit(story: Story, content: StoryContent, known: StoryContent) -> None:
    """What was taken from another office, or received from another agency, goes on naming it, whatever else is written
    anew. Raises UserError. No statement unless the source is touched.
    """
    if (content.source, content.source_note) == (known.source, known.source_note):
        return
    giver = origin_of(story)
    if giver is None:
        return
    if content.source is not known.source or giver.casefold()[:200] not in content.source_note.casefold():
        raise UserError(
            _(
                "Naskah ini diambil dari %(office)s. Asalnya tetap disebut; selebihnya bebas diubah.",
                office=giver,
            )
        )


def keep_embargo(own: Story, until: datetime | None, giver: Unit) -> None:
    """Set the embargo of a story to that of the office it is from, and say why. Flushes."""
    before, own.embargo_until = own.embargo_until, until
    own.updated_at = clock.now()
    db.session.flush()
    audit.record(
        AuditAction.STORY_EMBARGOED if until else AuditAction.STORY_EMBARGO_LIFTED,
        ("story", own.id), office_id=own.office_id, actor=None, reason=_("Mengikuti %(office)s.", office=giver.name),
        before=before.isoformat() if before else None, after=until.isoformat() if until else None,
    )  # fmt: skip
    emit(StoryEmbargoChanged(story_id=own.id, actor_id=None, before=before))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _said(until: datetime | None, office: Unit) -> str:
    if until is None:
        return _("sekarang tanpa embargo")
    return _("sekarang sampai %(when)s", when=show_instant(until, office.zone_name))


def _given(story: Story, *states: HandoverState) -> Sequence[StoryHandover]:
    return db.session.scalars(
        select(StoryHandover)
        .where(StoryHandover.story_id == story.id, StoryHandover.state.in_(states))
        .order_by(StoryHandover.id)
    ).all()


def _tell(given: StoryHandover, change: SourceChange, note: str) -> None:
    if given.taken_as_id is not None:
        audit.record(
            _RECORDED[change], ("story", given.taken_as_id), office_id=given.to_office_id, actor=None,
            label=get_office(given.from_office_id).name, reason=note,
        )  # fmt: skip
    _emit(given, change, note)


def _emit(given: StoryHandover, change: SourceChange, note: str) -> None:
    emit(
        HandoverSourceChanged(
            handover_id=given.id, story_id=given.story_id, change=change, note=note
        )
    )  # fmt: skip
