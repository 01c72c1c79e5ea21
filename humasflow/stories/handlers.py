"""What follows from a story's own moves, and from the agenda it covers, for the people who work on it."""

from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.planning.agenda.events import (
    AgendaCancelled,
    AgendaMoved,
    AgendaRekeyed,
    AgendaRestored,
    AgendaSplit,
    CoverageAsked,
)
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.stories.enums import StoryMove
from humasflow.stories.events import StoriesMoved, StoryCorrected, StoryEmbargoChanged, StoryMoved
from humasflow.stories.models import Story
from humasflow.stories.queries.assignments import with_tasks_or_takers
from humasflow.stories.queries.coverage import list_concerned
from humasflow.stories.queries.covering_stories import coverage_of
from humasflow.stories.services import at_source, covering
from humasflow.stories.services.comments import note_return
from humasflow.stories.services.tasks import cancel_tasks_of


def on_story_moved(event: StoryMoved) -> None:
    """Cancelled, withdrawn or archived: what was still open is open no longer. A story on hold keeps its tasks."""
    if event.move not in (StoryMove.CANCEL, StoryMove.WITHDRAW, StoryMove.ARCHIVE):
        return
    story = db.session.get_one(Story, event.story_id)
    said = _("Naskahnya sekarang berstatus “%(state)s”.", state=story.state.label)
    actor = db.session.get(User, event.actor_id) if event.actor_id is not None else None
    cancel_tasks_of(story, actor=actor, reason=f"{said} {event.reason}".strip())


def on_stories_moved(event: StoriesMoved) -> None:
    """The same for those among many that anybody works on, or that were given to another office."""
    concerned = with_tasks_or_takers(m.story_id for m in event.moved)
    for moved in event.moved:
        if moved.story_id in concerned:
            for handler in (on_story_moved, on_story_returned, on_source_moved):
                handler(moved)


def on_story_returned(event: StoryMoved) -> None:
    """The reason stands among the comments too, where it is answered and resolved point by point."""
    if event.move is StoryMove.RETURN and event.actor_id is not None and event.reason:
        story = db.session.get_one(Story, event.story_id)
        note_return(story, actor_id=event.actor_id, reason=event.reason)


def on_source_moved(event: StoryMoved) -> None:
    """Offices that were given it hear that it is gone, or that another version of it was approved."""
    story = db.session.get_one(Story, event.story_id)
    if event.move in (StoryMove.CANCEL, StoryMove.WITHDRAW):
        at_source.tell_gone(story)
    elif event.move in (StoryMove.APPROVE, StoryMove.RELEASE):
        at_source.tell_renewed(story)


def on_source_corrected(event: StoryCorrected) -> None:
    """They hear what readers are told."""
    at_source.tell_corrected(db.session.get_one(Story, event.story_id), event.change_id)


def on_source_embargoed(event: StoryEmbargoChanged) -> None:
    """What they made of it waits as long as the story itself."""
    at_source.pass_embargo_on(db.session.get_one(Story, event.story_id), event.before)


def on_agenda_moved(event: AgendaMoved) -> None:
    """Tasks of the stories that cover it are due as much earlier or later as what each of them covers, also while that
    is off: should it be on again, they are due when it is.
    """
    found = db.session.get_one(AgendaEvent, event.event_id)
    for story, before, after in covering.list_moves(event, found, with_off=True):
        covering.move_with_event(
            story, found, before=before, after=after, actor=_person(event.actor_id), reason=event.reason,
            stay=event.stay, keeps_plans=event.keeps_plans,
        )  # fmt: skip


def on_agenda_rekeyed(event: AgendaRekeyed) -> None:
    """What covers an occurrence knows it by its new name."""
    found = db.session.get_one(AgendaEvent, event.event_id)
    event.lost.extend(covering.rename_occurrences(found, event.pairs))


def on_coverage_asked(event: CoverageAsked) -> None:
    """Say which stories cover these occurrences, and who works on them."""
    for key, stories in coverage_of(event.actor, event.keys, event.whole).items():
        event.found.setdefault(key, []).extend(stories)


def on_agenda_cancelled(event: AgendaCancelled) -> None:
    """The story says so. Its tasks stay: whether there is something to tell all the same is for its editor to say."""
    action = AuditAction.STORY_EVENT_POSTPONED if event.is_postponed else AuditAction.STORY_EVENT_CANCELLED
    _record(action, event, event.reason)


def on_agenda_restored(event: AgendaRestored) -> None:
    """The story says so."""
    _record(AuditAction.STORY_EVENT_RESTORED, event, "")


def on_agenda_split(event: AgendaSplit) -> None:
    """What covers a later occurrence goes along."""
    covering.go_along(
        db.session.get_one(AgendaEvent, event.event_id), db.session.get_one(AgendaEvent, event.continued_by),
        event.since,
    )  # fmt: skip


def _record(action: AuditAction, event: AgendaCancelled | AgendaRestored, reason: str) -> None:
    found = db.session.get_one(AgendaEvent, event.event_id)
    for story, _covered in list_concerned(found, event.occurrence):
        covering.record_event(action, story, found, actor=_person(event.actor_id), reason=reason)


def _person(user_id: int | None) -> User | None:
    return db.session.get(User, user_id) if user_id is not None else None


HANDLERS = [
    (StoryMoved, on_story_moved),
    (StoriesMoved, on_stories_moved),
    (StoryMoved, on_story_returned),
    (StoryMoved, on_source_moved),
    (StoryCorrected, on_source_corrected),
    (StoryEmbargoChanged, on_source_embargoed),
    (AgendaRekeyed, on_agenda_rekeyed),
    (AgendaMoved, on_agenda_moved),
    (CoverageAsked, on_coverage_asked),
    (AgendaCancelled, on_agenda_cancelled),
    (AgendaRestored, on_agenda_restored),
    (AgendaSplit, on_agenda_split),
]
