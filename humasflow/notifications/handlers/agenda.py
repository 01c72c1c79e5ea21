"""Who hears when something of the agenda moves or falls through: who holds a story about it, and who works on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import show_instant
from humasflow.core.permissions import Permission
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.events import AgendaCancelled, AgendaMoved, AgendaRestored
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.publishing.events import PostsFollowedEvent
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.queries.coverage import list_concerned
from humasflow.stories.services.covering import list_moves

OFF = (K.AGENDA_CANCELLED, K.AGENDA_POSTPONED)


def on_moved(event: AgendaMoved) -> None:
    """The new time of what each of them covers. What was off is on again with it."""
    found = db.session.get_one(AgendaEvent, event.event_id)
    zone = db.session.get_one(Unit, found.office_id).zone_name
    news = []
    for story, before, after in list_moves(event, found):
        said = f"{found.title}, {show_instant(before, zone)} → {show_instant(after, zone)}"
        news.append((story, _with_reason(said, event.reason)))
    _tell_all(K.AGENDA_MOVED, found, news, by=event.actor_id)


def on_cancelled(event: AgendaCancelled) -> None:
    """Nobody goes there in vain."""
    found = db.session.get_one(AgendaEvent, event.event_id)
    kind = K.AGENDA_POSTPONED if event.is_postponed else K.AGENDA_CANCELLED
    said = _with_reason(found.title, event.reason)
    news = [(story, said) for story, _covered in list_concerned(found, event.occurrence)]
    _tell_all(kind, found, news, by=event.actor_id)


def on_restored(event: AgendaRestored) -> None:
    """It takes place after all; times that posts lost are not given back by themselves."""
    found = db.session.get_one(AgendaEvent, event.event_id)
    news = [(story, found.title) for story, _covered in list_concerned(found, event.occurrence)]
    _tell_all(K.AGENDA_RESTORED, found, news, by=event.actor_id)


def on_posts_followed(event: PostsFollowedEvent) -> None:
    """Who holds the story checks the new times, or chooses some; also when it was they who moved the event: they may
    not know what hangs on it.
    """
    story = db.session.get_one(Story, event.story_id)
    told = []
    if event.moved:
        told.append(
            ngettext("%(num)s publikasi ikut pindah", "%(num)s publikasi ikut pindah", len(event.moved))
        )
    if event.undated:
        told.append(
            ngettext(
                "%(num)s publikasi perlu jadwal baru",
                "%(num)s publikasi perlu jadwal baru",
                len(event.undated),
            )
        )
    kind = K.POSTS_UNDATED if event.undated else K.POSTS_MOVED
    people = accounts.users_of(_holders(story, _editors(story.office_id)))
    _tell(kind, story, people, said=", ".join(told), fact=f"{event.event_id}:{kind}", by=None)


def _tell_all(kind: K, event: AgendaEvent, news: Sequence[tuple[Story, str]], *, by: int | None) -> None:
    """Who holds each story and who works on it hear its news. Whom to ask is read once, however many stories."""
    if not news:
        return
    editors = _editors(event.office_id)
    at_work = defaultdict(set)
    tasks = select(Assignment.story_id, Assignment.person_id).where(
        Assignment.story_id.in_([story.id for story, _said in news]), is_open()
    )
    for story_id, person_id in db.session.execute(tasks):
        at_work[story_id].add(person_id)
    wanted = {story.id: {*_holders(story, editors), *at_work[story.id]} - {by} for story, _said in news}
    people = {u.id: u for u in accounts.users_of(user_id for ids in wanted.values() for user_id in ids)}
    for story, said in news:
        services.settle([*OFF, K.AGENDA_MOVED, K.AGENDA_RESTORED], ("story", story.id))
        mine = [people[user_id] for user_id in sorted(wanted[story.id]) if user_id in people]
        _tell(kind, story, mine, said=said, fact=f"{event.id}:{kind}", by=by)


def _editors(office_id: int) -> Sequence[int]:
    office = db.session.get_one(Unit, office_id)
    return [u.id for u in accounts.list_people_with(Permission.STORY_WRITE, office)]


def _holders(story: Story, editors: Sequence[int]) -> Sequence[int]:
    """Who holds the story, as long as they can act; otherwise every editor of the office."""
    return [story.owner_id] if story.owner_id in editors and story.owner_id is not None else editors


def _with_reason(said: str, reason: str) -> str:
    return _("%(what)s. Alasan: %(reason)s", what=said, reason=reason) if reason else said


def _tell(kind: K, story: Story, people: Iterable[User], *, said: str, fact: str, by: int | None) -> None:
    """Each change is news of its own, also one there and back again: its instant is part of its name."""
    services.notify(
        people, kind, office_id=story.office_id, subject=("story", story.id),
        key=f"story:{story.id}:agenda:{fact}:{clock.now().isoformat()}", title=story.title,
        actor_name=accounts.name_of(by), reason=said, story_id=story.id,
    )  # fmt: skip


HANDLERS = [
    (AgendaMoved, on_moved),
    (AgendaCancelled, on_cancelled),
    (AgendaRestored, on_restored),
    (PostsFollowedEvent, on_posts_followed),
]
