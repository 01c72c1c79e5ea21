"""Who gets a brief today, and at which hours."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select

from humasflow.accounts.models import Absence, User
from humasflow.accounts.queries import people_ids_of
from humasflow.core.db import db
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.notifications.routing.models import NoticeHabit
from humasflow.notifications.routing.queries import AWAY
from humasflow.notifications.routing.quiet import BRIEF_AT
from humasflow.orgs.models import Unit

_hour: ColumnElement[str] = func.coalesce(NoticeHabit.brief_at, f"{BRIEF_AT:%H:%M}")


def key_of(kind: NoticeKind, office_id: int, day: date) -> str:
    """The name of a brief: told once to each person."""
    return f"{kind.value}:{office_id}:{day.isoformat()}"


def _wants(kind: NoticeKind) -> ColumnElement[bool]:
    column = NoticeHabit.brief_week if kind is NoticeKind.BRIEF_WEEK else NoticeHabit.brief_day
    return func.coalesce(column, True)


def list_hours(office: Unit, kinds: Collection[NoticeKind], since: str, until: str) -> Sequence[str]:
    """The hours (``07:15``) from ``since`` to ``until`` at which somebody of the office wants a brief. One
    statement.
    """
    return db.session.scalars(
        select(_hour)
        .select_from(User)
        .outerjoin(NoticeHabit, NoticeHabit.user_id == User.id)
        .where(
            User.id.in_(people_ids_of(office)), User.is_sample.is_(False), _hour.between(since, until),
            or_(*[_wants(kind) for kind in kinds]),
        )
        .distinct()
    ).all()  # fmt: skip


def list_awaiting(office: Unit, kind: NoticeKind, day: date, hour: str) -> Sequence[User]:
    """Who wants this brief at this hour, is at work that day, and has not been told. One statement."""
    away = exists().where(
        Absence.user_id == User.id, Absence.starts_on <= day, Absence.ends_on >= day, Absence.kind.in_(AWAY)
    )
    told = exists().where(Notification.user_id == User.id, Notification.key == key_of(kind, office.id, day))
    return db.session.scalars(
        select(User)
        .outerjoin(NoticeHabit, NoticeHabit.user_id == User.id)
        .where(
            User.id.in_(people_ids_of(office)),
            User.is_sample.is_(False),
            _hour == hour,
            _wants(kind),
            ~away,
            ~told,
        )
        .order_by(User.id)
    ).all()
