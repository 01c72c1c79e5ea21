"""Short ways to a task."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.stories.models import Assignment, Story
from humasflow.stories.services import assignments
from tests.factories import desk
from tests.factories.world import World


def role(world: World, code: str = "fotografer") -> ProductionRole:
    """One of the office's production roles."""
    return db.session.scalars(
        select(ProductionRole).where(ProductionRole.office_id == world.office.id, ProductionRole.code == code)
    ).one()


def in_days(days: float) -> datetime:
    """An instant from now, to the second."""
    return clock.now().replace(microsecond=0) + timedelta(days=days)


def task(
    world: World,
    story: Story | None = None,
    *,
    to: User | None = None,
    code: str = "fotografer",
    due: datetime | None = None,
    **more: Any,
) -> Assignment:
    """The editor asks somebody (the contributor) to do something."""
    return assignments.assign(
        story or desk.story(world), actor=world.as_(more.pop("by", world.editor)),
        person_id=(to or world.contributor).id, role_id=role(world, code).id, due_at=due, **more,
    )  # fmt: skip


def told(user: User, kind: NoticeKind | None = None, *, unread: bool = False) -> list[NoticeKind]:
    """What a person was told about tasks, oldest first."""
    statement = select(Notification.kind).where(
        Notification.user_id == user.id, Notification.subject_type == "assignment"
    )
    if kind is not None:
        statement = statement.where(Notification.kind == kind)
    if unread:
        statement = statement.where(Notification.read_at.is_(None))
    return list(db.session.scalars(statement.order_by(Notification.id)))
