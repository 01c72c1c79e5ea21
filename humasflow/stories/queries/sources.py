"""Where a story that was taken from another office stands over there: whether it still does, and what binds it here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import show_instant
from humasflow.orgs.models import Unit
from humasflow.stories.enums import GONE, HandoverState, StoryState
from humasflow.stories.models import Story, StoryChange, StoryHandover
from humasflow.stories.queries.handovers import version_to_give
from humasflow.stories.visibility import is_closed

_READY = frozenset({StoryState.APPROVED, StoryState.PUBLISHED, StoryState.ARCHIVED})


@dataclass(frozen=True)
class BindingEmbargo:
    """The office that gave a story lets nothing of it out before ``until`` (aware)."""

    until: datetime
    giver: str

    def refusal(self, office: Unit) -> str:
        """Why an earlier end is not possible here, on that office's clock."""
        return _(
            "%(giver)s mengembargo naskah asalnya sampai %(until)s. Embargo di sini tidak dapat berakhir lebih awal.",
            giver=self.giver, until=show_instant(self.until, office.zone_name),
        )  # fmt: skip


@dataclass(frozen=True)
class SourceNow:
    """How the story that was given stands in its own office by now. ``changes`` are what its readers were told since;
    ``newer_version_id`` another text than the one that was given, when it is approved and may be shown.
    """

    handover_id: int
    giver: str
    is_gone: bool
    gone_note: str
    changes: tuple[StoryChange, ...]
    newer_version_id: int | None

    @property
    def is_news(self) -> bool:
        """Whether whoever took it has something to look at."""
        return self.is_gone or bool(self.changes) or self.newer_version_id is not None


def embargo_of_source(story: Story) -> BindingEmbargo | None:
    """The embargo of the story that this one was taken from, while it lasts; one statement."""
    row = db.session.execute(
        select(Story.embargo_until, Unit.name)
        .join(StoryHandover, StoryHandover.story_id == Story.id)
        .join(Unit, Unit.id == StoryHandover.from_office_id)
        .where(StoryHandover.taken_as_id == story.id, StoryHandover.state == HandoverState.TAKEN)
    ).first()
    if row is None or row[0] is None or row[0] <= clock.now():
        return None
    return BindingEmbargo(row[0], row[1])


def origin_of(story: Story) -> str | None:
    """The name of the office that a story was taken from, or of the agency whose release it is; None for one of the
    office's own. At most two statements.
    """
    giver = db.session.scalar(
        select(Unit.name)
        .join(StoryHandover, StoryHandover.from_office_id == Unit.id)
        .where(StoryHandover.taken_as_id == story.id, StoryHandover.state == HandoverState.TAKEN)
    )
    if giver is not None:
        return giver
    received = audit.latest(AuditAction.STORY_RECEIVED, ("story", story.id))
    return str(received.detail["label"]) if received is not None else None


def source_of_story(story: Story) -> SourceNow | None:
    """How the story that this one was taken from stands now; None, after one statement, for one of the office's own."""
    given = db.session.scalar(
        select(StoryHandover).where(
            StoryHandover.taken_as_id == story.id, StoryHandover.state == HandoverState.TAKEN
        )
    )
    return source_now(given) if given is not None else None


def source_now(given: StoryHandover) -> SourceNow:
    """How what was given stands in its own office now. What became confidential there is not looked into, and another
    text than the one that was sent is for nobody but who took it.
    """
    source = db.session.get_one(Story, given.story_id)
    giver = db.session.get_one(Unit, given.from_office_id).name
    told = _told_since(given)
    gone = source.state in GONE
    newer = None
    if given.state is HandoverState.TAKEN and source.state in _READY and not is_closed(source):
        version = version_to_give(source)
        newer = version.id if version.id != given.version_id else None
    withdrawal = next((c.public_note for c in reversed(told) if c.version_id is None), "")
    changes = () if gone or is_closed(source) else tuple(c for c in told if c.version_id is not None)
    return SourceNow(given.id, giver, gone, withdrawal if gone else "", changes, newer)


def _told_since(given: StoryHandover) -> Sequence[StoryChange]:
    return db.session.scalars(
        select(StoryChange)
        .where(
            StoryChange.story_id == given.story_id, StoryChange.published_at.is_not(None),
            StoryChange.published_at >= given.offered_at,
        )
        .order_by(StoryChange.published_at, StoryChange.id)
    ).all()  # fmt: skip
