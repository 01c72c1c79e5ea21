"""Notices in the product. Told at most once per person and key, whatever is repeated or runs at the same time."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.notifications.services.mailing import queue_notice_mail
from humasflow.stories.models import Story, StoryReader
from humasflow.stories.visibility import is_closed


def notify(
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
) -> Sequence[int]:
    """Tell active people something; returns the ids of those who had not been told yet. Flushes.

    ``key`` names the fact: the same fact is told to the same person once. ``story_id`` puts the mails about one
    story into one thread. Kinds that ask for something are mailed too, where the office has mail settings and the
    person wants mail; ``says``: what the mail may say beyond what all of its kind say. Of a confidential story only
    the named people hear, and mail does not say what it is called.
    """
    people = {u.id: u for u in users if u is not None and u.is_active}
    is_secret = story_id is not None and subject[0] != "pitch" and _is_closed(story_id)
    if is_secret:
        people = {user_id: people[user_id] for user_id in _named(story_id, people)}
    if not people:
        return []
    now = clock.now()
    params = {"title": title, "actor": actor_name, "reason": reason}
    rows: list[dict[str, Any]] = [
        {
            "user_id": user_id, "office_id": office_id, "kind": kind, "key": key, "subject_type": subject[0],
            "subject_id": subject[1], "params": params, "created_at": now,
        }
        for user_id in people
    ]  # fmt: skip
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    told = db.session.execute(
        insert(Notification)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["user_id", "key"])
        .returning(Notification.id, Notification.user_id)
    ).all()
    if kind.needs_action and told:
        queue_notice_mail(
            [(notice_id, people[user_id]) for notice_id, user_id in told],
            kind,
            office_id=office_id,
            subject=subject,
            title="" if is_secret else title,
            actor_name=actor_name,
            story_id=story_id,
            says="" if is_secret else says,
        )
    return [user_id for _notice_id, user_id in told]


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
            Notification.read_at.is_(None),
            Notification.user_id.not_in(list(but)),
        )
        .values(read_at=clock.now())
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
            Notification.read_at.is_(None),
        )
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
