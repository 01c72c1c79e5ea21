"""Notices in the product. Told at most once per person and key, whatever is repeated or runs at the same time."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.notifications.composing import has_words
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.letters import Letter
from humasflow.notifications.models import Notification
from humasflow.notifications.routing.enums import DeliveryState, NoticeChannel
from humasflow.notifications.routing.models import NoticeDelivery
from humasflow.notifications.routing.queries import find_facts
from humasflow.notifications.services.delivering import DELIVER, ref_of_moment, ref_of_one
from humasflow.notifications.services.mailing import queue_notice_mail
from humasflow.notifications.services.planning import Plan, Way, plan
from humasflow.orgs.models import Unit
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import Priority
from humasflow.stories.models import Story, StoryReader
from humasflow.stories.visibility import is_closed

FEW: Final = 6  # people whose mail is written at once; for more it is the work of jobs


def notify(  # noqa: PLR0913 (one for each thing that is said of a fact)
    users: Iterable[User | None],
    kind: NoticeKind,
    *,
    office_id: int,
    subject: tuple[str, int],
    key: str,
    title: str,
    actor_name: str = "",
    reason: str = "",
    says: str = "",
    story_id: int | None = None,
    deadline: datetime | None = None,
    letter_of: Callable[[User, Unit], Letter | None] | None = None,
) -> Sequence[int]:
    """Tell active people something; returns the ids of those who had not been told yet. Flushes.

    ``key`` names the fact: the same fact is told to the same person once. By which ways and how soon, the office's
    rules and the person's wishes say (:mod:`humasflow.notifications.routing`). ``story_id`` puts the mails about one
    story into one thread; ``says``: what may be said outside the product beyond what all of its kind say;
    ``deadline``: until when something has to be done, so that quiet hours do not hold it too long. Of a confidential
    story only the named people hear, and outside the product nobody reads what it is called. ``letter_of``
    writes the mails that go out at once, for kinds that have letters of their own.
    """
    people = {u.id: u for u in users if u is not None and u.is_active}
    is_secret = story_id is not None and subject[0] != "pitch" and _is_closed(story_id)
    if is_secret:
        people = {user_id: people[user_id] for user_id in _named(story_id, people)}
    if not people:
        return []
    now, office = clock.now(), db.session.get_one(Unit, office_id)
    plans = plan(people, kind, find_facts(office, kind, people), office=office, now=now, deadline=deadline)
    told = _insert_notices(
        plans,
        {
            "office_id": office_id, "kind": kind, "key": key, "subject_type": subject[0], "subject_id": subject[1],
            "params": _params(title=title, actor=actor_name, reason=reason, says=says, story=story_id),
            "created_at": now,
        },
    )  # fmt: skip
    ways = [(notice_id, user_id, way) for notice_id, user_id in told.items() for way in plans[user_id].ways]
    written = {
        notice_id for notice_id, _user, way in ways
        if way.channel is NoticeChannel.MAIL and way.due_at <= now and has_words(kind)
    }  # fmt: skip
    if len(written) > FEW:
        written = set()
    if written:
        queue_notice_mail(
            [(notice_id, people[told[notice_id]]) for notice_id in sorted(written)],
            kind,
            office_id=office_id,
            subject=subject,
            title="" if is_secret else title,
            actor_name=actor_name,
            story_id=story_id,
            says="" if is_secret else says,
            letter_of=letter_of,
        )
    _plan_deliveries(ways, written, kind, office_id, now)
    return list(told.values())


def _params(*, says: str, story: int | None, **words: str) -> dict[str, Any]:
    return {**words, **({"says": says} if says else {}), **({"story": story} if story is not None else {})}


def _insert_notices(plans: Mapping[int, Plan], common: dict[str, Any]) -> dict[int, int]:
    """Who was told just now: person by notice."""
    if not plans:
        return {}
    rows = [{**common, "user_id": user_id, "is_silent": not p.is_shown} for user_id, p in plans.items()]
    inserted = db.session.execute(
        _insert()(Notification)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["user_id", "key"])
        .returning(Notification.id, Notification.user_id)
    )
    return {row.id: row.user_id for row in inserted}


def _plan_deliveries(
    ways: Sequence[tuple[int, int, Way]],
    written: Collection[int],
    kind: NoticeKind,
    office_id: int,
    now: datetime,
) -> None:
    """A row a way, and the jobs of what is not written yet: one by one where it is due, else one for the moment."""
    if not ways:
        return
    rows = []
    for notice_id, user_id, way in ways:
        done = way.channel is NoticeChannel.MAIL and notice_id in written
        rows.append(
            {
                "notification_id": notice_id, "user_id": user_id, "office_id": office_id, "channel": way.channel,
                "mode": way.mode, "state": DeliveryState.SENT if done else DeliveryState.WAITING, "due_at": way.due_at,
                "error": "", "created_at": now, "done_at": now if done else None,
            }
        )  # fmt: skip
    made = db.session.execute(
        _insert()(NoticeDelivery)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["notification_id", "channel"])
        .returning(
            NoticeDelivery.id, NoticeDelivery.user_id, NoticeDelivery.channel, NoticeDelivery.due_at,
            NoticeDelivery.state,
        )
    ).all()  # fmt: skip
    waiting = [row for row in made if row.state is DeliveryState.WAITING]
    refs = [(ref_of_one(row.id), row.due_at) for row in waiting if row.due_at <= now]
    refs += [
        (ref_of_moment(row.user_id, office_id, row.channel, row.due_at), row.due_at)
        for row in waiting
        if row.due_at > now
    ]
    outbox.enqueue_many(
        DELIVER,
        refs,
        office_id=office_id,
        priority=Priority.TIMETABLE if kind.is_trouble else Priority.ORDINARY,
    )


def _insert() -> Any:
    return postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _is_closed(story_id: int) -> bool:
    story = db.session.get(Story, story_id)
    return story is not None and is_closed(story)


def _named(story_id: int | None, user_ids: Iterable[int]) -> Iterable[int]:
    return db.session.scalars(
        select(StoryReader.user_id).where(
            StoryReader.story_id == story_id, StoryReader.user_id.in_(list(user_ids))
        )
    ).all()


def mark_read(user_id: int, notification_id: int) -> Notification:
    """One of the person's own notices is read. Raises "not found" for another person's."""
    notice = db.session.get(Notification, notification_id)
    if notice is None or notice.user_id != user_id:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = clock.now()
        db.session.flush()
    return notice


def mark_all_read(user_id: int, *, up_to_id: int) -> int:
    """All notices up to the newest that the person saw are read. Returns how many were not."""
    result = db.session.execute(
        update(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None), Notification.id <= up_to_id)
        .values(read_at=clock.now())
        .returning(Notification.id)
    )
    return len(result.all())


def settle(kinds: Iterable[NoticeKind], subject: tuple[str, int], *, but: Iterable[int] = ()) -> None:
    """What was asked is done, by whomever: nobody's list keeps asking for it, ``but`` those who are still asked.
    Flushes.
    """
    db.session.execute(
        update(Notification)
        .where(
            Notification.subject_type == subject[0],
            Notification.subject_id == subject[1],
            Notification.kind.in_(list(kinds)),
            Notification.settled_at.is_(None),
            Notification.user_id.not_in(list(but)),
        )
        .values(settled_at=clock.now(), read_at=func.coalesce(Notification.read_at, clock.now()))
        .execution_options(synchronize_session=False)
    )


def settle_many(kinds: Iterable[NoticeKind], subject_type: str, subject_ids: Iterable[int]) -> None:
    """The same of many things at once. One statement. Flushes."""
    now = clock.now()
    db.session.execute(
        update(Notification)
        .where(
            Notification.subject_type == subject_type,
            Notification.subject_id.in_(set(subject_ids)),
            Notification.kind.in_(list(kinds)),
            Notification.settled_at.is_(None),
        )
        .values(settled_at=now, read_at=func.coalesce(Notification.read_at, now))
        .execution_options(synchronize_session=False)
    )


def settle_keys(kinds: Iterable[NoticeKind], office_id: int, prefix: str) -> None:
    """The same by the name of the fact, for what leads different people to different pages. Flushes."""
    db.session.execute(
        update(Notification)
        .where(
            Notification.office_id == office_id,
            Notification.kind.in_(list(kinds)),
            Notification.key.startswith(prefix, autoescape=True),
            Notification.settled_at.is_(None),
        )
        .values(settled_at=clock.now(), read_at=func.coalesce(Notification.read_at, clock.now()))
        .execution_options(synchronize_session=False)
    )
